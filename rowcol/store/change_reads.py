"""The named reads of what changed between two moments, out of the log; `Reading` has them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson
import pandas as pd

from rowcol.store.clients import naive
from rowcol.store.database import Cursor
from rowcol.store.held import hold
from rowcol.store.hygiene_reads import Calls
from rowcol.store.revisions import KEYS, SAID, posted
from rowcol.store.statements import statement
from rowcol.store.typed import ENTITIES, TRANSACTION_COLUMNS, TRANSACTIONS, arrow, transactions
from rowcol.store.wire import Record, money, text

FACTS = {
    **dict.fromkeys([*SAID, "lines", "name"], "object"), "txn_date": "datetime64[us]", "due_date": "datetime64[us]",
    "amount_cents": "Int64", "total_cents": "Int64", "open_cents": "Int64", "home_open_cents": "Int64",
    "created_at": "datetime64[us]",
}  # fmt: skip
"""What is told of a version: `SAID` and its lines, the name of a party or account, its balance in its own
currency and at home, and when it was created (UTC)."""
EVER = date(1, 1, 1)
_BANK_TABLES = ("transactions", "lines")
_BANKED = [entity for entity in TRANSACTIONS if entity not in ("Invoice", "CreditMemo")]
"""What can touch a bank account."""
_NOTHING = dict.fromkeys(FACTS)


class ChangeReads:
    """Reads over one scope."""

    _cursor: Cursor
    _values: dict[str, Any]

    def _frame(self, name: str, relations: Mapping[str, str] | None = None, **values: Any) -> pd.DataFrame:
        raise NotImplementedError

    def changed_since(self, calls: Calls) -> tuple[pd.DataFrame, ...]:
        """Return what changed after each client's moment, up to the scope's.

        (`record_changes`; documents and lines of those that touch a bank account, as they were; the same as they
        are): the latter four in the form of `bank_documents` and `bank_lines`, of any date.
        """
        changes = self.record_changes(calls)
        banked = changes[changes["entity"].isin(_BANKED)]
        return changes, *self._bank_of(banked, "record_before"), *self._bank_of(banked, "record")

    def record_changes(self, calls: Calls) -> pd.DataFrame:
        """Return the records of which the log has a version after each client's moment, up to the scope's.

        Columns: `KEYS`, changed_at (UTC, when the newest was logged), known (a version was logged before), existed,
        exists (then, now), record_before, record (as sent; None where it did not exist), then `FACTS` as they are,
        or last were, and `FACTS` with `_before` as they were, all missing where it did not exist.
        """
        values = {
            **self._values, "businesses": list(calls), "moments": [naive(moment) for moment in calls.values()],
            "entities": list(ENTITIES),
        }  # fmt: skip
        query = statement("record_changes")
        named = {key: value for key, value in values.items() if f"${key}" in query}
        rows = [_row(*row) for row in self._cursor.execute(query, named).fetchall()]
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
        records = [(self._values["advisor_id"], *row) for row in rows if row[-1] is not None]
        for table in _BANK_TABLES:
            hold(self._cursor, f"version_{table}", arrow(table, records))
        relations = {table: f"version_{table}" for table in _BANK_TABLES}
        documents, lines = (
            self._frame(read, relations, since=EVER, payees_since=EVER)
            for read in ("bank_documents", "bank_lines")
        )
        return documents, lines


def _row(
    business_id: str, entity: str, qbo_id: str, changed_at: datetime, known: bool, here: bool, raw_before: str | None,
    raw: str,
) -> list[Any]:  # fmt: skip
    before: Record | None = orjson.loads(raw_before) if raw_before else None
    newest: Record = orjson.loads(raw)
    then = _NOTHING if before is None else facts(entity, before)
    head = [business_id, entity, qbo_id, changed_at, known, before is not None, here]
    return [*head, before, newest if here else None, *facts(entity, newest).values(), *then.values()]


def facts(entity: str, record: Record) -> dict[str, Any]:
    """Return what is told of a version (`FACTS`)."""
    if entity in TRANSACTIONS:
        row = dict(zip(TRANSACTION_COLUMNS, transactions(entity, record)[0], strict=True))
        told = {name: row[name] for name in (*SAID, "created_at")}
        own = money(record.get("Balance", record.get("RemainingCredit")))
        return {
            **_NOTHING, **told, "lines": posted(entity, record), "open_cents": own, "home_open_cents": row["balance_cents"],
        }  # fmt: skip
    names = (text(record.get(key)) for key in ("DisplayName", "CompanyName", "Name"))
    balance = money(record.get("CurrentBalance")) if entity == "Account" else None
    return _NOTHING | {"name": next((name for name in names if name), None), "open_cents": balance}
