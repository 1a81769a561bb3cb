"""A real store in a file of its own, into which records land as a refresh lands them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from rowcol.clock import Clock, KnownAt
from rowcol.domain.books import Books, read_books
from rowcol.domain.calls import Call, CallsByClient
from rowcol.domain.clients import ClientSettings, client_frame
from rowcol.domain.current_decisions import CurrentDecisions, no_decisions
from rowcol.gateways.client_books import AdvisorRecords
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.store.control import control_rows
from rowcol.store.control.checks import ReportRead, TieOutRow, record_report, record_tie_out
from rowcol.store.control.clients import Clients, business_id_of
from rowcol.store.database import Database
from rowcol.store.frames import Frames
from rowcol.store.log import Landing, Positions, version, versions
from rowcol.store.migrations import migrate
from rowcol.store.mirror import Landed, books_position, known_hashes, land, land_deletions

Record = dict[str, Any]

PRACTICE = "practice"
REALM = "4620816365201690220"
TODAY = date(2026, 11, 20)
MEMORY = Path(":memory:")
"""A database without a file: as real, and quicker where the file is not what is tested."""
NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)


def ago(days: int) -> str:
    """Return the date N days before TODAY, as the wire writes it."""
    return (TODAY - timedelta(days=days)).isoformat()


class PracticeStore:
    """One practice's store; clients are named by their realm and connected when first met."""

    def __init__(self, path: Path, advisor_id: str = PRACTICE, database: Database | None = None) -> None:
        self.database = database or Database(path)
        migrate(self.database)
        self.advisor_id = advisor_id
        self.positions = Positions(0)
        self.clients = Clients(self.database, advisor_id)
        self.frames = Frames(self.database, advisor_id)
        self._connected: set[str] = set()

    def client(self, realm: str = REALM) -> str:
        """Return a client's business id, connecting it first if it is new."""
        if realm not in self._connected:
            with self.database.write() as cursor:
                self.clients.connect(
                    control_rows(cursor), realm, f"Client {realm}", NOW - timedelta(days=400)
                )
            self._connected.add(realm)
        return business_id_of(self.advisor_id, realm)

    def land(
        self, entity: str, *records: Mapping[str, Any], realm: str = REALM, at: datetime = NOW
    ) -> Landed:
        """Land one page of records."""
        came = versions(records)
        business_id = self.client(realm)
        with self.database.write() as cursor:
            known = known_hashes(cursor, self.advisor_id, business_id, entity)
            first = self.positions.take(max(len(came), 1), at)
            return land(cursor, self._landing(business_id, at), entity, came, known, first)

    def delete(self, entity: str, *ids: str, realm: str = REALM, at: datetime = NOW) -> Landed:
        """Land the deletion of records."""
        business_id = self.client(realm)
        with self.database.write() as cursor:
            known = known_hashes(cursor, self.advisor_id, business_id, entity)
            first = self.positions.take(max(len(ids), 1), at)
            return land_deletions(cursor, self._landing(business_id, at), entity, ids, known, first)

    def land_all(self, records: Iterable[tuple[str, Record]], realm: str = REALM) -> None:
        """Land records of several entities, each a pair of its entity and itself."""
        pages: dict[str, list[Record]] = {}
        for entity, record in records:
            pages.setdefault(entity, []).append(record)
        for entity, page in pages.items():
            self.land(entity, *page, realm=realm)

    def sheet(
        self,
        day: date,
        amounts: Mapping[str, int] | None,
        *,
        report: str = "BalanceSheet",
        realm: str = REALM,
        at: datetime = NOW,
    ) -> None:
        """Keep a report read for a day, account or party id -> cents; None: QuickBooks refused it."""
        business_id = self.client(realm)
        with self.database.write() as cursor:
            position = books_position(cursor, self.advisor_id, business_id)
            if amounts is not None:
                rows = [{"id": key, "label": key, "cents": cents} for key, cents in amounts.items()]
                known = known_hashes(cursor, self.advisor_id, business_id, report)
                content = version(day.isoformat(), {"Id": day.isoformat(), "rows": rows})
                first = self.positions.take(1, at)
                land(cursor, self._landing(business_id, at), report, [content], known, first)
            refused = None if amounts is not None else "The report was refused"
            read = ReportRead(business_id, report, day, at, position, refused)
            record_report(control_rows(cursor), self.advisor_id, read)

    def check(self, day: date, rows: list[TieOutRow], *, realm: str = REALM, at: datetime = NOW) -> None:
        """Keep what a tie-out found."""
        with self.database.write() as cursor:
            record_tie_out(control_rows(cursor), self.advisor_id, self.client(realm), at, day, rows)

    def books(
        self,
        as_of: date = TODAY,
        *,
        known_at: datetime | None = None,
        settings: ClientSettings | None = None,
        realms: Iterable[str] | None = None,
        open_since: date | None = None,
    ) -> Books:
        """Read the books of every client (or of `realms`), each with the same settings."""
        ids = None if realms is None else tuple(self.client(realm) for realm in realms)
        with self.frames.open(self.frames.scope(ids), known_at) as reading:
            companies = reading.companies()
            settings_by_client = dict.fromkeys(companies["business_id"], settings or ClientSettings())
            clients = client_frame(
                companies, settings_by_client, known_at or NOW, as_of, "America/Los_Angeles"
            )
            return read_books(reading, clients, as_of - timedelta(days=200), open_since=open_since)

    def close(self) -> None:
        """Close the file."""
        self.database.close()

    def _landing(self, business_id: str, at: datetime) -> Landing:
        return Landing(self.advisor_id, business_id, f"run-{at.isoformat()}", at, "tid-1")


def shuffled(books: Books, seed: int) -> Books:
    """Return the same books with the rows of every frame in another order."""
    frames = {
        name: getattr(books, name).sample(frac=1, random_state=seed)
        for name in ("accounts", "parties", "open_documents", "applications", "control_lines", "bank_documents",
                     "bank_lines", "funds_taken", "first_dates", "rates", "bank_sheets", "report_reads", "tie_outs",
                     "base_sheets", "balance_postings", "cards_before")
    }  # fmt: skip
    return replace(books, **frames)


def gateway_over(
    frames: Frames,
    settings: Callable[[KnownAt], Mapping[str, ClientSettings]] = lambda _: {},
    decisions: Callable[[KnownAt], CurrentDecisions] = lambda _: no_decisions(),
    now: datetime | Clock = NOW,
    zone: str = "America/Los_Angeles",
    calls: Callable[[KnownAt], CallsByClient] = lambda _: {},
    snapshots: Callable[[Iterable[Call]], Mapping[tuple[str, datetime], Mapping[str, Any]]] = lambda _: {},
    questions: Callable[[datetime | None], pd.DataFrame] = lambda _: pd.DataFrame(),
    tasks: Callable[[datetime | None], pd.DataFrame] = lambda _: pd.DataFrame(),
) -> QuickBooksGateway:
    """Return the gateway to a store's books, at a fixed moment or by a clock, with what an advisor recorded."""
    records = AdvisorRecords(settings, decisions, calls, snapshots, questions, tasks)
    clock = now if callable(now) else lambda: now
    return QuickBooksGateway(frames, records, clock, zone, "qbo.intuit.com")
