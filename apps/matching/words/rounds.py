"""What a round is doing, and what it went on without."""

from django.utils.translation import gettext_lazy

PHASES = {
    "scores": gettext_lazy("scoring pairs of cities"),
    "optimum": gettext_lazy("finding the best pairs"),
    "odd_sets": gettext_lazy("finding the best pairs"),
    "prices": gettext_lazy("proving that no pair was missed"),
    "figures": gettext_lazy("counting"),
    "arcs": gettext_lazy("setting offers against needs"),
    "flows": gettext_lazy("splitting offers over needs"),
    "reasons": gettext_lazy("finding the reasons"),
    "check": gettext_lazy("checking the result"),
    "choices": gettext_lazy("working out the other choices"),
}
LEFT_OUT = {
    "city_does_not_act": gettext_lazy("its city no longer takes part"),
    "needed_by_is_past": gettext_lazy("its date “needed by” is past"),
    "available_until_is_past": gettext_lazy("its date “available until” is past"),
    "pack_is_of_another_item": gettext_lazy("its pack belongs to another item"),
    "substitute_has_another_unit": gettext_lazy(
        "it takes part, but not with what it accepts instead: that is counted in another unit"
    ),
    "less_is_free_than_its_smallest_lot": gettext_lazy(
        "less is free than its smallest useful quantity"
    ),
}
