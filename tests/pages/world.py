"""One of everything, in every state, made once and shared by all tests of the pages.

Between Wuxi, which gives, and San Antonio, which receives, stand postings, matches, deliveries, gifts
and exchanges; every state of a pairing has two cities of its own, since a city has one live pairing.
What is private carries the word `canary`; what people typed carries markup and control characters.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import models

from apps.accounts.models import User
from apps.cities.models import City, Liaison
from apps.cities.services import refuse_liaison, remove_liaison, request_liaison
from apps.core.files import PDF
from apps.pairings import services as pairings
from apps.pairings.models import CounterpartSupport, Pairing
from apps.pairings.states import PairingState
from tests import factories
from tests.happenings import tell
from tests.pages.goods import Goods
from tests.pages.matrix import a_pdf
from tests.pages.records import Records

HOSTILE = "<script>alert('x')</script> \u202egnp.exe % {{ 7 }}"
PAIRING_STATES = [state for state in PairingState if state != PairingState.ACTIVE]


class World:
    """`world["match.proposed"]` is a row; `world.cities[...]` says whose it is."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.rows: dict[str, models.Model] = {}
        self.cities: dict[str, tuple[City, City]] = {}
        self.officers: dict[int, User] = {}
        self.serving: dict[int, User] = {}
        self.make_people()
        self.make_places()
        self.make_pairings()
        self.make_rules()
        self.goods = Goods(self)
        self.records = Records(self)
        self.make_liaisons()
        self.make_serving_coordinators()
        tell("gift_confirmed", self["gift.confirmed"], User.objects.all(), now=now)
        told = self.officers[self.wuxi.pk].notifications.filter(created_at=now)
        self.add("news", told.filter(kind="gift_confirmed").first())

    def __getitem__(self, key: str) -> Any:
        return self.rows[key]

    def add(self, key: str, row: Any, cities: tuple[City, City] | None = None) -> Any:
        self.rows[key] = row
        self.cities[key] = cities or (self.wuxi, self.san_antonio)
        return row

    def persona(self, name: str, key: str = "") -> User | None:
        """Who a persona is, seen from the row of that key."""
        one, other = self.cities.get(key, (self.wuxi, self.san_antonio))
        found: dict[str, Callable[[], User | None]] = {
            "anonymous": lambda: None,
            "newcomer": lambda: self.newcomer,
            "own": lambda: self.officers[one.pk],
            "partner": lambda: self.officers[other.pk],
            "other": lambda: self.officers[self.tacoma.pk],
            "coordinator": lambda: self.coordinator,
            "serving": lambda: self.serving[one.pk],
            "administrator": lambda: self.administrator,
        }
        return found[name]()

    def person(self, word: str, **kwargs: Any) -> User:
        return factories.UserFactory(
            email=f"canary-{word}@private.example", name=f"Person {word}", **kwargs
        )

    def make_people(self) -> None:
        self.newcomer = self.person("newcomer")
        self.coordinator = self.person("coordinator", coordinator=True)
        self.second_coordinator = self.person("second", coordinator=True)
        self.administrator = self.person("administrator", administrator=True)

    def make_places(self) -> None:
        self.china = factories.CityFactory(
            code="cn",
            name_en="China",
            name_zh_hans="中国",
            country="CN",
            level="country",
            acts=False,
        )
        self.jiangsu = factories.StateFactory(
            code="cn-js", name_en="Jiangsu", name_zh_hans="江苏", country="CN", parent=self.china
        )
        self.wuxi = self.city(
            "cn-js-wuxi",
            "Wuxi",
            name_zh_hans="无锡",
            country="CN",
            parent=self.jiangsu,
            population=7_462_135,
            latitude="31.56887",
            longitude="120.28857",
            time_zone="Asia/Shanghai",
            source="GeoNames",
            note="as of 2020",
        )
        self.san_antonio = self.city("us-tx-san-antonio", "San Antonio", population=1_434_625)
        self.tacoma = self.city("us-wa-tacoma", "Tacoma")
        self.bare = self.city("us-tx-bare", "Bare Place", time_zone="")
        self.add("city.full", self.wuxi)
        self.add("city.bare", self.bare, (self.bare, self.san_antonio))
        self.add("city.state", self.jiangsu)
        self.add("city.country", self.china)
        tie = factories.TieFactory.between
        tie(self.wuxi, self.san_antonio, year=2012, source="a list", note="a note")
        tie(self.wuxi, self.bare, status="uncertain", confidence="low")
        tie(self.wuxi, self.tacoma, status="ended", confidence="medium")
        factories.StateFactory(code="cn-hb", name_en="Hubei", name_zh_hans="湖北", country="CN")
        CounterpartSupport.objects.create(
            province=self.jiangsu,
            city=self.wuxi,
            announced_on=self.now.date(),
            verification="recalled",
            source="press",
        )

    def city(self, code: str, name: str, **kwargs: Any) -> City:
        """A city with an officer, whose contacts are canaries."""
        place = factories.CityFactory(code=code, name_en=name, **kwargs)
        officer = self.person(code, organisation="City Hall")
        self.officers[place.pk] = officer
        self.speak_for(place, officer)
        return place

    def speak_for(self, place: City, person: User) -> Liaison:
        word = person.email.partition("@")[0]
        return factories.LiaisonFactory(
            user=person,
            city=place,
            office_email=f"{word}@office.example",
            office_phone=f"+1 {word}"[:40],
            statement=f"Call {word} at home",
        )

    def make_pairings(self) -> None:
        cities = (self.wuxi, self.san_antonio)
        active = self.add("pairing.active", self.pairing(cities, "active"), cities)
        written = {"text": f"For {HOSTILE}", "language": "en", "translation": "译文"}
        by = {"by": self.coordinator, "now": self.now}
        self.add("message", pairings.write_message(active, **written, **by), cities)
        signed = {"file": a_pdf(), "signed_on": self.now.date()}
        signed["file"].kind = PDF
        self.add("agreement", pairings.add_agreement(active, **signed, **by), cities)
        for state in PAIRING_STATES:
            cities = (
                self.city(f"cn-{state}", f"Left {state}", country="CN", name_zh_hans="左"),
                self.city(f"us-{state}", f"Right {state}"),
            )
            self.add(f"pairing.{state}", self.pairing(cities, state), cities)

    def make_rules(self) -> None:
        by = {"by": self.administrator, "now": self.now}
        forbid = pairings.set_rule("forbid", self.wuxi, self.bare, reason="too far", **by)
        self.add("rule.forbid", forbid)
        pin = pairings.set_rule("pin", self.wuxi, self.tacoma, reason="a treaty", **by)
        self.add("rule.lifted", pairings.lift_rule(pin, **by))

    def pairing(self, cities: tuple[City, City], state: str) -> Pairing:
        """By the services, as far as they lead to the state."""
        now, deciding = self.now, {"by": self.coordinator, "now": self.now}
        one, other = (self.officers[city.pk] for city in cities)
        found = pairings.propose_pairing(*cities, by=one, now=now, note=HOSTILE)
        if state == "proposed":
            return found
        if state == "rejected":
            return pairings.reject_pairing(found, reason=HOSTILE, **deciding)
        found = pairings.approve_pairing(found, **deciding)
        if state == "approved":
            return found
        if state == "cancelled":
            return pairings.cancel_pairing(found, reason="not now", **deciding)
        if state == "expired":
            return pairings.expire_pairing(found, now=now + timedelta(days=30))
        if state == "declined":
            return pairings.decline_pairing(found, by=other, now=now, reason=HOSTILE)
        pairings.accept_pairing(found, by=one, now=now)
        found = pairings.accept_pairing(found, by=other, now=now)
        ending = {"by": self.administrator, "now": now, "reason": "reason-for-those-concerned"}
        if state == "suspended":
            return pairings.suspend_pairing(found, **ending)
        return pairings.end_pairing(found, **ending) if state == "ended" else found

    def make_liaisons(self) -> None:
        """Asked for, refused and removed; the confirmed one is San Antonio's."""
        place = self.city("us-tx-asked", "Asked")
        cities = (place, self.san_antonio)
        deciding = {"by": self.coordinator, "now": self.now}
        for state in ("requested", "refused", "removed"):
            applicant = self.person(f"applicant-{state}")
            if state == "removed":
                liaison = self.speak_for(place, applicant)
                deciding["by"] = self.administrator
                liaison = remove_liaison(liaison, reason="left the office", **deciding)
            else:
                liaison = request_liaison(
                    place,
                    by=applicant,
                    now=self.now,
                    office=f"Office {HOSTILE}",
                    office_email=f"canary-{state}@office.example",
                    office_phone=f"+1 canary-{state}",
                    statement=f"canary-statement {HOSTILE}",
                )
            if state == "refused":
                liaison = refuse_liaison(liaison, reason="unknown there", **deciding)
            self.add(f"liaison.{state}", liaison, cities)
        confirmed = self.officers[self.san_antonio.pk].liaisons.get()
        self.add("liaison.confirmed", confirmed, (place, self.tacoma))

    def make_serving_coordinators(self) -> None:
        """Last, so that none of them is told of all that went before."""
        for pk in {one.pk for one, __ in self.cities.values()}:
            place = City.objects.get(pk=pk)
            self.serving[pk] = self.person(f"serving-{pk}", coordinator=True)
            self.speak_for(place, self.serving[pk])
