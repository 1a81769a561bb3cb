"""What was asked of the sandbox: counts by company and kind, the densest second, the latest requests."""

from collections import Counter, defaultdict, deque
from dataclasses import dataclass
from threading import Lock
from typing import Any

KEPT_REQUESTS = 5000
UNMETERED = ("token", "oauth")  # kinds no limit applies to


@dataclass(frozen=True)
class Seen:
    """One request: seconds since 1970, realm (empty: none), kind, path with query, HTTP status."""

    moment: float
    realm: str
    kind: str
    target: str
    status: int


class Stats:
    """Counts requests as they come and go; safe to call from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._in_flight: Counter[str] = Counter()
        self._most_in_flight: Counter[str] = Counter()
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)
        self._starts: dict[str, deque[float]] = defaultdict(deque)
        self._densest: Counter[str] = Counter()
        self._seen: deque[Seen] = deque(maxlen=KEPT_REQUESTS)

    def began(self, realm: str, kind: str, moment: float) -> int:
        """Count a request in; returns how many of the realm are in flight, this one included."""
        with self._lock:
            self._counts[realm][kind] += 1
            self._in_flight[realm] += 1
            self._most_in_flight[realm] = max(self._most_in_flight[realm], self._in_flight[realm])
            if kind in UNMETERED:
                return self._in_flight[realm]
            starts = self._starts[realm]
            starts.append(moment)
            while starts[0] <= moment - 1:
                starts.popleft()
            self._densest[realm] = max(self._densest[realm], len(starts))
            return self._in_flight[realm]

    def ended(self, seen: Seen) -> None:
        """Count a request out."""
        with self._lock:
            self._in_flight[seen.realm] -= 1
            self._seen.append(seen)

    def clear(self) -> None:
        """Forget everything but what is in flight."""
        with self._lock:
            for counted in (self._most_in_flight, self._counts, self._starts, self._densest, self._seen):
                counted.clear()

    def document(self) -> dict[str, Any]:
        """Return counts by realm and kind, the most in flight and in any second, and the latest requests."""
        with self._lock:
            realms = {
                realm: {
                    "requests": dict(counts),
                    "total": counts.total(),
                    "max_in_flight": self._most_in_flight[realm],
                    "max_in_one_second": self._densest[realm],
                }
                for realm, counts in self._counts.items()
            }
            recent = [
                {"time": s.moment, "realm": s.realm, "kind": s.kind, "target": s.target, "status": s.status}
                for s in self._seen
            ]
        return {"realms": realms, "recent": recent}
