from datetime import datetime

from django.db import transaction
from django.db.models import F

from apps.accounts.models import User
from apps.cities.models import City
from apps.postings.models import Item, Kind, Posting, Resource
from apps.postings.services.life import draft_posting, publish_posting


@transaction.atomic
def share_resource(
    city: City,
    item: Item,
    *,
    by: User,
    now: datetime,
    title: str,
    url: str,
    language: str,
    licence: str,
    details: str = "",
) -> Posting:
    """Offer knowledge without a quantity: it serves every need at once and stands in the library."""
    posting = draft_posting(
        city, Kind.OFFER, by=by, now=now, item=item, details=details, language=language
    )
    Resource.objects.create(
        posting=posting, title=title, url=url, language=language, licence=licence
    )
    return publish_posting(posting, by=by, now=now)


def count_opening(resource: Resource) -> None:
    Resource.objects.filter(pk=resource.pk).update(downloads=F("downloads") + 1)
