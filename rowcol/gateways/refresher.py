"""Refreshing clients: each once at a time, several side by side, and then held against QuickBooks' own reports."""

import gc
import logging
import queue
import sys
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date

from rowcol.domain.clients import ClientSettings
from rowcol.entities import ENTITIES
from rowcol.errors import GrantDead, Paused, RailError, RowColError, StoreError, Throttled, Unauthorized
from rowcol.gateways.tie_out_check import REPORT_STEPS, Checks
from rowcol.qbo.client import Reply, Request, Send
from rowcol.store.api_calls import count_calls
from rowcol.store.clients import Client
from rowcol.store.frames import Frames
from rowcol.store.runs import SyncRun, record_run
from rowcol.store.signals import settle_marks
from rowcol.sync.breaker import giving_up
from rowcol.sync.context import SyncContext
from rowcol.sync.cycle import Cycle, planned, read_planned
from rowcol.sync.metering import Meter
from rowcol.sync.progress import OnProgress, Outcome, Progress
from rowcol.sync.run import Company

CLIENTS_AT_ONCE = 16
GARBAGE_AFTER = 50_000
"""Objects made before Python looks for cycles: parsed pages have none, and looking took a third of a first refresh."""
TOTAL_STEPS = len(ENTITIES) + len(REPORT_STEPS)
UNPLANNED, CHECKED = "refresh", "check"
"""What a run is called that failed before it had a plan, and one for changes that held the day's reports too."""
TURN_SECONDS = 0.001
"""How long one thread computes before another gets its turn: a statement of the database asks for a dozen turns, and
with Python's own 5 ms each a page waited longer for its turns than it took to land."""
_LOG = logging.getLogger(__name__)


class Refresher:
    """Refreshes one practice's clients; a second caller for a client that is being refreshed joins it.

    What people ask for and what the schedule begins have threads of their own: nobody waits behind 300 due clients.
    """

    def __init__(
        self,
        rail: SyncContext,
        frames: Frames,
        settings: Callable[[], Mapping[str, ClientSettings]],
        meter: Meter,
        default_zone: str,
        at_once: int = CLIENTS_AT_ONCE,
    ) -> None:
        self._rail = rail
        self._meter = meter
        self._checks = Checks(rail, frames, settings, default_zone)
        self._running: dict[str, _Run] = {}
        self._lock = threading.RLock()  # a run that has ended calls back at once, also from `_begun`
        self._asked = ThreadPoolExecutor(at_once, thread_name_prefix="asked")
        self._due = ThreadPoolExecutor(at_once, thread_name_prefix="due")
        gc.set_threshold(GARBAGE_AFTER, *gc.get_threshold()[1:])
        sys.setswitchinterval(TURN_SECONDS)

    def refresh(
        self, clients: Sequence[Client], on_progress: OnProgress | None = None, *, full: bool = False
    ) -> list[Outcome]:
        """Refresh clients and return their outcomes in the same order; `on_progress` runs in the calling thread.

        `full` reads everything again and checks the tie-out; else one request finds what changed. One client's
        failure is its outcome and never stops the others.
        """
        steps: queue.SimpleQueue[Progress | None] = queue.SimpleQueue()
        asked = [self._start(client, steps.put, full=full) for client in clients]
        outcomes = _ended([one.future for one in asked], steps, on_progress)
        again = [place for place, one in enumerate(asked) if full and not one.full]
        if again:  # what was under way already did not read everything
            whole = [self._start(clients[place], steps.put, full=full) for place in again]
            for place, outcome in zip(
                again, _ended([one.future for one in whole], steps, on_progress), strict=True
            ):
                outcomes[place] = outcome
        return outcomes

    def begin(self, clients: Sequence[Client]) -> list[Future[Outcome]]:
        """Start refreshing clients that are due, without waiting for their ends."""
        return [self._start(client, lambda _: None, due=True).future for client in clients]

    def refresh_one(self, client: Client) -> RowColError | None:
        """Refresh a client and wait for its end; return why it could not be, None where it was."""
        return self.refresh([client])[0].error

    def begin_one(self, client: Client) -> None:
        """Start refreshing a client that somebody wants to see, without waiting."""
        self._start(client, lambda _: None)

    def under_way(self, business_id: str) -> bool:
        """Say whether a client is being refreshed, by whomever it was asked for."""
        with self._lock:
            return business_id in self._running

    def ensure_bank_sheets(self, client: Client, as_of: date | None) -> None:
        """Read the BalanceSheets that bank activity up to an as-of date needs, where they are not at hand.

        Raises nothing of the rail's: what cannot be read leaves the figures marked incomplete.
        """
        try:
            self._checks.ensure_bank_sheets(client, uuid.uuid4().hex, as_of)
        except RailError as refused:
            _LOG.warning("%s: the balance sheets could not be read: %s", client.name, refused.message)

    def check(self, client: Client) -> None:
        """Hold a client's mirror against QuickBooks' own reports now.

        A report that is refused leaves the tie-out unchecked. Raises GrantDead and Unauthorized.
        """
        self._checks.check(client, uuid.uuid4().hex, lambda _entity, _rows, _done: None)

    def close(self) -> None:
        """Wait for what is under way, then stop."""
        for pool in (self._due, self._asked):
            pool.shutdown(wait=True, cancel_futures=True)

    def _start(self, client: Client, report: OnProgress, *, full: bool = False, due: bool = False) -> "_Run":
        """Start a client's refresh, or join the one under way; one that only waits for its turn is overtaken."""
        with self._lock:
            running = self._running.get(client.business_id)
            if running is not None and not (running.due and not due and running.future.cancel()):
                running.future.add_done_callback(lambda done: _told(done, report))
                return running
            return self._begun(client, report, full, due)

    def _begun(self, client: Client, report: OnProgress, full: bool, due: bool) -> "_Run":
        pool = self._due if due else self._asked
        run = _Run(pool.submit(self._refresh_one, client, report, full), full, due)
        self._running[client.business_id] = run
        run.future.add_done_callback(lambda _: self._forget(client.business_id, run))
        return run

    def _forget(self, business_id: str, run: "_Run") -> None:
        with self._lock:
            if self._running.get(business_id) is run:
                del self._running[business_id]

    def _refresh_one(self, client: Client, report: OnProgress, full: bool) -> Outcome:
        company = Company(client, uuid.uuid4().hex, self._rail.clock())
        steps = _Steps(client, report)
        calls_before = self._meter.so_far(client.realm_id)
        cycle, error = Cycle(), None
        kind: str = UNPLANNED
        asked = _Asked(self._rail.send)
        rail = replace(self._rail, send=giving_up(asked.send))
        try:
            todo = planned(rail, company, full=full)
            kind = todo.kind
            cycle = read_planned(rail, company, todo, steps.entity)
            if todo.whole or self._checks.due(client):
                kind = CHECKED if kind == "changes" else kind
                self._checks.check(client, company.run_id, steps.entity, rail.send)
        except RowColError as refused:
            error = refused
        except Exception as bug:  # noqa: BLE001 - one client's books must never stop the others
            _LOG.exception("%s: the refresh failed unexpectedly", client.name)
            error = RowColError(
                f"The refresh failed unexpectedly ({type(bug).__name__})", "The log has the details"
            )
        requests = self._meter.so_far(client.realm_id) - calls_before
        return self._finish(company, kind, cycle, error, (requests, asked.again(requests)), steps)

    def _finish(
        self,
        company: Company,
        kind: str,
        cycle: Cycle,
        error: RowColError | None,
        calls: tuple[int, int],
        steps: "_Steps",
    ) -> Outcome:
        requests, retries = calls
        client, now, landed = company.client, self._rail.clock(), cycle.landed
        run = SyncRun(
            client.business_id, company.run_id, kind, company.started_at, now, outcome_of(error),
            reason="" if error is None else error.message, hint="" if error is None else error.hint,
            requests=requests, retries=retries, rows_in=landed.rows_in, rows_changed=landed.changed,
            rows_deleted=landed.deleted,
        )  # fmt: skip
        try:
            with self._meter.unkept() as counted, self._rail.database.write() as cursor:
                cycle.keep(cursor, self._rail.advisor_id, client.business_id)
                record_run(cursor, self._rail.advisor_id, run)
                count_calls(cursor, self._rail.advisor_id, counted)
                if error is None:
                    settle_marks(cursor, self._rail.advisor_id, client.business_id, company.started_at)
        except StoreError as unrecorded:
            error = error or unrecorded
        outcome = Outcome(
            client.business_id, client.name, error is None, len(ENTITIES), "" if error is None else error.message,
            "" if error is None else error.hint, landed.rows_in, landed.changed, landed.deleted, requests,
            (now - company.started_at).total_seconds(), error,
        )  # fmt: skip
        steps.through("done" if error is None else error.message)
        return outcome


def outcome_of(error: RowColError | None) -> str:
    """Return how a run ended in one word: done, reconnect, throttled or failed."""
    if error is None:
        return "done"
    if isinstance(error, GrantDead | Unauthorized):
        return "reconnect"
    return "throttled" if isinstance(error, Throttled) else "failed"


@dataclass(frozen=True, eq=False)
class _Run:
    """A refresh under way: whether it reads everything, and whether the schedule began it."""

    future: Future[Outcome]
    full: bool
    due: bool


def _ended(
    futures: Sequence[Future[Outcome]],
    steps: "queue.SimpleQueue[Progress | None]",
    on_progress: OnProgress | None,
) -> list[Outcome]:
    """Return how each ended, once all have; steps are told meanwhile, in the calling thread."""
    for future in futures:
        future.add_done_callback(lambda _: steps.put(None))
    waiting = len(futures)
    while waiting:
        step = steps.get()
        if step is None:
            waiting -= 1
        elif on_progress is not None:
            on_progress(step)
    return [future.result() for future in futures]


def _told(done: Future[Outcome], report: OnProgress) -> None:
    """Report the last step of a refresh that another caller began."""
    if not done.cancelled():
        outcome = done.result()
        told = outcome.message or "done"
        report(
            Progress(outcome.business_id, outcome.name, "", TOTAL_STEPS, TOTAL_STEPS, outcome.rows_in, told)
        )


class _Asked:
    """Counts what one run asked for, so that the requests beyond are known as tries again."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._lock = threading.Lock()
        self._count = 0

    def send(self, realm: str, request: Request) -> Reply:
        with self._lock:
            self._count += 1
        try:
            return self._send(realm, request)
        except Paused:
            with self._lock:
                self._count -= 1  # nothing was sent
            raise

    def again(self, requests: int) -> int:
        """Return how many of so many requests asked for something a second time or more."""
        with self._lock:
            return max(0, requests - self._count)


class _Steps:
    """Turns what the readers report into progress by entity; called from several threads."""

    def __init__(self, client: Client, report: OnProgress) -> None:
        self._client = client
        self._report = report
        self._lock = threading.Lock()
        self._rows: dict[str, int] = {}
        self._through: set[str] = set()

    def entity(self, entity: str, rows: int, through: bool) -> None:
        with self._lock:
            self._rows[entity] = max(rows, self._rows.get(entity, 0))
            if through:
                self._through.add(entity)
            self._report(self._progress(entity))

    def through(self, outcome: str) -> None:
        self._report(replace(self._progress(""), outcome=outcome))

    def _progress(self, entity: str) -> Progress:
        client, rows = self._client, sum(self._rows.values())
        return Progress(client.business_id, client.name, entity, len(self._through), TOTAL_STEPS, rows)
