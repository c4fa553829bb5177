from apps.dashboard.views.coordinator import Queue
from apps.dashboard.views.officer import MatchDetail, MyCity
from apps.dashboard.views.posting import PostingHints, PostingPreview
from apps.dashboard.views.public import (
    About,
    CityDetail,
    GapView,
    Home,
    PairingDetail,
    PostingDetail,
)
from apps.dashboard.views.styleguide import StyleGuide

__all__ = [
    "About",
    "CityDetail",
    "GapView",
    "Home",
    "MatchDetail",
    "MyCity",
    "PairingDetail",
    "PostingDetail",
    "PostingHints",
    "PostingPreview",
    "Queue",
    "StyleGuide",
]
