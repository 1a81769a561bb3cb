"""QuickBooks at its worst: whatever it answers, a refresh ends in time, and the books are right afterwards."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from rowcol.errors import GrantDead, RailError, Throttled, Unauthorized, Unavailable
from rowcol.qbo.retry import FAILURE_BUDGET
from rowcol.sandbox.run import RunningSandbox, running_sandbox
from rowcol.sync.run import ENTITIES_AT_ONCE
from tests.kits.clock import FrozenClock
from tests.kits.company_sync import (
    REALM,
    Bookkeeper,
    CompanySync,
    agency,
    company_of_bills,
    company_sync,
    mirrored,
    product,
    served,
)

READ_SECONDS = 0.4
PASSING: dict[str, list[dict[str, Any]]] = {
    "throttled": [{"kind": "429", "form": "json"}, {"kind": "429", "form": "xml", "retry_after": 3}],
    "down": [{"kind": "500"}, {"kind": "503"}, {"kind": "504"}, {"kind": "xml"}, {"kind": "fault200"}],
    "torn": [{"kind": "reset"}, {"kind": "truncate"}, {"kind": "hang", "seconds": 5.0}],
    "nonsense": [{"kind": "html"}, {"kind": "empty"}, {"kind": "garbage"}, {"kind": "401"}],
}
ENDLESS: list[tuple[dict[str, Any], type[RailError]]] = [
    ({"kind": "429"}, Throttled),
    ({"kind": "429", "retry_after": 3600}, Throttled),
    ({"kind": "503"}, Unavailable),
    ({"kind": "hang", "seconds": 5.0}, Unavailable),
    ({"kind": "401"}, Unauthorized),
]


def named(rule: object) -> str:
    return " ".join(f"{value}" for value in rule.values()) if isinstance(rule, dict) else ""


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def sandbox(clock: FrozenClock) -> Iterator[RunningSandbox]:
    with running_sandbox([agency()], clock=clock, throttle=False, double_refresh_kills=True) as running:
        yield running


@pytest.fixture
def company(tmp_path: Path, sandbox: RunningSandbox, clock: FrozenClock) -> Iterator[CompanySync]:
    """A client's sync whose waits pass at once and whose answers have 0.4 real seconds to come."""
    with company_sync(
        tmp_path, sandbox, clock=clock, read_seconds=READ_SECONDS, report_seconds=READ_SECONDS
    ) as company:
        yield company


@pytest.mark.parametrize("rules", PASSING.values(), ids=PASSING.keys())
def test_a_storm_that_passes_costs_time_and_nothing_else(
    company: CompanySync, sandbox: RunningSandbox, clock: FrozenClock, rules: list[dict[str, Any]]
):
    """Each fault twice in the first reading, wherever it hits, and once more in the next cycle.

    A 401 comes once in each: if both hit the same request, the second ends the run, as it should.
    """
    people = Bookkeeper(sandbox)
    sandbox.faults(*({**rule, "times": 1 if rule["kind"] == "401" else 2} for rule in rules))
    company.sync()
    assert company.at_rest()
    clock.forward(minutes=15)
    people.delete("Bill", people.unlinked("Bill")[0]["Id"])
    sandbox.faults(*rules)
    assert company.sync().deleted == 1
    assert company.at_rest()
    assert sandbox.state.faults.rules() == []


@pytest.mark.parametrize(("rule", "error"), ENDLESS, ids=named)
def test_an_endless_fault_ends_the_run_in_time_and_the_mirror_stands(
    company: CompanySync,
    sandbox: RunningSandbox,
    clock: FrozenClock,
    rule: dict[str, Any],
    error: type[RailError],
):
    company.sync()
    before, people = company.content(), Bookkeeper(sandbox)
    clock.forward(minutes=15)
    people.edit("Bill", people.records("Bill")[0]["Id"], PrivateNote="Edited")
    sandbox.faults({**rule, "times": None})
    began = time.monotonic()
    for full in (False, True):
        company.waits.passed = 0.0
        with pytest.raises(error):
            company.sync(full=full)
        # What several threads wait side by side adds up here.
        assert company.waits.passed <= FAILURE_BUDGET * (ENTITIES_AT_ONCE if full else 1)
    assert time.monotonic() - began < 2 * 6 * READ_SECONDS + 20, (
        "six tries of each call, and no call after the first that failed"
    )
    assert (company.content(), company.differences()) == (before, ())
    sandbox.faults()
    clock.forward(minutes=15)
    company.waits.passed += 900  # the longest a company is let alone after a 429
    company.sync()
    assert company.at_rest()


def test_a_fault_in_the_middle_of_a_first_reading_keeps_what_had_come(tmp_path: Path, clock: FrozenClock):
    with (
        running_sandbox([company_of_bills(90)], clock=clock, throttle=False) as sandbox,
        company_sync(tmp_path, sandbox, clock=clock, page_size=20) as company,
    ):
        sandbox.faults({"kind": "503", "match": "STARTPOSITION 61", "times": None})
        with pytest.raises(Unavailable):
            company.sync()
        assert len([key for key in company.content() if key[0] == "Bill"]) == 60
        assert company.differences() == ()
        sandbox.faults()
        company.sync()
        assert company.at_rest()
        assert company.versions_logged() == len(company.content()), "what had come is not logged again"


def test_a_token_that_expires_between_two_pages_costs_one_rotation(tmp_path: Path, clock: FrozenClock):
    with (
        running_sandbox(
            [company_of_bills(90)], clock=clock, throttle=False, double_refresh_kills=True
        ) as sandbox,
        company_sync(tmp_path, sandbox, clock=clock, page_size=20) as company,
    ):
        sandbox.faults({"kind": "401", "match": "STARTPOSITION 41", "times": 1})
        company.sync()
        assert company.at_rest()
        assert (company.book.written, company.book.dead) == (2, "")


def test_a_throttled_token_endpoint_means_later_and_a_dead_grant_means_reconnect(
    company: CompanySync, sandbox: RunningSandbox, clock: FrozenClock
):
    company.sync()
    clock.forward(hours=2)
    sandbox.faults({"kind": "token429", "times": None})
    with pytest.raises(Throttled):
        company.sync()
    assert company.book.dead == ""
    sandbox.faults()
    company.sync()
    clock.forward(hours=2)
    sandbox.faults({"kind": "invalid_grant", "times": None})
    with pytest.raises(GrantDead):
        company.sync()
    assert company.book.dead != ""


def test_a_storm_on_the_real_wire_keeps_the_pace_and_loses_nothing(tmp_path: Path):
    """At the real pace and the real limiter of the sandbox: throttles that were not earned, resets, 503s, in threads."""
    with (
        running_sandbox([agency()], double_refresh_kills=True, latency_ms=40) as sandbox,
        product(tmp_path, sandbox) as services,
    ):
        for kind in ("429", "503", "reset", "truncate"):
            sandbox.faults({"kind": kind, "retry_after": 1, "times": 4, "match": "/v3/"})
        (outcome,) = services.refresh()
        assert outcome.ok, outcome.message
        seen = sandbox.stats()["realms"][REALM]
        assert seen["max_in_one_second"] <= 10
        assert seen["max_in_flight"] <= 10
        assert outcome.requests >= 23 + 16
        (client,) = services.clients.all()
        assert mirrored(services.database, client.business_id) == served(sandbox.companies[REALM])


def test_eight_refreshes_at_once_with_an_expired_token_rotate_it_once(tmp_path: Path):
    """On the real wire at the real pace, whole and by changes: nobody is refused, and the pace is kept."""
    with (
        running_sandbox([agency()], double_refresh_kills=True, latency_ms=60) as sandbox,
        product(tmp_path, sandbox) as services,
    ):
        services.refresh()
        sandbox.state.grants.expire_access(REALM)
        tokens = sandbox.stats()["realms"][REALM]["requests"]["token"]
        together = threading.Barrier(8)
        with ThreadPoolExecutor(8) as pool:
            outcomes = [
                item.result()[0]
                for item in [
                    pool.submit(lambda: (together.wait(), services.refresh(full=True))[1]) for _ in range(8)
                ]
            ]
        assert [outcome.message for outcome in outcomes] == [""] * 8
        seen = sandbox.stats()
        assert seen["realms"][REALM]["requests"]["token"] == tokens + 1
        assert seen["realms"][REALM]["max_in_one_second"] <= 10
        assert seen["realms"][REALM]["max_in_flight"] <= 10
        assert {item["status"] for item in seen["recent"]} <= {200, 401}, "no 429 was ever earned"
        (client,) = services.clients.all()
        assert mirrored(services.database, client.business_id) == served(sandbox.companies[REALM])
