"""How long one request is asked again: what may help, how long to wait, and when to give up."""

from collections.abc import Callable

from tenacity import RetryCallState

from rowcol.errors import Throttled
from rowcol.qbo.faults import transient
from rowcol.qbo.rate_limit import RateLimiter, Seconds

# A request that only fails is given up within this time of the start of its first failing try.
FAILURE_BUDGET = 60.0
ATTEMPTS = 9
BACKOFF_FIRST, BACKOFF_LONGEST = 0.5, 8.0
# After a 429 that names no time: the company pauses this long, then twice as long, and so on.
THROTTLE_FIRST, THROTTLE_SHORTEST = 2.0, 1.0
# However long a 429 asks for, the next scheduled refresh may ask again.
THROTTLE_LONGEST = 900.0
JITTER = 0.25
# After a time-out the tries that are left share what is left of the budget, each at least so many seconds.
ATTEMPTS_WITHIN_BUDGET = 5
READ_SHORTEST = 5.0


class RetryPolicy:
    """The tries of one request: counts them, and speaks to tenacity (`may_help`, `wait`, `spent`)."""

    def __init__(
        self, realm: str, pacing: RateLimiter, clock: Seconds, chance: Callable[[], float], repeatable: bool
    ) -> None:
        self.tries = 0
        self._realm = realm
        self._pacing = pacing
        self._clock = clock
        self._chance = chance
        self._repeatable = repeatable
        self._began = 0.0
        self._failing_since: float | None = None
        self._throttles = 0
        self._faults = 0

    def begin(self, started: float) -> None:
        """Note that a try starts."""
        self.tries += 1
        self._began = started

    def left(self) -> float:
        """Return the seconds of failure still allowed."""
        if self._failing_since is None:
            return FAILURE_BUDGET
        return FAILURE_BUDGET - (self._clock() - self._failing_since)

    def read_seconds(self, limit: float) -> float:
        """Return the read time-out of this try: all of `limit` until something has failed."""
        if self._failing_since is None:
            return limit
        share = self.left() / max(1, ATTEMPTS_WITHIN_BUDGET + 1 - self.tries)
        return min(limit, max(READ_SHORTEST, share), max(1.0, self.left()))

    def may_help(self, error: BaseException) -> bool:
        """Say whether asking again may help and cannot do harm: a 429 was not carried out."""
        return transient(error) and (self._repeatable or isinstance(error, Throttled))

    def wait(self, state: RetryCallState) -> float:
        """Return the seconds before the next try; after a 429 the whole company waits them."""
        if self._failing_since is None:
            self._failing_since = self._began if self.tries else self._clock()
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, Throttled):
            seconds = self._throttle_wait(error.retry_after)
            self._pacing.pause(self._realm, min(seconds, THROTTLE_LONGEST))
            return seconds
        self._faults += 1
        return self._jittered(min(BACKOFF_LONGEST, BACKOFF_FIRST * 2 ** (self._faults - 1)))

    def spent(self, state: RetryCallState) -> bool:
        """Say whether to give up: the wait would pass the budget, or the tries are used up."""
        error = state.outcome.exception() if state.outcome else None
        if state.upcoming_sleep > self.left():
            return True
        return self._faults >= ATTEMPTS and not isinstance(error, Throttled)

    def _throttle_wait(self, asked: float | None) -> float:
        if asked is not None:
            return max(THROTTLE_SHORTEST, asked)
        self._throttles += 1
        return self._jittered(THROTTLE_FIRST * 2 ** (self._throttles - 1))

    def _jittered(self, seconds: float) -> float:
        return seconds * (1 + JITTER * self._chance())
