"""One round of the schedule: gather what is known of each client, decide who is due, start their refreshes."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta

from rowcol.clock import WorkingTime
from rowcol.store.control import control_rows
from rowcol.store.control.clients import Client, Clients
from rowcol.store.control.freshness import last_opened, last_webhooks, stale_marks
from rowcol.store.control.grants import SealedGrants
from rowcol.store.control.runs import last_started
from rowcol.sync.breaker import Breaker
from rowcol.sync.budget import Budget, Planned, budget
from rowcol.sync.context import SyncContext
from rowcol.sync.metering import Meter
from rowcol.sync.progress import Outcome
from rowcol.sync.refresher import Refresher
from rowcol.sync.schedule import Pace, ScheduledClient, due, planned_reads
from rowcol.sync.staleness import RefreshConditions


class RefreshScheduler:
    """The schedule of one practice's clients; a round starts refreshes and does not wait for them.

    `working_times` gives the working time of each client by business id: the advisor's settings decide it.
    """

    def __init__(
        self,
        context: SyncContext,
        clients: Clients,
        sealed: SealedGrants,
        working_times: Callable[[], Mapping[str, WorkingTime]],
        refresher: Refresher,
        breaker: Breaker,
        meter: Meter,
    ) -> None:
        self._context = context
        self._clients = clients
        self._sealed = sealed
        self._working_times = working_times
        self._refresher = refresher
        self._breaker = breaker
        self._meter = meter
        self._running: dict[str, Future[Outcome]] = {}
        self._last_budget: Budget | None = None

    def run(self) -> list[Client]:
        """Start refreshing the clients that are due and return them; one alone while Intuit is being probed."""
        now = self._context.clock()
        self._meter.flush()
        clients = self._active()
        subjects = self._subjects(clients)
        month = self._budget(subjects, now)
        pace = Pace(month.working_factor, month.outside_factor)
        due_ids = [subject.business_id for subject in due(subjects, now, pace)]
        if self._breaker.intuit().state == "half-open":
            due_ids = due_ids[:1]
        by_id = {client.business_id: client for client in clients}
        started = [by_id[business_id] for business_id in due_ids]
        self._running = {
            business_id: future for business_id, future in self._running.items() if not future.done()
        }
        self._running.update(zip(due_ids, self._refresher.start_scheduled(started), strict=True))
        return started

    def budget(self) -> Budget:
        """Return the month's reads and what they mean for the pace."""
        now = self._context.clock()
        return self._budget(self._subjects(self._active()), now)

    def conditions(self, client: Client) -> RefreshConditions:
        """Return the conditions for refreshing a client now; the budget is that of the last round."""
        spent, slower = False, 1
        if self._last_budget is not None:
            spent, slower = self._last_budget.spent, self._last_budget.working_factor
        return RefreshConditions(
            ended=self._why_ended(client),
            breaker_open=self._breaker.state(client.realm_id) == "open",
            refreshing=self._refresher.is_refreshing(client.business_id),
            slower=slower,
            spent=spent,
        )

    def _why_ended(self, client: Client) -> str:
        if client.disconnected_at is not None:
            return "The company is disconnected"
        return self._sealed.ended().get(client.business_id, "")

    def _budget(self, subjects: Sequence[ScheduledClient], now: datetime) -> Budget:
        planned = Planned(*planned_reads(subjects, now, _month_end(now)))
        self._last_budget = budget(self._meter.reads_this_month(), planned)
        return self._last_budget

    def _active(self) -> list[Client]:
        """Return the clients that can be refreshed: connected, with a grant that has not ended."""
        ended = self._sealed.ended()
        return [
            client
            for client in self._clients.all()
            if client.disconnected_at is None and client.business_id not in ended
        ]

    def _subjects(self, clients: Sequence[Client]) -> list[ScheduledClient]:
        working_times = self._working_times()
        with self._context.database.read() as cursor:
            opened, started, webhooks = (
                read(control_rows(cursor), self._context.advisor_id)
                for read in (last_opened, last_started, last_webhooks)
            )
            marked = {
                business_id for business_id, _ in stale_marks(control_rows(cursor), self._context.advisor_id)
            }
        return [
            ScheduledClient(
                client.business_id,
                working_times[client.business_id],
                opened_at=max(client.connected_at, opened.get(client.business_id, client.connected_at)),
                last_started_at=_since(started.get(client.business_id), client.connected_at),
                webhook_at=webhooks.get(client.business_id),
                marked=client.business_id in marked,
                paused=self._paused(client),
            )
            for client in clients
        ]

    def _paused(self, client: Client) -> bool:
        future = self._running.get(client.business_id)
        return self._breaker.state(client.realm_id) == "open" or (future is not None and not future.done())


def _since(started: datetime | None, connected: datetime) -> datetime | None:
    """Return when a client was last refreshed since it was connected: connecting it again makes it due at once."""
    return started if started is not None and started >= connected else None


def _month_end(now: datetime) -> datetime:
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)
