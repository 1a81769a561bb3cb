"""One clock for every test: time stands still until a test, or something that sleeps, moves it."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from rowcol.qbo.rate_limit import Limits, RateLimiter

TODAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
"""12:00 Pacific on TODAY."""


class FrozenClock:
    """Call it for the time. `sleep` lets time pass at once and notes the length requested.

    `before_first_nap` is run once, by the first sleeper, before its time passes.
    """

    def __init__(self, start: datetime = NOON) -> None:
        self._start = start
        self.passed = 0.0
        self.naps: list[float] = []
        self.before_first_nap: Callable[[], None] = lambda: None
        self._lock = threading.Lock()

    def __call__(self) -> datetime:
        return self.now

    @property
    def now(self) -> datetime:
        """The time, which may be set."""
        return self._start + timedelta(seconds=self.passed)

    @now.setter
    def now(self, moment: datetime) -> None:
        self.passed = (moment - self._start).total_seconds()

    def forward(self, **spans: float) -> None:
        """Let time pass: keyword arguments of `timedelta`."""
        self.passed += timedelta(**spans).total_seconds()

    def seconds(self) -> float:
        """Return the time as seconds, as `time.monotonic` does."""
        return self.passed

    def sleep(self, seconds: float) -> None:
        """Let so much time pass at once."""
        first, self.before_first_nap = self.before_first_nap, lambda: None
        first()
        with self._lock:
            self.naps.append(seconds)
            self.passed += seconds


def unlimited(
    clock: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
) -> RateLimiter:
    """Return a rate limiter without windows; pauses that QuickBooks asks for still hold."""
    return RateLimiter(Limits(windows=(), in_flight=10), clock, sleep)
