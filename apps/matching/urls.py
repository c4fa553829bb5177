from django.urls import path

from apps.matching import views

app_name = "matching"
urlpatterns = [
    path("how-matching-works/", views.Method.as_view(), name="method"),
    path("rounds/", views.RoundList.as_view(), name="round_list"),
    path("rounds/open/", views.RoundOpen.as_view(), name="round_open"),
    path("rounds/<int:pk>/", views.RoundDetail.as_view(), name="round_detail"),
    path("rounds/<int:pk>/progress/", views.RoundProgress.as_view(), name="round_progress"),
    path("rounds/<int:pk>/cancel/", views.RoundCancel.as_view(), name="round_cancel"),
    path("rounds/<int:pk>/retry/", views.RoundRetry.as_view(), name="round_retry"),
    path("rounds/<int:pk>/replay/", views.RoundReplay.as_view(), name="round_replay"),
    path(
        "pairings/<int:pk>/alternatives/",
        views.PairingAlternatives.as_view(),
        name="pairing_alternatives",
    ),
    path("matches/", views.MatchList.as_view(), name="match_list"),
    path("matches/<int:pk>/approve/", views.MatchApprove.as_view(), name="match_approve"),
    path("matches/<int:pk>/reject/", views.MatchReject.as_view(), name="match_reject"),
    path("matches/<int:pk>/accept/", views.MatchAccept.as_view(), name="match_accept"),
    path("matches/<int:pk>/decline/", views.MatchDecline.as_view(), name="match_decline"),
    path("matches/<int:pk>/cancel/", views.MatchCancel.as_view(), name="match_cancel"),
]
