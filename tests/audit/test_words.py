"""Every code that the services write into the audit has a word, in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from apps.audit.words import VERBS, state_word, verb_word
from apps.cities.models import City
from apps.matching.models import Match

APPS = Path(__file__).resolve().parents[2] / "apps"


def verbs_of(tree: ast.AST) -> Iterator[str]:
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            named = [one.value for one in call.keywords if one.arg == "verb"]
            is_record = isinstance(call.func, ast.Name) and call.func.id.startswith("record")
            for value in [*named, *(call.args[1:2] if is_record else [])]:
                if isinstance(value, ast.Constant) and "_" in str(value.value):
                    yield str(value.value)


def test_every_verb_of_the_services_has_a_word():
    found = {
        verb
        for path in APPS.rglob("*.py")
        for verb in verbs_of(ast.parse(path.read_text(encoding="utf-8")))
    }

    assert len(found) > 50
    assert {verb for verb in found if verb.partition("_")[0] not in VERBS} == set()


@pytest.mark.parametrize(("language", "word"), [("en", "Approve"), ("zh-hans", "批准")])
def test_a_verb_is_told_in_the_language_of_the_reader(language, word):
    with translation.override(language):
        assert verb_word("approve_match") == word


def test_a_verb_stands_as_it_is_when_there_is_no_word_for_it():
    assert verb_word("rename") == "rename"


def test_only_states_become_words():
    assert state_word(Match, "approved") == "waiting for the cities"
    assert state_word(Match, "version 2") == "version 2"
    assert state_word(City, "approved") == "approved"
