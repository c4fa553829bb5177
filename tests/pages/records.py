"""Gifts, exchanges and the ledger's odd entries of the world."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from apps.ledger import services as ledger
from apps.ledger.models import Gift, LedgerEntry
from apps.pairings import services as pairings
from apps.pairings.models import Exchange
from tests import factories

if TYPE_CHECKING:
    from tests.pages.world import World


class Records:
    def __init__(self, world: "World") -> None:
        self.world, self.now = world, world.now
        self.giver = world.officers[world.wuxi.pk]
        self.receiver = world.officers[world.san_antonio.pk]
        self.today = self.now.date() - timedelta(days=2)
        self.make_entries()
        self.make_gifts()
        self.make_questions()
        self.make_outside_offers()
        self.make_exchanges()

    def gift(self, quantity: int | None = 500, **fields: Any) -> Gift:
        fields = {"item": self.world.goods.masks, "given_on": self.today, **fields}
        return ledger.record_gift(
            giver=ledger.party_of(self.world.wuxi),
            receiver=ledger.party_of(self.world.san_antonio),
            quantity=quantity,
            by=self.giver,
            now=self.now,
            **fields,
        )

    def make_gifts(self) -> None:
        answering = {"by": self.receiver, "now": self.now}
        money = self.gift(700, item=self.world.goods.money)
        paid = LedgerEntry.objects.get(source_kind="gift", source_id=str(money.pk))
        self.world.add("entry.money", paid)
        self.world.add("gift.recorded", self.gift(note="<b>a note</b>", purchased_with=paid))
        self.world.add("gift.unknown", self.gift(None, given_on=None))
        confirmed = ledger.confirm_gift(self.gift(), quantity=400, note="100 wet", **answering)
        self.world.add("gift.confirmed", confirmed)
        withdrawn = ledger.withdraw_gift(self.gift(), by=self.giver, now=self.now, reason="twice")
        self.world.add("gift.withdrawn", withdrawn)
        reversal = LedgerEntry.objects.get(
            source_kind="gift", source_id=str(withdrawn.pk), reverses__isnull=False
        )
        self.world.add("entry.reversal", reversal)
        self.world.add("entry.reversed", reversal.reverses)

    def make_questions(self) -> None:
        deciding = {"by": self.world.coordinator, "now": self.now}
        for state in ("asked", "answered", "refused"):
            question = ledger.ask_question(
                self.world["entry.unknown"],
                by=None,
                now=self.now,
                text="Is <b>this</b> right?",
                name="Canary Person",
                email="canary-visitor@private.example",
                language="zh-hans",
                submission=uuid4(),
            )
            if state == "answered":
                question = ledger.answer_question(question, text="It <b>is</b>.", **deciding)
            if state == "refused":
                question = ledger.refuse_question(question, reason="No question.", **deciding)
            self.world.add(f"question.{state}", question)

    def make_outside_offers(self) -> None:
        deciding = {"by": self.giver, "now": self.now}
        for state in ("offered", "adopted", "declined"):
            offer = ledger.offer_from_outside(
                self.world.wuxi,
                self.world.goods.masks,
                300,
                by=None,
                now=self.now,
                kind="person",
                name="Canary Person",
                email="canary-visitor@private.example",
                phone="+1 canary-visitor",
                details="in <b>boxes</b>",
                language="en",
                submission=uuid4(),
            )
            if state == "adopted":
                offer = ledger.adopt_outside_offer(offer, **deciding)
            if state == "declined":
                offer = ledger.decline_outside_offer(offer, reason="No certificate.", **deciding)
            self.world.add(f"outside.{state}", offer)

    def make_entries(self) -> None:
        """Historic ones as the report has them: nothing is 0 that is not known."""
        company = factories.PartyFactory(code="a-company", kind="company", name_en="A Company")
        person = factories.PartyFactory(
            code="a-person", kind="person", name_en="Canary Person", may_be_named=False
        )
        city = ledger.party_of(self.world.wuxi)
        day = {"occurred_on": self.today}
        self.entry("unknown", company, city, None)
        self.entry("year", person, city, 100, precision="year", qualifier="about", **day)
        self.entry("month", company, city, 100, precision="month", qualifier="over", **day)
        as_of = {"precision": "as_of", "as_printed": "a <b>batch</b>", "is_ambiguous": True, **day}
        self.entry("as_of", company, city, 100, intermediary=person, **as_of)
        self.entry("stated", company, city, 7, kind="stated", note="the report's own sum", **day)
        self.make_table(city, day)

    def make_table(self, giver: Any, day: dict[str, Any]) -> None:
        """For the replay: one entry that it uses, and one for every reason to leave it out."""
        places = (self.world.san_antonio, self.world.tacoma)
        known, uncounted = map(ledger.party_of, places)
        nowhere = factories.PartyFactory(code="nowhere", country="US", name_en="An Association")
        self.entry("used", giver, known, 40, **day)
        self.entry("batch", giver, known, None, **day)
        self.entry("no-population", giver, uncounted, 40, **day)
        self.entry("no-place", giver, nowhere, 40, **day)
        self.entry("in-the-text", giver, known, 40, source_text="Report of 2020, section II", **day)

    def entry(self, key: str, giver: Any, receiver: Any, quantity: int | None, **kw: Any) -> None:
        row = ledger.record_entry(
            kw.pop("kind", "sent"),
            giver=giver,
            receiver=receiver,
            item=self.world.goods.masks,
            quantity=quantity,
            source=("report", key),
            source_text=kw.pop("source_text", "Report of 2020, Table 1, row 3"),
            by=None,
            now=self.now,
            **kw,
        )
        self.world.add(f"entry.{key}", row)

    def plan(self, *cities: Any, **fields: Any) -> Exchange:
        fields = {"kind": "call", "subject": "A <b>call</b>", "takes_place_on": self.today} | fields
        return pairings.plan_exchange(cities, by=self.giver, now=self.now, **fields)

    def make_exchanges(self) -> None:
        one, other = self.world.wuxi, self.world.san_antonio
        closing = {"by": self.giver, "now": self.now}
        self.world.add("exchange.planned", self.plan(one, other))
        self.world.add("exchange.three", self.plan(one, other, self.world.bare))
        self.world.add("exchange.held", pairings.hold_exchange(self.plan(one, other), **closing))
        cancelled = pairings.cancel_exchange(
            self.plan(one, other, subject="A call that was cancelled"), reason="ill", **closing
        )
        self.world.add("exchange.cancelled", cancelled)
        historic = factories.ExchangeFactory(
            subject="Letters",
            kind="letter",
            state="held",
            source="Report of 2020",
            count=30,
            takes_place_on=None,
            precision="not_stated",
            date_note="In February,",
        )
        self.world.add("exchange.historic", historic)
