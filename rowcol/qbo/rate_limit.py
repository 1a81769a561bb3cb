"""How fast one company is asked: sliding windows, a cap in flight, and pauses QuickBooks asks for."""

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


# Below Intuit's own 10 a second, 500 a minute and 10 at once, so that no clock of theirs sees more. Evenly
# apart, because of nine calls at once some are held up on the way and meet the next second's.
INTUIT = Limits(windows=((9, 1.0), (480, 60.0)), in_flight=10, apart=0.11)
UNLIMITED = Limits(windows=(), in_flight=10)
# A call's bytes leave a little after its turn; the windows are that much wider than promised.
MARGIN = 0.01
SHORTEST_NAP = 0.001


@dataclass
class _Lane:
    """The traffic of one company."""

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
    """Gives out turns to call, per company; safe to share between threads."""

    def __init__(
        self, limits: Limits = INTUIT, clock: Seconds = time.monotonic, sleep: Sleep = time.sleep
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._lanes: dict[str, _Lane] = {}
        self._lock = threading.Lock()

    @classmethod
    def lifted(cls, clock: Seconds = time.monotonic, sleep: Sleep = time.sleep) -> "RateLimiter":
        """Return a pacing without windows, for benchmarks; pauses are still kept."""
        return cls(UNLIMITED, clock, sleep)

    @contextmanager
    def turn(self, realm: str) -> Iterator[None]:
        """Wait until the company may be called, and hold one of its places in flight."""
        lane = self._lane(realm)
        self._enter(lane)
        try:
            yield
        finally:
            with lane.freed:
                lane.in_flight -= 1
                lane.freed.notify()

    def pause(self, realm: str, seconds: float) -> None:
        """Let no call of this company start for that long; a longer pause stands."""
        lane = self._lane(realm)
        with lane.freed:
            lane.paused_until = max(lane.paused_until, self._clock() + seconds)

    def paused_for(self, realm: str) -> float:
        """Return the seconds this company is still paused for, 0 when it is not."""
        lane = self._lane(realm)
        with lane.freed:
            return max(0.0, lane.paused_until - self._clock())

    def _enter(self, lane: _Lane) -> None:
        while True:
            with lane.freed:
                while lane.in_flight >= self._limits.in_flight:
                    lane.freed.wait()
                now = self._clock()
                wait = lane.wait(self._limits, now)
                if wait <= 0:
                    lane.starts.append(now)
                    lane.in_flight += 1
                    return
                # The place just seen free goes to whoever else may use it: this thread is off to sleep.
                lane.freed.notify()
            self._sleep(max(wait, SHORTEST_NAP))

    def _lane(self, realm: str) -> _Lane:
        keep = max((calls for calls, _ in self._limits.windows), default=1)
        with self._lock:
            return self._lanes.setdefault(realm, _Lane(keep))
