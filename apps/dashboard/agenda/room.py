"""What comes from the counterpart: messages, exchanges, new needs, and the review of the pairing."""

from datetime import date, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.cities.models import City
from apps.dashboard.agenda.task import Kind, Task, Verb, amount_of, doing, opening
from apps.pairings.models import Exchange, Message, Pairing
from apps.pairings.states import ExchangeState, PairingState
from apps.postings.dates import today_in
from apps.postings.models import Posting, Urgency

WEEK = timedelta(days=7)
NEWS = 5
"""So many new needs of the counterpart are told at most."""


def of_the_pairing(pairing: Pairing, city: City, today: date) -> list[Task]:
    """What the live pairing of the city brings."""
    counterpart = pairing.counterpart_of(city)
    return [
        *messages_to_read(pairing, city),
        *pairing_to_review(pairing, counterpart, today),
        *needs_of_the_counterpart(city, counterpart, today),
    ]


def messages_to_read(pairing: Pairing, city: City) -> list[Task]:
    side = next(side for side in pairing.ordered_sides if side.city_id == city.pk)
    unread = list(Message.objects.unread_by(side).select_related("city").order_by("pk"))
    if not unread:
        return []
    last = unread[-1]
    said = ngettext("%(count)d message", "%(count)d messages", len(unread)) % {"count": len(unread)}
    last.pairing = pairing
    return [
        Task(
            _("Read what they wrote"),
            last,
            about=said,
            partner=", ".join(dict.fromkeys(map(writer, unread))),
            since=today_in(city, unread[0].at),
            urgency=Urgency.URGENT,
            verbs=(
                Verb(_("Read and answer"), last.get_absolute_url()),
                doing(_("Mark as read"), "pairings:message_read", pairing, up_to=last.pk),
            ),
        )
    ]


def writer(message: Message) -> str:
    return str(message.city or _("a coordinator"))


def pairing_to_review(pairing: Pairing, counterpart: City, today: date) -> list[Task]:
    notice = timedelta(days=settings.REVIEW_NOTICE_DAYS)
    day = pairing.review_on
    if day is None or day > today + notice or pairing.state == PairingState.APPROVED:
        return []
    return [
        Task(
            _("Review the pairing"),
            pairing,
            about="",
            partner=counterpart,
            since=day - notice,
            due=day,
            verbs=(opening(_("Review"), "pairings:pairing_review", pairing),),
        )
    ]


def needs_of_the_counterpart(city: City, counterpart: City, today: date) -> list[Task]:
    """Those it published within a week and that are not covered yet."""
    fresh = (
        Posting.objects.open()
        .needs()
        .with_free()
        .filter(city=counterpart, opened_at__date__gte=today - WEEK)
        .select_related("item")
        .without_texts()
        .order_by("urgency", "-opened_at")
    )
    offer = reverse("postings:posting_create")
    return [
        Task(
            _("Your counterpart needs"),
            need,
            about=amount_of(need.free, need.item),
            partner=counterpart,
            since=today_in(city, need.opened_at),
            due=need.needed_by,
            urgency=need.urgency,
            verbs=(Verb(_("Offer it"), f"{offer}?kind=offer&item={need.item_id}"),),
        )
        for need in fresh[:NEWS]
    ]


def exchanges_near(city: City, today: date) -> Kind:
    """Those of the next days, and those whose day is over, to say whether they took place."""
    planned = Exchange.objects.filter(
        cities=city, state=ExchangeState.PLANNED, takes_place_on__lte=today + WEEK
    )
    return Kind(planned.described(), lambda exchange: to_hold(exchange, city, today))


def to_hold(exchange: Exchange, city: City, today: date) -> Task:
    day = exchange.takes_place_on or today
    return was_held(exchange, city, day) if day < today else coming(exchange, city, day)


def coming(exchange: Exchange, city: City, day: date) -> Task:
    return Task(
        _("Planned: %(subject)s") % {"subject": exchange.get_kind_display()},
        exchange,
        about=exchange.subject,
        partner=partners(exchange, city),
        since=today_in(city, exchange.created_at),
        due=day,
        verbs=(opening(_("For the calendar"), "pairings:exchange_invite", exchange),),
    )


def was_held(exchange: Exchange, city: City, day: date) -> Task:
    return Task(
        _("Did it take place?"),
        exchange,
        about=exchange.subject,
        partner=partners(exchange, city),
        since=day,
        verbs=(
            doing(_("It took place"), "pairings:exchange_hold", exchange),
            opening(_("Cancel"), "pairings:exchange_cancel", exchange),
        ),
    )


def partners(exchange: Exchange, city: City) -> City | str:
    others = [other for other in exchange.cities.all() if other != city]
    return others[0] if len(others) == 1 else ", ".join(map(str, others))
