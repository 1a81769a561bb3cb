"""The circuit breaker: opens after repeated failures, probes once, closes on success; and a run that gives up."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from rowcol.errors import GrantDead, Paused, RailError, Refused, Throttled, Unavailable
from rowcol.qbo.client import Reply, Request
from rowcol.sync.breaker import Breaker, stop_after_failure

ASK = Request("GET", "query", {}, "query")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class SyncContext:
    """A rail that fails as told and counts what it was asked; time passes only when told to."""

    def __init__(self) -> None:
        self.now = NOON
        self.error: RailError | None = None
        self.asked: list[str] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def clock(self) -> datetime:
        return self.now

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)

    def send(self, realm: str, _: Request) -> Reply:
        self.asked.append(realm)
        self.passes(seconds=1)
        self.meanwhile()
        if self.error is not None:
            raise self.error
        return Reply({}, b"", None, 1)


@pytest.fixture
def rail() -> SyncContext:
    return SyncContext()


@pytest.fixture
def breaker(rail: SyncContext) -> Breaker:
    return Breaker(rail.clock)


def fail(rail: SyncContext, breaker: Breaker, error: RailError, realm: str = "1", times: int = 1) -> None:
    rail.error = error
    for _ in range(times):
        with pytest.raises(type(error)):
            breaker.guard(rail.send)(realm, ASK)
    rail.error = None


@pytest.mark.parametrize("error", [Unavailable("503"), Throttled("429")])
def test_three_failures_in_a_row_open_a_company_and_leave_the_others_alone(
    rail: SyncContext, breaker: Breaker, error: RailError
) -> None:
    fail(rail, breaker, error, times=2)
    assert breaker.state("1") == "closed"
    fail(rail, breaker, error)
    assert (breaker.state("1"), breaker.state("2")) == ("open", "closed")
    with pytest.raises(Paused, match=r"failed 3 times running .* next try after 12:01 UTC"):
        breaker.guard(rail.send)("1", ASK)
    assert rail.asked == ["1", "1", "1"]


def test_a_success_between_failures_starts_the_count_again(rail: SyncContext, breaker: Breaker) -> None:
    fail(rail, breaker, Unavailable("503"), times=2)
    breaker.guard(rail.send)("1", ASK)
    fail(rail, breaker, Unavailable("503"), times=2)
    assert breaker.state("1") == "closed"


@pytest.mark.parametrize("error", [GrantDead("ended"), Refused("no")])
def test_refusals_and_dead_grants_never_open_it(
    rail: SyncContext, breaker: Breaker, error: RailError
) -> None:
    fail(rail, breaker, error, times=20)
    assert (breaker.state("1"), breaker.intuit().state) == ("closed", "closed")


def test_after_the_pause_one_call_probes_and_others_wait_for_its_end(
    rail: SyncContext, breaker: Breaker
) -> None:
    fail(rail, breaker, Unavailable("503"), times=3)
    rail.passes(seconds=61)
    assert breaker.state("1") == "half-open"

    def second_caller() -> None:
        rail.meanwhile = lambda: None
        with pytest.raises(Paused):
            breaker.guard(rail.send)("1", ASK)

    rail.meanwhile = second_caller
    breaker.guard(rail.send)("1", ASK)
    assert breaker.state("1") == "closed"
    assert len(rail.asked) == 4


def test_a_failed_probe_opens_it_again_for_twice_as_long_up_to_a_quarter_of_an_hour(
    rail: SyncContext, breaker: Breaker
) -> None:
    fail(rail, breaker, Unavailable("503"), times=3)
    for minutes in (1, 2, 4, 8, 15, 15):
        rail.passes(seconds=minutes * 60 - 1)
        assert breaker.state("1") == "open"
        rail.passes(seconds=1)
        fail(rail, breaker, Unavailable("503"))
    rail.passes(minutes=15)
    breaker.guard(rail.send)("1", ASK)
    fail(rail, breaker, Unavailable("503"), times=3)
    rail.passes(minutes=1)
    assert breaker.state("1") == "half-open"


def test_calls_of_one_company_that_fail_together_count_once(rail: SyncContext, breaker: Breaker) -> None:
    send = breaker.guard(rail.send)
    depth = 4

    def another_under_way() -> None:
        nonlocal depth
        depth -= 1
        if depth:
            with pytest.raises(Unavailable):
                send("1", ASK)

    rail.error, rail.meanwhile = Unavailable("503"), another_under_way
    with pytest.raises(Unavailable):
        send("1", ASK)
    assert len(rail.asked) == 4
    assert breaker.state("1") == "closed"


def test_intuit_is_left_alone_when_several_companies_fail_to_be_answered(
    rail: SyncContext, breaker: Breaker
) -> None:
    fail(rail, breaker, Unavailable("503"), "1", 3)
    fail(rail, breaker, Unavailable("503"), "2", 2)
    assert breaker.state("9") == "closed"
    fail(rail, breaker, Unavailable("503"), "3")
    assert (breaker.state("9"), breaker.intuit().failures) == ("open", 6)
    with pytest.raises(Paused, match="Intuit"):
        breaker.guard(rail.send)("9", ASK)
    rail.passes(minutes=1)
    breaker.guard(rail.send)("9", ASK)
    assert breaker.intuit().state == "closed"


def test_throttling_of_many_companies_is_not_an_outage_of_intuit(rail: SyncContext, breaker: Breaker) -> None:
    for realm in "123456":
        fail(rail, breaker, Throttled("429"), realm, 2)
    assert breaker.intuit() == breaker.intuit().__class__("closed", 0)


def test_a_person_who_asks_is_let_through_and_one_more_failure_opens_it_again(
    rail: SyncContext, breaker: Breaker
) -> None:
    fail(rail, breaker, Unavailable("503"), times=3)
    breaker.allow_retry(["1"])
    assert breaker.state("1") == "closed"
    fail(rail, breaker, Unavailable("503"))
    assert breaker.state("1") == "open"
    breaker.allow_retry(["1"])
    breaker.guard(rail.send)("1", ASK)
    fail(rail, breaker, Unavailable("503"), times=2)
    assert breaker.state("1") == "closed"


def test_a_run_asks_no_more_once_a_call_was_given_up(rail: SyncContext) -> None:
    send = stop_after_failure(rail.send)
    send("1", ASK)
    rail.error = Throttled("429", retry_after=30)
    with pytest.raises(Throttled):
        send("1", ASK)
    rail.error = None
    with pytest.raises(Throttled, match="429") as repeated:
        send("1", ASK)
    assert repeated.value.retry_after == 30
    assert len(rail.asked) == 2


def test_a_run_goes_on_after_a_refusal(rail: SyncContext) -> None:
    send = stop_after_failure(rail.send)
    rail.error = Refused("no such entity")
    with pytest.raises(Refused):
        send("1", ASK)
    rail.error = None
    send("1", ASK)
    assert len(rail.asked) == 2
