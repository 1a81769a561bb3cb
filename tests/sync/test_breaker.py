"""The circuit breaker: opens after repeated failures, probes once, closes on success; and a run that gives up."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from rowcol.errors import GrantDead, Paused, RailError, Refused, Throttled, Unavailable
from rowcol.qbo.client import Reply, Request
from rowcol.sync.breaker import Breaker, stop_after_failure

ASK = Request("GET", "query", {}, "query")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class FailingSender:
    """A sender that fails on demand and counts the requests; its time passes only by `passes`."""

    def __init__(self) -> None:
        self.now = NOON
        self.error: RailError | None = None
        self.requested: list[str] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def clock(self) -> datetime:
        return self.now

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)

    def send(self, realm: str, _: Request) -> Reply:
        self.requested.append(realm)
        self.passes(seconds=1)
        self.meanwhile()
        if self.error is not None:
            raise self.error
        return Reply({}, b"", None, 1)


@pytest.fixture
def sender() -> FailingSender:
    return FailingSender()


@pytest.fixture
def breaker(sender: FailingSender) -> Breaker:
    return Breaker(sender.clock)


def fail(sender: FailingSender, breaker: Breaker, error: RailError, realm: str = "1", times: int = 1) -> None:
    sender.error = error
    for _ in range(times):
        with pytest.raises(type(error)):
            breaker.guard(sender.send)(realm, ASK)
    sender.error = None


@pytest.mark.parametrize("error", [Unavailable("503"), Throttled("429")])
def test_three_failures_in_a_row_open_a_company_and_leave_the_others_alone(
    sender: FailingSender, breaker: Breaker, error: RailError
) -> None:
    fail(sender, breaker, error, times=2)
    assert breaker.state("1") == "closed"
    fail(sender, breaker, error)
    assert (breaker.state("1"), breaker.state("2")) == ("open", "closed")
    with pytest.raises(Paused, match=r"failed 3 times running .* next try after 12:01 UTC"):
        breaker.guard(sender.send)("1", ASK)
    assert sender.requested == ["1", "1", "1"]


def test_a_success_between_failures_starts_the_count_again(sender: FailingSender, breaker: Breaker) -> None:
    fail(sender, breaker, Unavailable("503"), times=2)
    breaker.guard(sender.send)("1", ASK)
    fail(sender, breaker, Unavailable("503"), times=2)
    assert breaker.state("1") == "closed"


@pytest.mark.parametrize("error", [GrantDead("ended"), Refused("no")])
def test_refusals_and_dead_grants_never_open_it(
    sender: FailingSender, breaker: Breaker, error: RailError
) -> None:
    fail(sender, breaker, error, times=20)
    assert (breaker.state("1"), breaker.intuit().state) == ("closed", "closed")


def test_after_the_pause_one_call_probes_and_others_wait_for_its_end(
    sender: FailingSender, breaker: Breaker
) -> None:
    fail(sender, breaker, Unavailable("503"), times=3)
    sender.passes(seconds=61)
    assert breaker.state("1") == "half-open"

    def second_caller() -> None:
        sender.meanwhile = lambda: None
        with pytest.raises(Paused):
            breaker.guard(sender.send)("1", ASK)

    sender.meanwhile = second_caller
    breaker.guard(sender.send)("1", ASK)
    assert breaker.state("1") == "closed"
    assert len(sender.requested) == 4


def test_a_failed_probe_opens_it_again_for_twice_as_long_up_to_a_quarter_of_an_hour(
    sender: FailingSender, breaker: Breaker
) -> None:
    fail(sender, breaker, Unavailable("503"), times=3)
    for minutes in (1, 2, 4, 8, 15, 15):
        sender.passes(seconds=minutes * 60 - 1)
        assert breaker.state("1") == "open"
        sender.passes(seconds=1)
        fail(sender, breaker, Unavailable("503"))
    sender.passes(minutes=15)
    breaker.guard(sender.send)("1", ASK)
    fail(sender, breaker, Unavailable("503"), times=3)
    sender.passes(minutes=1)
    assert breaker.state("1") == "half-open"


def test_calls_of_one_company_that_fail_together_count_once(sender: FailingSender, breaker: Breaker) -> None:
    send = breaker.guard(sender.send)
    depth = 4

    def another_under_way() -> None:
        nonlocal depth
        depth -= 1
        if depth:
            with pytest.raises(Unavailable):
                send("1", ASK)

    sender.error, sender.meanwhile = Unavailable("503"), another_under_way
    with pytest.raises(Unavailable):
        send("1", ASK)
    assert len(sender.requested) == 4
    assert breaker.state("1") == "closed"


def test_intuit_is_left_alone_when_several_companies_fail_to_be_answered(
    sender: FailingSender, breaker: Breaker
) -> None:
    fail(sender, breaker, Unavailable("503"), "1", 3)
    fail(sender, breaker, Unavailable("503"), "2", 2)
    assert breaker.state("9") == "closed"
    fail(sender, breaker, Unavailable("503"), "3")
    assert (breaker.state("9"), breaker.intuit().failures) == ("open", 6)
    with pytest.raises(Paused, match="Intuit"):
        breaker.guard(sender.send)("9", ASK)
    sender.passes(minutes=1)
    breaker.guard(sender.send)("9", ASK)
    assert breaker.intuit().state == "closed"


def test_throttling_of_many_companies_is_not_an_outage_of_intuit(
    sender: FailingSender, breaker: Breaker
) -> None:
    for realm in "123456":
        fail(sender, breaker, Throttled("429"), realm, 2)
    assert breaker.intuit() == breaker.intuit().__class__("closed", 0)


def test_a_person_who_asks_is_let_through_and_one_more_failure_opens_it_again(
    sender: FailingSender, breaker: Breaker
) -> None:
    fail(sender, breaker, Unavailable("503"), times=3)
    breaker.allow_retry(["1"])
    assert breaker.state("1") == "closed"
    fail(sender, breaker, Unavailable("503"))
    assert breaker.state("1") == "open"
    breaker.allow_retry(["1"])
    breaker.guard(sender.send)("1", ASK)
    fail(sender, breaker, Unavailable("503"), times=2)
    assert breaker.state("1") == "closed"


def test_a_run_asks_no_more_once_a_call_was_given_up(sender: FailingSender) -> None:
    send = stop_after_failure(sender.send)
    send("1", ASK)
    sender.error = Throttled("429", retry_after=30)
    with pytest.raises(Throttled):
        send("1", ASK)
    sender.error = None
    with pytest.raises(Throttled, match="429") as repeated:
        send("1", ASK)
    assert repeated.value.retry_after == 30
    assert len(sender.requested) == 2


def test_a_run_goes_on_after_a_refusal(sender: FailingSender) -> None:
    send = stop_after_failure(sender.send)
    sender.error = Refused("no such entity")
    with pytest.raises(Refused):
        send("1", ASK)
    sender.error = None
    send("1", ASK)
    assert len(sender.requested) == 2
