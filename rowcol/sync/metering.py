"""Count every request as it is sent, by company and kind, and store the counts by month."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from rowcol.clock import Clock
from rowcol.store.control import control_rows
from rowcol.store.control.clients import business_id_of
from rowcol.store.control.runs import Counted, calls_of_month, count_calls
from rowcol.store.database import Database
from rowcol.sync.budget import READ_KINDS


class Meter:
    """Counts the requests of one practice in memory; `flush` adds what is new to the store."""

    def __init__(self, database: Database, advisor_id: str, clock: Clock) -> None:
        self._database = database
        self._advisor_id = advisor_id
        self._clock = clock
        self._lock = threading.Lock()
        self._since_start: Counter[str] = Counter()
        self._pending: Counter[Counted] = Counter()

    def count(self, realm: str, kind: str, _status: int, _seconds: float) -> None:
        """Count one request, answered or not."""
        key = (business_id_of(self._advisor_id, realm), self._month(), kind)
        with self._lock:
            self._since_start[realm] += 1
            self._pending[key] += 1

    def requests_sent(self, realm: str) -> int:
        """Return how many requests were sent for a company since the start."""
        with self._lock:
            return self._since_start[realm]

    @contextmanager
    def pending(self) -> Iterator[Counter[Counted]]:
        """Yield the counts since the last time, to be stored in the block; if that fails they stay pending."""
        with self._lock:
            counted, self._pending = self._pending, Counter()
        try:
            yield counted
        except BaseException:
            with self._lock:
                self._pending += counted
            raise

    def flush(self) -> None:
        """Store what was counted since the last time."""
        with self.pending() as counted:
            if counted:
                with self._database.write() as cursor:
                    count_calls(control_rows(cursor), self._advisor_id, counted)

    def reads_this_month(self) -> int:
        """Return the metered reads of this month, stored or pending."""
        month = self._month()
        with self._database.read() as cursor:
            stored = calls_of_month(control_rows(cursor), self._advisor_id, month, READ_KINDS)
        with self._lock:
            pending = sum(
                calls
                for (_, when, kind), calls in self._pending.items()
                if when == month and kind in READ_KINDS
            )
        return stored + pending

    def _month(self) -> date:
        return self._clock().date().replace(day=1)
