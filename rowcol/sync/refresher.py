"""Refreshing clients: each once at a time, several side by side, each followed by its tie-out check if one is due."""

import gc
import logging
import queue
import sys
import threading
import uuid
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol

from rowcol.entities import ENTITIES
from rowcol.errors import GrantDead, Paused, RowColError, StoreError, Throttled, Unauthorized
from rowcol.qbo.client import Reply, Request, Send
from rowcol.store.control import control_rows
from rowcol.store.control.clients import Client
from rowcol.store.control.freshness import clear_stale_marks
from rowcol.store.control.runs import SyncRun, count_calls, record_run
from rowcol.sync.breaker import stop_after_failure
from rowcol.sync.context import Company, OnEntity, SyncContext
from rowcol.sync.metering import Meter
from rowcol.sync.plan import ReadResult, plan_refresh, read_planned
from rowcol.sync.progress import OnProgress, Outcome, Progress, ProgressReporter

CLIENTS_AT_ONCE = 16
GARBAGE_AFTER = 50_000
"""Objects made before Python looks for results: parsed pages have none, and looking took a third of a first refresh."""
REPORTS_STEP, TIE_OUT_STEP = "Reports", "Tie-out"
"""The steps that a check reports, after those of the entities."""
TOTAL_STEPS = len(ENTITIES) + 2
UNPLANNED, CHECKED = "refresh", "check"
"""The kind of a run that failed before it had a plan, and of one for changes that included the daily check."""
SWITCH_SECONDS = 0.001
"""How long one thread computes before another runs: a statement of the database needs a dozen switches, and with
Python's own 5 ms each a page waited longer for them than it took to land."""
_LOG = logging.getLogger(__name__)


class TieOut(Protocol):
    """The check of the mirror against QuickBooks' own reports; it needs the figures, so it is made above this layer."""

    def due(self, client: Client) -> bool:
        """Return whether a client's check is due."""

    def check(self, client: Client, run_id: str, on_step: OnEntity, send: Send) -> None:
        """Check a client, as part of a run. Raises GrantDead and Unauthorized."""


class Refresher:
    """Refreshes one practice's clients; a second caller for a client that is being refreshed joins it.

    Requested refreshes and scheduled ones have their own threads: no request waits behind 300 due clients.
    """

    def __init__(
        self,
        context: SyncContext,
        tie_out: TieOut,
        meter: Meter,
        at_once: int = CLIENTS_AT_ONCE,
    ) -> None:
        self._context = context
        self._tie_out = tie_out
        self._meter = meter
        self._running: dict[str, _Run] = {}
        self._lock = threading.RLock()  # a run that has ended already calls back within `_submit`
        self._requested = ThreadPoolExecutor(at_once, thread_name_prefix="requested")
        self._scheduled = ThreadPoolExecutor(at_once, thread_name_prefix="scheduled")
        gc.set_threshold(GARBAGE_AFTER, *gc.get_threshold()[1:])
        sys.setswitchinterval(SWITCH_SECONDS)

    def refresh(
        self, clients: Sequence[Client], on_progress: OnProgress | None = None, *, full: bool = False
    ) -> list[Outcome]:
        """Refresh clients and return their outcomes in the same order; `on_progress` runs in the calling thread.

        `full` reads everything again and checks the tie-out; otherwise one request finds what changed. One client's
        failure is its outcome and never stops the others.
        """
        steps: queue.SimpleQueue[Progress | None] = queue.SimpleQueue()
        runs = [self._start(client, steps.put, full=full) for client in clients]
        outcomes = _outcomes(runs, steps, on_progress)
        again = [place for place, run in enumerate(runs) if full and not run.full]
        if again:  # those joined a run that did not read everything
            runs = [self._start(clients[place], steps.put, full=full) for place in again]
            for place, outcome in zip(again, _outcomes(runs, steps, on_progress), strict=True):
                outcomes[place] = outcome
        return outcomes

    def start_scheduled(self, clients: Sequence[Client]) -> list[Future[Outcome]]:
        """Start refreshing clients that are due, without waiting."""
        return [self._start(client, _ignore, scheduled=True).future for client in clients]

    def start(self, client: Client) -> None:
        """Start refreshing a client whose page was opened, without waiting."""
        self._start(client, _ignore)

    def is_refreshing(self, business_id: str) -> bool:
        """Return whether a client is being refreshed, on a request or by the schedule."""
        with self._lock:
            return business_id in self._running

    def close(self) -> None:
        """Wait for the refreshes in progress, then stop."""
        for pool in (self._scheduled, self._requested):
            pool.shutdown(wait=True, cancel_futures=True)

    def _start(
        self, client: Client, report: OnProgress, *, full: bool = False, scheduled: bool = False
    ) -> "_Run":
        """Start a client's refresh, or join the one in progress; one that is only queued is overtaken by a request."""
        with self._lock:
            running = self._running.get(client.business_id)
            if running is not None and not (running.scheduled and not scheduled and running.future.cancel()):
                running.future.add_done_callback(lambda ended: _report_end(ended, report))
                return running
            return self._submit(client, report, full, scheduled)

    def _submit(self, client: Client, report: OnProgress, full: bool, scheduled: bool) -> "_Run":
        pool = self._scheduled if scheduled else self._requested
        run = _Run(pool.submit(self._refresh_one, client, report, full), full, scheduled)
        self._running[client.business_id] = run
        run.future.add_done_callback(lambda _: self._forget(client.business_id, run))
        return run

    def _forget(self, business_id: str, run: "_Run") -> None:
        with self._lock:
            if self._running.get(business_id) is run:
                del self._running[business_id]

    def _refresh_one(self, client: Client, report: OnProgress, full: bool) -> Outcome:
        company = Company(client, uuid.uuid4().hex, self._context.clock())
        progress = ProgressReporter(client, TOTAL_STEPS, report)
        calls_before = self._meter.requests_sent(client.realm_id)
        result, error = ReadResult(), None
        kind: str = UNPLANNED
        counter = _RequestCounter(self._context.send)
        context = replace(self._context, send=stop_after_failure(counter.send))
        try:
            todo = plan_refresh(context, company, full=full)
            kind = todo.kind
            result = read_planned(context, company, todo, progress.entity)
            if todo.whole or self._tie_out.due(client):
                kind = CHECKED if kind == "changes" else kind
                self._tie_out.check(client, company.run_id, progress.entity, context.send)
        except RowColError as refused:
            error = refused
        except Exception as bug:  # noqa: BLE001 - one client's books must never stop the others
            _LOG.exception("%s: the refresh failed unexpectedly", client.name)
            error = RowColError(
                f"The refresh failed unexpectedly ({type(bug).__name__})", "The log has the details"
            )
        requests = self._meter.requests_sent(client.realm_id) - calls_before
        return self._finish(company, kind, result, error, (requests, counter.retries(requests)), progress)

    def _finish(
        self,
        company: Company,
        kind: str,
        result: ReadResult,
        error: RowColError | None,
        calls: tuple[int, int],
        progress: ProgressReporter,
    ) -> Outcome:
        requests, retries = calls
        client, now, landed = company.client, self._context.clock(), result.landed
        run = SyncRun(
            client.business_id, company.run_id, kind, company.started_at, now, outcome_of(error),
            reason="" if error is None else error.message, hint="" if error is None else error.hint,
            requests=requests, retries=retries, rows_in=landed.rows_in, rows_changed=landed.changed,
            rows_deleted=landed.deleted,
        )  # fmt: skip
        try:
            with self._meter.pending() as counted, self._context.database.write() as cursor:
                result.move_cursors(control_rows(cursor), self._context.advisor_id, client.business_id)
                record_run(control_rows(cursor), self._context.advisor_id, run)
                count_calls(control_rows(cursor), self._context.advisor_id, counted)
                if error is None:
                    clear_stale_marks(
                        control_rows(cursor), self._context.advisor_id, client.business_id, company.started_at
                    )
        except StoreError as unrecorded:
            error = error or unrecorded
        outcome = Outcome(
            client.business_id, client.name, error is None, len(ENTITIES), "" if error is None else error.message,
            "" if error is None else error.hint, landed.rows_in, landed.changed, landed.deleted, requests,
            (now - company.started_at).total_seconds(), error,
        )  # fmt: skip
        progress.end("done" if error is None else error.message)
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
    """A refresh in progress: whether it reads everything, and whether the scheduler started it."""

    future: Future[Outcome]
    full: bool
    scheduled: bool


def _outcomes(
    runs: Sequence[_Run], steps: "queue.SimpleQueue[Progress | None]", on_progress: OnProgress | None
) -> list[Outcome]:
    """Wait for runs and return how each ended; steps are reported meanwhile, in the calling thread."""
    for run in runs:
        run.future.add_done_callback(lambda _: steps.put(None))
    waiting = len(runs)
    while waiting:
        step = steps.get()
        if step is None:
            waiting -= 1
        elif on_progress is not None:
            on_progress(step)
    return [run.future.result() for run in runs]


def _ignore(_: Progress) -> None:
    """Report nothing."""


def _report_end(ended: Future[Outcome], report: OnProgress) -> None:
    """Report the last step of a refresh that another caller started."""
    if not ended.cancelled():
        outcome = ended.result()
        message = outcome.message or "done"
        report(
            Progress(
                outcome.business_id, outcome.name, "", TOTAL_STEPS, TOTAL_STEPS, outcome.rows_in, message
            )
        )


class _RequestCounter:
    """Counts the distinct requests of one run: what was sent beyond them were retries."""

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

    def retries(self, sent: int) -> int:
        """Return how many of the requests sent were retries."""
        with self._lock:
            return max(0, sent - self._count)
