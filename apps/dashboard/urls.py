from django.urls import path

from apps.dashboard import views
from apps.dashboard.replay2020.views import Replay2020, replay_2020_csv

app_name = "dashboard"
urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("about/", views.About.as_view(), name="about"),
    path("privacy/", views.Privacy.as_view(), name="privacy"),
    path("licences/", views.Licences.as_view(), name="licences"),
    path("my/", views.MyCity.as_view(), name="my_city"),
    path("queue/", views.Queue.as_view(), name="queue"),
    path("queue/approve/", views.ApproveChosen.as_view(), name="approve_chosen"),
    path("queue/undo/", views.Undo.as_view(), name="undo"),
    path("replay-2020/", Replay2020.as_view(), name="replay_2020"),
    path("replay-2020/rows.csv", replay_2020_csv, name="replay_2020_csv"),
    path("styleguide/", views.StyleGuide.as_view(), name="styleguide"),
    path("gap/", views.GapView.as_view(), name="gap"),
    path("cities/", views.CityList.as_view(), name="city_list"),
    path("cities/<slug:code>/", views.CityDetail.as_view(), name="city_detail"),
    path("postings/preview/", views.PostingPreview.as_view(), name="posting_preview"),
    path("postings/hints/", views.PostingHints.as_view(), name="posting_hints"),
    path("postings/<int:pk>/", views.PostingDetail.as_view(), name="posting_detail"),
    path("pairings/<int:pk>/", views.PairingDetail.as_view(), name="pairing_detail"),
    path("ledger/<int:number>/", views.EntryDetail.as_view(), name="entry_detail"),
    path("ledger/flows/", views.FlowList.as_view(), name="flow_list"),
    path("matches/<int:pk>/", views.MatchDetail.as_view(), name="match_detail"),
]
