from django.urls import path

from apps.ledger import views

app_name = "ledger"
urlpatterns = [
    path("ledger/", views.LedgerList.as_view(), name="entry_list"),
    path("ledger/entries.csv", views.download, {"form": "csv"}, name="entries_csv"),
    path("ledger/entries.xlsx", views.download, {"form": "xlsx"}, name="entries_xlsx"),
    path("ledger/verify/", views.verify, name="verify"),
    path("ledger/<int:number>/", views.EntryDetail.as_view(), name="entry_detail"),
    path("gifts/", views.GiftList.as_view(), name="gift_list"),
    path("gifts/new/", views.GiftCreate.as_view(), name="gift_create"),
    path("gifts/<int:pk>/", views.GiftDetail.as_view(), name="gift_detail"),
    path("gifts/<int:pk>/confirm/", views.GiftConfirm.as_view(), name="gift_confirm"),
    path("gifts/<int:pk>/withdraw/", views.GiftWithdraw.as_view(), name="gift_withdraw"),
]
