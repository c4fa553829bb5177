"""`manage.py solve`: files in, a checked solution out, and every fault where it stands."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.matching.engine import (
    AllocationResult,
    PairingResult,
    from_json,
    solve_allocation,
    to_json,
)
from apps.matching.engine.reasons import MATCH_CODES, NEED_CODES
from apps.matching.exchange_format.sentences import explain
from tests.matching.engine.instances import allocation_problem, packed, pairing_problem

ROOT = Path(__file__).resolve().parents[3]
PROBLEM = {
    "kind": "allocation_problem",
    "schema": 1,
    "today": "2020-03-01",
    "cities": [{"code": "a"}, {"code": "b"}],
    "items": [{"code": "mask"}],
    "needs": [{"id": 1, "city": "a", "item": "mask", "quantity": 5, "tier": 1}],
    "offers": [{"id": 2, "city": "b", "item": "mask", "quantity": 8}],
}
CITIES = "code,state_code,languages\na,S,zh; en\nb,,\n"
NEEDS = (
    "id,city,item,quantity,tier,needed_by,accepts\n1,a,mask,5,1,2020-05-01,gown\n2,a,gown,,2,,\n"
)
OFFERS = "id,city,item,quantity,pack\n3,b,gown,9,2\n"


def write(folder: Path, name: str, content: str | bytes) -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(path)


def solve(*arguments: str) -> AllocationResult | PairingResult:
    out = StringIO()
    call_command("solve", *arguments, stdout=out, stderr=StringIO())
    return from_json(out.getvalue())


def refused(*arguments: str) -> tuple[int, list[str]]:
    """Exit status, and the places of the faults."""
    err = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("solve", *arguments, stdout=StringIO(), stderr=err)
    return error.value.returncode, [line.split(": ")[0] for line in err.getvalue().splitlines()]


def tables(folder: Path, **texts: str | bytes) -> list[str]:
    files = {"cities": CITIES, "needs": NEEDS, "offers": OFFERS} | texts
    named = [(f"--{name}", write(folder, f"{name}.csv", text)) for name, text in files.items()]
    return ["--today", "2020-03-01", *(word for pair in named for word in pair)]


def test_problem_is_solved_when_it_is_given_as_json(tmp_path: Path) -> None:
    problem = allocation_problem(5)

    result = solve(write(tmp_path, "problem.json", to_json(problem)))

    assert result == solve_allocation(problem)


def test_pairing_is_solved_for_the_objective_and_weights_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, "problem.json", to_json(pairing_problem(3, objective="widest")))

    result = solve(path, "--objective", "total", "--weights", "coverage=400000,tie=600000")

    assert isinstance(result, PairingResult)
    assert result.objective == "total"


def test_policy_is_replaced_when_another_is_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, "problem.json", json.dumps(PROBLEM))

    assert solve(path).policy == "pair_first"
    assert solve(path, "--policy", "urgency_first").policy == "urgency_first"


def test_tables_alone_make_a_problem(tmp_path: Path) -> None:
    result = solve(*tables(tmp_path))

    assert isinstance(result, AllocationResult)
    assert [(m.offer, m.need, m.quantity) for m in result.matches] == [(3, 1, 4)]
    assert [need.quantity for need in result.needs] == [5, 1]


def test_tables_replace_those_of_the_problem(tmp_path: Path) -> None:
    path = write(tmp_path, "problem.json", json.dumps(PROBLEM))
    offers = write(tmp_path, "offers.csv", "id,city,item,quantity\n9,b,mask,3\n")

    result = solve(path, "--offers", offers)

    assert [(match.offer, match.quantity) for match in result.matches] == [(9, 3)]


def test_faults_of_tables_are_named_by_file_row_and_column(tmp_path: Path) -> None:
    needs = "id,city,item,quantity,tier\n1,a,mask,five,9\n1,zz,mask,-2,1\n"

    status, places = refused(*tables(tmp_path, needs=needs))

    file = tmp_path / "needs.csv"
    assert status == 1
    assert (
        places
        == [
            f"{file}, row 2, column quantity",
            f"{file}, row 2, column tier",
            f"{file}, row 3, column id",
            f"{file}, row 3, column city",
            f"{file}, row 3, column quantity",
            "CommandError",
        ][:5]
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("id,city,item,quantity\n", "needs.csv"),
        ("id,city,item,quantity,tier,colour\n", "needs.csv"),
        ("id,id,city,item,quantity,tier\n", "needs.csv"),
        ("", "needs.csv"),
        ("id,city,item,quantity,tier\n1,a,mask,5,1,6\n", "needs.csv, row 2"),
        ("id,city,item,quantity,tier\n1,a,mask,5\n", "needs.csv, row 2, column tier"),
        ("id,city,item,quantity,tier\n1,a,mask,NaN,1\n", "needs.csv, row 2, column quantity"),
        ("id,city,item,quantity,tier\n1,a,mask,1e18,1\n", "needs.csv, row 2, column quantity"),
        (b"id,city,item,quantity,tier\n1,a,m\xff,5,1\n", "needs.csv"),
        ("id,city,item,quantity,tier\n".encode("utf-16"), "needs.csv"),
        ('id,city,item,quantity,tier\n1,"a"b,mask,5,1\n', "needs.csv"),
    ],
)
def test_table_is_refused_when_it_is_broken(tmp_path: Path, text: str | bytes, place: str) -> None:
    status, places = refused(*tables(tmp_path, needs=text))

    assert status == 1
    assert str(tmp_path / place) in places


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (b"", ["the whole text"]),
        (b"[]", ["the whole text"]),
        (b"{", ["the whole text"]),
        (b"[" * 100_000, ["the whole text"]),
        (b"\xff\xfe{}", ["the whole text"]),
        (json.dumps(PROBLEM).encode("utf-16"), ["the whole text"]),
        (json.dumps(PROBLEM).encode("gb18030") + "武".encode("gb18030"), ["the whole text"]),
        (b'{"kind": "allocation_problem", "kind": "allocation_problem"}', ["kind", "schema"]),
        (json.dumps(PROBLEM | {"today": float("nan")}).encode(), ["today"]),
        (json.dumps(PROBLEM | {"needs": [{"id": float("inf")}]}).encode(), ["needs[0].id"]),
    ],
)
def test_text_is_refused_when_it_is_no_problem(
    tmp_path: Path, text: bytes, places: list[str]
) -> None:
    status, found = refused(write(tmp_path, "problem.json", text))

    assert status == 1
    assert found[: len(places)] == places


def test_names_that_stand_twice_are_found_at_any_depth(tmp_path: Path) -> None:
    text = json.dumps(PROBLEM).replace('"tier": 1', '"tier": 1, "tier": 2')

    assert refused(write(tmp_path, "problem.json", text)) == (1, ["needs[0].tier"])


def test_every_fault_is_listed_of_form_and_of_sense(tmp_path: Path) -> None:
    body = PROBLEM | {
        "needs": [
            {"id": 1, "city": "nowhere", "item": "mask", "quantity": "5", "tier": 1},
            {"id": 1, "city": "a", "item": "gown", "quantity": 5, "size": 1},
        ],
        "colour": "red",
    }

    status, places = refused(write(tmp_path, "problem.json", json.dumps(body)))

    assert status == 1
    assert sorted(places) == [
        "colour",
        "needs[0].city",
        "needs[0].quantity",
        "needs[1].id",
        "needs[1].item",
        "needs[1].size",
        "needs[1].tier",
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["does-not-exist.json"],
        ["{problem}", "--objective", "total"],
        ["{problem}", "--weights", "tie=1000000"],
    ],
)
def test_status_is_two_when_the_command_is_used_wrongly(
    tmp_path: Path, arguments: list[str]
) -> None:
    problem = write(tmp_path, "problem.json", json.dumps(PROBLEM))

    assert refused(*(word.format(problem=problem) for word in arguments))[0] == 2


@pytest.mark.parametrize(
    ("weights", "place"),
    [
        ("tie=1", "weights"),
        ("charm=1000000", "weights.charm"),
        ("tie=half", "weights.tie"),
        ("tie=-1", "weights.tie"),
    ],
)
def test_weights_are_refused_when_they_are_none(tmp_path: Path, weights: str, place: str) -> None:
    path = write(tmp_path, "problem.json", to_json(pairing_problem(3)))

    status, places = refused(path, "--weights", weights)

    assert status == 1
    assert place in places


@pytest.mark.parametrize(
    "change",
    [
        {"cities": [], "items": [], "needs": [], "offers": []},
        {"cities": [{"code": "a"}], "offers": []},
        {"forbids": [["a", "b"]]},
    ],
)
def test_solution_is_empty_when_nothing_can_be_given(
    tmp_path: Path, change: dict[str, object]
) -> None:
    assert solve(write(tmp_path, "problem.json", json.dumps(PROBLEM | change))).matches == ()


def test_reasons_are_said_in_sentences_when_asked_for(tmp_path: Path) -> None:
    err = StringIO()

    call_command(
        "solve",
        write(tmp_path, "problem.json", json.dumps(PROBLEM)),
        "--explain",
        stdout=StringIO(),
        stderr=err,
    )

    assert err.getvalue().splitlines() == [
        "Offer 2 to need 1: 5",
        "  The need is critical.",
        "  From the network: nothing joins b and a yet.",
        "  With all proposed matches the need of 5 is filled.",
        "  It can arrive from 1 Mar 2020.",
    ]


def test_every_reason_of_an_allocation_is_met_and_said() -> None:
    met, said = set(), []
    for seed in range(400):
        result = solve_allocation(packed(allocation_problem(seed), seed))
        met |= {r.code for each in (*result.matches, *result.needs) for r in each.reasons}
        said += explain(result)

    assert met == MATCH_CODES.keys() | NEED_CODES.keys()
    assert all(text.endswith(".") and "%(" not in text for text in said if text.startswith("  "))


def test_solve_runs_as_a_command_between_pipes() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "solve", "-"],
        cwd=ROOT,
        input=json.dumps(PROBLEM),
        capture_output=True,
        text=True,
        check=True,
    )

    assert from_json(done.stdout).matches[0].quantity == 5
    assert done.stderr == ""


def test_exchange_format_loads_no_framework() -> None:
    code = (
        "import sys, apps.matching.exchange_format.solving, apps.matching.exchange_format.schema;"
        "sys.exit('django' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
