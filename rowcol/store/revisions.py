"""Versions of records out of the log, read side by side: what a record said before and says now."""

from collections.abc import Iterable
from typing import Any

import orjson
import pandas as pd

from rowcol.store.typed import LINE_COLUMNS, TRANSACTION_COLUMNS, lines, transactions
from rowcol.store.wire import Record

KEYS = ["business_id", "entity", "qbo_id"]
SAID = [
    "txn_date", "due_date", "doc_number", "party_kind", "party_id", "party_name", "amount_cents", "total_cents", "voided",
]  # fmt: skip
"""What is told of a version."""
_PLACES = {name: place for place, name in enumerate(TRANSACTION_COLUMNS)}
_LINE = {name: place for place, name in enumerate(LINE_COLUMNS)}


def said(entity: str, record: Record) -> list[Any]:
    """Return a version's `SAID`, then its `posted` lines."""
    row = transactions(entity, record)[0]
    return [*(row[_PLACES[name]] for name in SAID), posted(entity, record)]


def posted(entity: str, record: Record) -> str:
    """Return a version's lines as text: account and amount of each, in an order of their own.

    Lines without a detail only link one record to another and are left out.
    """
    found = sorted(
        f"{line[_LINE['account_id']]}:{line[_LINE['posting']]}:{line[_LINE['amount_cents']]}"
        for line in lines(entity, record)
        if line[_LINE["detail"]] is not None
    )
    return " ".join(found)


def version_frame(rows: Iterable[tuple[Any, ...]], moment: str) -> pd.DataFrame:
    """Return `KEYS`, a moment, `SAID` and `lines` for (business_id, entity, qbo_id, moment, raw)."""
    told = [(*key, at, *said(key[1], orjson.loads(raw))) for *key, at, raw in rows]
    return _typed(pd.DataFrame(told, columns=[*KEYS, moment, *SAID, "lines"]), moment)


def pair_frame(rows: Iterable[tuple[Any, ...]], moment: str) -> pd.DataFrame:
    """Return `version_frame` of the later version with `…_before` of the earlier beside it."""
    pairs = list(rows)
    later = version_frame(((*key, at, raw) for *key, at, _, raw in pairs), moment)
    earlier = version_frame(((*key, at, raw) for *key, at, raw, _ in pairs), moment)
    return later.join(earlier[[*SAID, "lines"]].add_suffix("_before"))


def _typed(frame: pd.DataFrame, moment: str) -> pd.DataFrame:
    kinds = {moment: "datetime64[us]", "txn_date": "datetime64[us]", "due_date": "datetime64[us]", "amount_cents": "Int64",
             "total_cents": "Int64", "voided": "bool"}  # fmt: skip
    return frame.astype(kinds)
