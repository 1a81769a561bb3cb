"""QuickBooks' own exchange rates: the entity ExchangeRate, and what a balance sheet makes of it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from rowcol.sandbox.books import demo_companies
from rowcol.sandbox.books.rates import rate_on
from rowcol.sandbox.company import Company, company_from_json
from rowcol.sandbox.exchange_rates import rate_at
from rowcol.sandbox.reports.balance_sheet import balances_at
from tests.kits.clock import TODAY
from tests.kits.sandbox_client import Application

EURO = {"CurrencyRef": {"value": "EUR"}}


def rate(currency: str, day: str, value: float) -> dict[str, Any]:
    """Return a rate as a company file has it: without an id."""
    return {"SourceCurrencyCode": currency, "TargetCurrencyCode": "USD", "Rate": value, "AsOfDate": day}


def company(*rates: dict[str, Any]) -> Company:
    """Return a company with 1,000.00 EUR that no document explains."""
    held = {"Id": "36", "Name": "Euro", "AccountType": "Bank", "CurrentBalance": 1000, "Active": True, **EURO}
    entities = {"Account": [held], "ExchangeRate": list(rates)}
    document = {"realm": "1", "name": "Euro Co", "currency": "USD", "entities": entities}
    return company_from_json(document, datetime(2026, 11, 1, tzinfo=UTC))


@pytest.fixture
def rated(books: Company) -> Company:
    """Give the small company with two rates of the euro."""
    entered = company(rate("EUR", "2026-11-01", 1.1), rate("EUR", "2026-11-10", 1.2))
    books.entities["ExchangeRate"] = entered.entities["ExchangeRate"]
    return books


@pytest.mark.parametrize(("day", "value"), [("2026-11-09", 1.1), ("2026-11-10", 1.2), ("2026-11-20", 1.2)])
@pytest.mark.usefixtures("rated")
def test_the_newest_rate_up_to_a_day_is_given(application: Application, day: str, value: float) -> None:
    answer = application.get("exchangerate", sourcecurrencycode="EUR", asofdate=day)
    sent = answer.json()["ExchangeRate"]
    assert (sent["SourceCurrencyCode"], sent["TargetCurrencyCode"], sent["Rate"]) == ("EUR", "USD", value)
    assert sent["AsOfDate"] <= day


@pytest.mark.usefixtures("rated")
def test_a_currency_without_a_rate_is_refused(application: Application) -> None:
    answer = application.get("exchangerate", sourcecurrencycode="GBP", asofdate="2026-11-20")
    assert application.fault(answer)[0] == 400
    before = application.get("exchangerate", sourcecurrencycode="EUR", asofdate="2026-10-31")
    assert application.fault(before)[0] == 400


@pytest.mark.usefixtures("rated")
def test_rates_are_found_by_query(application: Application) -> None:
    found = application.query("select * from ExchangeRate where AsOfDate >= '2026-11-05'")["ExchangeRate"]
    assert [row["Rate"] for row in found] == [1.2]
    assert application.query("select count(*) from ExchangeRate where SourceCurrencyCode = 'EUR'") == {
        "totalCount": 2
    }


def test_books_that_were_made_up_have_the_rates_they_were_made_with(
    application: Application, books: Company
) -> None:
    books.rate_on = rate_on
    sent = application.get("exchangerate", sourcecurrencycode="EUR", asofdate="2026-11-12").json()[
        "ExchangeRate"
    ]
    assert sent["Rate"] == float(rate_on("EUR", "USD", date(2026, 11, 12)) or 0)
    assert sent["AsOfDate"] == "2026-11-12"


def test_demo_companies_state_the_rates_of_their_documents() -> None:
    for made in demo_companies(12, today=TODAY):
        for bill in made.of("Bill").values():
            if "ExchangeRate" in bill:
                day = date.fromisoformat(bill["TxnDate"])
                assert float(rate_at(made, bill["CurrencyRef"]["value"], day) or 0) == bill["ExchangeRate"]
                return
    raise AssertionError("no demo company has a foreign bill")


def test_a_balance_sheet_values_a_foreign_account_at_the_rate_of_its_day() -> None:
    books = company(rate("EUR", "2026-11-01", 1.1), rate("EUR", "2026-11-10", 1.2))
    assert balances_at(books, date(2026, 11, 9)) == {"36": 110_000}
    assert balances_at(books, date(2026, 11, 10)) == {"36": 120_000}


def test_an_account_without_any_rate_is_not_on_the_balance_sheet() -> None:
    assert balances_at(company(), date(2026, 11, 20)) == {}
