from django.urls import path

from apps.accounts import views

app_name = "accounts"
urlpatterns = [path("account/profile/", views.Profile.as_view(), name="profile")]
