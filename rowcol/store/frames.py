"""The named reads: the only SELECTs anyone else uses. Every frame has `business_id`; money is cents, dates are days."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import numpy as np
import orjson
import pandas as pd
import pyarrow as pa

from rowcol.clock import KnownAt
from rowcol.entities import TRANSACTIONS, of_kind
from rowcol.store.activity_reads import ActivityReads
from rowcol.store.change_reads import ChangeReads
from rowcol.store.control import control_rows
from rowcol.store.control.reads import ControlReads, last_control_change
from rowcol.store.database import Database
from rowcol.store.hygiene_reads import HygieneReads
from rowcol.store.log import newest_position
from rowcol.store.reads import Scope, as_stored, create_known_views, create_temp_table, statement
from rowcol.store.replay import create_known_tables
from rowcol.store.typed import arrow

# Frames of some thousand rows are cut and joined many times a page: pandas does that a fifth faster on plain
# strings than on Arrow's.
pd.set_option("mode.string_storage", "python")


class Frames:
    """The reads of one practice; nothing of another is ever in them."""

    def __init__(self, database: Database, advisor_id: str) -> None:
        self.database = database
        self.advisor_id = advisor_id
        self._positions: dict[tuple[str | None, tuple[str, ...]], tuple[int, int]] = {}

    def scope(self, business_ids: tuple[str, ...] | None = None) -> Scope:
        """Return the scope of some of this practice's clients, of all unless they are named."""
        return Scope(self.advisor_id, business_ids)

    @contextmanager
    def open(self, scope: Scope, known_at: KnownAt = None, *, copied: bool = False) -> Iterator["Reading"]:
        """Open the reads of one scope as known at a moment (None: now); past moments are replayed once for all.

        All are made in one transaction: what is committed meanwhile is in none of them. With `copied` many reads of one
        client are sooner there, at the cost of the memory that its records take.
        """
        with self.database.read() as cursor:
            cursor.execute("BEGIN TRANSACTION")
            if known_at is not None:
                create_known_tables(cursor, scope, known_at)
            yield Reading(cursor, scope, known_at, copied=copied)

    def newest_versions(self, wanted: pd.DataFrame, known_at: KnownAt) -> pd.DataFrame:
        """Return business_id, entity, qbo_id, version (log position), logged_at of records' versions at a moment."""
        if wanted.empty:
            return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _VERSION_KINDS.items()})
        scope = self.scope()
        with self.database.read() as cursor:
            cursor.register("wanted", wanted[["business_id", "entity", "qbo_id"]])
            values = {**scope.values, "known_at": as_stored(known_at)}
            tables = {}
            if isinstance(known_at, Mapping):
                create_known_views(cursor, known_at)
                tables = {"integration_log": "known_integration_log"}
            return cursor.execute(scope.over(statement("newest_versions"), tables), values).df()

    def log_position(self, business_id: str | None = None, apart: tuple[str, ...] = ()) -> int:
        """Return the newest position that a page of one client, or of all, depends on: log, runs and decisions.

        Decisions of the kinds in `apart` do not count. Called on every run of every page: computed again only after
        something was committed, which this process alone does.
        """
        commits, position = self._positions.get((business_id, apart), (-1, 0))
        if commits != self.database.commits:
            commits = self.database.commits
            with self.database.read() as cursor:
                position = max(
                    newest_position(cursor, self.advisor_id, business_id, position),
                    last_control_change(control_rows(cursor), self.advisor_id, business_id, apart, position),
                )
            self._positions[business_id, apart] = (commits, position)
        return position


_BEFORE = {"transactions": "before_transactions", "lines": "before_lines"}
"""Typed table -> the temporary table of rows as they were (see `Reading.superseded`)."""
_DOCUMENT = ["business_id", "entity", "qbo_id"]
_CHANGED = pa.schema([(name, pa.string()) for name in _DOCUMENT])
_ACCOUNTS = of_kind("account")
_NOT_KNOWN = {"CurrentBalance": 0}
_VERSION_KINDS = {
    "business_id": "object", "entity": "object", "qbo_id": "object", "version": "int64", "logged_at": "datetime64[us]",
}  # fmt: skip


class Reading(ControlReads, HygieneReads, ActivityReads, ChangeReads):
    """Reads over one scope; each returns a frame whose columns its SQL file names."""

    _superseded: tuple[dict[str, int], pd.DataFrame, bool] | None = None
    """The positions that the temporary tables of `_supersede` are of, and what it returned for them."""

    def companies(self) -> pd.DataFrame:
        """Return business_id, realm_id, name, company_name, home_currency, time_zone, disconnected."""
        clients, mirrored = self.connected(), self._frame("companies").set_index("business_id")
        mirrored = mirrored.reindex(clients["business_id"])
        unnamed = (clients["name"] == clients["realm_id"]).to_numpy() & mirrored["name"].notna().to_numpy()
        return clients.assign(
            name=clients["name"].mask(unnamed, mirrored["name"].to_numpy()),
            home_currency=mirrored["home_currency"].to_numpy(),
            time_zone=mirrored["time_zone"].to_numpy(),
        )

    def entity_freshness(self) -> pd.DataFrame:
        """Return `freshness` and `records`: how many records of the entity the mirror holds as existing."""
        counts = self._frame("record_counts")
        rows = self.freshness().merge(counts, on=["business_id", "entity"], how="left")
        return rows.assign(records=rows["records"].fillna(0).astype("int64"))

    def report_totals(self, report: str) -> pd.DataFrame:
        """Return business_id, report_date, subject_id, label, amount_cents of one report."""
        return self._frame("report_totals", report=report)

    def superseded(
        self, positions: Mapping[str, int], since: date, payees_since: date
    ) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame] | None:
        """Return what changed after each client's log position: (which documents, those as they were, their lines).

        The latter two in the form of `bank_activity`, read from the same days on. None if nothing changed.
        """
        changed, _ = self._supersede(positions)
        if changed.empty:
            return None
        return changed, *self._bank_activity(since, payees_since, _BEFORE)

    def balance_postings(self, since: date, positions: Mapping[str, int]) -> pd.DataFrame:
        """Return what documents posted to bank accounts, cards and Undeposited Funds, one row a document and account.

        Columns: business_id, entity, qbo_id, account_id, txn_date, debit_cents (home), state. They are the documents dated
        after a day, and those of any date that changed after each client's log position: these have state `now`, and a row
        in state `then` as they were at that position; all others have state `same`.
        """
        changed, _ = self._supersede(positions)
        rows = self._balance_postings(since)
        if changed.empty:
            return rows.assign(state="same")
        known = pd.MultiIndex.from_frame(rows[_DOCUMENT]).isin(pd.MultiIndex.from_frame(changed))
        now = rows.assign(state=np.where(known, "now", "same"))
        then = self._balance_postings(since, _BEFORE).assign(state="then")
        return pd.concat([now, then], ignore_index=True)

    def _balance_postings(self, since: date, relations: Mapping[str, str] | None = None) -> pd.DataFrame:
        self._create("later_or_changed", relations, since=since)
        return self._frame("balance_postings", relations)

    def cards_before(self, positions: Mapping[str, int]) -> pd.DataFrame:
        """Return business_id, account_id, balance_cents of cards that changed after each client's log position.

        The balance is CurrentBalance as it was known at that position, in the account's own currency; 0 if the account was
        not known then.
        """
        _, accounts_changed = self._supersede(positions)
        rows = self._read("cards_before", **_after(positions)).fetchall() if accounts_changed else []
        records = [(*key, _NOT_KNOWN if raw is None else orjson.loads(raw)) for *key, raw in rows]
        before: pd.DataFrame = arrow("balances", records).to_pandas(integer_object_nulls=True)
        before["balance_cents"] = before["balance_cents"].astype("Int64")
        return before.rename(columns={"qbo_id": "account_id"})[["business_id", "account_id", "balance_cents"]]

    def _supersede(self, positions: Mapping[str, int]) -> tuple[pd.DataFrame, bool]:
        """Return which transactions changed after each client's log position, and whether accounts did.

        `changed_documents` then holds the transactions, and if there are any `_BEFORE` what they were.
        """
        if self._superseded is None or self._superseded[0] != positions:
            after = _after(positions)
            changed = pd.DataFrame(columns=_DOCUMENT, dtype="str")
            if positions:
                changed = self._frame("changed_after", **after, entities=[*TRANSACTIONS, *_ACCOUNTS])
            accounts = changed["entity"].isin(_ACCOUNTS)
            documents = changed[~accounts].reset_index(drop=True)
            changes = pa.Table.from_pandas(documents[_DOCUMENT], schema=_CHANGED, preserve_index=False)
            create_temp_table(self._cursor, "changed_documents", changes)
            if len(documents):
                rows = self._read("versions_before", **after, entities=list(TRANSACTIONS)).fetchall()
                records = [(*key, orjson.loads(raw)) for *key, raw in rows if raw is not None]
                for table, name in _BEFORE.items():
                    create_temp_table(self._cursor, name, arrow(table, records))
            self._superseded = dict(positions), documents, bool(accounts.any())
        return self._superseded[1:]

    def time_zone(self) -> str | None:
        """Return the company's own time zone, None if it has not been read or names none."""
        row = self._read("time_zone").fetchone()
        return row[0] if row else None

    def counted_documents(self, since: date) -> pd.DataFrame:
        """Return business_id, documents: the transactions dated from a day on, voided ones left out."""
        return self._frame("counted_documents", since=since)

    def changed_records(self, positions: Mapping[str, int]) -> pd.DataFrame:
        """Return the transactions logged after each client's log position, as they are now; the newest first."""
        after: dict[str, Any] = {"businesses": list(positions), "positions": list(positions.values())}
        return self._frame("changed_records", **after, entities=list(TRANSACTIONS))


def _after(positions: Mapping[str, int]) -> dict[str, Any]:
    return {"businesses": list(positions), "positions": list(positions.values())}
