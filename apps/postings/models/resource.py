from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.addresses import address_of
from apps.core.files import StoredFile
from apps.core.models import TimeStamped
from apps.postings.models.posting import Posting
from apps.postings.querysets import ResourceQuerySet


class Resource(TimeStamped):
    """A manual, course or recording in the public library: the thing a knowledge offer offers.

    It is a link, or else the file that belongs to it.
    """

    posting = models.OneToOneField(
        Posting, models.PROTECT, related_name="resource", verbose_name=_("offer")
    )
    title = models.CharField(_("title"), max_length=200)
    url = models.URLField(_("link"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    licence = models.CharField(_("licence"), max_length=120)
    downloads = models.PositiveIntegerField(_("times opened"), default=0, editable=False)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("postings:resource_open", self.pk)


class ResourceFile(StoredFile):
    """What is opened where there is no link."""

    resource = models.OneToOneField(
        Resource, models.CASCADE, related_name="stored", verbose_name=_("resource")
    )

    class Meta:
        verbose_name = _("file of the library")
        verbose_name_plural = _("files of the library")

    def __str__(self) -> str:
        return self.name
