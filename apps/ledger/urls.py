from django.urls import path

from apps.ledger import views

app_name = "ledger"
urlpatterns = [
    path("ledger/", views.LedgerList.as_view(), name="entry_list"),
    path("ledger/entries.csv", views.download, {"form": "csv"}, name="entries_csv"),
    path("ledger/entries.xlsx", views.download, {"form": "xlsx"}, name="entries_xlsx"),
    path("ledger/verify/", views.verify, name="verify"),
    path("ledger/<int:number>/question/", views.QuestionAsk.as_view(), name="question_ask"),
    path("questions/", views.QuestionList.as_view(), name="question_list"),
    path("questions/<int:pk>/", views.QuestionDetail.as_view(), name="question_detail"),
    path("questions/<int:pk>/answer/", views.QuestionAnswer.as_view(), name="question_answer"),
    path("questions/<int:pk>/refuse/", views.QuestionRefuse.as_view(), name="question_refuse"),
    path("give/", views.OutsideOfferCreate.as_view(), name="outside_offer"),
    path("outside-offers/", views.OutsideOfferList.as_view(), name="outside_offer_list"),
    path(
        "outside-offers/<int:pk>/", views.OutsideOfferDetail.as_view(), name="outside_offer_detail"
    ),
    path(
        "outside-offers/<int:pk>/adopt/",
        views.OutsideOfferAdopt.as_view(),
        name="outside_offer_adopt",
    ),
    path(
        "outside-offers/<int:pk>/decline/",
        views.OutsideOfferDecline.as_view(),
        name="outside_offer_decline",
    ),
    path("gifts/", views.GiftList.as_view(), name="gift_list"),
    path("gifts/new/", views.GiftCreate.as_view(), name="gift_create"),
    path("gifts/<int:pk>/", views.GiftDetail.as_view(), name="gift_detail"),
    path("gifts/<int:pk>/confirm/", views.GiftConfirm.as_view(), name="gift_confirm"),
    path("gifts/<int:pk>/withdraw/", views.GiftWithdraw.as_view(), name="gift_withdraw"),
]
