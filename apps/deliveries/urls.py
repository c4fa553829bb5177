from django.urls import path

from apps.deliveries import views

app_name = "deliveries"
urlpatterns = [
    path("matches/<int:pk>/dispatch/", views.DeliveryDispatch.as_view(), name="delivery_dispatch"),
    path("matches/<int:pk>/close/", views.MatchClose.as_view(), name="match_close"),
    path("deliveries/<int:pk>/", views.DeliveryDetail.as_view(), name="delivery_detail"),
    path("deliveries/<int:pk>/hold/", views.DeliveryHold.as_view(), name="delivery_hold"),
    path("deliveries/<int:pk>/release/", views.DeliveryRelease.as_view(), name="delivery_release"),
    path("deliveries/<int:pk>/receive/", views.DeliveryReceive.as_view(), name="delivery_receive"),
    path("deliveries/<int:pk>/lose/", views.DeliveryLose.as_view(), name="delivery_lose"),
    path(
        "deliveries/<int:pk>/distribute/",
        views.DeliveryDistribute.as_view(),
        name="delivery_distribute",
    ),
]
