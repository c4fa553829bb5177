from apps.dashboard.views.coordinator import ApproveChosen, Queue, Undo
from apps.dashboard.views.officer import MatchDetail, MyCity
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
    "ApproveChosen",
    "CityDetail",
    "GapView",
    "Home",
    "MatchDetail",
    "MyCity",
    "PairingDetail",
    "PostingDetail",
    "Queue",
    "StyleGuide",
    "Undo",
]
