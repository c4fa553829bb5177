from django.urls import path

from apps.cities import views

app_name = "cities"
urlpatterns = [
    path("cities/lookup/", views.city_lookup, name="city_lookup"),
    path("ties/", views.TieList.as_view(), name="tie_list"),
    path("liaisons/request/", views.LiaisonRequest.as_view(), name="liaison_request"),
    path("liaisons/<int:pk>/", views.LiaisonDetail.as_view(), name="liaison_detail"),
    path("liaisons/<int:pk>/confirm/", views.LiaisonConfirm.as_view(), name="liaison_confirm"),
    path("liaisons/<int:pk>/refuse/", views.LiaisonRefuse.as_view(), name="liaison_refuse"),
    path("liaisons/<int:pk>/remove/", views.LiaisonRemove.as_view(), name="liaison_remove"),
]
