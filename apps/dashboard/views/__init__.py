from apps.dashboard.views.cities import CityDetail, CityList
from apps.dashboard.views.coordinator import Queue
from apps.dashboard.views.officer import MatchDetail, MyCity
from apps.dashboard.views.public import (
    About,
    GapView,
    Home,
    PairingDetail,
    PostingDetail,
)
from apps.dashboard.views.styleguide import StyleGuide

__all__ = [
    "About",
    "CityDetail",
    "CityList",
    "GapView",
    "Home",
    "MatchDetail",
    "MyCity",
    "PairingDetail",
    "PostingDetail",
    "Queue",
    "StyleGuide",
]
