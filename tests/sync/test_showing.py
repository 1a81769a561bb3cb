"""Opening a page goes through smart sync: the mirror at once, a refresh behind it if it is old, and never a storm."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rowcol.sandbox.run import RunningSandbox, running_sandbox
from rowcol.sync.orchestrator import Hint
from rowcol.sync.refresher import Refresher
from rowcol.wiring import Services
from tests.kits.clock import FrozenClock, unlimited
from tests.kits.company_sync import REALM, agency, product, refreshed_product, requests_of
from tests.kits.practice import served

OTHER = "9130350000000000002"


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def sandbox(clock: FrozenClock) -> Iterator[RunningSandbox]:
    with running_sandbox([agency(), agency(OTHER)], clock=clock, throttle=False) as running:
        yield running


@pytest.fixture
def services(tmp_path: Path, sandbox: RunningSandbox, clock: FrozenClock) -> Iterator[Services]:
    with refreshed_product(tmp_path, sandbox, clock=clock, rate_limiter=unlimited()) as running:
        yield running


def business(services: Services, realm: str = REALM) -> str:
    return services.clients.find(realm).business_id


def ended(services: Services, realm: str = REALM) -> None:
    """Wait for the refresh behind a page."""
    until(lambda: not services.refreshing(business(services, realm)))


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def requests_made(sandbox: RunningSandbox, realm: str = REALM) -> int:
    return sum(requests_of(sandbox, realm).values())


def test_a_fresh_client_is_shown_without_asking(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    clock.forward(minutes=15)
    assert not services.refresh_behind(business(services))
    assert requests_made(sandbox) == 0


def test_an_old_one_is_shown_at_once_and_one_request_brings_it_up_to_date(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    client = business(services)
    clock.forward(minutes=16)
    with sandbox.companies[REALM].lock:  # QuickBooks does not answer until the page has been drawn
        assert services.refresh_behind(client)
        view = services.client_view(client)
        assert (view.freshness.stale, view.freshness.by_plan, services.refreshing(client)) == (
            True,
            True,
            True,
        )
    ended(services)
    assert not services.client_view(client).freshness.stale
    assert not services.refresh_behind(client)
    assert (requests_made(sandbox), requests_made(sandbox, OTHER)) == (1, 0)


def test_eight_pages_opened_at_once_make_one_refresh(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    client = business(services)
    clock.forward(minutes=16)
    with ThreadPoolExecutor(8) as pool, sandbox.companies[REALM].lock:
        assert all(pool.map(services.refresh_behind, [client] * 8))
    ended(services)
    assert requests_made(sandbox) == 1


def test_the_list_of_clients_asks_for_none(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    clock.forward(minutes=50)
    rows = services.clients_view().rows
    assert (rows["stale"].all(), rows["by_plan"].all()) == (True, True)
    clock.forward(hours=2)
    assert not services.clients_view().rows["by_plan"].any(), "older than any pace: the schedule did not run"
    assert (requests_made(sandbox), requests_made(sandbox, OTHER)) == (0, 0)


def test_a_client_never_read_is_read_when_its_page_is_opened(
    tmp_path: Path, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    with product(tmp_path, sandbox, clock=clock, rate_limiter=unlimited()) as services:
        assert services.refresh_behind(business(services))
        ended(services)
        assert services.client_view(business(services)).figures is not None


def test_a_failure_is_shown_and_not_repeated_by_every_look(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    client = business(services)
    clock.forward(minutes=16)
    sandbox.faults({"kind": "403", "times": None, "realm": REALM})
    assert services.refresh_behind(client)
    ended(services)
    before = requests_made(sandbox)
    for minutes in (0, 1, 3):
        clock.forward(minutes=minutes)
        assert not services.refresh_behind(client)
        assert served(services, client, Hint.BEHIND).finding == "SYNC_FAILED"
    assert requests_made(sandbox) == before
    view = services.client_view(client)
    assert (view.freshness.stale, view.freshness.by_plan) == (True, False)
    sandbox.faults()
    clock.forward(minutes=1)
    assert services.refresh_behind(client)
    ended(services)
    assert not services.client_view(client).freshness.stale


def test_a_dead_grant_is_not_tried_until_the_company_is_connected_again(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    client = business(services)
    clock.forward(hours=2)
    sandbox.faults({"kind": "invalid_grant", "times": None, "realm": REALM})
    assert served(services, client).finding == "AUTH_EXPIRED"
    clock.forward(hours=2)
    tokens = sandbox.stats()["realms"][REALM]["requests"].get("token", 0)
    assert not services.refresh_behind(client)
    shown = served(services, client, Hint.BEHIND)
    assert (shown.finding, "refresh token" in shown.reason) == ("AUTH_EXPIRED", True)
    assert sandbox.stats()["realms"][REALM]["requests"].get("token", 0) == tokens
    sandbox.faults()
    clock.forward(minutes=1)
    services.connect(REALM, sandbox.grant(REALM))
    assert services.refresh_behind(client)
    ended(services)
    assert not services.client_view(client).freshness.stale


def test_a_disconnected_client_is_shown_as_it_was(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    client = business(services)
    services.disconnect(client)
    clock.forward(hours=1)
    sandbox.state.stats.clear()
    assert not services.refresh_behind(client)
    assert served(services, client, Hint.BEHIND).reason == "The company is disconnected"
    assert requests_made(sandbox) == 0


def test_an_open_breaker_is_respected_and_no_run_is_recorded(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    client = business(services)
    sandbox.faults({"kind": "429", "retry_after": 120, "times": None, "realm": REALM})
    for _ in range(3):
        clock.forward(minutes=16)
        served(services, client)
    clock.forward(seconds=30)
    runs = len(services.every_run(client))
    assert services.connections_view().rows.set_index("realm_id")["breaker"][REALM] == "open"
    assert not services.refresh_behind(client)
    assert served(services, client, Hint.BEHIND).finding == "SYNC_THROTTLED"
    assert len(services.every_run(client)) == runs


def test_a_full_refresh_reads_everything_though_another_was_under_way(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    client = business(services)
    clock.forward(minutes=16)
    with ThreadPoolExecutor(1) as pool:
        with sandbox.companies[REALM].lock:
            assert services.refresh_behind(client)
            until(lambda: requests_of(sandbox, REALM).get("cdc", 0) == 1)
            full = pool.submit(services.refresh, [client], full=True)
            until(full.running)
        (outcome,) = full.result()
    assert outcome.ok
    assert requests_of(sandbox, REALM)["query"] >= 18


def test_who_asks_does_not_wait_behind_the_clients_that_are_due(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    """After a night 300 clients are due at once, and a person opens one of them."""
    clock.forward(minutes=16)
    first, second = (services.clients.find(realm) for realm in (REALM, OTHER))
    refresher = Refresher(services.context, services.tie_out, services.meter, at_once=1)
    with sandbox.companies[REALM].lock:
        due = refresher.start_scheduled([first, second])
        until(lambda: requests_of(sandbox, REALM).get("cdc", 0) == 1)
        (outcome,) = refresher.refresh([second])
        assert outcome.ok
        assert (due[0].done(), due[1].cancelled()) == (False, True)
    assert due[0].result().ok
    refresher.close()
    assert requests_made(sandbox, OTHER) == 1


def test_who_joins_a_refresh_hears_of_its_end(
    services: Services, sandbox: RunningSandbox, clock: FrozenClock
) -> None:
    client = business(services)
    clock.forward(minutes=16)
    steps: list[str] = []
    with ThreadPoolExecutor(1) as pool:
        with sandbox.companies[REALM].lock:
            assert services.refresh_behind(client)
            joined = pool.submit(services.refresh, [client], lambda step: steps.append(step.outcome))
            until(joined.running)
        joined.result()
    assert steps[-1] == "done"
