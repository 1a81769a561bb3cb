"""The only composition root: settings become a store, a rail, a clock and the services pages and commands ask."""

import functools
import logging
import secrets
import sys
import threading
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial

import pandas as pd

from rowcol.clock import NOW, Clock, Moment, system_clock
from rowcol.decisions import calls, client_settings, current
from rowcol.decisions.client_settings import all_settings
from rowcol.decisions.follow_ups import all_questions, all_tasks
from rowcol.decisions.recording import OPERATOR, DecisionLog
from rowcol.delivery.digest_run import DigestRun
from rowcol.delivery.digest_schedule import TICK
from rowcol.delivery.digests import open_digests
from rowcol.domain.clients import ClientSettings
from rowcol.domain.current_decisions import CurrentDecisions
from rowcol.entities import ENTITIES
from rowcol.errors import RowColError, SettingsError
from rowcol.gateways.client_books import AdvisorRecords
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.gateways.tie_out_check import TieOutCheck
from rowcol.gateways.working_time import working_times
from rowcol.qbo import webhooks
from rowcol.qbo.client import QboClient
from rowcol.qbo.oauth import AuthorizationServer, application
from rowcol.qbo.rate_limit import RateLimiter
from rowcol.qbo.tokens import Tokens
from rowcol.qbo.vault import Vault, load_or_create_key
from rowcol.settings import Settings, enabled_rails, load_settings
from rowcol.store.control.clients import Client, Clients
from rowcol.store.control.decisions import Decisions
from rowcol.store.control.grants import SealedGrants
from rowcol.store.control.sent_mail import SentLog
from rowcol.store.database import Database
from rowcol.store.frames import Frames
from rowcol.store.log import Positions, last_position
from rowcol.store.migrations import migrate
from rowcol.store.replay import Verified, verify
from rowcol.sync.breaker import Breaker
from rowcol.sync.connections import Connections
from rowcol.sync.context import SyncContext
from rowcol.sync.grants import StoredGrants
from rowcol.sync.job_runner import Job, Runner
from rowcol.sync.metering import Meter
from rowcol.sync.orchestrator import Hint, Orchestrator, Served
from rowcol.sync.policy import ensure_policies
from rowcol.sync.progress import OnProgress, Outcome
from rowcol.sync.refresher import Refresher
from rowcol.sync.scheduler import RefreshScheduler
from rowcol.sync.signals import Signals
from rowcol.views.activity import (
    activity_view,
    every_run,
    find_records,
    not_fresh,
    record_history,
)
from rowcol.views.client.page import ClientView, client_view
from rowcol.views.client.test_drive import drive_view
from rowcol.views.client.tie_out import tie_out_view
from rowcol.views.client.working_capital import working_capital_view
from rowcol.views.clients import clients_view
from rowcol.views.common.calls import call_held_now, call_view
from rowcol.views.common.changes import changes_between
from rowcol.views.common.follow_up import follow_up_view
from rowcol.views.connections import ConnectionsView, connections_view, health_state
from rowcol.views.console.forecast import forecast_view
from rowcol.views.console.inputs import console_inputs
from rowcol.views.reports import report_frame, unknown_at
from rowcol.views.tray.page import tray_view, week_at

PRACTICE = "practice"
"""One installation serves one practice; every row names it, so that several can share a store later."""
NO_BANK_ACTIVITY = ("aging-ap", "aging-ar", "tie-out")
"""Reports that need no balance sheets around a past date's window."""
LINK_HOSTS = {"production": "qbo.intuit.com", "sandbox": "sandbox.qbo.intuit.com"}
_LOG = logging.getLogger(__name__)


class Services:
    """What the pages, the server and the command line ask of the product."""

    def __init__(
        self, settings: Settings, clock: Clock = system_clock, rate_limiter: RateLimiter | None = None
    ) -> None:
        enabled_rails(settings.rails)
        self.settings = settings
        self.cli_token = secrets.token_urlsafe(32)
        self._clock = clock
        self.database, self.key = _opened(settings)
        with self.database.read() as cursor:
            positions = Positions(last_position(cursor))
        self.clients = Clients(self.database, PRACTICE)
        self.frames = Frames(self.database, PRACTICE)
        self._decisions = Decisions(self.database, PRACTICE, positions)
        self._sealed = SealedGrants(self.database, PRACTICE)
        self._meter = Meter(self.database, PRACTICE, clock)
        self._breaker = Breaker(clock)
        book = StoredGrants(self._sealed, Vault(self.key), clock)
        authority = AuthorizationServer(settings.endpoints, partial(application, settings), now=clock)
        tokens = Tokens(authority, book, clock)
        client = QboClient(
            settings.endpoints, tokens, rate_limiter=rate_limiter, now=clock, on_call=self._meter.count
        )
        self._rail = SyncContext(self.database, PRACTICE, positions, self._breaker.guard(client.send), clock)
        self._connections = Connections(
            self._rail, tokens, self._sealed, self.clients, self._meter, authority
        )
        zone = settings.timezone
        self._tie_out = TieOutCheck(self._rail, self.frames, self._settings_at, zone)
        self._refresher = Refresher(self._rail, self._tie_out, self._meter)
        self._rounds = RefreshScheduler(
            self._rail, self.clients, self._sealed, partial(working_times, self.frames, self._settings_at, zone),
            self._refresher, self._breaker, self._meter,
        )  # fmt: skip
        self._orchestrator = Orchestrator(self._rail, self._refresher, self._rounds.conditions)
        records = AdvisorRecords(
            self._settings_at, self._advice_at, partial(calls.all_calls, self._decisions),
            partial(calls.snapshots, self._decisions), partial(all_questions, self._decisions),
            partial(all_tasks, self._decisions),
        )  # fmt: skip
        self.gateway = QuickBooksGateway(
            self.frames, records, clock, zone, LINK_HOSTS[settings.qbo_environment]
        )
        self._signals = Signals(self._rail, self.clients)
        self._bind_views()
        self._start_jobs(positions)

    def _bind_views(self) -> None:
        """Give each view maker the gateway it reads from."""
        gateway = self.gateway
        self.clients_view = partial(clients_view, gateway)
        self.forecast_view = partial(forecast_view, gateway)
        self.console_inputs = partial(console_inputs, gateway)
        self.tray_view = partial(tray_view, gateway)
        self.week_at = partial(week_at, gateway)
        self.follow_up_view = partial(follow_up_view, gateway)
        self.tie_out_view = partial(tie_out_view, gateway)
        self.working_capital_view = partial(working_capital_view, gateway)
        self.drive_view = partial(drive_view, gateway)
        self.changes_between = partial(changes_between, gateway)
        self.call_view = partial(call_view, gateway, self._decisions)
        self.call_held_now = partial(call_held_now, gateway)
        self.activity_view = partial(activity_view, gateway)
        self.every_run = partial(every_run, gateway)
        self.find_records = partial(find_records, gateway)
        self.record_history = partial(record_history, gateway)
        self.unknown_at = partial(unknown_at, gateway)

    def _start_jobs(self, positions: Positions) -> None:
        """Prepare the digests and what runs by the clock."""
        self.decision_log = DecisionLog(self._decisions, self._clock)
        log = SentLog(self.database, PRACTICE, positions)
        self.digests = open_digests(self.gateway, self.decision_log, log, self.settings)
        run = DigestRun(
            self.digests, lambda as_of: self.refresh(as_of=as_of), self.clients.since, self._clock
        )
        jobs = [Job("refresh", self._rounds.run), Job("digest", run.tick, TICK)]
        self._runner = Runner(jobs, self._clock)

    def now(self) -> datetime:
        """Return the present moment."""
        return self._clock()

    def log_position(self, business_id: str | None = None, excluded_kinds: tuple[str, ...] = ()) -> int:
        """Return what a page's figures depend on, of one client or of all, as one rising number.

        Decisions of the excluded kinds do not raise it.
        """
        return self.frames.log_position(business_id, excluded_kinds)

    def client_view(self, business_id: str, moment: Moment = NOW) -> ClientView:
        """Return one client's page. Raises UnknownClient."""
        view = client_view(self.gateway, business_id, moment)
        self._signals.page_opened(business_id)
        return view

    def connections_view(self) -> ConnectionsView:
        """Return the companies connected and whether more can be."""
        settings = self.settings
        missing = tuple(
            name
            for name, value in (
                ("ROWCOL_QBO_CLIENT_ID", settings.qbo_client_id),
                ("ROWCOL_QBO_CLIENT_SECRET", settings.qbo_client_secret),
            )
            if not value
        )
        return connections_view(
            self.gateway, self._sealed.ended(), settings.qbo_environment, missing, self._breaker.state,
            self._breaker.intuit(), self._rounds.budget(),
        )  # fmt: skip

    def report(self, name: str, business_id: str | None = None, moment: Moment = NOW) -> pd.DataFrame:
        """Return a report's rows with the columns of the command line's contract. Raises UsageError."""
        if moment.known_at is None and moment.as_of is not None and name not in NO_BANK_ACTIVITY:
            for client in self.connected(None if business_id is None else [business_id]):
                self._tie_out.ensure_bank_sheets(client, moment.as_of)
            self._meter.flush()
        return report_frame(self.gateway, name, business_id, moment)

    def refresh(
        self,
        business_ids: Sequence[str] | None = None,
        on_progress: OnProgress | None = None,
        as_of: date | None = None,
        *,
        full: bool = False,
    ) -> list[Outcome]:
        """Refresh clients (None: every connected one) and return how each ended; blocks until all are through.

        Asked by a person: companies left alone by the breaker are tried at once. `full` reads everything again
        and checks the tie-out; `as_of` also reads what bank activity up to that date needs.
        """
        clients = self.connected(business_ids)
        self._breaker.allow_retry([client.realm_id for client in clients])
        outcomes = self._refresher.refresh(clients, on_progress, full=full)
        if as_of is not None:
            for client, outcome in zip(clients, outcomes, strict=True):
                if outcome.ok:
                    self._tie_out.ensure_bank_sheets(client, as_of)
        return outcomes

    def check_tie_out(self, business_id: str) -> None:
        """Refresh a client, then hold it against QuickBooks' own reports. Raises UnknownClient and RailErrors."""
        client = self.clients.find(business_id)
        outcome = self.refresh([business_id])
        if outcome and outcome[0].error is not None:
            raise outcome[0].error
        try:
            self._tie_out.check_now(client)
        finally:
            self._meter.flush()

    def stale(self, clients: Sequence[Client]) -> list[Client]:
        """Return those of the clients whose mirror is not fresh."""
        stale = not_fresh(self.gateway)
        return [client for client in clients if client.business_id in stale]

    def refresh_behind(self, business_id: str) -> bool:
        """Have a client refreshed behind its page where its mirror is old; say whether that is under way.

        Raises UnknownClient, nothing of the rail's; never waits.
        """
        self._signals.page_opened(business_id)
        return self._orchestrator.show(self.clients.find(business_id)).refreshing

    def refreshing(self, business_id: str) -> bool:
        """Say whether a client is being refreshed."""
        return self._refresher.is_refreshing(business_id)

    def read_refresh(self, entity: str, business_id: str, hint: Hint = Hint.CACHED_OK) -> Served:
        """Bring an entity of a client's mirror up to date where needed and say how fresh it is. Raises UnknownClient."""
        return self._orchestrator.read_refresh(entity, self.clients.find(business_id), hint)

    def take_webhook(self, body: bytes, signature: str) -> bool:
        """Note what a webhook says has changed; False where it is not Intuit's. Raises SettingsError without a token."""
        token = self.settings.qbo_webhook_token
        if token is None:
            raise SettingsError("ROWCOL_QBO_WEBHOOK_TOKEN is not set", "Set it to Intuit's verifier token")
        if not webhooks.is_signed_by_intuit(body, signature, token.get_secret_value()):
            return False
        self._signals.entities_changed(webhooks.changed_entities(body, ENTITIES))
        return True

    def consent_url(self) -> str:
        """Return Intuit's consent page with a state of its own. Raises SettingsError."""
        return self._connections.consent_url()

    def complete_consent(self, params: Mapping[str, str]) -> str:
        """Connect the company Intuit sent back, begin to read its books, and return its name.

        Raises ConsentError and other RailErrors.
        """
        client = self._connections.complete(params)
        self._refresher.start(client)
        return client.name

    def connect(self, realm: str, refresh_token: str, name: str | None = None) -> Client:
        """Connect a company by a refresh token. Raises GrantDead and other RailErrors."""
        return self._connections.connect(realm, refresh_token, name)

    def disconnect(self, business_id: str) -> None:
        """Revoke a client's grant and forget its tokens; the books stay. Raises RailErrors."""
        self._connections.disconnect(self.clients.find(business_id))

    def client_settings(self, business_id: str) -> ClientSettings:
        """Return what the advisor said of a client."""
        return self._settings_at(None).get(business_id, ClientSettings())

    def save_settings(self, business_id: str, settings: ClientSettings) -> None:
        """Record a client's settings. Raises UsageError."""
        client_settings.save(self.decision_log, OPERATOR, business_id, settings)

    def verify(self, business_ids: Sequence[str] | None = None) -> Verified:
        """Replay the log and hold it against the mirror."""
        return verify(self.database, self.frames.scope(None if business_ids is None else tuple(business_ids)))

    def health(self) -> dict[str, object]:
        """Return the state of store, tokens, freshness, breakers and scheduler as plain values."""
        view = self.connections_view()
        budget = view.budget or self._rounds.budget()
        return health_state(view, budget, self._runner.state(), self.settings.database, self.log_position())

    def start(self) -> None:
        """Start what runs by the clock."""
        self._runner.start()

    def stop(self) -> None:
        """Stop what runs by the clock, wait for refreshes under way, and close the store."""
        self._runner.stop()
        self._refresher.close()
        self._signals.close()
        try:
            self._meter.flush()
        finally:
            self.database.close()

    def _settings_at(self, known_at: datetime | None = None) -> Mapping[str, ClientSettings]:
        return all_settings(self._decisions, known_at)

    def _advice_at(self, known_at: datetime | None = None) -> CurrentDecisions:
        return current.advice(self._decisions, known_at)

    def connected(self, business_ids: Sequence[str] | None = None) -> list[Client]:
        """Return the clients that are connected, of those asked for."""
        wanted = None if business_ids is None else set(business_ids)
        return [
            client
            for client in self.clients.all()
            if (client.disconnected_at is None) and (wanted is None or client.business_id in wanted)
        ]

    def client_names(self) -> dict[str, str]:
        """Return business_id -> name of every connected client, by name."""
        return {client.business_id: client.name for client in self.connected()}


def _opened(settings: Settings) -> tuple[Database, str]:
    """Return the database, migrated, and the key that opens its tokens; a key made now is said aloud."""
    database = Database(settings.database)
    try:
        migrate(database)
        ensure_policies(database, PRACTICE)
        key, created = load_or_create_key(settings, settings.database)
    except RowColError:
        database.close()
        raise
    if created:
        print(f"Made a new key beside {settings.database}: keep it with your backups.", file=sys.stderr)  # noqa: T201 - said aloud
    return database, key


_making = threading.Lock()


def services() -> Services:
    """Return this process's services, from the environment and `.env`. Raises SettingsError, StoreError.

    One maker at a time: pages and the server's start ask side by side, and a second set would write beside the first.
    """
    with _making:
        return _made()


@functools.cache
def _made() -> Services:
    return Services(load_settings())
