"""Aging reports and balance sheets of any date."""

from typing import Any

import pytest

from rowcol.sandbox.company import Company
from tests.kits.clock import NOON
from tests.kits.sandbox_client import Application
from tests.kits.small_company import account, bill, expense_line

Row = dict[str, Any]


def report(application: Application, name: str, **parameters: str) -> Row:
    answer = application.get(f"reports/{name}", **parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


def rows(document: Row) -> list[Row]:
    return document["Rows"]["Row"]


def texts(cells: list[Row]) -> list[str]:
    return [cell["value"] for cell in cells]


def amounts(document: Row) -> dict[str, str]:
    """Return account id -> amount of a balance sheet, sections' own amounts included."""
    values: dict[str, str] = {}

    def walk(row: Row) -> None:
        cells = row.get("ColData") or row.get("Header", {}).get("ColData", [])
        if cells and "id" in cells[0]:
            values[cells[0]["id"]] = cells[1]["value"]
        for inner in row.get("Rows", {}).get("Row", []):
            walk(inner)

    for row in rows(document):
        walk(row)
    return values


def test_payables_by_days_past_due_with_credits_aged_from_their_own_date(application: Application) -> None:
    document = report(application, "AgedPayables", report_date="2026-11-20", aging_method="Current")
    titles = [column["ColTitle"] for column in document["Columns"]["Column"]]
    assert titles == ["", "Current", "1 - 30", "31 - 60", "61 - 90", "91 and over", "Total"]
    norton, oneil, total = rows(document)
    assert norton["ColData"][0] == {"value": "Norton 100% Paper", "id": "2"}
    assert texts(norton["ColData"])[1:] == ["200.00", "-50.00", "", "", "", "150.00"]
    assert texts(oneil["ColData"])[1:] == ["", "300.00", "", "", "", "300.00"]
    assert (total["type"], total["group"]) == ("Section", "GrandTotal")
    assert texts(total["Summary"]["ColData"]) == [
        "TOTAL",
        "200.00",
        "250.00",
        "0.00",
        "0.00",
        "0.00",
        "450.00",
    ]


@pytest.mark.parametrize("method", ["Current", "Report_Date"])
def test_balances_are_those_of_the_day_by_either_method(application: Application, method: str) -> None:
    """What was paid after that day was still open."""
    then = report(application, "AgedPayables", report_date="2026-11-05", aging_method=method)
    assert texts(rows(then)[0]["ColData"])[1:] == ["500.00", "-50.00", "", "", "", "450.00"]


@pytest.mark.parametrize(
    ("day", "bucket"),
    [("2026-10-21", 1), ("2026-10-22", 2), ("2026-11-20", 2), ("2026-11-21", 3),
     ("2026-12-21", 4), ("2027-01-19", 4), ("2027-01-20", 5)],
)  # fmt: skip
def test_the_edges_of_the_buckets(application: Application, day: str, bucket: int) -> None:
    oneil = rows(report(application, "AgedPayables", report_date=day, aging_method="Current"))[-2]
    assert [at for at, text in enumerate(texts(oneil["ColData"])) if text == "300.00"] == [bucket, 6]


def test_sub_customers_nest_under_their_parent(application: Application) -> None:
    family, beta, total = rows(report(application, "AgedReceivables", report_date="2026-11-20"))
    assert texts(family["Header"]["ColData"]) == ["Acme", "", "", "", "", "", ""]
    assert family["Header"]["ColData"][0]["id"] == "10"
    (roof,) = family["Rows"]["Row"]
    assert texts(roof["ColData"]) == ["Acme:Roof", "", "", "1000.00", "", "", "1000.00"]
    assert texts(family["Summary"]["ColData"])[0::6] == ["Total Acme", "1000.00"]
    assert family["type"] == "Section"
    assert texts(beta["ColData"])[0:2] == ["Beta", "400.00"]
    assert texts(total["Summary"]["ColData"])[6] == "1400.00"


def test_a_bill_without_due_date_is_aged_from_its_own_date(application: Application, books: Company) -> None:
    undated = bill("103", "1", "2026-08-01", "", 70.0, 70.0)
    del undated["DueDate"]
    books.put("Bill", undated, NOON)
    oneil = rows(report(application, "AgedPayables", report_date="2026-11-20"))[1]
    assert texts(oneil["ColData"]) == ["O'Neil Lumber", "", "300.00", "", "", "70.00", "370.00"]


def test_nothing_open_gives_no_rows_and_says_so(application: Application) -> None:
    document = report(application, "AgedPayables", report_date="2026-01-01")
    assert document["Rows"] == {}
    assert {"Name": "NoReportData", "Value": "true"} in document["Header"]["Option"]


@pytest.mark.parametrize(
    ("day", "checking"),
    [
        ("2026-11-20", "5000.00"),  # CurrentBalance
        ("2026-11-13", "5000.00"),  # the payroll of that day is in
        ("2026-11-12", "7500.00"),  # and the day before it is not
        ("2026-11-10", "7500.00"),  # nor is bill payment 201 of 300
        ("2026-11-09", "7800.00"),
    ],
)
def test_a_bank_account_of_any_day_unlisted_payroll_included(
    application: Application, day: str, checking: str
) -> None:
    assert amounts(report(application, "BalanceSheet", end_date=day))["35"] == checking


def test_a_parent_account_shows_its_own_amount_and_the_family_total(application: Application) -> None:
    assets = rows(report(application, "BalanceSheet", end_date="2026-11-20"))[0]
    banks = assets["Rows"]["Row"][0]["Rows"]["Row"][0]
    assert (assets["group"], banks["group"]) == ("TotalAssets", "BankAccounts")
    (checking,) = banks["Rows"]["Row"]
    assert texts(checking["Header"]["ColData"]) == ["Checking", "5000.00"]
    assert texts(checking["Rows"]["Row"][0]["ColData"]) == ["Petty cash", "120.00"]
    assert texts(checking["Summary"]["ColData"]) == ["Total Checking", "5120.00"]
    assert texts(banks["Summary"]["ColData"]) == ["Total Bank Accounts", "5120.00"]


def test_what_is_owed_is_positive_and_both_sides_agree(application: Application) -> None:
    document = report(application, "BalanceSheet", end_date="2026-11-20")
    assert (amounts(document)["33"], amounts(document)["41"]) == ("450.00", "200.00")
    assets, other_side = rows(document)
    assert texts(assets["Summary"]["ColData"]) == ["Total ASSETS", "6520.00"]
    assert texts(other_side["Summary"]["ColData"])[1] == "6520.00"
    application.sandbox.switch(card_balance="positive")
    assert amounts(report(application, "BalanceSheet"))["41"] == "-200.00"


def test_a_foreign_account_stands_in_home_currency(application: Application, books: Company) -> None:
    euro = {"CurrencyRef": {"value": "EUR"}}
    books.put("Account", account("37", "Euro account", "Bank", 900.0, **euro), NOON)
    rated = {"TxnDate": "2026-11-02", "ExchangeRate": 1.2, "TotalAmt": 100.0, **euro}
    paid = {"AccountRef": {"value": "37"}, "PaymentType": "Check", "Line": [expense_line(100.0)]}
    books.put("Purchase", {"Id": "400", **rated, **paid}, NOON)
    assert amounts(report(application, "BalanceSheet", end_date="2026-11-20"))["37"] == "1080.00"
    assert amounts(report(application, "BalanceSheet", end_date="2026-11-02"))["37"] == "1080.00"


def test_other_reports_and_wrong_dates_are_refused(application: Application) -> None:
    assert application.fault(application.get("reports/CashFlow"))[:2] == (400, "500")
    assert application.fault(application.get("reports/BalanceSheet", end_date="today"))[:2] == (400, "2050")


def test_books_that_stand_still_can_be_gone_through_while_a_person_enters_bills(books: Company) -> None:
    """A report failed if a bill was entered while it read the bills."""
    still = books.still()
    before = len(still.of("Bill"))
    for id_ in still.of("Bill"):
        books.put("Bill", bill(f"9{id_}", "1", "2026-11-01", "2026-12-01", 10.0, 10.0), NOON)
    assert (len(still.of("Bill")), len(books.of("Bill"))) == (before, 2 * before)
