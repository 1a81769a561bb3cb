"""QuickBooks' own exchange rates and the balance sheets of past days: when they are requested, and what they decide."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from rowcol.clock import Moment
from rowcol.sandbox.builder import Books
from rowcol.sandbox.company import Company, Unlisted
from tests.kits.clock import TODAY
from tests.kits.practice import FIRST, PracticeStage, practice_at, shop

RATE_PATH = "/exchangerate"
REFUSED = {"kind": "fault", "times": None, "code": "5020", "status": 400}


def traders(*rates: dict[str, Any]) -> Company:
    """Return books with 5,000.00 in Checking and 100.00 EUR that no document explains."""
    books = Books(FIRST, "Traders", today=TODAY)
    books.account("Euro account", "Bank", "Checking", currency="EUR")
    books.deposit(TODAY - timedelta(days=60), lines=[("Opening Balance Equity", "5000.00")])
    company = books.finish()
    euro = next(record for record in company.of("Account").values() if record["Name"] == "Euro account")
    euro["CurrentBalance"] = 100.0
    company.entities["ExchangeRate"] = {str(place): rate for place, rate in enumerate(rates)}
    return company


def rate(days_ago: int, value: float) -> dict[str, Any]:
    day = (TODAY - timedelta(days=days_ago)).isoformat()
    return {"SourceCurrencyCode": "EUR", "TargetCurrencyCode": "USD", "Rate": value, "AsOfDate": day}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "rowcol.duckdb"


def asked(stage: PracticeStage, part: str) -> list[str]:
    """Return the requests since the last call whose target has a part."""
    targets = [entry["target"] for entry in stage.sandbox.stats()["recent"]]
    stage.sandbox.state.stats.clear()
    return [target for target in targets if part in target]


def figures(stage: PracticeStage, **moment: Any) -> pd.Series:
    with stage.services.gateway.open(moment=Moment(**moment)) as books:
        return books.figures.iloc[0]


def test_each_foreign_currency_costs_one_request_a_day(folder: Path) -> None:
    with practice_at([traders(rate(9, 1.1))], folder) as stage:
        stage.connect()
        stage.refresh()
        (target,) = asked(stage, RATE_PATH)
        assert "sourcecurrencycode=EUR" in target
        assert f"asofdate={TODAY.isoformat()}" in target
        stage.services.check_tie_out(stage.id_of())
        assert asked(stage, RATE_PATH) == []
        stage.refresh()
        assert len(asked(stage, "/v3/")) == 1, "an idle cycle"
        stage.clock.forward(days=1)
        stage.refresh()
        assert len(asked(stage, RATE_PATH)) == 1


def test_a_company_of_one_currency_asks_for_no_rate(practice: PracticeStage) -> None:
    practice.refresh()
    assert asked(practice, RATE_PATH) == []


def test_the_rate_lands_in_log_and_mirror_and_replays(folder: Path) -> None:
    with practice_at([traders(rate(9, 1.1))], folder) as stage:
        stage.connect()
        stage.refresh()
        with stage.services.database.read() as cursor:
            rows = cursor.execute(
                "SELECT currency, rate_date, exchange_rate FROM mirror_exchange_rates"
            ).fetchall()
        assert rows == [("EUR", TODAY - timedelta(days=9), "1.1")]
        assert stage.services.verify().differences == ()
        assert figures(stage)["cash_cents"] == 500_000 + 11_000


def test_without_a_sheet_the_newest_rate_dated_by_the_day_counts(folder: Path) -> None:
    with practice_at([traders(rate(9, 1.1), rate(2, 1.3))], folder) as stage:
        stage.connect()
        stage.sandbox.faults({**REFUSED, "match": "reports/BalanceSheet"})
        stage.refresh()
        row = figures(stage)
        assert (row["cash_cents"], row["unpriced"]) == (500_000 + 13_000, ())


def test_a_refused_rate_leaves_the_tie_out_as_it_is(folder: Path) -> None:
    with practice_at([traders(rate(9, 1.1))], folder) as stage:
        stage.connect()
        stage.sandbox.faults({**REFUSED, "match": RATE_PATH})
        assert all(outcome.ok for outcome in stage.refresh().values())
        assert stage.row()["tie_out"] == "tied"
        assert figures(stage)["cash_cents"] == 500_000 + 11_000, "the balance sheet has it"


def test_an_account_without_any_rate_is_left_out_and_named_with_its_own_amount(folder: Path) -> None:
    with practice_at([traders()], folder) as stage:
        stage.connect()
        stage.refresh()
        row = figures(stage)
        assert (row["cash_cents"], row["unpriced"]) == (500_000, ("Euro account EUR 100.00",))
        assert stage.row()["unpriced"] == ("Euro account EUR 100.00",)
        said = "Left out, no exchange rate or balance is known: Euro account EUR 100.00"
        assert said in stage.services.client_view(stage.id_of()).left_out.sentences()


def test_cash_of_a_past_day_is_its_balance_sheet(folder: Path) -> None:
    """250.00 of payroll that no record shows left Checking three days ago."""
    company = shop()
    checking = next(record for record in company.of("Account").values() if record["Name"] == "Checking")
    checking["CurrentBalance"] -= 250
    company.unlisted.append(Unlisted((TODAY - timedelta(days=3)).isoformat(), checking["Id"], -25_000))
    day = TODAY - timedelta(days=4)
    with practice_at([company], folder) as stage:
        stage.connect()
        stage.refresh()
        rolled_back = figures(stage, as_of=day)
        assert "bank activity incomplete" in rolled_back["marks"]
        assert rolled_back["cash_cents"] == 511_000 - 25_000
        asked(stage, "")
        stage.services.read_bank_sheets(None, day)
        assert sum(f"end_date={day.isoformat()}" in target for target in asked(stage, "BalanceSheet")) == 1
        read = figures(stage, as_of=day)
        assert "bank activity incomplete" not in read["marks"]
        assert read["cash_cents"] == 511_000
        stage.services.read_bank_sheets(None, day)
        assert asked(stage, "BalanceSheet") == [], "what was read once is not requested again"


def test_what_is_entered_after_the_sheet_of_a_past_day_was_read_counts(practice: PracticeStage) -> None:
    day = TODAY - timedelta(days=4)
    practice.refresh()
    practice.services.read_bank_sheets(None, day)
    (expense,) = practice.sandbox.companies[FIRST].of("Purchase").values()
    practice.edit("Purchase", expense["Id"], TotalAmt=55.0, Line=[{**expense["Line"][0], "Amount": 55.0}])
    practice.refresh()
    assert figures(practice, as_of=day)["cash_cents"] == 511_000 - 1_500
    practice.delete("Purchase", expense["Id"])
    practice.refresh()
    assert figures(practice, as_of=day)["cash_cents"] == 511_000 + 4_000


def test_a_sheet_read_while_its_day_went_on_is_read_again_once_it_has_passed(practice: PracticeStage) -> None:
    practice.refresh()
    practice.clock.forward(days=2)
    practice.refresh()
    asked(practice, "")
    practice.services.read_bank_sheets(None, TODAY)
    assert sum(f"end_date={TODAY.isoformat()}" in target for target in asked(practice, "BalanceSheet")) == 1
    practice.services.read_bank_sheets(None, TODAY)
    assert asked(practice, "BalanceSheet") == []


def test_a_past_day_whose_sheet_is_refused_is_rolled_back_and_marked(practice: PracticeStage) -> None:
    practice.refresh()
    practice.sandbox.faults({**REFUSED, "match": "reports/BalanceSheet"})
    practice.services.read_bank_sheets(None, TODAY - timedelta(days=30))
    row = figures(practice, as_of=TODAY - timedelta(days=30))
    assert (row["cash_cents"], "bank activity incomplete" in row["marks"]) == (500_000, True)
