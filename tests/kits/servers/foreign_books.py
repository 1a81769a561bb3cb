"""The books of a company nobody here wrote, as captured payloads have their records and reports."""

from copy import deepcopy
from typing import Any

from tests.kits.servers.foreign import Record

MADE = {"CreateTime": "2023-02-15T15:37:25-08:00", "LastUpdatedTime": "2026-11-02T12:56:17-08:00"}
YEN = "株式会社さくら – “O’Brien”"


def line(amount: object, **detail: Any) -> Record:
    return {"Amount": amount, **detail}


RECORDS: dict[str, list[Record]] = {
    "CompanyInfo": [{"Id": "1", "CompanyName": YEN, "NameValue": [{"Name": "OfferingSku", "Value": "Plus"}]}],
    "Preferences": [{"Id": "1", "ReportPrefs": {"ReportBasis": "Accrual"}}],
    "Account": [
        {"Id": "35", "Name": "Checking", "AccountType": "Bank", "CurrentBalance": 1201.0, "Active": True},
        {"Id": "36", "Name": "Old savings (deleted)", "AccountType": "Bank", "CurrentBalance": 99.0, "Active": False},
        {"Id": "41", "Name": "Mastercard", "AccountType": "Credit Card", "CurrentBalance": -157.72},
        {"Id": "33", "Name": "Accounts Payable (A/P)", "AccountType": "Accounts Payable", "CurrentBalance": -341.23},
        {"Id": "84", "Name": "Forderungen", "AccountType": "Accounts Receivable", "CurrentBalance": "500.00"},
    ],
    "Vendor": [{"Id": "46", "DisplayName": "Norton (deleted)", "Active": False}, {"Id": "31", "DisplayName": "Brosnahan"}],
    "Customer": [{"Id": "7", "DisplayName": YEN, "BillWithParent": "false", "PrimaryEmailAddr": {"Address": "a@b.example"}}],
    "Bill": [
        {"Id": "25", "TxnDate": "2026-10-01", "DueDate": "2026-10-31", "VendorRef": {"value": "31"}, "TotalAmt": 241.23,
         "Balance": 241.23, "Line": [line(241.23)]},
        {"Id": "26", "TxnDate": "2026-11-01Z", "VendorRef": {"value": "46", "name": "Norton (deleted)"},
         "TotalAmt": "100.00", "Balance": "100.00", "Line": [line("100.00")]},
    ],
    "Invoice": [
        {"Id": 71, "TxnDate": "2026-11-10", "DueDate": "2026-12-10", "CustomerRef": {"value": "7", "name": YEN},
         "TotalAmt": 500, "Balance": 500, "Line": [line(500), line(500, DetailType="SubTotalLineDetail")]},
    ],
    "Purchase": [
        {"Id": "9", "TxnDate": "2026-11-05", "PaymentType": "Cash", "AccountRef": {"value": "35"}, "TotalAmt": 90.0,
         "Line": [line(90.0, DetailType="AccountBasedExpenseLineDetail", AccountBasedExpenseLineDetail={})],
         "PurchaseEx": {"any": [{"name": "{x}NameValue", "value": {"Name": "TxnType", "Value": "54"}}]}},
    ],
}  # fmt: skip
COLUMNS = {"Column": [{"ColType": "Vendor", "ColTitle": ""}, *[{"ColType": "Money", "ColTitle": "x"}] * 6]}


def aged(*rows: tuple[str, str, str]) -> Record:
    """Return an aging report of (name, id, total), its empty cells empty and its labels in another language."""
    cells = [
        {"ColData": [{"value": name, "id": party}, *[{"value": ""}] * 5, {"value": total}]}
        for name, party, total in rows
    ]
    total = {
        "group": "GrandTotal",
        "type": "Section",
        "Summary": {"ColData": [{"value": "GESAMT"}, *[{"value": "9"}] * 6]},
    }
    return {"Header": {"ReportName": "Aged"}, "Columns": COLUMNS, "Rows": {"Row": [*cells, total]}}


CHECKING = {"ColData": [{"value": "Checking", "id": "35"}, {"value": "1,201.00"}], "type": "Data"}
ASSETS = {
    "type": "Section",
    "group": "TotalAssets",
    "Header": {"ColData": [{"value": "VERMÖGEN"}, {"value": ""}]},
    "Rows": {"Row": [CHECKING]},
    "Summary": {"ColData": [{"value": "Summe"}, {"value": "1201.00"}]},
}
MONEY = {"ColType": "Money", "MetaData": [{"Name": "ColKey", "Value": "total"}]}
SHEET = {
    "Header": {"ReportName": "BalanceSheet"},
    "Columns": {"Column": [{"ColType": "Account"}, MONEY]},
    "Rows": {"Row": [ASSETS]},
}
REPORTS = {
    "AgedPayables": aged(("Brosnahan", "31", "241.23"), ("Norton (deleted)", "46", "100.00")),
    "AgedReceivables": aged((YEN, "7", "500.00")),
    "BalanceSheet": SHEET,
}


def books() -> dict[str, dict[str, Record]]:
    """Return entity -> id -> record, a copy of their own for each caller."""
    common = {"SyncToken": "0", "domain": "QBO", "sparse": False, "MetaData": MADE}
    return {
        entity: {str(record["Id"]): {**deepcopy(record), **common} for record in records}
        for entity, records in RECORDS.items()
    }
