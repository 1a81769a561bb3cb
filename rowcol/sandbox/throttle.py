"""QuickBooks' limits per company: requests a second, requests and batches a minute, requests in flight."""

from collections import defaultdict, deque
from threading import Lock

MOST_IN_FLIGHT = 10
REQUEST_WINDOWS = ((1.0, 10), (60.0, 500))  # seconds, requests
BATCH_WINDOW = (60.0, 40)


class Throttle:
    """Sliding windows of admitted requests by realm; moments are seconds since 1970."""

    def __init__(self) -> None:
        self._requests: dict[str, deque[float]] = defaultdict(deque)
        self._batches: dict[str, deque[float]] = defaultdict(deque)
        self._lock = Lock()

    def admits(self, realm: str, moment: float, in_flight: int, *, batch: bool) -> bool:
        """Count a request and say yes, or say no and count nothing; `in_flight` includes this one."""
        with self._lock:
            requests, batches = self._requests[realm], self._batches[realm]
            full = any(_full(requests, moment, *window) for window in REQUEST_WINDOWS)
            if full or in_flight > MOST_IN_FLIGHT or (batch and _full(batches, moment, *BATCH_WINDOW)):
                return False
            requests.append(moment)
            if batch:
                batches.append(moment)
            return True


def _full(moments: deque[float], now: float, seconds: float, most: int) -> bool:
    longest = max(seconds, REQUEST_WINDOWS[-1][0])
    while moments and moments[0] <= now - longest:
        moments.popleft()
    return len(moments) >= most and moments[-most] > now - seconds
