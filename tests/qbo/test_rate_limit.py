"""No company gets requests faster than promised, whoever sends them, and no company waits for another."""

import itertools
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rowcol.qbo.rate_limit import INTUIT, Limits, RateLimiter
from tests.kits.clock import FrozenClock, unlimited
from tests.kits.servers.scripted import REALM


def starts_of(gaps: list[float], limits: Limits = INTUIT) -> list[float]:
    """Return when calls started that were requested with these gaps between them."""
    time_ = FrozenClock()
    rate_limiter = RateLimiter(limits, time_.seconds, time_.sleep)
    starts = []
    for gap in gaps:
        time_.passed += gap
        with rate_limiter.slot(REALM):
            starts.append(time_.passed)
    return starts


def most_in_any(window: float, starts: list[float]) -> int:
    """Return the most starts in any window of that length, its first moment included, its last not."""
    return max(sum(first <= other < first + window for other in starts) for first in starts)


@given(st.lists(st.floats(0, 2), min_size=1, max_size=60))
def test_no_sliding_second_has_more_than_nine_calls(gaps):
    assert most_in_any(1.0, starts_of(gaps)) <= 9


@pytest.mark.parametrize("gap", [0.0, 0.01, 0.118])
def test_no_sliding_minute_has_more_than_480(gap):
    starts = starts_of([gap] * 1100)
    assert most_in_any(60.0, starts) == 480
    assert most_in_any(1.0, starts) <= 9


def test_the_pace_is_used_up_to_the_full():
    starts = starts_of([0.0] * 91)
    assert starts[90] == pytest.approx(10.1)


def test_starts_are_evenly_apart_and_never_a_burst():
    starts = starts_of([0.0] * 40)
    assert starts[0] == 0
    assert min(second - first for first, second in itertools.pairwise(starts)) == pytest.approx(0.11)


def test_a_burst_held_up_on_its_way_still_keeps_intuit_s_own_limit():
    starts = starts_of([0.0] * 40)
    arrivals = [start + (0.1 if number % 10 < 5 else 0.0) for number, start in enumerate(starts)]
    assert most_in_any(1.0, arrivals) <= 10


def test_a_call_after_a_pause_does_not_wait():
    assert starts_of([0.0, 5.0, 0.05]) == pytest.approx([0.0, 5.0, 5.11])


def test_one_company_does_not_wait_for_another():
    time_ = FrozenClock()
    rate_limiter = RateLimiter(INTUIT, time_.seconds, time_.sleep)
    for number in range(50):
        with rate_limiter.slot(str(number)):
            assert time_.naps == []


def test_eight_threads_share_one_company_s_pace():
    time_ = FrozenClock()
    rate_limiter = RateLimiter(INTUIT, time_.seconds, time_.sleep)
    starts: list[float] = []

    def ask() -> None:
        for _ in range(10):
            with rate_limiter.slot(REALM):
                starts.append(time_.passed)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(starts) == 80
    assert len(rate_limiter._calls_of(REALM).starts) == 80
    assert most_in_any(1.0, list(rate_limiter._calls_of(REALM).starts)) <= 9


def test_ten_are_in_flight_and_the_eleventh_waits_for_one_to_end():
    rate_limiter = RateLimiter(Limits(windows=(), in_flight=10))
    inside = threading.Semaphore(0)
    leave = threading.Semaphore(0)
    left = threading.Semaphore(0)

    def ask() -> None:
        with rate_limiter.slot(REALM):
            inside.release()
            leave.acquire()
        left.release()

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(11)]
    for thread in threads:
        thread.start()
    assert all(inside.acquire(timeout=5) for _ in range(10))
    assert not inside.acquire(timeout=0.05)
    leave.release()
    assert left.acquire(timeout=5)
    assert inside.acquire(timeout=5)
    leave.release(10)
    for thread in threads:
        thread.join(5)


def test_a_place_is_given_back_when_a_call_fails():
    rate_limiter = RateLimiter(Limits(windows=(), in_flight=1))
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), rate_limiter.slot(REALM):
            raise ZeroDivisionError


def test_a_longer_pause_stands_and_a_pause_is_kept_even_when_the_windows_are_lifted():
    time_ = FrozenClock()
    rate_limiter = RateLimiter(Limits(windows=(), in_flight=10), time_.seconds, time_.sleep)
    rate_limiter.pause(REALM, 30)
    rate_limiter.pause(REALM, 5)
    assert rate_limiter.paused_for(REALM) == 30
    with rate_limiter.slot(REALM):
        assert time_.passed == 30
    assert rate_limiter.paused_for(REALM) == 0


def test_lifted_pacing_holds_nobody_back():
    rate_limiter = unlimited()
    for _ in range(1000):
        with rate_limiter.slot(REALM):
            assert rate_limiter.paused_for(REALM) == 0
