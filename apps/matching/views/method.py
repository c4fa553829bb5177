from typing import Any

from django.views.generic import TemplateView

from apps.matching import example, method
from apps.postings.models import Urgency


class Method(TemplateView):
    """How matching works, with examples that the engine itself solves."""

    template_name = "matching/method.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pairing = example.pairing()
        urgency = dict(Urgency.choices)
        return super().get_context_data(
            criteria=method.criteria(),
            measured=method.MEASURED,
            points=[(a, *(pairing.points[a, b] for b in "XY")) for a in "AB"],
            greedy=pairing.total(pairing.greedy),
            best=pairing.total(pairing.best),
            best_pairs=", ".join("–".join(pair) for pair in pairing.best),
            filling=[(row, urgency[row.tier]) for row in example.filling()],
            **kwargs,
        )
