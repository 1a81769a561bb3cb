"""The only composition root: makes the services that pages, commands and the server call, from the settings."""

import functools
import secrets
import sys
import threading
from collections.abc import Sequence
from functools import partial

from rowcol.clock import Clock, system_clock
from rowcol.decisions import calls
from rowcol.decisions.client_settings import all_settings, save, settings_of
from rowcol.decisions.follow_ups import all_questions, all_tasks
from rowcol.decisions.reading import current_decisions
from rowcol.decisions.recording import OPERATOR, DecisionLog
from rowcol.delivery.digest_run import DigestRun
from rowcol.delivery.digest_schedule import TICK
from rowcol.delivery.digests import open_digests
from rowcol.errors import RowColError
from rowcol.gateways.client_books import AdvisorRecords
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.gateways.refreshes import Refreshes, working_times
from rowcol.gateways.tie_out_check import TieOutCheck
from rowcol.qbo.client import QboClient
from rowcol.qbo.oauth import AuthorizationServer, application
from rowcol.qbo.rate_limit import RateLimiter
from rowcol.qbo.tokens import Tokens
from rowcol.qbo.vault import Vault, load_or_create_key
from rowcol.settings import Settings, enabled_rails, load_settings, unconfigured
from rowcol.store.control.clients import Clients
from rowcol.store.control.decisions import Decisions
from rowcol.store.control.grants import SealedGrants
from rowcol.store.control.sent_mail import SentLog
from rowcol.store.database import Database
from rowcol.store.frames import Frames
from rowcol.store.log import Positions, last_position
from rowcol.store.migrations import open_database
from rowcol.store.replay import Verified, verify
from rowcol.sync.breaker import Breaker
from rowcol.sync.connections import Connections
from rowcol.sync.context import SyncContext
from rowcol.sync.grants import StoredGrants
from rowcol.sync.job_runner import Job, Runner
from rowcol.sync.metering import Meter
from rowcol.sync.orchestrator import Orchestrator
from rowcol.sync.policy import ensure_policies
from rowcol.sync.refresher import Refresher
from rowcol.sync.scheduler import RefreshScheduler
from rowcol.sync.signals import Signals
from rowcol.views import activity, clients, connections, reports
from rowcol.views.client import page as client_page
from rowcol.views.client import test_drive, tie_out, working_capital
from rowcol.views.common import calls as call_views
from rowcol.views.common import changes, follow_up
from rowcol.views.console import accuracy, inputs
from rowcol.views.tray import page as tray_page


class Services:
    """The product composed for one practice, `advisor_id`: what pages, the server and the command line call."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock = system_clock,
        rate_limiter: RateLimiter | None = None,
        advisor_id: str = "practice",
    ) -> None:
        enabled_rails(settings.rails)
        self.settings, self.now = settings, clock
        self.cli_token = secrets.token_urlsafe(32)
        self.database, self.key = _open(settings, advisor_id)
        with self.database.read() as cursor:
            positions = Positions(last_position(cursor))
        self.clients, self.frames = Clients(self.database, advisor_id), Frames(self.database, advisor_id)
        self.log_position = self.frames.log_position
        self.decision_log = DecisionLog(Decisions(self.database, advisor_id, positions), clock)
        self._compose_sync(positions, rate_limiter)
        self.gateway = self._gateway()
        sent_log = SentLog(self.database, advisor_id, positions)
        self.digests = open_digests(self.gateway, self.decision_log, sent_log, settings)
        run = DigestRun(self.digests, self.refresh, self.clients.since, clock)
        self.runner = Runner([Job("refresh", self.scheduler.run), Job("digest", run.tick, TICK)], clock)
        self._bind_views()

    def _compose_sync(self, positions: Positions, rate_limiter: RateLimiter | None) -> None:
        """Compose the QuickBooks client, the refreshes and their schedule."""
        settings, clock, zone = self.settings, self.now, self.settings.timezone
        advisor_id = self.clients.advisor_id
        settings_at = partial(all_settings, self.decision_log.decisions)
        self.meter, self.breaker = Meter(self.database, advisor_id, clock), Breaker(clock)
        self.sealed = SealedGrants(self.database, advisor_id)
        authority = AuthorizationServer(settings.endpoints, partial(application, settings), now=clock)
        tokens = Tokens(authority, StoredGrants(self.sealed, Vault(self.key), clock), clock)
        count = self.meter.count
        qbo = QboClient(settings.endpoints, tokens, rate_limiter=rate_limiter, now=clock, on_call=count)
        self.context = SyncContext(self.database, advisor_id, positions, self.breaker.guard(qbo.send), clock)
        self.tie_out = TieOutCheck(self.context, self.frames, settings_at, zone)
        self.refresher = Refresher(self.context, self.tie_out, self.meter)
        self.scheduler = RefreshScheduler(
            self.context, self.clients, self.sealed, partial(working_times, self.frames, settings_at, zone),
            self.refresher, self.breaker, self.meter,
        )  # fmt: skip
        conditions = self.scheduler.conditions
        self.orchestrator = Orchestrator(self.context, self.refresher, self.breaker, conditions)
        self.signals = Signals(self.context, self.clients)
        self.connections = Connections(
            self.context, tokens, self.sealed, self.clients, self.meter, authority, self.refresher.start
        )
        refreshes = Refreshes(self.clients, self.orchestrator, self.tie_out, self.meter, self.signals)
        self.refresh, self.refresh_behind = refreshes.refresh, refreshes.refresh_behind
        self.check_tie_out, self.read_bank_sheets = refreshes.check_tie_out, refreshes.read_bank_sheets
        self.refreshing = self.refresher.is_refreshing
        self.connect, self.disconnect = self.connections.connect, self.connections.disconnect
        self.consent_url, self.complete_consent = self.connections.consent_url, self.connections.complete
        self.take_webhook = partial(self.signals.take_webhook, settings.qbo_webhook_token)

    def _gateway(self) -> QuickBooksGateway:
        decisions, settings = self.decision_log.decisions, self.settings
        records = AdvisorRecords(
            partial(all_settings, decisions), partial(current_decisions, decisions), partial(calls.all_calls, decisions),
            partial(calls.snapshots, decisions), partial(all_questions, decisions), partial(all_tasks, decisions),
        )  # fmt: skip
        return QuickBooksGateway(self.frames, records, self.now, settings.timezone, settings.link_host)

    def _bind_views(self) -> None:
        """Give each view maker the gateway that it opens books through."""
        settings, gateway, decisions = self.settings, self.gateway, self.decision_log.decisions
        state = connections.ConnectionState(
            settings.qbo_environment, unconfigured(settings), self.sealed.ended, self.breaker.state, self.breaker.intuit,
            self.scheduler.budget, self.runner.state, settings.database,
        )  # fmt: skip
        self.connections_view = partial(connections.connections_view, gateway, state)
        self.health = partial(connections.health_state, gateway, state)
        self.clients_view = partial(clients.clients_view, gateway)
        self.client_view = partial(client_page.client_view, gateway)
        self.tie_out_view = partial(tie_out.tie_out_view, gateway)
        self.working_capital_view = partial(working_capital.working_capital_view, gateway)
        self.drive_view = partial(test_drive.drive_view, gateway)
        self.follow_up_view = partial(follow_up.follow_up_view, gateway)
        self.changes_between = partial(changes.changes_between, gateway)
        self.call_view = partial(call_views.call_view, gateway, decisions)
        self.call_held_now = partial(call_views.call_held_now, gateway)
        self.accuracy_view = partial(accuracy.accuracy_view, gateway)
        self.console_inputs = partial(inputs.console_inputs, gateway)
        self.tray_view = partial(tray_page.tray_view, gateway)
        self.week_at = partial(tray_page.week_at, gateway)
        self.activity_view = partial(activity.activity_view, gateway)
        self.every_run = partial(activity.every_run, gateway)
        self.find_records = partial(activity.find_records, gateway)
        self.record_history = partial(activity.record_history, gateway)
        self.report = partial(reports.report_frame, gateway)
        self.stated_report = partial(reports.report, gateway)
        self.unknown_at = partial(reports.unknown_at, gateway)
        self.settings_of = partial(settings_of, decisions)
        self.save_settings = partial(save, self.decision_log, OPERATOR)

    def verify(self, business_ids: Sequence[str] | None = None) -> Verified:
        """Replay the log of some clients, or of all, and compare it with the mirror."""
        return verify(self.database, self.frames.scope(None if business_ids is None else tuple(business_ids)))

    def stop(self) -> None:
        """Stop what runs by the clock, wait for refreshes in progress, and close the store."""
        self.runner.stop()
        self.refresher.close()
        self.signals.close()
        try:
            self.meter.flush()
        finally:
            self.database.close()


def _open(settings: Settings, advisor_id: str) -> tuple[Database, str]:
    """Return the database, migrated, and the key that opens its tokens; a new key is announced."""
    database = open_database(settings.database)
    try:
        ensure_policies(database, advisor_id)
        key, created = load_or_create_key(settings, settings.database)
    except RowColError:
        database.close()
        raise
    if created:
        print(f"Made a new key beside {settings.database}: keep it with your backups.", file=sys.stderr)  # noqa: T201 - announced once
    return database, key


_lock = threading.Lock()


def services() -> Services:
    """Return this process's services, from the environment and `.env`. Raises SettingsError, StoreError.

    One caller at a time composes them: a second set would write to the same database.
    """
    with _lock:
        return _composed()


@functools.cache
def _composed() -> Services:
    return Services(load_settings())
