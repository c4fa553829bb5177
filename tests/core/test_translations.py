from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.core import translations

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext

def words(count):
    return [_("Plain words"), ngettext("%(count)d need", "%(count)d needs", count),
            pgettext("of a letter", "Open"), _("Hello %(name)s") % {"name": "Ana"}]
"""
TEMPLATE = """{% load i18n %}
<p>{% translate "In a template" %}</p>
{% blocktranslate with city=object.city %}To {{ city }}{% endblocktranslate %}
{% blocktranslate count number=rows|length %}{{ number }} row{% plural %}{{ number }} rows{% endblocktranslate %}
"""
CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Plain words"
msgstr "平常话"

msgid "%(count)d need"
msgid_plural "%(count)d needs"
msgstr[0] "%(count)d项需求"

msgctxt "of a letter"
msgid "Open"
msgstr "打开"

msgid "Hello %(name)s"
msgstr "%(name)s，您好"

msgid "In a template"
msgstr "模板中"

msgid "To %(city)s"
msgstr "致%(city)s"

msgid "%(number)s row"
msgid_plural "%(number)s rows"
msgstr[0] "%(number)s行"

msgid "In a mail"
msgstr "邮件中"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small project whose catalogue is complete."""
    files = {
        "apps/thing/views.py": PYTHON,
        "apps/thing/migrations/0001_initial.py": "_('not wanted')",
        "config/empty.py": "",
        "templates/thing/page.html": TEMPLATE,
        "templates/mails/thing.txt": '{% load i18n %}{% translate "In a mail" %}',
        "locale/zh_Hans/LC_MESSAGES/django.po": CATALOGUE,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def spoil(root: Path, old: str, new: str) -> None:
    path = root / "locale/zh_Hans/LC_MESSAGES/django.po"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_extract_finds_words_of_python_and_templates_when_both_have_some(root):
    found = {
        (message.context, message.id): [file for file, _ in message.locations]
        for message in translations.extract(root)
        if message.id
    }

    assert found == {
        (None, "Plain words"): ["apps/thing/views.py"],
        (None, ("%(count)d need", "%(count)d needs")): ["apps/thing/views.py"],
        ("of a letter", "Open"): ["apps/thing/views.py"],
        (None, "Hello %(name)s"): ["apps/thing/views.py"],
        (None, "In a template"): ["templates/thing/page.html"],
        (None, "To %(city)s"): ["templates/thing/page.html"],
        (None, ("%(number)s row", "%(number)s rows")): ["templates/thing/page.html"],
        (None, "In a mail"): ["templates/mails/thing.txt"],
    }


def test_gaps_are_none_when_the_catalogue_is_complete(root):
    assert translations.gaps(root) == []


@pytest.mark.parametrize(
    ("old", "new", "gap"),
    [
        ('"平常话"', '""', "zh_Hans: not translated: 'Plain words'"),
        (
            'msgid "Plain words"\nmsgstr "平常话"\n',
            "",
            "zh_Hans: not in the catalogue: 'Plain words'",
        ),
        (
            'msgid "Plain words"',
            '#, fuzzy\nmsgid "Plain words"',
            "zh_Hans: marked fuzzy: 'Plain words'",
        ),
        (
            '"%(count)d项需求"',
            '""',
            "zh_Hans: not translated: ('%(count)d need', '%(count)d needs')",
        ),
        (
            "%(name)s，",
            "%(nom)s，",
            "zh_Hans: unknown named placeholder 'nom': 'Hello %(name)s'",
        ),
        (
            'msgid "In a mail"',
            'msgid "Once"\nmsgstr "曾经"\n\nmsgid "In a mail"',
            "zh_Hans: no longer used: 'Once'",
        ),
        (
            'msgctxt "of a letter"\n',
            "",
            "zh_Hans: not in the catalogue: 'Open'",
        ),
    ],
)
def test_gap_is_named_when_the_catalogue_lacks_or_spoils_something(root, old, new, gap):
    spoil(root, old, new)

    assert gap in translations.gaps(root)


def test_update_adds_new_words_empty_and_drops_old_ones_when_the_code_has_changed(root):
    view = root / "apps/thing/views.py"
    view.write_text(PYTHON.replace("Plain words", "Other words"), encoding="utf-8")

    translations.update(root)

    text = (root / "locale/zh_Hans/LC_MESSAGES/django.po").read_text(encoding="utf-8")
    assert translations.gaps(root) == ["zh_Hans: not translated: 'Other words'"]
    assert "Plain words" not in text
    assert "致%(city)s" in text


def test_update_changes_nothing_when_it_is_run_again(root):
    path = root / "locale/zh_Hans/LC_MESSAGES/django.po"
    translations.update(root)
    first = path.read_text(encoding="utf-8")

    translations.update(root)

    assert path.read_text(encoding="utf-8") == first


def test_catalogue_is_compiled_when_it_is_newer_than_its_copy_only(root):
    locale = root / "locale"
    copy = locale / "zh_Hans/LC_MESSAGES/django.mo"

    translations.compile_catalogues(locale)
    first = copy.read_bytes()
    copy.write_bytes(b"kept")
    translations.compile_catalogues(locale)

    assert "平常话".encode() in first
    assert copy.read_bytes() == b"kept"


def test_check_lists_gaps_and_counts_the_rest_when_there_are_many(root, settings):
    settings.ROOT = root
    words = "".join(f'_("Word {number}")\n' for number in range(25))
    (root / "apps/thing/more.py").write_text(words, encoding="utf-8")

    with pytest.raises(CommandError) as refused:
        call_command("translations", "check")

    lines = str(refused.value).splitlines()
    assert lines[0] == "zh_Hans: not in the catalogue: 'Word 0'"
    assert len(lines) == 21
    assert lines[-1] == "... and 5 more"


def test_check_says_nothing_when_nothing_is_missing(root, settings):
    settings.ROOT = root
    out = StringIO()

    call_command("translations", "check", stdout=out)

    assert out.getvalue() == ""


BARE = {
    "<p>Words</p>": "Words",
    '<p>{% translate "In a template" %} and more</p>': "and more",
    '<input placeholder="Words">': "Words",
    "<svg><title>Words</title></svg>": "Words",
}


@pytest.mark.parametrize("bare", BARE)
def test_gap_is_named_when_a_template_says_something_as_it_is(root, bare):
    page = root / "templates/thing/page.html"
    page.write_text(TEMPLATE + bare)

    assert translations.gaps(root) == [
        f"templates/thing/page.html: not marked for translation: {BARE[bare]!r}"
    ]


@pytest.mark.parametrize(
    "same",
    ["{# why #}<script>let word;</script>", "<a>CSV</a> · 5 {{ word }}", "<code>sessionid</code>"],
)
def test_gaps_are_none_when_a_template_says_what_is_the_same_in_every_language(root, same):
    page = root / "templates/thing/page.html"
    page.write_text(TEMPLATE + same)

    assert translations.gaps(root) == []
