"""How a refresh goes and how it ended, as data."""

from collections.abc import Callable
from dataclasses import dataclass

from rowcol.errors import RowColError


@dataclass(frozen=True)
class Progress:
    """One step of a refresh: `done` of `total` steps of this client; `outcome` is set when it is through."""

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
