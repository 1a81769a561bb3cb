"""How a refresh is going and how it ended, as data."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from rowcol.errors import RowColError
from rowcol.store.control.clients import Client


@dataclass(frozen=True)
class Progress:
    """One step of a refresh: `done` of `total` steps of this client; `outcome` is set when it has ended."""

    business_id: str
    name: str
    entity: str
    done: int
    total: int
    rows: int
    outcome: str = ""


@dataclass(frozen=True)
class Outcome:
    """How one client's refresh ended; `message` and `hint` are for the advisor."""

    business_id: str
    name: str
    ok: bool
    entities: int
    message: str
    hint: str
    rows_in: int
    rows_changed: int
    rows_deleted: int
    requests: int
    seconds: float
    error: RowColError | None = None


OnProgress = Callable[[Progress], None]


class ProgressReporter:
    """Turns the rows read of each entity into the progress of one client; safe to call from several threads."""

    def __init__(self, client: Client, total: int, report: OnProgress) -> None:
        self._client = client
        self._total = total
        self._report = report
        self._lock = threading.Lock()
        self._rows: dict[str, int] = {}
        self._done: set[str] = set()

    def entity(self, entity: str, rows: int, done: bool) -> None:
        """Report how many rows of an entity were read so far, and whether those are all."""
        with self._lock:
            self._rows[entity] = max(rows, self._rows.get(entity, 0))
            if done:
                self._done.add(entity)
            self._report(self._progress(entity))

    def end(self, outcome: str) -> None:
        """Report that the refresh has ended, and how."""
        self._report(replace(self._progress(""), outcome=outcome))

    def _progress(self, entity: str) -> Progress:
        client, rows = self._client, sum(self._rows.values())
        return Progress(client.business_id, client.name, entity, len(self._done), self._total, rows)
