from apps.dashboard.views.cities import CityDetail, CityList
from apps.dashboard.views.coordinator import ApproveChosen, Queue, Undo
from apps.dashboard.views.officer import MatchDetail, MyCity
from apps.dashboard.views.posting import PostingHints, PostingPreview
from apps.dashboard.views.public import (
    GapView,
    Home,
    PostingDetail,
)
from apps.dashboard.views.record import EntryDetail, FlowList
from apps.dashboard.views.room import PairingDetail
from apps.dashboard.views.styleguide import StyleGuide
from apps.dashboard.views.texts import About, Licences, Privacy

__all__ = [
    "About",
    "ApproveChosen",
    "CityDetail",
    "CityList",
    "EntryDetail",
    "FlowList",
    "GapView",
    "Home",
    "Licences",
    "MatchDetail",
    "MyCity",
    "PairingDetail",
    "PostingDetail",
    "PostingHints",
    "PostingPreview",
    "Privacy",
    "Queue",
    "StyleGuide",
    "Undo",
]
