from django.urls import path

from apps.pairings import views

app_name = "pairings"
urlpatterns = [
    path("pairings/", views.PairingList.as_view(), name="pairing_list"),
    path("pairings/hubei-2020/", views.Hubei2020.as_view(), name="hubei_2020"),
    path("pairings/propose/", views.PairingPropose.as_view(), name="pairing_propose"),
    path("pairings/<int:pk>/approve/", views.PairingApprove.as_view(), name="pairing_approve"),
    path("pairings/<int:pk>/reject/", views.PairingReject.as_view(), name="pairing_reject"),
    path("pairings/<int:pk>/accept/", views.PairingAccept.as_view(), name="pairing_accept"),
    path("pairings/<int:pk>/decline/", views.PairingDecline.as_view(), name="pairing_decline"),
    path("pairings/<int:pk>/cancel/", views.PairingCancel.as_view(), name="pairing_cancel"),
    path("pairings/<int:pk>/review/", views.PairingReview.as_view(), name="pairing_review"),
    path("pairings/<int:pk>/messages/", views.MessageWrite.as_view(), name="message_write"),
    path("pairings/<int:pk>/messages/read/", views.MessageRead.as_view(), name="message_read"),
    path("pairings/<int:pk>/agreements/", views.AgreementAdd.as_view(), name="agreement_add"),
    path("agreements/<int:pk>/", views.agreement_download, name="agreement_download"),
    path("exchanges/", views.ExchangeList.as_view(), name="exchange_list"),
    path("exchanges/new/", views.ExchangeCreate.as_view(), name="exchange_create"),
    path("exchanges/<int:pk>/", views.ExchangeDetail.as_view(), name="exchange_detail"),
    path("exchanges/<int:pk>/invite.ics", views.exchange_invite, name="exchange_invite"),
    path("exchanges/<int:pk>/hold/", views.ExchangeHold.as_view(), name="exchange_hold"),
    path("exchanges/<int:pk>/cancel/", views.ExchangeCancel.as_view(), name="exchange_cancel"),
]
