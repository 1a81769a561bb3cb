"""read_refresh, single flight, marks, the rounds of the schedule, and the count of calls; against a sandbox."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from rowcol.errors import SettingsError
from rowcol.sandbox.run import RunningSandbox, running_sandbox
from rowcol.store.control import control_rows
from rowcol.store.control.freshness import last_opened, stale_marks
from rowcol.sync.orchestrator import Hint
from rowcol.wiring import Services
from tests.kits.clock import FrozenClock, unlimited
from tests.kits.company_sync import REALM, agency, product, refreshed_product, requests_of
from tests.kits.practice import served, settings_for
from tests.kits.store import PRACTICE

OTHER = "9130350000000000002"
TOKEN = "verifier-token"


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def sandbox(clock: FrozenClock) -> Iterator[RunningSandbox]:
    with running_sandbox([agency(), agency(OTHER)], clock=clock, throttle=False) as running:
        yield running


@pytest.fixture
def services(tmp_path: Path, sandbox: RunningSandbox, clock: FrozenClock) -> Iterator[Services]:
    rate_limiter = unlimited(clock.seconds, clock.sleep)
    with refreshed_product(tmp_path, sandbox, clock=clock, rate_limiter=rate_limiter) as running:
        yield running


def business(services: Services, realm: str = REALM) -> str:
    return services.clients.find(realm).business_id


def new_requests(sandbox: RunningSandbox, realm: str = REALM) -> dict[str, int]:
    counts = requests_of(sandbox, realm)
    sandbox.state.stats.clear()
    return counts


def test_a_fresh_mirror_is_served_without_asking(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    read_at = clock()
    clock.forward(minutes=15)
    shown = served(services, business(services))
    assert (shown.stale, shown.refreshed_at, shown.finding) == (False, read_at, None)
    assert new_requests(sandbox) == {}


def test_an_older_one_is_refreshed_by_one_request(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    clock.forward(minutes=15, seconds=1)
    shown = served(services, business(services))
    assert (shown.stale, shown.refreshed_at) == (False, clock())
    assert new_requests(sandbox) == {"cdc": 1}


def test_strict_always_asks(services: Services, sandbox: RunningSandbox) -> None:
    assert not served(services, business(services), Hint.STRICT).stale
    assert new_requests(sandbox) == {"cdc": 1}


def test_eight_callers_at_once_make_one_refresh(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    clock.forward(minutes=16)
    sandbox.faults({"kind": "slow", "seconds": 0.5, "times": 1, "realm": REALM})
    client = business(services)
    callers = [threading.Thread(target=served, args=(services, client)) for _ in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert new_requests(sandbox)["cdc"] == 1


@pytest.mark.parametrize(
    ("fault", "finding"),
    [
        ({"kind": "fault", "status": 400, "code": "6190"}, "SYNC_FAILED"),
        ({"kind": "429", "retry_after": 120}, "SYNC_THROTTLED"),
        ({"kind": "403"}, "SYNC_FAILED"),
    ],
)
def test_a_failure_serves_the_old_mirror_as_stale_with_its_reason(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock, fault: dict[str, object], finding: str
) -> None:
    read_at = clock()
    clock.forward(minutes=16)
    sandbox.faults({**fault, "times": None, "realm": REALM})
    shown = served(services, business(services))
    assert (shown.stale, shown.refreshed_at, shown.finding) == (True, read_at, finding)
    assert shown.reason
    other = served(services, business(services, OTHER))
    assert not other.stale


def test_a_grant_that_ended_is_reported_as_such(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    clock.forward(hours=2)
    sandbox.faults({"kind": "invalid_grant", "times": None})
    assert served(services, business(services)).finding == "AUTH_EXPIRED"


def notify(services: Services, *names: tuple[str, str], token: str = TOKEN) -> bool:
    body = json.dumps(
        [{"type": f"qbo.{entity}.updated.v1", "intuitaccountid": realm} for realm, entity in names]
    ).encode()
    signature = base64.b64encode(hmac.new(token.encode(), body, hashlib.sha256).digest()).decode()
    return services.take_webhook(body, signature)


def marked(services: Services) -> set[tuple[str, str]]:
    with services.database.read() as cursor:
        return stale_marks(control_rows(cursor), PRACTICE)


@pytest.fixture
def listening(tmp_path: Path, sandbox: RunningSandbox, clock: FrozenClock) -> Iterator[Services]:
    named = settings_for(sandbox.url, tmp_path / "listening.duckdb")
    settings = type(named).model_validate({**named.model_dump(), "qbo_webhook_token": TOKEN})
    running = Services(settings, clock, unlimited())
    try:
        running.connect(REALM, sandbox.grant(REALM))
        running.refresh()
        sandbox.state.stats.clear()
        yield running
    finally:
        running.stop()


def test_a_webhook_makes_its_entity_stale_until_the_next_refresh(
    listening: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    client = business(listening)
    clock.forward(minutes=1)
    for _ in range(3):
        assert notify(listening, (REALM, "bill"), ("404", "bill"), (REALM, "estimate"))
    listening.signals.close()
    assert marked(listening) == {(client, "Bill")}
    clock.forward(seconds=1)
    assert served(listening, client).refreshed_at == clock()
    assert new_requests(sandbox) == {"cdc": 1}
    assert marked(listening) == set()


def test_a_webhook_of_another_hand_marks_nothing(listening: Services) -> None:
    assert not notify(listening, (REALM, "bill"), token="another")
    listening.signals.close()
    assert marked(listening) == set()


def test_without_a_verifier_token_webhooks_are_refused(services: Services) -> None:
    with pytest.raises(SettingsError, match="ROWCOL_QBO_WEBHOOK_TOKEN"):
        notify(services, (REALM, "bill"))


def run_round(services: Services) -> list[str]:
    """Run one round of the schedule to its end and return the realms it refreshed."""
    started = services.scheduler.run()
    for future in services.scheduler._running.values():
        future.result()
    return sorted(client.realm_id for client in started)


def test_a_round_refreshes_who_is_due_once(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    assert run_round(services) == []
    clock.forward(minutes=13)
    assert run_round(services) == [REALM, OTHER]
    assert run_round(services) == []
    clock.forward(hours=3)
    assert run_round(services) == [REALM, OTHER]
    assert run_round(services) == []
    assert new_requests(sandbox) == {"cdc": 2}


def test_a_round_leaves_out_disconnected_clients_and_open_breakers(
    services: Services, clock: FrozenClock
) -> None:
    clock.forward(hours=1)
    services.disconnect(business(services, OTHER))
    assert run_round(services) == [REALM]


def test_every_call_is_counted_and_kept_over_a_restart(
    tmp_path: Path, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    with product(tmp_path, sandbox, clock=clock, rate_limiter=unlimited()) as services:
        services.refresh()
        budget = services.connections_view().budget
        assert budget is not None
        calls = sum(
            count
            for realm in (REALM, OTHER)
            for kind, count in requests_of(sandbox, realm).items()
            if kind != "token"
        )
        assert budget.used == calls > 40
        assert budget.limit == 500_000
        assert not budget.slowed
    again = Services(settings_for(sandbox.url, tmp_path / "product.duckdb"), clock, unlimited())
    try:
        kept = again.connections_view().budget
        assert kept is not None
        assert kept.used == calls
        clock.forward(days=11)
        next_month = again.connections_view().budget
        assert next_month is not None
        assert next_month.used == 0
    finally:
        again.stop()


def test_health_shows_scheduler_breaker_and_budget(services: Services) -> None:
    services.runner.start()
    health = services.health()
    assert health["breaker"] == "closed"
    scheduler, clients = health["scheduler"], health["clients"]
    assert isinstance(scheduler, dict)
    assert isinstance(clients, list)
    assert scheduler["running"] is True
    assert [job["name"] for job in scheduler["jobs"]] == ["refresh", "digest"]
    assert {client["breaker"] for client in clients} == {"closed"}


def test_open_breakers_are_shown_by_health_and_on_the_connections(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    sandbox.faults({"kind": "429", "retry_after": 61, "times": None, "realm": REALM})
    for _ in range(3):
        clock.forward(minutes=16)
        assert not services.refresh([business(services)])[0].ok
    view, health = services.connections_view(), services.health()
    assert view.rows.set_index("realm_id")["breaker"].to_dict() == {REALM: "open", OTHER: "closed"}
    assert (view.intuit, health["breaker"], health["breaker_until"]) == ("closed", "closed", None)
    assert {row["realm_id"]: row["breaker"] for row in health["clients"]} == {REALM: "open", OTHER: "closed"}
    clock.forward(minutes=13)
    assert REALM in run_round(services), "the pause is over and one call probes"
    assert services.health()["clients"][0]["breaker"] == "open"
    sandbox.faults()
    clock.forward(minutes=13)
    assert REALM in run_round(services)
    assert services.connections_view().rows["breaker"].tolist() == ["closed", "closed"]


def test_a_reconnected_company_is_read_at_the_next_look_of_the_schedule(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    clock.forward(minutes=1)
    services.connect(REALM, sandbox.grant(REALM))
    assert run_round(services) == [REALM]


def test_a_company_connected_by_consent_is_read_at_once(
    tmp_path: Path, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    running = Services(settings_for(sandbox.url, tmp_path / "consent.duckdb"), clock, unlimited())
    try:
        state = parse_qs(urlsplit(running.consent_url()).query)["state"][0]
        code = sandbox.state.grants.code(REALM, running.settings.qbo_redirect_uri, clock())
        running.complete_consent({"state": state, "code": code, "realmId": REALM})
        assert running.refreshing(business(running))
        running.refresher.close()
        assert running.clients_view().rows["synced_at"].notna().all()
    finally:
        running.stop()


def test_opening_a_client_is_kept_at_most_once_an_hour(services: Services, clock: FrozenClock) -> None:
    client, first = business(services), clock()
    for minutes in (0, 59):
        clock.now = first + timedelta(minutes=minutes)
        services.refresh_behind(client)
    services.signals.close()
    with services.database.read() as cursor:
        assert last_opened(control_rows(cursor), PRACTICE) == {client: first}
