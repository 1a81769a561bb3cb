"""`rowcol report changes --since D`: what changed in the books, on the wire and in between."""

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import pytest

from tests.kits.practice import FIRST
from tests.kits.terminal import Answer, Terminal

CHANGES = [
    "realm_id",
    "change",
    "entity",
    "qbo_id",
    "party",
    "field",
    "before",
    "after",
    "amount_cents",
    "changed_at",
]
WEEK = timedelta(days=7)


def put(terminal: Terminal, entity: str, qbo_id: str, **fields: Any) -> None:
    """Change a record at the sandbox."""
    company = terminal.sandbox.companies[FIRST]
    company.put(entity, {**company.of(entity)[qbo_id], **fields}, terminal.clock.now)


def number(terminal: Terminal, entity: str, doc_number: str) -> str:
    """Return the id of a document by its number."""
    records = terminal.sandbox.companies[FIRST].of(entity)
    return next(qbo_id for qbo_id, record in records.items() if record.get("DocNumber") == doc_number)


@pytest.fixture
def week(terminal: Terminal) -> tuple[Terminal, str]:
    """Give a terminal a week after its first refresh, a bill edited since; and that bill's id."""
    terminal.connect(FIRST)
    assert terminal("sync").code == 0
    bill = number(terminal, "Bill", "B-1")
    terminal.clock.forward(days=6)
    put(terminal, "Bill", bill, DueDate="2026-12-24", TotalAmt=75.5, Balance=75.5)
    assert terminal("sync", "--strict").code == 0
    terminal.clock.forward(days=1)
    return terminal, bill


def answered(answer: Answer) -> list[dict[str, Any]]:
    """Return the rows of records."""
    assert answer.code == 0, answer.err
    rows: list[dict[str, Any]] = json.loads(answer.out)
    return [row for row in rows if not row["change"].startswith("finding")]


def test_an_edit_is_reported_with_exactly_the_fields_of_the_contract(week: tuple[Terminal, str]) -> None:
    terminal, bill = week
    rows = answered(terminal("report", "changes", "--since", "2026-11-21", "--format", "json"))
    bills = {row["field"]: row for row in rows if row["entity"] == "Bill"}
    due, total = bills["DueDate"], bills["TotalAmt"]
    assert len(bills) == 2
    assert list(due) == CHANGES
    assert due == {
        "realm_id": FIRST, "change": "edited", "entity": "Bill", "qbo_id": bill, "party": "Brook", "field": "DueDate",
        "before": "2026-12-10", "after": "2026-12-24", "amount_cents": 1_550, "changed_at": "2026-11-26T20:00:00+00:00",
    }  # fmt: skip
    assert [total[name] for name in ("field", "before", "after", "amount_cents")] == [
        "TotalAmt",
        "60.00",
        "75.50",
        1_550,
    ]


def test_without_a_day_the_last_week_is_compared(week: tuple[Terminal, str]) -> None:
    terminal, bill = week
    assert bill in {row["qbo_id"] for row in answered(terminal("report", "changes", "--format", "json"))}


def test_a_time_and_a_second_moment_narrow_it(week: tuple[Terminal, str]) -> None:
    terminal, _ = week
    late = ("report", "changes", "--since", "2026-11-26T20:00:00Z", "--format", "json")
    assert answered(terminal(*late)) == []
    early = (
        "report",
        "changes",
        "--since",
        "2026-11-21",
        "--known-at",
        "2026-11-25T00:00:00Z",
        "--format",
        "json",
    )
    assert answered(terminal(*early)) == []


def test_csv_has_money_as_decimals(week: tuple[Terminal, str]) -> None:
    terminal, _ = week
    answer = terminal("report", "changes", "--since", "2026-11-21", "--format", "csv", "--client", FIRST)
    rows = [row for row in csv.DictReader(io.StringIO(answer.out)) if row["field"] == "TotalAmt"]
    assert [(row["before"], row["after"], row["amount_cents"]) for row in rows] == [
        ("60.00", "75.50", "15.50")
    ]


def test_before_the_first_refresh_nothing_was_known_and_that_is_shown(week: tuple[Terminal, str]) -> None:
    terminal, _ = week
    answer = terminal("report", "changes", "--since", "2026-11-01", "--format", "json")
    assert (answer.code, json.loads(answer.out)) == (0, [])
    assert "Nothing was known then of Larch & Daughters" in answer.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("report changes --since lately", "is not a date or time"),
        ("report changes --since 2027-01-01", "is not before"),
        ("report clients --since 2026-11-21", "has no --since"),
    ],
)
def test_wrong_use_is_reported(shared: Terminal, words: str, message: str) -> None:
    answer = shared(*words.split())
    assert (answer.code, answer.out) == (2, "")
    assert message in answer.err


def test_the_day_of_the_first_refresh_can_be_given_with_its_time(week: tuple[Terminal, str]) -> None:
    """The clock stands still during a refresh: what it read was known at its end."""
    terminal, bill = week
    at = (terminal.clock.now - WEEK).isoformat()
    rows = answered(terminal("report", "changes", "--since", at, "--format", "json"))
    assert {row["qbo_id"] for row in rows if row["entity"] == "Bill"} == {bill}
    assert date.fromisoformat(rows[0]["changed_at"][:10]) == date(2026, 11, 26)
