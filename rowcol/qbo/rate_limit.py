"""The rate limit of each company: sliding windows, a cap on requests in flight, and pauses that QuickBooks requests."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rowcol.clock import Sleep

Seconds = Callable[[], float]


@dataclass(frozen=True)
class Limits:
    """At most `calls` starts in any sliding `seconds` for each window, and `in_flight` at once; per company.

    Two starts are at least `apart` seconds from each other.
    """

    windows: tuple[tuple[int, float], ...]
    in_flight: int
    apart: float = 0.0


# Below Intuit's own 10 a second, 500 a minute and 10 at once, so that none of their clocks counts more. Evenly
# apart, because of nine calls at once some are delayed on the way and arrive with the next second's.
INTUIT = Limits(windows=((9, 1.0), (480, 60.0)), in_flight=10, apart=0.11)
# A call's bytes leave a little after its start; the windows are wider by that much.
MARGIN = 0.01
SHORTEST_NAP = 0.001


@dataclass
class _Calls:
    """The calls of one company: recent starts, and how many are in flight."""

    keep: int
    freed: threading.Condition = field(default_factory=threading.Condition)
    in_flight: int = 0
    paused_until: float = 0.0
    starts: deque[float] = field(init=False)

    def __post_init__(self) -> None:
        self.starts = deque(maxlen=self.keep)

    def wait(self, limits: Limits, now: float) -> float:
        """Return the seconds until the next call may start; 0 or less is now."""
        waits = [self.paused_until - now]
        if self.starts:
            waits.append(self.starts[-1] + limits.apart - now)
        for calls, seconds in limits.windows:
            if len(self.starts) >= calls:
                waits.append(self.starts[-calls] + seconds + MARGIN - now)
        return max(waits)


class RateLimiter:
    """Delays calls so that each company stays within its limits; safe to share between threads."""

    def __init__(
        self, limits: Limits = INTUIT, clock: Seconds = time.monotonic, sleep: Sleep = time.sleep
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._companies: dict[str, _Calls] = {}
        self._lock = threading.Lock()

    @contextmanager
    def slot(self, realm: str) -> Iterator[None]:
        """Wait until a company may be called, and count the call as in flight during the block."""
        calls = self._calls_of(realm)
        self._enter(calls)
        try:
            yield
        finally:
            with calls.freed:
                calls.in_flight -= 1
                calls.freed.notify()

    def pause(self, realm: str, seconds: float) -> None:
        """Start no call of a company for this many seconds, unless a longer pause holds already."""
        calls = self._calls_of(realm)
        with calls.freed:
            calls.paused_until = max(calls.paused_until, self._clock() + seconds)

    def paused_for(self, realm: str) -> float:
        """Return the seconds for which a company is still paused, 0 if it is not."""
        calls = self._calls_of(realm)
        with calls.freed:
            return max(0.0, calls.paused_until - self._clock())

    def _enter(self, calls: _Calls) -> None:
        while True:
            with calls.freed:
                while calls.in_flight >= self._limits.in_flight:
                    calls.freed.wait()
                now = self._clock()
                wait = calls.wait(self._limits, now)
                if wait <= 0:
                    calls.starts.append(now)
                    calls.in_flight += 1
                    return
                # Another thread may use the place that was free: this one sleeps.
                calls.freed.notify()
            self._sleep(max(wait, SHORTEST_NAP))

    def _calls_of(self, realm: str) -> _Calls:
        keep = max((calls for calls, _ in self._limits.windows), default=1)
        with self._lock:
            return self._companies.setdefault(realm, _Calls(keep))
