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

from rowcol.clock import Clock, system_clock
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
from rowcol.gateways.quickbooks import QboAp, QboAr, QboBank, QboSource
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
    ActivityView,
    RecordHistory,
    RecordsFound,
    activity_view,
    every_run,
    find_records,
    not_fresh,
    record_history,
)
from rowcol.views.client.page import client_view
from rowcol.views.clients import clients_view
from rowcol.views.common.call_book import CallBook
from rowcol.views.common.gather import Source
from rowcol.views.common.records import ClientsView, ClientView, ConnectionsView
from rowcol.views.connections import connections_view
from rowcol.views.console.forecast import ForecastView, forecast_view
from rowcol.views.console.room import ConsoleRoom
from rowcol.views.health import health_state
from rowcol.views.reports import report_frame, unknown_at
from rowcol.views.tray.review import Review

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
        source = QboSource(
            self._orchestrator, self.frames, self.clients, self._settings_at, self._advice_at, zone
        )
        self.ap, self.ar, self.bank = QboAp(source), QboAr(source), QboBank(source)
        self._signals = Signals(self._rail, self.clients)
        self._open_rooms(positions)

    def _open_rooms(self, positions: Positions) -> None:
        """Open what the pages ask for beyond the figures, and what the clock asks for."""
        settings, clock = self.settings, self._clock
        self.decision_log = DecisionLog(self._decisions, clock)
        questions, tasks = partial(all_questions, self._decisions), partial(all_tasks, self._decisions)
        host = LINK_HOSTS[settings.qbo_environment]
        self.review = Review(self._source, questions, tasks, host)
        log = SentLog(self.database, PRACTICE, positions)
        self.digests = open_digests(self._source, questions, tasks, self.decision_log, log, settings, host)
        digest_run = DigestRun(
            self.digests, lambda as_of: self.refresh(as_of=as_of), self.clients.since, clock
        )
        self.calls = CallBook(self._source, self.decision_log)
        self.console = ConsoleRoom(self._decisions, self._source, host)
        jobs = [Job("refresh", self._rounds.run), Job("digest", digest_run.tick, TICK)]
        self._runner = Runner(jobs, clock)

    def now(self) -> datetime:
        """Return the present moment."""
        return self._clock()

    def log_position(self, business_id: str | None = None) -> int:
        """Return what a page's figures depend on, of one client or of all, as one rising number."""
        return self.frames.log_position(business_id)

    def clients_view(self, as_of: date | None = None, known_at: datetime | None = None) -> ClientsView:
        """Return the client list."""
        return clients_view(self._source(), as_of, known_at)

    def client_view(
        self, business_id: str, as_of: date | None = None, known_at: datetime | None = None
    ) -> ClientView:
        """Return one client's page. Raises UnknownClient."""
        host = LINK_HOSTS[self.settings.qbo_environment]
        view = client_view(self._source(), business_id, host, as_of, known_at)
        self._signals.page_opened(business_id)
        return view

    def forecast_view(
        self, business_id: str, as_of: date | None = None, known_at: datetime | None = None
    ) -> ForecastView:
        """Return one client's 13 weeks. Raises UnknownClient."""
        return forecast_view(
            self._source(), business_id, LINK_HOSTS[self.settings.qbo_environment], as_of, known_at
        )

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
            self._source(), self._sealed.ended(), settings.qbo_environment, missing, self._breaker.state,
            self._breaker.intuit(), self._rounds.budget(),
        )  # fmt: skip

    def activity_view(self, business_id: str | None = None, outcome: str = "") -> ActivityView:
        """Return what refreshes did, and how fresh each entity is. Raises UnknownClient."""
        return activity_view(self._source(), business_id, outcome)

    def every_run(self, business_id: str | None = None, outcome: str = "") -> pd.DataFrame:
        """Return all runs of the activity, however many."""
        return every_run(self._source(), business_id, outcome)

    def find_records(self, business_id: str, entity: str = "", words: str = "") -> RecordsFound:
        """Return one client's records out of the log, by id, number or name."""
        return find_records(self._source(), business_id, entity, words)

    def record_history(self, business_id: str, entity: str, qbo_id: str) -> RecordHistory:
        """Return the versions of one record."""
        return record_history(self._source(), business_id, entity, qbo_id)

    def report(
        self, name: str, business_id: str | None, as_of: date | None, known_at: datetime | None
    ) -> pd.DataFrame:
        """Return a report's rows with the columns of the command line's contract. Raises UsageError."""
        if known_at is None and as_of is not None and name not in NO_BANK_ACTIVITY:
            for client in self.connected(None if business_id is None else [business_id]):
                self._tie_out.ensure_bank_sheets(client, as_of)
            self._meter.flush()
        return report_frame(self._source(), name, business_id, as_of, known_at)

    def unknown_at(self, known_at: datetime, business_id: str | None) -> list[str]:
        """Return the names of the clients, of one or all, of whose books nothing was known at a moment."""
        return unknown_at(self._source(), known_at, business_id)

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
        stale = not_fresh(self._source())
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

    def _source(self) -> Source:
        return Source(
            self.frames, self._settings_at, self._advice_at, self._clock(), self.settings.timezone,
            partial(calls.all_calls, self._decisions), partial(calls.snapshots, self._decisions),
        )  # fmt: skip

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
