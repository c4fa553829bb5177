import re
from datetime import date
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.template import engines
from django.utils import translation

from apps.core.states import Stateful
from apps.core.templatetags import ui
from tests import factories


def tone_and_word(badge: str) -> tuple[str, str]:
    found = re.fullmatch(r'<span class="badge tone-(\w+)"><svg .*</svg>(.*)</span>', badge)
    assert found
    return found[1], found[2]


STATEFUL = [model for model in apps.get_models() if issubclass(model, Stateful)]


@pytest.mark.parametrize(
    ("language", "quantity", "shown"),
    [
        ("en", 21200, "21,200 pieces"),
        ("en", 0, "0 pieces"),
        ("en", 1_000_000_000, "1,000,000,000 pieces"),
        ("en", None, "not stated"),
        ("zh-hans", 21200, "21,200 件"),
        ("zh-hans", None, "未注明"),
    ],
)
def test_amount_names_the_unit_and_never_guesses_when_it_is_shown(language, quantity, shown):
    item = factories.ItemFactory.build(category=None, unit="piece")

    with translation.override(language):
        assert ui.amount(quantity, item) == shown


@pytest.mark.parametrize(
    ("language", "precision", "shown"),
    [
        ("en", "day", "1 Mar 2020"),
        ("en", "month", "Mar 2020"),
        ("en", "year", "2020"),
        ("zh-hans", "day", "2020年3月1日"),
        ("zh-hans", "month", "2020年3月"),
        ("zh-hans", "year", "2020"),
    ],
)
def test_date_is_no_more_exact_than_it_is_known(language, precision, shown):
    with translation.override(language):
        assert ui.dated(date(2020, 3, 1), precision) == shown


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/en/cities/", 'href="/en/cities/" aria-current="page"'),
        ("/en/cities/cn-js-wuxi/", 'href="/en/cities/" aria-current="true"'),
        ("/en/ledger/", 'href="/en/cities/"'),
    ],
)
def test_head_marks_where_the_reader_is(path, shown):
    request = SimpleNamespace(path=path)

    assert ui.leads_to({"request": request}, "dashboard:city_list") == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(None, "not stated"), ("", "not stated"), (0, 0), ("x", "x")]
)
def test_or_not_stated_speaks_when_the_value_is_missing_only(value, shown):
    assert ui.or_not_stated(value) == shown


@pytest.mark.parametrize(
    ("part", "whole", "shown"), [(1, 3, 33), (0, 5, 0), (None, 5, 0), (3, 0, 0), (3, None, 0)]
)
def test_percent_is_a_whole_number_when_the_whole_is_missing_too(part, whole, shown):
    assert ui.percent(part, whole) == shown


def test_state_is_a_badge_with_its_word_when_it_is_shown():
    liaison = factories.LiaisonFactory.build(state="confirmed")

    assert ui.state(liaison) == (
        '<span class="badge tone-success"><svg class="icon" aria-hidden="true">'
        '<use href="/static/img/icons.svg#check-circle"/></svg>confirmed</span>'
    )


def test_state_has_a_tone_of_its_own_when_the_same_word_means_something_else():
    exchange = factories.ExchangeFactory.build(state="held")
    posting = factories.OfferFactory.build(state="held")

    assert tone_and_word(ui.state(exchange)) == ("success", "took place")
    assert tone_and_word(ui.state(posting)) == ("warning", "on hold")


@pytest.mark.parametrize("model", STATEFUL, ids=lambda model: model._meta.label)
def test_state_says_a_word_when_a_row_is_in_any_state(model):
    for value, label in model._meta.get_field("state").flatchoices:
        badge = ui.state(model(state=value))

        assert badge.endswith(f">{label}</span>")


def test_tones_are_only_those_of_known_states_when_they_are_listed():
    known = {value for model in STATEFUL for value, _ in model._meta.get_field("state").flatchoices}

    assert {tone.rpartition(".")[2] for tone in ui.TONES} <= known


def test_demo_is_marked_when_the_row_is_a_reconstruction():
    badge = ui.demo(SimpleNamespace(is_demo=True))

    assert badge == (
        '<abbr class="badge text-bg-light border demo" title="Demonstration: a reconstruction of'
        ' spring 2020, not a fact; left out of public totals.">reconstruction</abbr>'
    )


def test_demo_is_silent_when_the_row_is_real():
    assert ui.demo(SimpleNamespace(is_demo=False)) == ""


def test_state_escapes_its_word_when_it_holds_markup():
    subject = SimpleNamespace(
        state="odd",
        _meta=SimpleNamespace(model_name="thing"),
        get_state_display=lambda: "<script>",
    )

    assert tone_and_word(ui.state(subject)) == ("secondary", "&lt;script&gt;")


@pytest.mark.parametrize(
    ("urgency", "tone", "word"),
    [(1, "danger", "critical"), (2, "warning", "urgent"), (3, "secondary", "soon")],
)
def test_urgency_is_a_badge_with_its_word_when_a_need_has_one(urgency, tone, word):
    need = factories.NeedFactory.build(urgency=urgency)

    assert tone_and_word(ui.urgency(need)) == (tone, word)


def test_urgency_is_a_dash_when_it_is_an_offer():
    assert ui.urgency(factories.OfferFactory.build()) == "–"


def test_every_icon_is_in_the_sprite_when_a_tag_or_template_names_it():
    sprite = (settings.ROOT / "static/img/icons.svg").read_text()
    templates = "".join(path.read_text() for path in (settings.ROOT / "templates").rglob("*.html"))
    named = {*ui.ICONS.values(), *(picture for __, picture in ui.URGENCY.values())}
    named |= set(re.findall(r"{% icon [\"']([\w-]+)", templates))

    assert {name for name in named if f'id="{name}"' not in sprite} == set()


def test_languages_lead_to_the_same_page_when_it_has_a_query(rf):
    with translation.override("en"):
        found = ui.languages({"request": rf.get("/en/postings/?kind=need&page=2")})

    assert found == [
        ("en", "English", "/en/postings/?kind=need&page=2"),
        ("zh-hans", "简体中文", "/zh-hans/postings/?kind=need&page=2"),
    ]


@pytest.mark.parametrize("engine", ["django", "text"])
def test_tags_need_no_load_when_a_template_uses_them(engine):
    item = factories.ItemFactory.build(category=None)
    template = engines[engine].from_string("{{ quantity|amount:item }}")

    assert template.render({"quantity": 5, "item": item}) == "5 pieces"
