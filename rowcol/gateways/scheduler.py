"""One round of the schedule: gather what is known of each client, decide who is due, start their refreshes."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta

from rowcol.clock import zone_or
from rowcol.domain.budget import Budget, Planned, budget
from rowcol.domain.clients import ClientSettings, weekdays
from rowcol.gateways.refresher import Refresher
from rowcol.store.clients import Client, Clients
from rowcol.store.frames import Frames
from rowcol.store.sealed_grants import SealedGrants
from rowcol.store.signals import last_opened, last_started, last_webhooks, stale_marks
from rowcol.sync.breaker import Breaker
from rowcol.sync.context import SyncContext
from rowcol.sync.metering import Meter
from rowcol.sync.progress import Outcome
from rowcol.sync.schedule import Pace, Subject, due, planned_reads
from rowcol.sync.staleness import RefreshConditions


class RefreshScheduler:
    """The schedule of one practice's clients; a round starts refreshes and does not wait for them."""

    def __init__(
        self,
        rail: SyncContext,
        frames: Frames,
        clients: Clients,
        sealed: SealedGrants,
        settings: Callable[[], Mapping[str, ClientSettings]],
        default_zone: str,
        refresher: Refresher,
        breaker: Breaker,
        meter: Meter,
    ) -> None:
        self._rail = rail
        self._frames = frames
        self._clients = clients
        self._sealed = sealed
        self._settings = settings
        self._default_zone = default_zone
        self._refresher = refresher
        self._breaker = breaker
        self._meter = meter
        self._under_way: dict[str, Future[Outcome]] = {}
        self._last_budget: Budget | None = None

    def run(self) -> list[Client]:
        """Start refreshing the clients that are due and return them; one alone while Intuit is being probed."""
        now = self._rail.clock()
        self._meter.flush()
        clients = self._active()
        subjects = self._subjects(clients)
        pace = _pace(self._budget(subjects, now))
        found = [subject.business_id for subject in due(subjects, now, pace)]
        if self._breaker.intuit().state == "half-open":
            found = found[:1]
        by_id = {client.business_id: client for client in clients}
        started = [by_id[business_id] for business_id in found]
        self._under_way = {
            business_id: future for business_id, future in self._under_way.items() if not future.done()
        }
        self._under_way.update(zip(found, self._refresher.begin(started), strict=True))
        return started

    def budget(self) -> Budget:
        """Return the month's reads and what they mean for the pace."""
        now = self._rail.clock()
        return self._budget(self._subjects(self._active()), now)

    def standing(self, client: Client) -> RefreshConditions:
        """Return what speaks for and against asking a client now; the budget as the last round found it."""
        spent, slower = False, 1
        if self._last_budget is not None:
            spent, slower = self._last_budget.spent, self._last_budget.working_factor
        return RefreshConditions(
            self._why_ended(client),
            self._breaker.state(client.realm_id) == "open",
            self._refresher.under_way(client.business_id),
            slower,
            spent,
        )

    def _why_ended(self, client: Client) -> str:
        if client.disconnected_at is not None:
            return "The company is disconnected"
        return self._sealed.ended().get(client.business_id, "")

    def _budget(self, subjects: Sequence[Subject], now: datetime) -> Budget:
        planned = Planned(*planned_reads(subjects, now, _month_end(now)))
        self._last_budget = budget(self._meter.reads_this_month(), planned)
        return self._last_budget

    def _active(self) -> list[Client]:
        """Return the clients that can be asked: connected, and their grant alive."""
        ended = self._sealed.ended()
        return [
            client
            for client in self._clients.all()
            if client.disconnected_at is None and client.business_id not in ended
        ]

    def _subjects(self, clients: Sequence[Client]) -> list[Subject]:
        with self._frames.open(self._frames.scope()) as reading:
            companies = reading.companies()
        zones = dict(zip(companies["business_id"], companies["time_zone"], strict=True))
        with self._rail.database.read() as cursor:
            opened, started, webhooks = (
                read(cursor, self._rail.advisor_id) for read in (last_opened, last_started, last_webhooks)
            )
            marked = {business_id for business_id, _ in stale_marks(cursor, self._rail.advisor_id)}
        settings = self._settings()
        found = []
        for client in clients:
            own = settings.get(client.business_id, ClientSettings())
            zone = own.time_zone or zones.get(client.business_id)
            found.append(
                Subject(
                    client.business_id,
                    zone_or(zone if isinstance(zone, str) else None, self._default_zone),
                    own.working_hours,
                    max(client.connected_at, opened.get(client.business_id, client.connected_at)),
                    _since(started.get(client.business_id), client.connected_at),
                    webhooks.get(client.business_id),
                    client.business_id in marked,
                    self._paused(client),
                    weekdays(own.working_days),
                )
            )
        return found

    def _paused(self, client: Client) -> bool:
        future = self._under_way.get(client.business_id)
        return self._breaker.state(client.realm_id) == "open" or (future is not None and not future.done())


def _since(started: datetime | None, connected: datetime) -> datetime | None:
    """Return when a client was last refreshed since it was connected: connecting it again makes it due at once."""
    return started if started is not None and started >= connected else None


def _pace(found: Budget) -> Pace:
    return Pace(found.working_factor, found.outside_factor)


def _month_end(now: datetime) -> datetime:
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)
