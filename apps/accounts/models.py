from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.zones import known_zones


def validate_time_zone(name: str) -> None:
    if name not in known_zones():
        raise ValidationError(_("“%(name)s” is not a known time zone."), params={"name": name})


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An administrator: nobody passes by the rules, so `is_superuser` stays off."""
        return self.create_user(email, password, role=User.Role.ADMINISTRATOR, **fields)

    def deciders(self) -> models.QuerySet["User"]:
        """Coordinators and administrators who may sign in."""
        return self.filter(
            role__in=[User.Role.COORDINATOR, User.Role.ADMINISTRATOR], is_active=True
        )

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address."""

    class Role(models.TextChoices):
        MEMBER = "member", _("member")
        COORDINATOR = "coordinator", _("coordinator")
        ADMINISTRATOR = "administrator", _("administrator")

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.MEMBER)
    language = models.CharField(
        _("language"), max_length=8, choices=settings.LANGUAGES, default="en"
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_demo = models.BooleanField(_("demo person"), default=False, editable=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                name="accounts_user_role_known",
                condition=models.Q(role__in=["member", "coordinator", "administrator"]),
            ),
            models.CheckConstraint(
                name="accounts_user_nobody_passes_by_the_rules",
                condition=models.Q(is_superuser=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        """An address is one account, however it is written."""
        super().clean()
        self.email = self.email.lower()

    @property
    def is_staff(self) -> bool:
        """May enter the Django admin."""
        return self.role == self.Role.ADMINISTRATOR

    @property
    def is_coordinator(self) -> bool:
        return self.role == self.Role.COORDINATOR

    @property
    def decides(self) -> bool:
        """May decide on what waits for a coordinator."""
        return self.is_coordinator or self.is_staff

    def get_full_name(self) -> str:
        return self.name
