"""Versions of records out of the log, read side by side: the values of a record before and after a change."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import orjson
import pandas as pd

from rowcol.store.typed import lines, transactions
from rowcol.store.wire import Record

T = TypeVar("T")

KEYS = ["business_id", "entity", "qbo_id"]
VERSION_COLUMNS = [
    "txn_date", "due_date", "doc_number", "party_kind", "party_id", "party_name", "amount_cents", "total_cents", "voided",
]  # fmt: skip
"""What is compared between versions."""


def version_values(entity: str, records: Sequence[Record]) -> list[list[Any]]:
    """Return of each version its `VERSION_COLUMNS`, then its `line_texts` lines."""
    columns = transactions(entity, records).columns
    values = (columns[name] for name in VERSION_COLUMNS)
    return [list(row) for row in zip(*values, line_texts(entity, records), strict=True)]


def line_texts(entity: str, records: Sequence[Record]) -> list[str]:
    """Return each version's lines as text: account and amount of each, in an order of their own.

    Lines without a detail only link one record to another and are left out.
    """
    rows = lines(entity, records)
    line, texts = rows.columns, [list[str]() for _ in records]
    values = (line[name] for name in ("account_id", "posting", "amount_cents", "detail"))
    for place, account, posting, cents, detail in zip(rows.of, *values, strict=True):
        if detail is not None:
            texts[place].append(f"{account}:{posting}:{cents}")
    return [" ".join(sorted(parts)) for parts in texts]


def each_entity(
    records: Sequence[tuple[str, Record]], read: Callable[[str, Sequence[Record]], Sequence[T]]
) -> list[T]:
    """Return what `read` makes of each (entity, record), in their order; records of one entity are read together."""
    places = defaultdict[str, list[int]](list)
    for place, (entity, _) in enumerate(records):
        places[entity].append(place)
    by_place: dict[int, T] = {}
    for entity, positions in places.items():
        by_place |= zip(positions, read(entity, [records[place][1] for place in positions]), strict=True)
    return [by_place[place] for place in range(len(records))]


def version_frame(rows: Iterable[tuple[Any, ...]], moment: str) -> pd.DataFrame:
    """Return `KEYS`, a moment, `VERSION_COLUMNS` and `lines` for (business_id, entity, qbo_id, moment, raw)."""
    heads, records = list[tuple[Any, ...]](), list[tuple[str, Record]]()
    for *head, raw in rows:
        heads.append(tuple(head))
        records.append((head[1], orjson.loads(raw)))
    values = [
        (*head, *facts) for head, facts in zip(heads, each_entity(records, version_values), strict=True)
    ]
    return _typed(pd.DataFrame(values, columns=[*KEYS, moment, *VERSION_COLUMNS, "lines"]), moment)


def pair_frame(rows: Iterable[tuple[Any, ...]], moment: str) -> pd.DataFrame:
    """Return `version_frame` of the later version with `…_before` of the earlier beside it."""
    pairs = list(rows)
    later = version_frame(((*key, at, raw) for *key, at, _, raw in pairs), moment)
    earlier = version_frame(((*key, at, raw) for *key, at, raw, _ in pairs), moment)
    return later.join(earlier[[*VERSION_COLUMNS, "lines"]].add_suffix("_before"))


def _typed(frame: pd.DataFrame, moment: str) -> pd.DataFrame:
    kinds = {moment: "datetime64[us]", "txn_date": "datetime64[us]", "due_date": "datetime64[us]", "amount_cents": "Int64",
             "total_cents": "Int64", "voided": "bool"}  # fmt: skip
    return frame.astype(kinds)
