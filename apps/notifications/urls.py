from django.urls import path

from apps.notifications import views

app_name = "notifications"
urlpatterns = [
    path("notifications/", views.NotificationList.as_view(), name="notification_list"),
    path("notifications/read/", views.read_all, name="notification_read_all"),
    path("notifications/<uuid:pk>/", views.open_one, name="notification_open"),
    path("notifications/<uuid:pk>/read/", views.read_one, name="notification_read"),
    path("account/mails/", views.Preferences.as_view(), name="preferences"),
]
