"""Refreshing clients for pages, commands and the digest run, and the working times that the schedule refreshes them by.

A refresh reads the balance sheets that the client's figures need, too.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from rowcol.clock import WorkingTime, zone_or
from rowcol.domain.clients import ClientSettings, weekdays
from rowcol.gateways.tie_out_check import TieOutCheck
from rowcol.store.control.clients import Clients
from rowcol.store.frames import Frames
from rowcol.sync.metering import Meter
from rowcol.sync.orchestrator import Hint, Orchestrator
from rowcol.sync.progress import OnProgress, Outcome
from rowcol.sync.signals import Signals


class Refreshes:
    """The refreshes of one practice that a caller waits for or that a page starts."""

    def __init__(
        self,
        clients: Clients,
        orchestrator: Orchestrator,
        tie_out: TieOutCheck,
        meter: Meter,
        signals: Signals,
    ) -> None:
        self._clients, self._orchestrator, self._tie_out = clients, orchestrator, tie_out
        self._meter, self._signals = meter, signals

    def refresh(
        self,
        business_ids: Sequence[str] | None = None,
        on_progress: OnProgress | None = None,
        as_of: date | None = None,
        *,
        hint: Hint = Hint.STRICT,
        full: bool = False,
    ) -> list[Outcome]:
        """Refresh connected clients (None: all) as the hint says, wait, and return the outcome of each refreshed one.

        One failure stops no other. `full` reads everything again and checks the tie-out; `as_of` also reads what bank
        activity up to that date needs.
        """
        clients = self._clients.connected(business_ids)
        served = self._orchestrator.read_refresh(clients, hint, on_progress, full=full)
        outcomes = [result.outcome for result in served if result.outcome is not None]
        if as_of is not None:
            self.read_bank_sheets([outcome.business_id for outcome in outcomes if outcome.ok], as_of)
        return outcomes

    def read_bank_sheets(self, business_ids: Sequence[str] | None, as_of: date) -> None:
        """Read the balance sheets that bank activity up to a date needs, unless they are there; raises no RailError."""
        for client in self._clients.connected(business_ids):
            self._tie_out.ensure_bank_sheets(client, as_of)
        self._meter.flush()

    def check_tie_out(self, business_id: str) -> None:
        """Refresh a client, then compare it with QuickBooks' own reports. Raises UnknownClient and RailErrors."""
        client = self._clients.find(business_id)
        for outcome in self.refresh([business_id]):
            if outcome.error is not None:
                raise outcome.error
        try:
            self._tie_out.check_now(client)
        finally:
            self._meter.flush()

    def refresh_behind(self, business_id: str) -> bool:
        """Record that a client's page was opened; return whether its mirror is being refreshed behind it.

        A refresh is started if the mirror is old. Raises UnknownClient, but no RailError; never waits.
        """
        self._signals.page_opened(business_id)
        (served,) = self._orchestrator.read_refresh([self._clients.find(business_id)], Hint.BEHIND)
        return served.refreshing


def working_times(
    frames: Frames, settings: Callable[[], Mapping[str, ClientSettings]], default_zone: str
) -> dict[str, WorkingTime]:
    """Return business_id -> working time of every client.

    The time zone is the advisor's setting, else the company's own, else the default.
    """
    with frames.open(frames.scope()) as reading:
        companies = reading.companies()
    by_client = settings()
    times = {}
    for business_id, company_zone in zip(companies["business_id"], companies["time_zone"], strict=True):
        client = by_client.get(business_id, ClientSettings())
        zone = client.time_zone or (company_zone if isinstance(company_zone, str) else None)
        times[business_id] = WorkingTime(
            zone_or(zone, default_zone), client.working_hours, weekdays(client.working_days)
        )
    return times
