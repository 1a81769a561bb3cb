"""Read the typed mirror rows out of raw records: pure, so that replaying the log gives the same rows."""

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from rowcol.entities import BY_NAME, EXCHANGE_RATE, REPORTS, TRANSACTIONS, of_kind
from rowcol.store.columns import (
    Column,
    Records,
    amounts,
    at_home,
    days,
    flags,
    moments,
    parts,
    rates,
    refs,
    taken,
    texts,
)
from rowcol.store.log import Version
from rowcol.store.wire import EMPTY, Record, flag, objects, part, possible_rate, voided

Keyed = tuple[str, str, str, str, Record]
KEYS = ("advisor_id", "business_id", "entity", "qbo_id")

_STRING, _CENTS, _DAY, _MOMENT, _FLAG = pa.string(), pa.int64(), pa.date32(), pa.timestamp("us"), pa.bool_()

TRANSACTION_COLUMNS: dict[str, pa.DataType] = {
    "txn_date": _DAY, "due_date": _DAY, "doc_number": _STRING, "party_kind": _STRING, "party_id": _STRING,
    "party_name": _STRING, "currency": _STRING, "exchange_rate": _STRING, "account_id": _STRING,
    "other_account_id": _STRING, "credit": _FLAG, "amount_cents": _CENTS, "unapplied_cents": _CENTS,
    "total_cents": _CENTS, "balance_cents": _CENTS, "cash_back_account_id": _STRING, "cash_back_cents": _CENTS,
    "voided": _FLAG, "linked": _STRING, "email_status": _STRING, "bill_email": _STRING, "delivered_at": _MOMENT,
    "created_at": _MOMENT, "updated_at": _MOMENT, "open_cents": _CENTS, "deposit_account_id": _STRING,
    "deposit_cents": _CENTS,
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
EXCHANGE_RATE_COLUMNS: dict[str, pa.DataType] = {
    "currency": _STRING, "rate_date": _DAY, "exchange_rate": _STRING,
}  # fmt: skip
REPORT_TOTAL_COLUMNS: dict[str, pa.DataType] = {
    "subject_id": _STRING, "label": _STRING, "amount_cents": _CENTS,
}  # fmt: skip

_NO_LINKS = [EMPTY]
_LINK_KEYS = {"TxnType": "linked_type", "TxnId": "linked_id", "TxnLineId": "linked_line_id"}


@dataclass(frozen=True)
class Rows:
    """Rows of a typed table, by column; `of` gives the position of each row's record."""

    of: Sequence[int]
    columns: Mapping[str, Column]


def transactions(entity: str, records: Records) -> Rows:
    """Return a row of `TRANSACTION_COLUMNS` for each record.

    amount, unapplied, open and deposit are in the document's own currency; total, balance and cash back in home cents.
    """
    party_kinds, parties = _parties(records)
    meta = parts(records, "MetaData")
    columns = {
        "txn_date": days(records, "TxnDate"),
        "due_date": days(records, "DueDate"),
        "doc_number": texts(records, "DocNumber"),
        "party_kind": party_kinds,
        "party_id": texts(parties, "value"),
        "party_name": texts(parties, "name"),
        "currency": refs(records, "CurrencyRef"),
        "account_id": _header_accounts(entity, records),
        "other_account_id": _referred(records, BY_NAME[entity].other_account),
        "credit": flags(records, "Credit", default=False),
        "voided": [voided(record) for record in records],
        "linked": _links(records),
        "email_status": texts(records, "EmailStatus"),
        "bill_email": texts(parts(records, "BillEmail"), "Address"),
        "delivered_at": moments(parts(records, "DeliveryInfo"), "DeliveryTime"),
        "created_at": moments(meta, "CreateTime"),
        "updated_at": moments(meta, "LastUpdatedTime"),
        "deposit_account_id": _referred(records, BY_NAME[entity].prepaid_into),
        **_transaction_amounts(records),
    }
    return Rows(range(len(records)), columns)


def _transaction_amounts(records: Records) -> dict[str, Column]:
    """Return the columns of transactions that are amounts or belong to one, see `transactions`."""
    count, at = len(records), rates(records)
    totals = [record["TotalAmt"] if "TotalAmt" in record else record.get("Amount") for record in records]
    balances = [
        record["Balance"] if "Balance" in record else record.get("RemainingCredit") for record in records
    ]
    amount, own_balance = amounts(totals, count), amounts(balances, count)
    cash_back = parts(records, "CashBack")
    cash_out = taken(cash_back, "Amount")
    return {
        "exchange_rate": [None if rate is None else str(rate) for rate in at],
        "amount_cents": amount,
        "unapplied_cents": amounts(taken(records, "UnappliedAmt"), count),
        "total_cents": _stated_or(taken(records, "HomeTotalAmt"), at_home(totals, amount, at)),
        "balance_cents": _stated_or(taken(records, "HomeBalance"), at_home(balances, own_balance, at)),
        "open_cents": own_balance,
        "cash_back_account_id": refs(cash_back, "AccountRef"),
        "cash_back_cents": [cents or 0 for cents in at_home(cash_out, amounts(cash_out, count), at)],
        "deposit_cents": [cents or 0 for cents in amounts(taken(records, "Deposit"), count)],
    }


def lines(_entity: str, records: Records) -> Rows:
    """Return a row of `LINE_COLUMNS` for each line; a line of several links is known by its first."""
    of, numbers, sent_lines = list[int](), list[int](), list[Record]()
    for place, record in enumerate(records):
        record_lines = objects(record, "Line")
        sent_lines += record_lines
        of += [place] * len(record_lines)
        numbers += range(1, len(record_lines) + 1)
    count, rate_of = len(sent_lines), rates(records)
    at = [rate_of[place] for place in of]
    journals, deposits = parts(sent_lines, "JournalEntryLineDetail"), parts(sent_lines, "DepositLineDetail")
    expenses, items = (
        parts(sent_lines, "AccountBasedExpenseLineDetail"),
        parts(sent_lines, "ItemBasedExpenseLineDetail"),
    )
    accounts = (refs(expenses, "AccountRef"), refs(deposits, "AccountRef"), refs(journals, "AccountRef"),
                refs(items, "ItemAccountRef"))  # fmt: skip
    party_kinds, parties = _line_parties(journals, deposits)
    sent = taken(sent_lines, "Amount")
    own_cents = amounts(sent, count)
    links = [(objects(line, "LinkedTxn") or _NO_LINKS)[0] for line in sent_lines]
    columns = {
        "line_number": numbers,
        "line_id": texts(sent_lines, "Id"),
        "detail": texts(sent_lines, "DetailType"),
        "amount_cents": own_cents,
        "home_cents": at_home(sent, own_cents, at),
        "account_id": [
            expense or deposit or journal or item
            for expense, deposit, journal, item in zip(*accounts, strict=True)
        ],
        "posting": texts(journals, "PostingType"),
        "party_kind": party_kinds,
        "party_id": texts(parties, "value"),
        "party_name": texts(parties, "name"),
        **{column: texts(links, key) for key, column in _LINK_KEYS.items()},
    }
    return Rows(of, columns)


def balances(_entity: str, records: Records) -> Rows:
    """Return a row of `BALANCE_COLUMNS` for each record; the balance in the account's own currency."""
    columns = {
        "name": texts(records, "Name"),
        "full_name": texts(records, "FullyQualifiedName"),
        "account_type": texts(records, "AccountType"),
        "account_sub_type": texts(records, "AccountSubType"),
        "classification": texts(records, "Classification"),
        "active": flags(records, "Active", default=True),
        "parent_id": refs(records, "ParentRef"),
        "currency": refs(records, "CurrencyRef"),
        "balance_cents": amounts(taken(records, "CurrentBalance"), len(records)),
        "updated_at": moments(parts(records, "MetaData"), "LastUpdatedTime"),
    }
    return Rows(range(len(records)), columns)


def parties(_entity: str, records: Records) -> Rows:
    """Return a row of `PARTY_COLUMNS` for each record; the balance in the party's own currency."""
    names = _first_of(texts(records, "DisplayName"), texts(records, "CompanyName"))
    phones = (
        texts(parts(records, key), "FreeFormNumber") for key in ("PrimaryPhone", "Mobile", "AlternatePhone")
    )
    columns = {
        "name": names,
        "full_name": _first_of(texts(records, "FullyQualifiedName"), names),
        "active": flags(records, "Active", default=True),
        "parent_id": refs(records, "ParentRef"),
        "bill_with_parent": flags(records, "BillWithParent", default=False),
        "email": texts(parts(records, "PrimaryEmailAddr"), "Address"),
        "phone": _first_of(*phones),
        "currency": refs(records, "CurrencyRef"),
        "balance_cents": amounts(taken(records, "Balance"), len(records)),
        "created_at": moments(parts(records, "MetaData"), "CreateTime"),
    }
    return Rows(range(len(records)), columns)


def companies(_entity: str, records: Records) -> Rows:
    """Return a row of `COMPANY_COLUMNS` for each CompanyInfo or Preferences."""
    currencies = parts(records, "CurrencyPrefs")
    columns = {
        "name": _first_of(texts(records, "CompanyName"), texts(records, "LegalName")),
        "time_zone": texts(records, "DefaultTimeZone"),
        "home_currency": refs(currencies, "HomeCurrency"),
        "multi_currency": [
            flag(currency, "MultiCurrencyEnabled", default=False) if currency else None
            for currency in currencies
        ],
    }
    return Rows(range(len(records)), columns)


def report_totals(_entity: str, records: Records) -> Rows:
    """Return a row of `REPORT_TOTAL_COLUMNS` for each total that a report was landed with."""
    of = [place for place, record in enumerate(records) for _ in objects(record, "rows")]
    rows = [row for record in records for row in objects(record, "rows")]
    columns = {
        "subject_id": texts(rows, "id"),
        "label": texts(rows, "label"),
        "amount_cents": [row["cents"] for row in rows],
    }
    return Rows(of, columns)


def exchange_rates(_entity: str, records: Records) -> Rows:
    """Return a row of `EXCHANGE_RATE_COLUMNS` for each rate: home units per unit of `currency`, as written."""
    rate_texts = [possible_rate(record.get("Rate")) for record in records]
    columns = {
        "currency": texts(records, "SourceCurrencyCode"),
        "rate_date": days(records, "AsOfDate"),
        "exchange_rate": [None if rate is None else str(rate) for rate in rate_texts],
    }
    return Rows(range(len(records)), columns)


TABLES: dict[str, tuple[tuple[str, ...], dict[str, pa.DataType], Callable[[str, Records], Rows]]] = {
    "transactions": (TRANSACTIONS, TRANSACTION_COLUMNS, transactions),
    "lines": (TRANSACTIONS, LINE_COLUMNS, lines),
    "balances": (of_kind("account"), BALANCE_COLUMNS, balances),
    "parties": (of_kind("party"), PARTY_COLUMNS, parties),
    "companies": (of_kind("company"), COMPANY_COLUMNS, companies),
    "exchange_rates": ((EXCHANGE_RATE,), EXCHANGE_RATE_COLUMNS, exchange_rates),
    "report_totals": (REPORTS, REPORT_TOTAL_COLUMNS, report_totals),
}
"""Typed mirror table -> the entities it holds, its own columns, and the reader of its rows."""


@functools.cache
def tables_of(entity: str) -> tuple[str, ...]:
    """Return the typed tables that hold rows of an entity."""
    return tuple(table for table, (entities, _, _) in TABLES.items() if entity in entities)


def arrow(table: str, records: Iterable[Keyed]) -> pa.Table:
    """Return a typed table's rows for (advisor_id, business_id, entity, qbo_id, record) tuples."""
    return arrows(records, (table,))[table]


def arrows(records: Iterable[Keyed], tables: Sequence[str] = tuple(TABLES)) -> dict[str, pa.Table]:
    """Return typed tables' rows for (advisor_id, business_id, entity, qbo_id, record) tuples."""
    keys, by_entity = defaultdict[str, list[list[str]]](list), defaultdict[str, list[Record]](list)
    for *key, record in records:
        keys[key[2]].append(key)
        by_entity[key[2]].append(record)
    rows: dict[str, list[pa.Table]] = {table: [_table(table, [()] * len(KEYS), None)] for table in tables}
    for entity in by_entity:
        for table in set(tables_of(entity)).intersection(tables):
            read = TABLES[table][2](entity, by_entity[entity])
            columns = (
                zip(*(keys[entity][place] for place in read.of), strict=True) if read.of else [()] * len(KEYS)
            )
            rows[table].append(_table(table, columns, read))
    return {table: pa.concat_tables(parts) for table, parts in rows.items()}


def version_rows(
    table: str, advisor_id: str, business_id: str, entity: str, versions: Sequence[Version]
) -> pa.Table:
    """Return a typed table's rows for versions of one entity of one client."""
    read = TABLES[table][2](entity, [version.record for version in versions])
    same = (pa.repeat(pa.scalar(key, _STRING), len(read.of)) for key in (advisor_id, business_id, entity))
    return _table(table, (*same, [versions[place].qbo_id for place in read.of]), read)


def _table(table: str, keys: Iterable[Any], rows: Rows | None) -> pa.Table:
    columns = {
        name: pa.array([] if rows is None else rows.columns[name], kind)
        for name, kind in TABLES[table][1].items()
    }
    arrays = [key if isinstance(key, pa.Array) else pa.array(key, _STRING) for key in keys]
    return pa.table(dict(zip(KEYS, arrays, strict=True)) | columns)


def _first_of(*columns: Column) -> Column:
    """Return of each row the first value there is."""
    return [next((value for value in values if value), None) for values in zip(*columns, strict=True)]


def _stated_or(stated: Column | None, computed: Column) -> Column:
    """Return the home amounts that QuickBooks states and, if it states none, the computed ones."""
    if stated is None:
        return computed
    return [
        other if cents is None else cents
        for cents, other in zip(amounts(stated, len(stated)), computed, strict=True)
    ]


def _links(records: Records) -> Column:
    if taken(records, "LinkedTxn") is None:
        return [""] * len(records)
    return [
        ",".join([f"{link.get('TxnType')}:{link.get('TxnId')}" for link in objects(record, "LinkedTxn")])
        for record in records
    ]


def _parties(records: Records) -> tuple[Column, list[Record]]:
    """Return of each document the kind of its party, and the reference to it."""
    named = zip(*(parts(records, key) for key in ("VendorRef", "CustomerRef", "EntityRef")), strict=True)
    pairs = [
        ("Vendor", vendor) if vendor else ("Customer", customer) if customer else _entity_ref(other)
        for vendor, customer, other in named
    ]
    return [kind for kind, _ in pairs], [party for _, party in pairs]


def _entity_ref(reference: Record) -> tuple[str | None, Record]:
    return (_kind(reference.get("type"), "Vendor") if reference else None), reference


def _kind(value: Any, default: str | None) -> str | None:
    return value.capitalize() if isinstance(value, str) and value else default


def _referred(records: Records, field: str | None) -> Column:
    return [None] * len(records) if field is None else refs(records, field)


def _header_accounts(entity: str, records: Records) -> Column:
    if entity != "BillPayment":
        return _referred(records, BY_NAME[entity].account)
    checks = refs(parts(records, "CheckPayment"), "BankAccountRef")
    cards = refs(parts(records, "CreditCardPayment"), "CCAccountRef")
    return [
        card if record.get("PayType") == "CreditCard" else check or card
        for record, check, card in zip(records, checks, cards, strict=True)
    ]


def _line_parties(journals: list[Record], deposits: list[Record]) -> tuple[Column, list[Record]]:
    if not (any(journals) or any(deposits)):
        return [None] * len(journals), [EMPTY] * len(journals)
    pairs = [_line_party(journal, deposit) for journal, deposit in zip(journals, deposits, strict=True)]
    return [kind for kind, _ in pairs], [party for _, party in pairs]


def _line_party(journal: Record, deposit: Record) -> tuple[str | None, Record]:
    if journal:
        entity = part(journal, "Entity")
        reference = part(entity, "EntityRef")
        return _kind(entity.get("Type") or reference.get("type"), None), reference
    reference = part(deposit, "Entity")
    return _kind(reference.get("type"), "Customer" if reference else None), reference
