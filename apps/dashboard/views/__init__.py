from apps.dashboard.views.coordinator import Queue
from apps.dashboard.views.officer import MatchDetail, MyCity
from apps.dashboard.views.public import (
    About,
    CityDetail,
    GapView,
    Home,
    PostingDetail,
)
from apps.dashboard.views.room import PairingDetail
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
    "Queue",
    "StyleGuide",
]
