"""The wire form of what a builder writes: references, lines, times."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from rowcol.sandbox.company import currency_ref
from rowcol.sandbox.times import PACIFIC

Record = dict[str, Any]
Ref = dict[str, str]

OFFICE_OPENS, OFFICE_HOURS = 8, 8  # records are made in office hours, Pacific
CLASSIFICATIONS = {
    "Bank": "Asset",
    "Accounts Receivable": "Asset",
    "Other Current Asset": "Asset",
    "Fixed Asset": "Asset",
    "Other Asset": "Asset",
    "Accounts Payable": "Liability",
    "Credit Card": "Liability",
    "Other Current Liability": "Liability",
    "Long Term Liability": "Liability",
    "Equity": "Equity",
    "Income": "Revenue",
    "Other Income": "Revenue",
    "Expense": "Expense",
    "Cost of Goods Sold": "Expense",
    "Other Expense": "Expense",
}
SERVICES_ITEM = {"value": "1", "name": "Services"}

# Accounts every set of books starts with: name, type, sub-type.
STANDARD_ACCOUNTS = (
    ("Checking", "Bank", "Checking"),
    ("Credit Card", "Credit Card", "CreditCard"),
    ("Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable"),
    ("Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable"),
    ("Undeposited Funds", "Other Current Asset", "UndepositedFunds"),
    ("Uncategorized Asset", "Other Current Asset", "OtherCurrentAssets"),
    ("Sales Tax Payable", "Other Current Liability", "SalesTaxPayable"),
    ("Opening Balance Equity", "Equity", "OpeningBalanceEquity"),
    ("Retained Earnings", "Equity", "RetainedEarnings"),
    ("Services", "Income", "ServiceFeeIncome"),
    ("Uncategorized Income", "Income", "ServiceFeeIncome"),
    ("General Expenses", "Expense", "OfficeGeneralAdministrativeExpenses"),
    ("Uncategorized Expense", "Expense", "OtherMiscellaneousServiceCost"),
    ("Bank Charges", "Expense", "BankCharges"),
    ("Exchange Gain or Loss", "Other Expense", "ExchangeGainOrLoss"),
)


def stamp(day: date, number: int) -> str:
    """Return a moment in office hours of a day as records carry it; the number spreads them over it."""
    second = number * 97 % (OFFICE_HOURS * 3600)
    hour, rest = divmod(second, 3600)
    return f"{day}T{OFFICE_OPENS + hour:02d}:{rest // 60:02d}:{rest % 60:02d}{_pacific_offset(day)}"


@lru_cache(maxsize=4096)
def _pacific_offset(day: date) -> str:
    text = datetime(day.year, day.month, day.day, 12, tzinfo=PACIFIC).isoformat()
    return text[-6:]


def account_record(name: str, account_type: str, subtype: str, currency: str, parent: Ref | None) -> Record:
    """Return an account without id and times."""
    record: Record = {
        "Name": name,
        "FullyQualifiedName": f"{parent['name']}:{name}" if parent else name,
        "SubAccount": parent is not None,
        "Active": True,
        "Classification": CLASSIFICATIONS[account_type],
        "AccountType": account_type,
        "AccountSubType": subtype,
        "CurrencyRef": currency_ref(currency),
    }
    if parent:
        record["ParentRef"] = {"value": parent["value"]}
    return record


def name_record(name: str, currency: str, email: str | None, phone: str | None, active: bool) -> Record:
    """Return what vendors and customers have in common, without id and times."""
    record: Record = {
        "DisplayName": name,
        "CompanyName": name,
        "PrintOnCheckName": name,
        "Active": active,
        "CurrencyRef": currency_ref(currency),
    }
    if email:
        record["PrimaryEmailAddr"] = {"Address": email}
    if phone:
        record["PrimaryPhone"] = {"FreeFormNumber": phone}
    return record


def expense_lines(lines: Iterable[tuple[Ref, int, str]]) -> list[Record]:
    """Return the lines of a bill, vendor credit or purchase from (account, cents, description)."""
    return [
        {
            "Id": str(number),
            "LineNum": number,
            "Description": description,
            "Amount": cents / 100,
            "DetailType": "AccountBasedExpenseLineDetail",
            "AccountBasedExpenseLineDetail": {
                "AccountRef": account,
                "BillableStatus": "NotBillable",
                "TaxCodeRef": {"value": "NON"},
            },
        }
        for number, (account, cents, description) in enumerate(lines, start=1)
    ]


def sales_lines(lines: Iterable[tuple[Ref, int, str]], discount: int) -> list[Record]:
    """Return the lines of a sales form from (account, cents, description), with its subtotal and discount."""
    records: list[Record] = [
        {
            "Id": str(number),
            "LineNum": number,
            "Description": description,
            "Amount": cents / 100,
            "DetailType": "SalesItemLineDetail",
            "SalesItemLineDetail": {
                "ItemRef": SERVICES_ITEM,
                "ItemAccountRef": account,
                "UnitPrice": cents / 100,
                "Qty": 1,
                "TaxCodeRef": {"value": "NON"},
            },
        }
        for number, (account, cents, description) in enumerate(lines, start=1)
    ]
    subtotal = round(sum(record["Amount"] for record in records), 2)
    records.append({"Amount": subtotal, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {}})
    if discount:
        detail = {
            "PercentBased": False,
            "DiscountAccountRef": records[0]["SalesItemLineDetail"]["ItemAccountRef"],
        }
        records.append(
            {"Amount": discount / 100, "DetailType": "DiscountLineDetail", "DiscountLineDetail": detail}
        )
    return records


def linked_lines(applied: Mapping[tuple[str, str, str], int]) -> list[Record]:
    """Return the lines of a payment from (transaction type, id, line or nothing) -> cents."""
    return [
        {"Amount": cents / 100, "LinkedTxn": [_link(txn_type, txn_id, line)]}
        for (txn_type, txn_id, line), cents in applied.items()
    ]


def deposit_lines(receipts: Iterable[tuple[str, str, int]]) -> list[Record]:
    """Return the lines that bank what is in Undeposited Funds, from (transaction type, id, cents)."""
    return [
        {"Amount": cents / 100, "LinkedTxn": [_link(txn_type, txn_id, "0")]}
        for txn_type, txn_id, cents in receipts
    ]


def deposit_line(number: int, account: Ref, cents: int, party: Ref | None) -> Record:
    """Return a deposit line coded to an account, with the customer or vendor it came from."""
    detail: Record = {"AccountRef": account}
    if party:
        detail["Entity"] = {"value": party["value"], "name": party["name"], "type": party["type"].upper()}
    return {
        "Id": str(number),
        "LineNum": number,
        "Amount": cents / 100,
        "DetailType": "DepositLineDetail",
        "DepositLineDetail": detail,
    }


def journal_line(number: int, account: Ref, cents: int, party: Ref | None) -> Record:
    """Return a journal line; debit positive."""
    detail: Record = {"PostingType": "Debit" if cents >= 0 else "Credit", "AccountRef": account}
    if party:
        ref = {"value": party["value"], "name": party["name"]}
        detail["Entity"] = {"Type": party["type"], "EntityRef": ref}
    return {
        "Id": str(number),
        "Amount": abs(cents) / 100,
        "DetailType": "JournalEntryLineDetail",
        "JournalEntryLineDetail": detail,
    }


def voided(record: Record) -> Record:
    """Return a transaction as QuickBooks leaves it after a void: dates and number, a note, and zeros."""
    zeroed = {**record, "PrivateNote": " ".join(("Voided", record.get("PrivateNote", ""))).strip()}
    zeroed |= {field: 0.0 for field in ("TotalAmt", "Amount", "HomeTotalAmt", "Balance") if field in record}
    is_payment = any("LinkedTxn" in line for line in record.get("Line", ()))
    zeroed["Line"] = [] if is_payment else [_zero_line(line) for line in record.get("Line", ())]
    if "TxnTaxDetail" in record:
        zeroed["TxnTaxDetail"] = {"TotalTax": 0.0}
    return zeroed


def _zero_line(line: Record) -> Record:
    detail = line.get("SalesItemLineDetail")
    zero = {**line, "Amount": 0.0}
    return {**zero, "SalesItemLineDetail": {**detail, "Qty": 0, "UnitPrice": 0}} if detail else zero


def _link(txn_type: str, txn_id: str, line: str) -> Record:
    link = {"TxnId": txn_id, "TxnType": txn_type}
    return {**link, "TxnLineId": line} if line else link
