import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GROUPS = ["run", "dev", "uv"]
PIN = re.compile(r"([A-Za-z0-9._-]+)==([^ ;\\]+)")


def text(group: str) -> str:
    return (ROOT / "requirements" / f"{group}.txt").read_text(encoding="utf-8")


def entries(group: str) -> list[str]:
    """Each requirement with its hashes, on one line."""
    joined = text(group).replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]


def pins(group: str) -> dict[str, str]:
    found = [PIN.match(entry) for entry in entries(group)]
    assert all(found)
    return {match[1].lower(): match[2] for match in found if match}


@pytest.mark.parametrize("group", GROUPS)
def test_requirements_are_pinned_with_hashes_when_they_are_installed(group):
    for entry in entries(group):
        assert PIN.match(entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry


@pytest.mark.parametrize("group", GROUPS)
def test_requirements_name_no_address_when_they_are_installed(group):
    assert not re.search(r"://|@ |--index|--find-links|^-[efi]", text(group), re.MULTILINE)


def test_requirements_to_run_are_part_of_those_to_develop_when_both_are_pinned():
    run, develop = pins("run"), pins("dev")

    assert run.items() <= develop.items()
    assert len(run) > 20


@pytest.mark.parametrize(("group", "section"), [("run", "dependencies"), ("dev", "dev")])
def test_requirements_hold_everything_that_the_project_declares(group, section):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = {
        "dependencies": project["project"]["dependencies"],
        "dev": project["dependency-groups"]["dev"],
    }[section]

    names = {re.match(r"[A-Za-z0-9._-]+", line)[0].lower() for line in declared}

    assert names <= pins(group).keys()
