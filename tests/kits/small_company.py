"""A company small enough to add up by hand."""

from datetime import UTC, datetime
from typing import Any

from rowcol.sandbox.company import Company, company_from_json

REALM = "4620816365201690220"


def small_company() -> Company:
    """Return a company whose every balance can be added up by hand."""
    document = {
        "realm": REALM,
        "name": "Harbour & Pine Studio",
        "currency": "USD",
        "entities": {**_lists(), **_transactions()},
        "unlisted": [{"date": "2026-11-13", "account": "35", "amount": -2500.0}],
    }
    return company_from_json(document, datetime(2026, 11, 1, tzinfo=UTC))


def _lists() -> dict[str, list[dict[str, Any]]]:
    return {
        "Account": [
            account("35", "Checking", "Bank", 5000.0),
            account("36", "Petty cash", "Bank", 120.0, ParentRef={"value": "35"}, SubAccount=True),
            account("41", "Visa", "Credit Card", -200.0),
            account("33", "Accounts Payable (A/P)", "Accounts Payable", -450.0),
            account("84", "Accounts Receivable (A/R)", "Accounts Receivable", 1400.0),
            account("4", "Undeposited Funds", "Other Current Asset", 0, AccountSubType="UndepositedFunds"),
            account("60", "Rent", "Expense", 0),
            account("79", "Services", "Income", 0),
        ],
        "Vendor": [
            {"Id": "1", "DisplayName": "O'Neil Lumber", "Active": True, "Balance": 300.0},
            {"Id": "2", "DisplayName": "Norton 100% Paper", "Active": True, "Balance": 150.0},
            {"Id": "3", "DisplayName": "Closed Down (deleted)", "Active": False, "Balance": 0},
        ],
        "Customer": [
            {"Id": "10", "DisplayName": "Acme", "Active": True, "Balance": 0, "BalanceWithJobs": 1000.0},
            {
                "Id": "11",
                "DisplayName": "Acme:Roof",
                "Active": True,
                "Job": True,
                "ParentRef": {"value": "10"},
                "Balance": 1000.0,
                "BalanceWithJobs": 1000.0,
            },
            {"Id": "12", "DisplayName": "Beta", "Active": True, "Balance": 400.0},
        ],
    }


def _transactions() -> dict[str, list[dict[str, Any]]]:
    return {
        "Bill": [
            bill("101", "1", "2026-09-21", "2026-10-21", 300.0, 300.0, DocNumber="A-1"),
            bill(
                "102", "2", "2026-10-31", "2026-11-30", 500.0, 200.0,
                LinkedTxn=[{"TxnId": "201", "TxnType": "BillPaymentCheck"}],
            ),
        ],
        "VendorCredit": [credit("121", "2", "2026-11-01", 50.0)],
        "BillPayment": [bill_payment("201", "2", "2026-11-10", 300.0, "102")],
        "Invoice": [
            invoice("111", "11", "2026-09-01", "2026-10-01", 1000.0),
            invoice("112", "12", "2026-11-05", "2026-12-05", 400.0),
        ],
    }  # fmt: skip


def account(id_: str, name: str, kind: str, balance: float, **more: Any) -> dict[str, Any]:
    return {"Id": id_, "Name": name, "AccountType": kind, "CurrentBalance": balance, "Active": True, **more}


def bill(
    id_: str, vendor: str, dated: str, due: str, total: float, balance: float, **more: Any
) -> dict[str, Any]:
    line = expense_line(total)
    document = {"Id": id_, "TxnDate": dated, "DueDate": due, "TotalAmt": total, "Balance": balance}
    return {**document, "VendorRef": {"value": vendor}, "Line": [line], **more}


def credit(id_: str, vendor: str, dated: str, total: float) -> dict[str, Any]:
    document = {"Id": id_, "TxnDate": dated, "TotalAmt": total, "Balance": total}
    return {**document, "VendorRef": {"value": vendor}, "Line": [expense_line(total)]}


def bill_payment(id_: str, vendor: str, dated: str, total: float, bill_id: str) -> dict[str, Any]:
    line = {"Amount": total, "LinkedTxn": [{"TxnId": bill_id, "TxnType": "Bill"}]}
    paid = {"PayType": "Check", "CheckPayment": {"BankAccountRef": {"value": "35"}}}
    document = {"Id": id_, "TxnDate": dated, "TotalAmt": total, "VendorRef": {"value": vendor}}
    return {**document, **paid, "Line": [line]}


def invoice(id_: str, customer: str, dated: str, due: str, total: float) -> dict[str, Any]:
    document = {"Id": id_, "TxnDate": dated, "DueDate": due, "TotalAmt": total, "Balance": total}
    lines = [
        sales_line(total),
        {"Amount": total, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}},
    ]
    return {**document, "CustomerRef": {"value": customer}, "Line": lines}


def expense_line(amount: float) -> dict[str, Any]:
    detail = {"AccountRef": {"value": "60"}}
    return {
        "Amount": amount,
        "DetailType": "AccountBasedExpenseLineDetail",
        "AccountBasedExpenseLineDetail": detail,
    }


def sales_line(amount: float) -> dict[str, Any]:
    return {"Id": "1", "Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {}}
