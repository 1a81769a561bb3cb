"""The daily check of the mirror against QuickBooks' own reports, and the balance sheets that bank activity needs."""

import logging
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from rowcol.clock import today_in, zone_or
from rowcol.domain.books import Books, read_books
from rowcol.domain.clients import ClientSettings, client_frame
from rowcol.domain.tie_out import totals as tie_out
from rowcol.domain.window import WINDOW_DAYS, sheet_positions, windows
from rowcol.errors import RailError
from rowcol.qbo.client import Send
from rowcol.store.control import control_rows
from rowcol.store.control.checks import TieOutRow, record_tie_out
from rowcol.store.control.clients import Client
from rowcol.store.frames import Frames, Reading
from rowcol.sync.context import OnEntity, SyncContext
from rowcol.sync.refresher import REPORTS_STEP, TIE_OUT_STEP
from rowcol.sync.report_totals import rate_read, read_exchange_rate, read_report

UNREADABLE = TieOutRow("unreadable", None, "", 0, 0)
REPORTS_AT_ONCE = 3
PRICED_TYPES = ("Bank", "Credit Card")
"""The types of account whose foreign currencies need a rate of the day."""
CHECKED_AGAIN_AFTER = timedelta(hours=3)
"""A check for which a report could not be read is repeated after this time; if it fails again it costs one read."""
REFUSED_FOR = timedelta(minutes=15)
"""A balance sheet that QuickBooks refused is not requested again within this time."""
_LOG = logging.getLogger(__name__)


class TieOutCheck:
    """The daily check of one practice's clients."""

    def __init__(
        self,
        context: SyncContext,
        frames: Frames,
        settings: Callable[[], Mapping[str, ClientSettings]],
        default_zone: str,
    ) -> None:
        self._context = context
        self._frames = frames
        self._settings = settings
        self._default_zone = default_zone

    def due(self, client: Client) -> bool:
        """Return whether a client was not yet checked on its present day, or could not be and some time has passed."""
        now = self._context.clock()
        with self._reading(client) as reading:
            last, zone = reading.last_check(), reading.time_zone()
        settings_zone = self._settings().get(client.business_id, ClientSettings()).time_zone
        if last is None or last.report_date < today_in(
            zone_or(settings_zone or zone, self._default_zone), now
        ):
            return True
        return last.unreadable and now.replace(tzinfo=None) - last.checked_at >= CHECKED_AGAIN_AFTER

    def check_now(self, client: Client) -> None:
        """Check a client apart from any refresh. Raises GrantDead and Unauthorized."""
        self.check(client, uuid.uuid4().hex, lambda _entity, _rows, _done: None, self._context.send)

    def check(self, client: Client, run_id: str, on_step: OnEntity, send: Send) -> None:
        """Read today's reports, rates and the balance sheets that the window needs, and record what the tie-out found.

        A report that is refused leaves the tie-out unchecked, a rate that is refused does not. Raises GrantDead and
        Unauthorized.
        """
        context = replace(self._context, send=send)
        with self._reading(client) as reading:
            clients = self._client_frame(reading, None)
            window = windows(clients, reading.first_dates())
        as_of = clients["as_of"].iloc[0].date()
        on_step(REPORTS_STEP, 0, False)
        first, *other_reports = tie_out.SUBJECTS.values()
        readable = read_report(context, client, run_id, first, as_of)
        if readable:
            with ThreadPoolExecutor(REPORTS_AT_ONCE, thread_name_prefix="report") as pool:
                sheets = pool.submit(self._read_bank_sheets, context, client, run_id, _sheet_days(window))
                reads = [
                    pool.submit(read_report, context, client, run_id, report, as_of)
                    for report in other_reports
                ]
            sheets.result()
            answered = [read.result() for read in reads]
            readable = all(answered)
        self._read_rates(context, client, run_id, as_of)
        on_step(REPORTS_STEP, 0, True)
        rows = self._compared(client, as_of) if readable else [UNREADABLE]
        with self._context.database.write() as cursor:
            record_tie_out(
                control_rows(cursor),
                self._context.advisor_id,
                client.business_id,
                self._context.clock(),
                as_of,
                rows,
            )
        on_step(TIE_OUT_STEP, 0, True)

    def ensure_bank_sheets(self, client: Client, as_of: date | None) -> None:
        """Read the balance sheets that figures as of a date need, unless they were read or just refused.

        They are those of the window and, if the date has passed, its own. Raises no RailError: what cannot be read leaves
        the figures marked as incomplete.
        """
        books = self._books(client, as_of)
        window = windows(books.clients, books.first_dates)
        days = [] if sheet_positions(books.report_reads, window) else _sheet_days(window)
        days += _passed_and_unread(books)
        if not days or self._just_refused(books):
            return
        try:
            self._read_bank_sheets(self._context, client, uuid.uuid4().hex, days)
        except RailError as error:
            _LOG.warning("%s: the balance sheets could not be read: %s", client.name, error.message)

    def _read_bank_sheets(self, context: SyncContext, client: Client, run_id: str, days: list[date]) -> None:
        for day in days:
            if not read_report(context, client, run_id, "BalanceSheet", day):
                return

    def _read_rates(self, context: SyncContext, client: Client, run_id: str, day: date) -> None:
        """Read QuickBooks' rate of the day for each currency of an active foreign account, once a day."""
        with self._reading(client) as reading:
            accounts, reads = reading.accounts(), reading.report_reads()
            home = self._client_frame(reading, None)["currency"].iloc[0]
        held = accounts[accounts["active"] & accounts["account_type"].isin(PRICED_TYPES)]
        foreign = set(held["currency"].dropna()) - {home}
        of_day = reads[
            reads["refused_because"].isna() & (pd.to_datetime(reads["report_date"]) == pd.Timestamp(day))
        ]
        for currency in sorted(foreign):
            if rate_read(currency) not in set(of_day["report"]):
                read_exchange_rate(context, client, run_id, currency, day)

    def _just_refused(self, books: Books) -> bool:
        reads = books.report_reads
        refused = reads[(reads["report"] == "BalanceSheet") & reads["refused_because"].notna()]
        since = pd.Timestamp(self._context.clock().replace(tzinfo=None) - REFUSED_FOR)
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
            reading.companies(), self._settings(), self._context.clock(), as_of, self._default_zone
        )

    def _compared(self, client: Client, as_of: date) -> list[TieOutRow]:
        books = self._books(client, None)
        with self._reading(client) as reading:
            reported = {
                subject: _of_day(reading.report_totals(report), as_of)
                for subject, report in tie_out.SUBJECTS.items()
            }
        compared = tie_out.differences(books, reported)
        return [TieOutRow(*row) for row in compared.itertuples(index=False, name=None)]


def _sheet_days(window: pd.DataFrame) -> list[date]:
    """Return the days whose balance sheets a client's window needs."""
    row = window.iloc[0]
    return [row["end"].date(), row["start"].date() - timedelta(days=1)]


def _passed_and_unread(books: Books) -> list[date]:
    """Return a client's as-of date if it has passed and its balance sheet was not read since, else nothing.

    A sheet that was read while the day went on may lack what came later.
    """
    client, reads = books.clients.iloc[0], books.report_reads
    if client["as_of"] >= client["today"]:
        return []
    day = client["as_of"].date()
    ended = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(client["zone"])).astimezone(UTC)
    of_day = (reads["report"] == "BalanceSheet") & (pd.to_datetime(reads["report_date"]) == client["as_of"])
    read = (
        of_day
        & reads["refused_because"].isna()
        & (reads["read_at"] >= pd.Timestamp(ended.replace(tzinfo=None)))
    )
    return [] if read.any() else [day]


def _of_day(totals: pd.DataFrame, day: date) -> pd.DataFrame:
    return totals[pd.to_datetime(totals["report_date"]) == pd.Timestamp(day)]
