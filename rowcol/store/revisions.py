"""Versions of records out of the log, read side by side: what a record said before and says now."""

from collections.abc import Iterable
from typing import Any

import orjson
import pandas as pd

from rowcol.store.typed import lines, transactions

KEYS = ["business_id", "entity", "qbo_id"]
SAID = [
    "txn_date", "due_date", "doc_number", "party_kind", "party_id", "party_name", "amount_cents", "total_cents", "voided",
]  # fmt: skip
"""What is told of a version."""


def said(entity: str, raw: str) -> list[Any]:
    """Return a version's `SAID`, then its lines as text: account and amount of each, in an order of their own.

    Lines without a detail only link one record to another and are left out.
    """
    records = [orjson.loads(raw)]
    columns, line = transactions(entity, records).columns, lines(entity, records).columns
    posted = sorted(
        f"{account}:{posting}:{cents}"
        for account, posting, cents, detail in zip(
            line["account_id"], line["posting"], line["amount_cents"], line["detail"], strict=True
        )
        if detail is not None
    )
    return [*(columns[name][0] for name in SAID), " ".join(posted)]


def version_frame(rows: Iterable[tuple[Any, ...]], moment: str) -> pd.DataFrame:
    """Return `KEYS`, a moment, `SAID` and `lines` for (business_id, entity, qbo_id, moment, raw)."""
    told = [(*key, at, *said(key[1], raw)) for *key, at, raw in rows]
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
