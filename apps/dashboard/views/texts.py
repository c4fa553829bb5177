"""Pages that only say something: who we are, what we store, whose work we use."""

from functools import cache
from typing import Any

from django.conf import settings
from django.views.generic import TemplateView


class About(TemplateView):
    template_name = "dashboard/about.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With who runs this server, as far as they have said so."""
        return super().get_context_data(
            operator=settings.OPERATOR_NAME, address=settings.OPERATOR_EMAIL, **kwargs
        )


class Privacy(About):
    template_name = "dashboard/privacy.html"


class Licences(TemplateView):
    template_name = "dashboard/licences.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(vendored=vendored(), **kwargs)


@cache
def vendored() -> list[tuple[str, str, str]]:
    """(package, version, licence) of what stands in static/vendor, from the table there."""
    text = (settings.ROOT / "static/vendor/README.md").read_text()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]
    packages = [row for row in rows[2:] if len(row) == 4]
    return [(name.partition(",")[0], version, licence) for __, name, version, licence in packages]
