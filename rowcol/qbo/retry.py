"""Retries of one request: whether to retry, how long to wait, and when to stop."""

from collections.abc import Callable

from tenacity import RetryCallState

from rowcol.errors import Throttled
from rowcol.qbo.faults import is_transient
from rowcol.qbo.rate_limit import RateLimiter, Seconds

# A request that keeps failing is given up within this time of the start of its first failing attempt.
FAILURE_BUDGET = 60.0
ATTEMPTS = 9
BACKOFF_FIRST, BACKOFF_LONGEST = 0.5, 8.0
# After a 429 without Retry-After: the company pauses this long, then twice as long, and so on.
THROTTLE_FIRST, THROTTLE_SHORTEST = 2.0, 1.0
# However long a pause a 429 requests, the next scheduled refresh may try again.
THROTTLE_LONGEST = 900.0
JITTER = 0.25
# After a time-out the remaining attempts share the rest of the budget, each at least `READ_SHORTEST` seconds.
ATTEMPTS_WITHIN_BUDGET = 5
READ_SHORTEST = 5.0


class RetryPolicy:
    """The attempts of one request: counts them, and gives tenacity `should_retry`, `wait` and `should_stop`."""

    def __init__(
        self,
        realm: str,
        rate_limiter: RateLimiter,
        clock: Seconds,
        chance: Callable[[], float],
        repeatable: bool,
    ) -> None:
        self.attempts = 0
        self._realm = realm
        self._rate_limiter = rate_limiter
        self._clock = clock
        self._chance = chance
        self._repeatable = repeatable
        self._started = 0.0
        self._failing_since: float | None = None
        self._throttles = 0
        self._faults = 0

    def start_attempt(self, started: float) -> None:
        """Record that an attempt starts."""
        self.attempts += 1
        self._started = started

    def seconds_left(self) -> float:
        """Return the seconds until the failure budget is used up."""
        if self._failing_since is None:
            return FAILURE_BUDGET
        return FAILURE_BUDGET - (self._clock() - self._failing_since)

    def read_seconds(self, limit: float) -> float:
        """Return the read time-out of this attempt: all of `limit` until one has failed."""
        if self._failing_since is None:
            return limit
        share = self.seconds_left() / max(1, ATTEMPTS_WITHIN_BUDGET + 1 - self.attempts)
        return min(limit, max(READ_SHORTEST, share), max(1.0, self.seconds_left()))

    def should_retry(self, error: BaseException) -> bool:
        """Return whether a retry may help and is safe: a request answered by a 429 was not carried out."""
        return is_transient(error) and (self._repeatable or isinstance(error, Throttled))

    def wait(self, state: RetryCallState) -> float:
        """Return the seconds before the next attempt; after a 429 the whole company waits for them."""
        if self._failing_since is None:
            self._failing_since = self._started if self.attempts else self._clock()
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, Throttled):
            seconds = self._throttle_wait(error.retry_after)
            self._rate_limiter.pause(self._realm, min(seconds, THROTTLE_LONGEST))
            return seconds
        self._faults += 1
        return self._jittered(min(BACKOFF_LONGEST, BACKOFF_FIRST * 2 ** (self._faults - 1)))

    def should_stop(self, state: RetryCallState) -> bool:
        """Return whether to stop: the wait would exceed the budget, or the attempts are used up."""
        error = state.outcome.exception() if state.outcome else None
        if state.upcoming_sleep > self.seconds_left():
            return True
        return self._faults >= ATTEMPTS and not isinstance(error, Throttled)

    def _throttle_wait(self, retry_after: float | None) -> float:
        if retry_after is not None:
            return max(THROTTLE_SHORTEST, retry_after)
        self._throttles += 1
        return self._jittered(THROTTLE_FIRST * 2 ** (self._throttles - 1))

    def _jittered(self, seconds: float) -> float:
        return seconds * (1 + JITTER * self._chance())
