"""Read the typed mirror rows out of raw records: pure, so that replaying the log gives the same rows."""

import functools
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import pyarrow as pa

from rowcol.store.wire import Record, day, flag, home, moment, money, objects, part, rate, ref, text, voided

Row = tuple[Any, ...]

_STRING, _CENTS, _DAY, _MOMENT, _FLAG = pa.string(), pa.int64(), pa.date32(), pa.timestamp("us"), pa.bool_()

TRANSACTION_COLUMNS: dict[str, pa.DataType] = {
    "txn_date": _DAY, "due_date": _DAY, "doc_number": _STRING, "party_kind": _STRING, "party_id": _STRING,
    "party_name": _STRING, "currency": _STRING, "exchange_rate": _STRING, "account_id": _STRING,
    "other_account_id": _STRING, "credit": _FLAG, "amount_cents": _CENTS, "unapplied_cents": _CENTS,
    "total_cents": _CENTS, "balance_cents": _CENTS, "cash_back_account_id": _STRING, "cash_back_cents": _CENTS,
    "voided": _FLAG, "linked": _STRING, "email_status": _STRING, "bill_email": _STRING, "delivered_at": _MOMENT,
    "created_at": _MOMENT, "updated_at": _MOMENT,
}  # fmt: skip
LINE_COLUMNS: dict[str, pa.DataType] = {
    "line_number": _CENTS, "line_id": _STRING, "detail": _STRING, "amount_cents": _CENTS, "home_cents": _CENTS,
    "account_id": _STRING, "posting": _STRING, "party_kind": _STRING, "party_id": _STRING, "party_name": _STRING,
    "linked_type": _STRING, "linked_id": _STRING, "linked_line_id": _STRING,
}  # fmt: skip
BALANCE_COLUMNS: dict[str, pa.DataType] = {
    "name": _STRING, "full_name": _STRING, "account_type": _STRING, "account_sub_type": _STRING,
    "classification": _STRING, "active": _FLAG, "parent_id": _STRING, "currency": _STRING, "balance_cents": _CENTS,
    "updated_at": _MOMENT,
}  # fmt: skip
PARTY_COLUMNS: dict[str, pa.DataType] = {
    "name": _STRING, "full_name": _STRING, "active": _FLAG, "parent_id": _STRING, "bill_with_parent": _FLAG,
    "email": _STRING, "phone": _STRING, "currency": _STRING, "balance_cents": _CENTS, "created_at": _MOMENT,
}  # fmt: skip
COMPANY_COLUMNS: dict[str, pa.DataType] = {
    "name": _STRING, "time_zone": _STRING, "home_currency": _STRING, "multi_currency": _FLAG,
}  # fmt: skip
REPORT_TOTAL_COLUMNS: dict[str, pa.DataType] = {
    "subject_id": _STRING, "label": _STRING, "amount_cents": _CENTS,
}  # fmt: skip

_HEADER_ACCOUNT = {
    "Purchase": "AccountRef", "Transfer": "FromAccountRef", "CreditCardPayment": "BankAccountRef",
    "Bill": "APAccountRef", "VendorCredit": "APAccountRef", "Invoice": "ARAccountRef", "CreditMemo": "ARAccountRef",
}  # fmt: skip
_OTHER_ACCOUNT = {"Transfer": "ToAccountRef", "CreditCardPayment": "CreditCardAccountRef"}
_PARTY_REFS = (("VendorRef", "Vendor"), ("CustomerRef", "Customer"))
_LINK_KEYS = ("TxnType", "TxnId", "TxnLineId")
_NO_LINK = [None] * len(_LINK_KEYS)
_NOBODY: tuple[None, Record] = (None, {})


def transactions(entity: str, record: Record) -> list[Row]:
    """Return one row of `TRANSACTION_COLUMNS`; `amount_cents`, `unapplied_cents` in the document's own currency."""
    at = rate(record)
    kind, party = _party(record)
    total = record.get("TotalAmt", record.get("Amount"))
    amount = money(total)
    balance = record.get("Balance", record.get("RemainingCredit"))
    cash_back = part(record, "CashBack")
    meta = part(record, "MetaData")
    home_total, home_balance = money(record.get("HomeTotalAmt")), money(record.get("HomeBalance"))
    if home_total is None:
        home_total = amount if at is None else home(total, at)
    row = (
        day(record.get("TxnDate")), day(record.get("DueDate")), text(record.get("DocNumber")),
        kind, text(party.get("value")), text(party.get("name")), ref(record, "CurrencyRef"),
        None if at is None else str(at), _header_account(entity, record),
        ref(record, _OTHER_ACCOUNT[entity]) if entity in _OTHER_ACCOUNT else None,
        flag(record, "Credit", default=False), amount, money(record.get("UnappliedAmt")),
        home_total, home(balance, at) if home_balance is None else home_balance,
        ref(cash_back, "AccountRef"), home(cash_back.get("Amount"), at) or 0, voided(record),
        ",".join([f"{link.get('TxnType')}:{link.get('TxnId')}" for link in objects(record, "LinkedTxn")]),
        text(record.get("EmailStatus")), text(part(record, "BillEmail").get("Address")),
        moment(part(record, "DeliveryInfo").get("DeliveryTime")), moment(meta.get("CreateTime")),
        moment(meta.get("LastUpdatedTime")),
    )  # fmt: skip
    return [row]


def lines(_entity: str, record: Record) -> list[Row]:
    """Return a row of `LINE_COLUMNS` for each line; a line of several links is known by its first."""
    at = rate(record)
    return [_line(number, line, at) for number, line in enumerate(objects(record, "Line"), start=1)]


def balances(_entity: str, record: Record) -> list[Row]:
    """Return one row of `BALANCE_COLUMNS`; the balance in the account's own currency."""
    row = (
        text(record.get("Name")), text(record.get("FullyQualifiedName")), text(record.get("AccountType")),
        text(record.get("AccountSubType")), text(record.get("Classification")), flag(record, "Active", default=True),
        ref(record, "ParentRef"), ref(record, "CurrencyRef"), money(record.get("CurrentBalance")),
        moment(part(record, "MetaData").get("LastUpdatedTime")),
    )  # fmt: skip
    return [row]


def parties(_entity: str, record: Record) -> list[Row]:
    """Return one row of `PARTY_COLUMNS`; the balance in the party's own currency."""
    name = text(record.get("DisplayName")) or text(record.get("CompanyName"))
    phones = [
        text(part(record, key).get("FreeFormNumber")) for key in ("PrimaryPhone", "Mobile", "AlternatePhone")
    ]
    row = (
        name, text(record.get("FullyQualifiedName")) or name, flag(record, "Active", default=True),
        ref(record, "ParentRef"), flag(record, "BillWithParent", default=False),
        text(part(record, "PrimaryEmailAddr").get("Address")), next((phone for phone in phones if phone), None),
        ref(record, "CurrencyRef"), money(record.get("Balance")), moment(part(record, "MetaData").get("CreateTime")),
    )  # fmt: skip
    return [row]


def companies(_entity: str, record: Record) -> list[Row]:
    """Return one row of `COMPANY_COLUMNS` from CompanyInfo or Preferences."""
    currency = part(record, "CurrencyPrefs")
    multi = flag(currency, "MultiCurrencyEnabled", default=False) if currency else None
    name = text(record.get("CompanyName")) or text(record.get("LegalName"))
    return [(name, text(record.get("DefaultTimeZone")), ref(currency, "HomeCurrency"), multi)]


def report_totals(_entity: str, record: Record) -> list[Row]:
    """Return a row of `REPORT_TOTAL_COLUMNS` for each total that a report was landed with."""
    return [(text(row.get("id")), text(row.get("label")), row["cents"]) for row in objects(record, "rows")]


TRANSACTIONS = (
    "Bill", "Invoice", "BillPayment", "Payment", "VendorCredit", "CreditMemo", "Purchase", "Deposit", "Transfer",
    "JournalEntry", "SalesReceipt", "RefundReceipt", "CreditCardPayment",
)  # fmt: skip
REPORTS = ("BalanceSheet", "AgedPayables", "AgedReceivables")

TABLES: dict[str, tuple[tuple[str, ...], dict[str, pa.DataType], Callable[[str, Record], list[Row]]]] = {
    "transactions": (TRANSACTIONS, TRANSACTION_COLUMNS, transactions),
    "lines": (TRANSACTIONS, LINE_COLUMNS, lines),
    "balances": (("Account",), BALANCE_COLUMNS, balances),
    "parties": (("Vendor", "Customer"), PARTY_COLUMNS, parties),
    "companies": (("CompanyInfo", "Preferences"), COMPANY_COLUMNS, companies),
    "report_totals": (REPORTS, REPORT_TOTAL_COLUMNS, report_totals),
}
"""Typed mirror table -> the entities it holds, its own columns, and the reader of its rows."""

ENTITIES = ("CompanyInfo", "Preferences", "Account", "Vendor", "Customer", *TRANSACTIONS)
"""What a refresh reads, in the order it reads it."""


@functools.cache
def tables_of(entity: str) -> tuple[str, ...]:
    """Return the typed tables that hold rows of an entity."""
    return tuple(table for table, (entities, _, _) in TABLES.items() if entity in entities)


def arrow(table: str, records: Iterable[tuple[str, str, str, str, Record]]) -> pa.Table:
    """Return a typed table's rows for (advisor_id, business_id, entity, qbo_id, record) tuples."""
    read = TABLES[table][2]
    return _table(table, [(*key, *row) for *key, record in records for row in read(key[2], record)])


def arrows(records: Iterable[tuple[str, str, str, str, Record]]) -> dict[str, pa.Table]:
    """Return every typed table's rows for (advisor_id, business_id, entity, qbo_id, record) tuples, in one pass."""
    rows: dict[str, list[Row]] = {table: [] for table in TABLES}
    for *key, record in records:
        for table in tables_of(key[2]):
            rows[table].extend((*key, *row) for row in TABLES[table][2](key[2], record))
    return {table: _table(table, found) for table, found in rows.items()}


def _table(table: str, rows: list[Row]) -> pa.Table:
    names = {
        "advisor_id": _STRING,
        "business_id": _STRING,
        "entity": _STRING,
        "qbo_id": _STRING,
        **TABLES[table][1],
    }
    values = zip(*rows, strict=True) if rows else iter([()] * len(names))
    return pa.table(
        {name: pa.array(column, kind) for (name, kind), column in zip(names.items(), values, strict=True)}
    )


def _party(record: Record) -> tuple[str | None, Record]:
    for key, kind in _PARTY_REFS:
        found = part(record, key)
        if found:
            return kind, found
    found = part(record, "EntityRef")
    return (_kind(found.get("type"), "Vendor"), found) if found else (None, found)


def _kind(value: Any, default: str | None) -> str | None:
    return value.capitalize() if isinstance(value, str) and value else default


def _header_account(entity: str, record: Record) -> str | None:
    if entity == "BillPayment":
        check = ref(part(record, "CheckPayment"), "BankAccountRef")
        card = ref(part(record, "CreditCardPayment"), "CCAccountRef")
        return card if record.get("PayType") == "CreditCard" else check or card
    return ref(record, _HEADER_ACCOUNT.get(entity, "DepositToAccountRef"))


def _line(number: int, line: Record, at: Decimal | None) -> Row:
    journal, deposit = part(line, "JournalEntryLineDetail"), part(line, "DepositLineDetail")
    expense, item = part(line, "AccountBasedExpenseLineDetail"), part(line, "ItemBasedExpenseLineDetail")
    account = ref(expense, "AccountRef") or ref(deposit, "AccountRef") or ref(journal, "AccountRef")
    amount = money(line.get("Amount"))
    kind, party = _line_party(journal, deposit) if journal or deposit else _NOBODY
    links = objects(line, "LinkedTxn")
    linked = [text(links[0].get(key)) for key in _LINK_KEYS] if links else _NO_LINK
    return (
        number, text(line.get("Id")), text(line.get("DetailType")), amount,
        amount if at is None else home(line.get("Amount"), at), account or ref(item, "ItemAccountRef"),
        text(journal.get("PostingType")), kind, text(party.get("value")), text(party.get("name")), *linked,
    )  # fmt: skip


def _line_party(journal: Record, deposit: Record) -> tuple[str | None, Record]:
    if journal:
        entity = part(journal, "Entity")
        found = part(entity, "EntityRef")
        return _kind(entity.get("Type") or found.get("type"), None), found
    found = part(deposit, "Entity")
    return _kind(found.get("type"), "Customer" if found else None), found
