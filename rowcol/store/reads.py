"""Named statements over the rows of a scope: what every read of the store is made of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd
import pyarrow as pa

from rowcol.clock import KnownAt
from rowcol.store.database import Cursor, naive
from rowcol.store.typed import TABLES

_END_OF_TIME = datetime(9999, 1, 1)  # noqa: DTZ001 - as the store keeps moments
_TABLE = re.compile(r"\{([a-z_]+)\}")


@cache
def statement(name: str) -> str:
    """Return the text of `sql/<name>.sql`."""
    return resources.files("rowcol.store").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Scope:
    """The practice and the clients that are read; `business_ids` None: all of the practice's clients."""

    advisor_id: str
    business_ids: tuple[str, ...] | None = None

    @property
    def values(self) -> dict[str, Any]:
        """Return the parameters that `over` puts into a statement."""
        if self.business_ids is None:
            return {"advisor_id": self.advisor_id}
        if len(self.business_ids) == 1:
            return {"advisor_id": self.advisor_id, "client": self.business_ids[0]}
        return {"advisor_id": self.advisor_id, "clients": list(self.business_ids)}

    def over(self, text: str, names: Mapping[str, str] | None = None) -> str:
        """Return a statement in which each `{table}` became the rows of that table in this scope.

        `names` gives the tables that stand for some of those names. The statement takes `values` as parameters.
        """
        tables, among = names or {}, ""
        if self.business_ids is not None:
            # One client is by far the most frequent scope; compared directly, DuckDB skips the row groups of others.
            single = len(self.business_ids) == 1
            among = " AND business_id " + (
                "= $client" if single else "IN (SELECT unnest($clients::VARCHAR[]))"
            )
        return _TABLE.sub(
            lambda name: (
                f"(SELECT * FROM {tables.get(name[1], name[1])} WHERE advisor_id = $advisor_id{among})"
            ),
            text,
        )


def as_stored(known_at: KnownAt) -> datetime:
    """Return the moment up to which a read looks, as the store keeps moments; None: now, so everything.

    Everything too if each client has its moment: then the tables read hold no more than was known at it.
    """
    return naive(known_at) if isinstance(known_at, datetime) else _END_OF_TIME


_COPIED = ("transactions", "lines")
DATED = {
    "integration_log": "observed_at", "sync_run": "finished_at", "report_reads": "read_at", "tie_out_checks": "checked_at",
}  # fmt: skip
"""The tables, typed ones aside, that are read as of a moment, and the column that says when a row came."""


def create_known_views(cursor: Cursor, known_at: Mapping[str, datetime]) -> None:
    """Create `known_<table>` of every `DATED` table, on this cursor: each client's rows up to its own moment."""
    moments = {"business_id": list(known_at), "known_at": [naive(moment) for moment in known_at.values()]}
    schema = pa.schema([("business_id", pa.string()), ("known_at", pa.timestamp("us"))])
    create_temp_table(cursor, "known_moments", pa.table(moments, schema=schema))
    for table, column in DATED.items():
        cursor.execute(
            f"CREATE OR REPLACE TEMP VIEW known_{table} AS SELECT t.* FROM {table} t"
            f" JOIN known_moments m ON m.business_id = t.business_id WHERE t.{column} <= m.known_at"
        )


def in_utc(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return a frame whose moments, in some columns, have their zone."""
    return frame.assign(**{column: frame[column].dt.tz_localize("UTC") for column in columns})


def create_temp_table(cursor: Cursor, name: str, rows: pa.Table) -> None:
    """Create a temporary table of this cursor from rows that came from outside the database.

    A copy, not a view over Arrow: DuckDB 1.5 pushes the Bloom filter of a large join down to the scan, which PyArrow
    refuses ("Pushdown Filter Type BLOOM_FILTER is not currently supported").
    """
    cursor.register("incoming_rows", rows)
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM incoming_rows")
    cursor.unregister("incoming_rows")


class Reads:
    """Named statements over one scope as known at a moment, None: now.

    `{table}` in a statement stands for that table's rows in the scope; a typed mirror table is read as it was known
    then (see `replay.create_known_tables`), and if each client has its moment the tables of `DATED` are too. `$known_at`
    is the moment, else the end of time. With `copied` the tables in `_COPIED` are copied of a single client when first read:
    a view looks at them some thirty times, and each time DuckDB would go through the rows of the clients stored beside it.
    """

    def __init__(
        self, cursor: Cursor, scope: Scope, known_at: KnownAt = None, *, copied: bool = False
    ) -> None:
        self._cursor = cursor
        self._scope = scope
        prefix = "mirror_" if known_at is None else "known_"
        self._tables = {table: f"{prefix}{table}" for table in TABLES}
        single = known_at is None and scope.business_ids is not None and len(scope.business_ids) == 1
        self._to_copy = set(_COPIED) if copied and single else set[str]()
        if isinstance(known_at, Mapping):
            self._tables |= {table: f"known_{table}" for table in DATED}
        self._values = {**scope.values, "known_at": as_stored(known_at)}

    def _frame(self, name: str, relations: Mapping[str, str] | None = None, **values: Any) -> pd.DataFrame:
        return self._read(name, relations, **values).df()

    def _read(self, name: str, relations: Mapping[str, str] | None = None, **values: Any) -> Cursor:
        """Execute a statement; `relations` gives other tables to read in place of typed ones."""
        return self._execute(statement(name), relations or {}, values)

    def _create(self, name: str, relations: Mapping[str, str] | None = None, **values: Any) -> None:
        """Create a temporary table of this cursor, of the name of the statement that gives its rows.

        Joined to a large table a few rows are found soon: DuckDB knows how many a table has, of a CTE it guesses.
        """
        self._execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {statement(name)}", relations or {}, values)

    def _execute(self, text: str, relations: Mapping[str, str], values: Mapping[str, Any]) -> Cursor:
        for table in self._to_copy & (set(_TABLE.findall(text)) - relations.keys()):
            self._to_copy.remove(table)
            copied = f"CREATE OR REPLACE TEMP TABLE client_{table} AS FROM {{{table}}}"
            self._cursor.execute(self._scope.over(copied, self._tables), self._scope.values)
            self._tables[table] = f"client_{table}"
        text = self._scope.over(text, self._tables | dict(relations))
        named = {key: value for key, value in {**self._values, **values}.items() if f"${key}" in text}
        return self._cursor.execute(text, named)
