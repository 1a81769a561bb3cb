"""Holding the mirror against QuickBooks' own reports, and reading the balance sheets that unlisted activity needs."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from rowcol.clock import today_in, zone_or
from rowcol.domain import tie_out
from rowcol.domain.books import Books, read_books
from rowcol.domain.clients import ClientSettings, client_frame
from rowcol.domain.window import WINDOW_DAYS, sheet_positions, windows
from rowcol.qbo.client import Send
from rowcol.store.clients import Client
from rowcol.store.frames import Frames, Reading
from rowcol.store.runs import TieOutRow, record_tie_out
from rowcol.sync.context import SyncContext
from rowcol.sync.report_totals import read_report
from rowcol.sync.run import OnEntity

REPORT_STEPS = ("Reports", "Tie-out")
UNREADABLE = TieOutRow("unreadable", None, "", 0, 0)
REPORTS_AT_ONCE = 3
CHECKED_AGAIN_AFTER = timedelta(hours=3)
"""A day's check for which a report could not be read is tried again after so long; it costs one read where it fails."""
REFUSED_FOR = timedelta(minutes=15)
"""A balance sheet QuickBooks would not give is not asked for again within this time."""


class Checks:
    """The daily check of one practice's clients."""

    def __init__(
        self,
        rail: SyncContext,
        frames: Frames,
        settings: Callable[[], Mapping[str, ClientSettings]],
        default_zone: str,
    ) -> None:
        self._rail = rail
        self._frames = frames
        self._settings = settings
        self._default_zone = default_zone

    def due(self, client: Client) -> bool:
        """Tell whether this client was not yet checked on its present day, or could not be and some time has passed."""
        now = self._rail.clock()
        with self._reading(client) as reading:
            last, zone = reading.last_check(), reading.time_zone()
        own = self._settings().get(client.business_id, ClientSettings()).time_zone
        if last is None or last.report_date < today_in(zone_or(own or zone, self._default_zone), now):
            return True
        return last.unreadable and now.replace(tzinfo=None) - last.checked_at >= CHECKED_AGAIN_AFTER

    def check(self, client: Client, run_id: str, on_step: OnEntity, send: Send | None = None) -> None:
        """Read today's reports, keep what the tie-out found, and the balance sheets the window needs.

        `send` is the run's own, where it has one. A report that is refused leaves the tie-out unchecked.
        Raises GrantDead and Unauthorized.
        """
        rail = self._rail if send is None else replace(self._rail, send=send)
        with self._reading(client) as reading:
            clients = self._client_frame(reading, None)
            window = windows(clients, reading.first_dates())
        as_of = clients["as_of"].iloc[0].date()
        on_step("Reports", 0, False)
        first, *others = tie_out.SUBJECTS.values()
        readable = read_report(rail, client, run_id, first, as_of)
        if readable:
            with ThreadPoolExecutor(REPORTS_AT_ONCE, thread_name_prefix="report") as pool:
                sheets = pool.submit(self._read_bank_sheets, rail, client, run_id, window)
                reads = [pool.submit(read_report, rail, client, run_id, report, as_of) for report in others]
            sheets.result()
            answered = [one.result() for one in reads]
            readable = all(answered)
        on_step("Reports", 0, True)
        rows = self._compared(client, as_of) if readable else [UNREADABLE]
        with self._rail.database.write() as cursor:
            record_tie_out(cursor, self._rail.advisor_id, client.business_id, self._rail.clock(), as_of, rows)
        on_step("Tie-out", 0, True)

    def ensure_bank_sheets(self, client: Client, run_id: str, as_of: date | None) -> None:
        """Read the balance sheets around an as-of date's window unless they are at hand, or were refused just now."""
        books = self._books(client, as_of)
        window = windows(books.clients, books.first_dates)
        if not (sheet_positions(books.report_reads, window) or self._refused_just_now(books)):
            self._read_bank_sheets(self._rail, client, run_id, window)

    def _read_bank_sheets(self, rail: SyncContext, client: Client, run_id: str, window: pd.DataFrame) -> None:
        row = window.iloc[0]
        for day in (row["end"].date(), row["start"].date() - timedelta(days=1)):
            if not read_report(rail, client, run_id, "BalanceSheet", day):
                return

    def _refused_just_now(self, books: Books) -> bool:
        reads = books.report_reads
        refused = reads[(reads["report"] == "BalanceSheet") & reads["refused_because"].notna()]
        since = pd.Timestamp(self._rail.clock().replace(tzinfo=None) - REFUSED_FOR)
        return bool((refused["read_at"] >= since).any())

    def _reading(self, client: Client) -> AbstractContextManager[Reading]:
        return self._frames.open(self._frames.scope((client.business_id,)))

    def _books(self, client: Client, as_of: date | None) -> Books:
        with self._reading(client) as reading:
            clients = self._client_frame(reading, as_of)
            since = clients["as_of"].iloc[0].date() - timedelta(days=WINDOW_DAYS + 1)
            return read_books(reading, clients, since)

    def _client_frame(self, reading: Reading, as_of: date | None) -> pd.DataFrame:
        return client_frame(
            reading.companies(), self._settings(), self._rail.clock(), as_of, self._default_zone
        )

    def _compared(self, client: Client, as_of: date) -> list[TieOutRow]:
        books = self._books(client, None)
        this_check = pd.DataFrame(
            {"business_id": [client.business_id], "report_date": [as_of], "subject": [tie_out.BANK]}
        )
        with self._reading(client) as reading:
            reported = {
                subject: _of_day(reading.report_totals(report), as_of)
                for subject, report in tie_out.SUBJECTS.items()
            }
        nothing_since = replace(books.since_tie_out, changed=books.since_tie_out.changed.iloc[:0])
        just_read = replace(books, tie_outs=this_check, since_tie_out=nothing_since)
        compared = tie_out.differences(just_read, reported)
        return [TieOutRow(*row) for row in compared.itertuples(index=False, name=None)]


def _of_day(totals: pd.DataFrame, day: date) -> pd.DataFrame:
    return totals[pd.to_datetime(totals["report_date"]) == pd.Timestamp(day)]
