from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from apps.postings.models import Posting
from apps.postings.services import expire_posting
from apps.postings.states import PostingState


@shared_task
def expire_postings() -> int:
    """Expire what is over in its own city; the widest zones lie within a day of UTC."""
    now = timezone.now()
    due = Posting.objects.filter(
        state__in=[PostingState.OPEN, PostingState.HELD],
        expires_on__lte=now.date() + timedelta(days=1),
    ).select_related("city")
    return sum(expire_posting(p, now=now).state == PostingState.EXPIRED for p in due)
