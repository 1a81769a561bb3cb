"""The named reads of what refreshes did and what the log holds of each record; `Reading` has them."""

from collections.abc import Sequence
from typing import Any

import orjson
import pandas as pd

from rowcol.store.reads import Reads, in_utc
from rowcol.store.wire import Record, day, money, ref, text, voided

_NAMES = ("DisplayName", "CompanyName", "Name", "FullyQualifiedName")
_PARTIES = ("VendorRef", "CustomerRef", "EntityRef")


class ActivityReads(Reads):
    """Reads over one scope; moments are UTC."""

    def search_records(
        self, business_id: str, entities: Sequence[str], words: str, most: int
    ) -> tuple[pd.DataFrame, int]:
        """Return (one client's records, newest in the log first and at most `most`; how many there are in all).

        `words` is an id, or part of a document number or name that any version had; empty for every record.
        Columns: entity, qbo_id, number, name, txn_date, amount_cents and currency of the document, state
        (`current`, `voided`, `deleted`), versions, seen_at.
        """
        rows = self._rows(
            "search_records",
            business_id=business_id,
            entities=list(entities),
            words=words,
            written=orjson.dumps(words).decode()[1:-1],
            most=most,
        )
        described = [
            (entity, qbo_id, *_described(orjson.loads(raw) if raw else {}, operation), versions, seen_at)
            for entity, qbo_id, versions, seen_at, operation, _, raw in rows
        ]
        frame = pd.DataFrame(
            described,
            columns=["entity", "qbo_id", "number", "name", "txn_date", "amount_cents", "currency", "state",
                     "versions", "seen_at"],
        )  # fmt: skip
        frame = frame.astype({"amount_cents": "Int64", "versions": "int64", "seen_at": "datetime64[us]"})
        return in_utc(frame, "seen_at"), int(rows[0][5]) if rows else 0

    def record_versions(
        self, business_id: str, entity: str, qbo_id: str, most: int
    ) -> tuple[pd.DataFrame, int]:
        """Return (a record's versions, newest first and at most `most`; how many there are in all).

        Columns: log_position, seen_at, number, name, state (`current`, `voided`, `deleted`), intuit_tid, raw
        (None: deleted).
        """
        rows = self._rows("record_versions", business_id=business_id, entity=entity, qbo_id=qbo_id, most=most)
        described = []
        for position, operation, seen_at, tid, _, raw in rows:
            number, name, *_, state = _described(orjson.loads(raw) if raw else {}, operation)
            described.append((position, seen_at, number, name, state, tid, raw))
        columns = ["log_position", "seen_at", "number", "name", "state", "intuit_tid", "raw"]
        frame = pd.DataFrame(described, columns=columns, dtype="object")
        kinds = {"log_position": "int64", "seen_at": "datetime64[us]"}
        return in_utc(frame.astype(kinds), "seen_at"), int(rows[0][4]) if rows else 0

    def _rows(self, name: str, **values: Any) -> list[tuple[Any, ...]]:
        return self._read(name, **values).fetchall()


def _described(record: Record, operation: str) -> tuple[Any, ...]:
    name = next((value for key in _NAMES if (value := text(record.get(key)))), None)
    parties = (record.get(key) for key in _PARTIES)
    party = next(
        (value for item in parties if isinstance(item, dict) and (value := text(item.get("name")))),
        None,
    )
    amount = record.get("TotalAmt", record.get("Amount"))
    return (
        text(record.get("DocNumber")), name or party, day(record.get("TxnDate")), money(amount),
        ref(record, "CurrencyRef"), _state(record, operation),
    )  # fmt: skip


def _state(record: Record, operation: str) -> str:
    if operation == "delete":
        return "deleted"
    return "voided" if voided(record) else "current"
