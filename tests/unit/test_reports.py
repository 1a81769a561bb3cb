"""QuickBooks' reports as rows in cents: each id once, no summary, no label trusted."""

from datetime import date
from typing import Any

import pytest

from rowcol.errors import Refused, Unavailable
from rowcol.qbo.reports import ReportRow, aged_payables, aged_receivables, balance_sheet, rows

MONEY = ("Current", "1 - 30", "31 - 60", "61 - 90", "91 and over", "Total")


def cells(label: str, *amounts: str, identity: str | None = None) -> list[dict[str, str]]:
    first = {"value": label} if identity is None else {"value": label, "id": identity}
    return [first, *({"value": amount} for amount in amounts)]


def leaf(label: str, *amounts: str, identity: str | None = None) -> dict[str, Any]:
    return {"ColData": cells(label, *amounts, identity=identity)}


def report(*lines: Any, columns: tuple[str, ...] = MONEY, party: str = "Vendor") -> dict[str, Any]:
    titled = [{"ColTitle": "", "ColType": party}, *({"ColTitle": t, "ColType": "Money"} for t in columns)]
    return {"Header": {}, "Columns": {"Column": titled}, "Rows": {"Row": list(lines)}}


GRAND_TOTAL = {
    "type": "Section",
    "group": "GrandTotal",
    "Summary": {"ColData": cells("TOTAL", "0.00", "0.00", "-46.00", "0.00", "1287.67", "1241.67")},
}


def test_intuits_own_sample_of_aged_payables():
    row = leaf("Brosnahan Insurance Agency", "", "", "", "", "241.23", "241.23", identity="31")
    assert rows(report(row, GRAND_TOTAL)) == [
        ReportRow("31", "Brosnahan Insurance Agency", (0, 0, 0, 0, 24123, 24123), 24123)
    ]


def test_a_section_header_s_own_amounts_count_and_its_summary_never():
    section = {
        "type": "Section",
        "Header": {"ColData": cells("Parent", "10.00", "", "", "", "", "10.00", identity="1")},
        "Rows": {"Row": [leaf("Child", "5.00", "", "", "", "", "5.00", identity="2")]},
        "Summary": {"ColData": cells("Total Parent", "15.00", "", "", "", "", "15.00", identity="1")},
    }
    assert [(row.id, row.total_cents) for row in rows(report(section, GRAND_TOTAL))] == [
        ("1", 1000),
        ("2", 500),
    ]


def test_a_row_with_an_id_counts_once_the_one_with_amounts():
    section = {
        "Header": {"ColData": cells("Parent", "", "", "", "", "", "", identity="1")},
        "Rows": {
            "Row": [
                leaf("Parent", "7.00", "", "", "", "", "7.00", identity="1"),
                leaf("Parent", "7.00", "", "", "", "", "7.00", identity="1"),
            ]
        },
    }
    assert [(row.id, row.total_cents) for row in rows(report(section))] == [("1", 700)]


def test_sections_nest_as_deep_as_they_like():
    place: dict[str, Any] = leaf("Deepest", "1.00", "", "", "", "", "1.00", identity="9")
    for depth in range(200):
        place = {"Header": {"ColData": cells(f"level {depth}")}, "Rows": {"Row": [place]}}
    assert [row.id for row in rows(report(place))] == ["9"]


def test_a_row_of_no_party_is_kept_without_an_id():
    result = rows(
        report(leaf("Not Specified", "", "3.10", "", "", "", "3.10"), leaf("", "", "", "", "", "", ""))
    )
    assert result == [ReportRow(None, "Not Specified", (0, 310, 0, 0, 0, 310), 310)]


@pytest.mark.parametrize("nothing", [{}, None, {"Row": None}, {"Row": []}, {"Row": {}}])
def test_a_report_without_rows_gives_none(nothing):
    assert rows({**report(), "Rows": nothing}) == []
    assert rows({"Header": {"Option": [{"Name": "NoReportData", "Value": "true"}]}}) == []


def test_the_total_is_found_by_its_key_wherever_it_stands():
    keyed = report(leaf("Acme", "9.00", "4.00", "5.00", identity="3"), columns=("Summe", "Aktuell", "1 - 30"))
    keyed["Columns"]["Column"][1]["MetaData"] = [{"Name": "ColKey", "Value": "total"}]
    assert rows(keyed) == [ReportRow("3", "Acme", (900, 400, 500), 900)]


def test_columns_that_are_no_money_are_passed_over():
    wide = report(leaf("Acme", "USD", "9.00", identity="3"), columns=("Currency", "Total"))
    wide["Columns"]["Column"][1]["ColType"] = "String"
    assert rows(wide) == [ReportRow("3", "Acme", (900,), 900)]


def test_a_report_that_does_not_type_its_columns_is_read_by_position():
    bare = report(leaf("Acme", "4.00", "-1.00", "3.00", identity="3"))
    del bare["Columns"]
    assert rows(bare) == [ReportRow("3", "Acme", (400, -100, 300), 300)]


def test_a_balance_sheet_gives_each_account_its_own_balance():
    sheet = report(
        {
            "type": "Section",
            "group": "TotalAssets",
            "Header": {"ColData": cells("ASSETS", "")},
            "Rows": {
                "Row": [
                    {
                        "type": "Section",
                        "Header": {"ColData": cells("Operating", "100.25", identity="35")},
                        "Rows": {"Row": [leaf("Payroll", "-20.50", identity="36")]},
                        "Summary": {"ColData": cells("Total Operating", "79.75")},
                    }
                ]
            },
            "Summary": {"ColData": cells("TOTAL ASSETS", "79.75")},
        },
        {"type": "Data", "group": "NetIncome", **leaf("Net Income", "79.75")},
        columns=("Total",),
        party="Account",
    )
    assert [(row.id, row.total_cents) for row in rows(sheet)] == [("35", 10025), ("36", -2050), (None, 7975)]


def test_amounts_may_come_short_grouped_or_as_numbers():
    short = report({"ColData": [{"value": "Acme", "id": 3}, {"value": "1,234.565"}, {"value": 7}, {}]})
    assert rows(short) == [ReportRow("3", "Acme", (123457, 700, 0, 0, 0, 0), 0)]


def test_a_report_cut_short_is_refused_not_read():
    cut = leaf("Unable to display more data. Please reduce the date range.", "", "", "", "", "", "")
    with pytest.raises(Refused, match="larger than QuickBooks can show"):
        rows(report(leaf("Acme", "", "", "", "", "", "1.00", identity="3"), cut))


@pytest.mark.parametrize("amount", ["n/a", "NaN", "Infinity", "1e999999"])
def test_an_amount_that_is_no_number_is_reported(amount):
    with pytest.raises(Unavailable, match="not a number"):
        rows(report(leaf("Acme", "", "", "", "", "", amount, identity="3")))


def test_the_reports_are_requested_as_the_definitions_say():
    day = date(2026, 11, 20)
    assert (aged_payables(day).path, aged_payables(day).params) == (
        "reports/AgedPayables",
        {"report_date": "2026-11-20", "aging_method": "Current"},
    )
    assert aged_receivables(day).path == "reports/AgedReceivables"
    assert (balance_sheet(day).path, balance_sheet(day).params) == (
        "reports/BalanceSheet",
        {"start_date": "2026-11-20", "end_date": "2026-11-20", "accounting_method": "Accrual"},
    )
    assert {request(day).kind for request in (aged_payables, aged_receivables, balance_sheet)} == {"report"}
