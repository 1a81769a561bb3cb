"""The named reads of control rows; `Reading` has them beside those of log and mirror."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from rowcol.store.control import ControlCursor
from rowcol.store.reads import Reads, in_utc, statement

EVERY_RUN = 2**31


@dataclass(frozen=True)
class LastCheck:
    """The last tie-out check: for which day, when (UTC, without a zone), and whether a report could not be read."""

    report_date: date
    checked_at: datetime
    unreadable: bool


class ControlReads(Reads):
    """Reads over one scope; moments are UTC."""

    def connected(self) -> pd.DataFrame:
        """Return business_id, realm_id, name, connected_at, disconnected_at of the clients."""
        return self._frame("connected")

    def freshness(self) -> pd.DataFrame:
        """Return business_id, entity, refreshed_at (NaT: never), fresh_seconds, of connected clients.

        `marked` (bool): a webhook reported a change, and no refresh has read it since.
        """
        return in_utc(self._frame("freshness"), "refreshed_at")

    def sync_runs(self, outcome: str = "", most: int = EVERY_RUN) -> pd.DataFrame:
        """Return refreshes, newest first, at most `most`; `outcome` narrows them, empty for any."""
        return in_utc(
            self._frame("sync_runs", outcome=outcome, most=most), "started_at", "finished_at"
        ).astype({"seconds": "float64"})

    def run_outcomes(self) -> dict[str, int]:
        """Return outcome -> how many refreshes ended with it."""
        rows = self._frame("run_outcomes")
        return {str(outcome): int(runs) for outcome, runs in zip(rows["outcome"], rows["runs"], strict=True)}

    def tie_outs(self) -> pd.DataFrame:
        """Return the rows of each client's last check."""
        return self._frame("tie_outs")

    def last_runs(self) -> pd.DataFrame:
        """Return each client's last refresh and the end of its last good one."""
        return self._frame("last_runs")

    def last_check(self) -> LastCheck | None:
        """Return when the client was last compared with QuickBooks' reports, None before the first time."""
        row = self._read("last_check").fetchone()
        return None if row is None or row[0] is None else LastCheck(*row)

    def first_refreshes(self) -> pd.DataFrame:
        """Return business_id, refreshed_at: the end of each client's first good refresh."""
        return self._frame("first_refreshes")

    def report_reads(self) -> pd.DataFrame:
        """Return business_id, report, report_date, read_at, books_position, refused_because."""
        return self._frame("report_reads")


def last_control_change(
    cursor: ControlCursor, advisor_id: str, business_id: str | None, apart: Sequence[str], since: int
) -> int:
    """Return the newest position of decisions, runs, reports and connections of one client, or of all; `since` if later.

    Decisions of the kinds in `apart` do not count.
    """
    values = {
        "advisor_id": advisor_id, "apart": list(apart), "everyone": business_id is None,
        "business_id": business_id or "", "since": since,
    }  # fmt: skip
    row = cursor.execute(statement("last_control_change"), values).fetchone()
    return int(row[0]) if row else since
