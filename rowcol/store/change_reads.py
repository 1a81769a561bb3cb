"""The named reads of what changed between two moments, out of the log; `Reading` has them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import orjson
import pandas as pd

from rowcol.entities import BY_NAME, ENTITIES, TRANSACTIONS
from rowcol.store.books_reads import BooksReads
from rowcol.store.database import naive
from rowcol.store.hygiene_reads import Calls
from rowcol.store.reads import create_temp_table
from rowcol.store.revisions import KEYS, VERSION_COLUMNS, each_entity, line_texts
from rowcol.store.typed import arrow, transactions
from rowcol.store.wire import Record, money, text

FACTS = {
    **dict.fromkeys([*VERSION_COLUMNS, "lines", "name"], "object"), "txn_date": "datetime64[us]",
    "due_date": "datetime64[us]",
    "amount_cents": "Int64", "total_cents": "Int64", "open_cents": "Int64", "home_open_cents": "Int64",
    "created_at": "datetime64[us]",
}  # fmt: skip
"""The facts of a version: `VERSION_COLUMNS` and its lines, the name of a party or account, its balance in its own
currency and at home, and when it was created (UTC)."""
EVER = date(1, 1, 1)
_BANK_TABLES = ("transactions", "lines")
_BANKED = [entity.name for entity in BY_NAME.values() if entity.moves_cash]
_NOTHING = dict.fromkeys(FACTS)


class ChangeReads(BooksReads):
    """Reads over one scope."""

    def changed_since(self, calls: Calls) -> tuple[pd.DataFrame, ...]:
        """Return what changed after each client's moment, up to the scope's.

        (`record_changes`; documents and lines of those that touch a bank account, as they were; the same as they
        are): the latter four in the form of `bank_activity`, of any date.
        """
        changes = self.record_changes(calls)
        banked = changes[changes["entity"].isin(_BANKED)]
        return changes, *self._bank_of(banked, "record_before"), *self._bank_of(banked, "record")

    def record_changes(self, calls: Calls) -> pd.DataFrame:
        """Return the records of which the log has a version after each client's moment, up to the scope's.

        Columns: `KEYS`, changed_at (UTC, when the newest was logged), known (a version was logged before), existed,
        exists (then, now), record_before, record (as sent; None if it did not exist), then `FACTS` as they are,
        or last were, and `FACTS` with `_before` as they were, all missing if it did not exist.
        """
        moments = [naive(moment) for moment in calls.values()]
        result = self._read(
            "record_changes", businesses=list(calls), moments=moments, entities=list(ENTITIES)
        )
        rows = _rows(result.fetchall())
        columns = [*KEYS, "changed_at", "known", "existed", "exists", "record_before", "record"]
        columns += [*FACTS, *(f"{name}_before" for name in FACTS)]
        kinds = {
            "changed_at": "datetime64[us]",
            "known": "bool",
            "existed": "bool",
            "exists": "bool",
            **FACTS,
        }
        kinds |= {f"{name}_before": kind for name, kind in FACTS.items()}
        return pd.DataFrame(rows, columns=columns, dtype="object").astype(kinds)

    def named_documents(
        self, business_id: str, entities: Sequence[str], qbo_ids: Sequence[str]
    ) -> pd.DataFrame:
        """Return entity, qbo_id, doc_number, party_kind, party_id, party_name, total_cents of one client's documents.

        `entities` and `qbo_ids` name them pair by pair; what was deleted is not there.
        """
        named = {"business_id": business_id, "entities": list(entities), "qbo_ids": list(qbo_ids)}
        return self._frame("named_documents", None, **named)

    def _bank_of(self, changes: pd.DataFrame, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        rows = changes[[*KEYS, name]].itertuples(index=False, name=None)
        records = [
            (self._scope.advisor_id, *row) for row in rows if row[-1] is not None and _banked(row[1], row[-1])
        ]
        for table in _BANK_TABLES:
            create_temp_table(self._cursor, f"version_{table}", arrow(table, records))
        relations = {table: f"version_{table}" for table in _BANK_TABLES}
        return self._bank_activity(EVER, EVER, relations)


def _banked(entity: str, record: Record) -> bool:
    """Say whether a record can move a bank account; of the many invoices those with money received."""
    return BY_NAME[entity].prepaid_into is None or bool(record.get("Deposit"))


def _rows(fetched: list[tuple[Any, ...]]) -> list[list[Any]]:
    """Return the rows of `record_changes` for (*KEYS, changed_at, known, exists, raw_before, raw)."""
    newest = [(row[1], orjson.loads(row[-1])) for row in fetched]
    before = [(row[1], orjson.loads(row[-2])) for row in fetched if row[-2]]
    then = iter(zip(before, each_entity(before, facts), strict=True))
    rows = []
    for (*keys, changed_at, known, here, raw_before, _), (_, record), now in zip(
        fetched, newest, each_entity(newest, facts), strict=True
    ):
        (_, earlier), was = next(then) if raw_before else (("", None), _NOTHING)
        head = [*keys, changed_at, known, earlier is not None, here, earlier, record if here else None]
        rows.append([*head, *now.values(), *was.values()])
    return rows


def facts(entity: str, records: Sequence[Record]) -> list[dict[str, Any]]:
    """Return the facts of each version (`FACTS`)."""
    if entity not in TRANSACTIONS:
        return [_facts_of_name(entity, record) for record in records]
    columns = transactions(entity, records).columns
    values = {name: columns[name] for name in (*VERSION_COLUMNS, "created_at")} | {
        "lines": line_texts(entity, records),
        "open_cents": [money(record.get("Balance", record.get("RemainingCredit"))) for record in records],
        "home_open_cents": columns["balance_cents"],
    }
    return [_NOTHING | dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]


def _facts_of_name(entity: str, record: Record) -> dict[str, Any]:
    names = (text(record.get(key)) for key in ("DisplayName", "CompanyName", "Name"))
    balance = money(record.get("CurrentBalance")) if entity == "Account" else None
    return _NOTHING | {"name": next((name for name in names if name), None), "open_cents": balance}
