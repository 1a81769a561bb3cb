"""Companies that once showed a wrong figure (tests/cases/README.md): each served, connected, refreshed and reported."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from rowcol.sandbox.company import load_company
from rowcol.sandbox.run import running_sandbox
from tests.kits.clock import FrozenClock
from tests.kits.terminal import Terminal

CASES = Path(__file__).parents[1] / "cases"
NOON = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)
Rows = list[dict[str, Any]]
Report = Callable[..., Rows]


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """Give a terminal to which all companies are connected and refreshed."""
    clock = FrozenClock(NOON)
    companies = [load_company(path) for path in sorted(CASES.glob("*.json"))]
    with running_sandbox(companies, clock=clock, throttle=False) as sandbox:
        terminal = Terminal(sandbox, tmp_path_factory.mktemp("cases") / "rowcol.duckdb", clock)
        terminal.connect()
        done = terminal("sync")
        assert done.code == 0, done.err
        yield terminal


@pytest.fixture
def report(cases: Terminal) -> Report:
    """Give a function that returns the rows of one report of one case."""

    def rows_of(case: str, name: str, *words: str) -> Rows:
        (path,) = CASES.glob(f"{case}-*.json")
        realm = json.loads(path.read_text())["realm"]
        answer = cases("report", name, "--client", realm, "--format", "json", *words)
        assert answer.code == 0, answer.err
        rows: Rows = json.loads(answer.out)
        return rows

    return rows_of


def placed(rows: Rows) -> int:
    return sum(row["amount_cents"] for row in rows if row["state"] == "placed")


def test_a_post_dated_payment_is_the_coming_payment_of_the_open_invoice(report: Report) -> None:
    assert placed(report("c01", "forecast", "--detail")) == 100_000


def test_a_payment_before_its_invoice_is_unapplied_until_then(report: Report) -> None:
    (row,) = report("c03", "clients")
    assert row["ar_cents"] == -335_737


def test_an_accrual_and_its_reversal_cancel(report: Report) -> None:
    assert placed(report("c05", "forecast", "--detail")) == 0


def test_undeposited_funds_below_nothing_place_nothing_and_are_a_finding(report: Report) -> None:
    rows = report("c09", "forecast", "--detail")
    assert placed([row for row in rows if row["line"] == "undeposited"]) == 0
    assert [row["qbo_id"] for row in report("c09", "tray") if row["code"] == "BANK_NEGATIVE"] == ["4"]


def test_a_deposit_with_an_invoice_dated_later_is_not_yet_cash(report: Report) -> None:
    (row,) = report("c11", "clients")
    assert row["cash_cents"] == 2_000_000


def test_bills_paid_by_card_leave_the_bank_once(report: Report) -> None:
    weeks = report("c12", "forecast")
    out = sum(week["baseline_out_cents"] + week["new_business_out_cents"] for week in weeks)
    assert abs(out - 910_000) <= 30_000


def test_a_note_that_begins_with_voided_voids_nothing(report: Report) -> None:
    (row,) = report("c14", "clients")
    assert (row["ap_cents"], row["ar_cents"]) == (90_000, 70_000)


def test_one_number_every_month_is_no_duplicate(report: Report) -> None:
    assert [row["qbo_id"] for row in report("c19", "bills")] == ["123"]


def test_a_check_entered_ahead_replaces_the_recurring_payment(report: Report) -> None:
    rows = report("c21", "forecast", "--detail")
    assert placed([row for row in rows if row["line"] in ("booked", "recurring")]) == -450_000


def test_month_end_stays_month_end(report: Report) -> None:
    rows = report("c41", "forecast", "--detail", "--as-of", "2026-12-01")
    days = [row["expected_on"] for row in rows if row["line"] == "recurring" and row["state"] == "placed"]
    assert days == ["2026-12-31", "2027-01-31", "2027-02-28"]


def test_a_vehicle_is_no_daily_burn(report: Report) -> None:
    (row,) = report("d45", "clients")
    assert row["buffer_days"] == 6_000


def test_a_card_in_credit_is_no_debt(report: Report) -> None:
    (row,) = report("d61", "clients")
    assert row["card_debt_cents"] == 83_604


def test_before_the_payment_the_invoice_is_open(report: Report) -> None:
    (row,) = report("e72", "clients", "--as-of", "2026-10-28")
    assert row["ar_cents"] == 100_000
