from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.cities.models import City
from apps.core.errors import DomainError
from apps.postings.models import Item, Kind, Posting, Resource, ResourceFile
from apps.postings.services.life import draft_posting, publish_posting


@transaction.atomic
def share_resource(
    city: City,
    item: Item,
    *,
    by: User,
    now: datetime,
    title: str,
    language: str,
    licence: str,
    url: str = "",
    upload: Any = None,
    details: str = "",
) -> Posting:
    """Offer knowledge without a quantity: it serves every need at once and stands in the library.

    It is a link, or an upload that `UploadField` has cleaned; one of the two.
    """
    if bool(url) == bool(upload):
        raise DomainError(_("Give a link or a file, one of the two."), "url")
    posting = draft_posting(
        city, Kind.OFFER, by=by, now=now, item=item, details=details, language=language
    )
    resource = Resource.objects.create(
        posting=posting, title=title, url=url, language=language, licence=licence
    )
    if upload:
        ResourceFile.of(upload, resource=resource).save()
    return publish_posting(posting, by=by, now=now)


def count_opening(resource: Resource) -> None:
    Resource.objects.filter(pk=resource.pk).update(downloads=F("downloads") + 1)
