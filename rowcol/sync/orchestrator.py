"""The one way pages and jobs come to data: the mirror while it is fresh, else after a refresh, else said to be stale."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Literal

from rowcol.errors import GrantDead, RowColError, Throttled, Unauthorized
from rowcol.store.clients import Client
from rowcol.store.signals import refreshed_at, stale_marks
from rowcol.sync.policy import default_policy, policies
from rowcol.sync.rail import Rail

Finding = Literal["SYNC_FAILED", "SYNC_THROTTLED", "AUTH_EXPIRED", "SYNC_STALE"]

Refresh = Callable[[Client], RowColError | None]
"""Refreshes a client, once however many ask at the same time; returns why it could not, None where it could.

It fetches, logs, and folds into the mirror, in this order, and keeps its own failure in `sync_run`.
"""


class Hint(Enum):
    """How fresh the caller needs the data: CACHED_OK while the policy calls it fresh, STRICT read anew."""

    CACHED_OK = "cached ok"
    STRICT = "strict"


@dataclass(frozen=True)
class Served:
    """How an entity of the mirror is served: `refreshed_at` None where it was never read.

    Where `stale`, `reason` is a sentence for the advisor and `finding` the code of the sync finding.
    """

    entity: str
    refreshed_at: datetime | None
    stale: bool = False
    reason: str = ""
    finding: Finding | None = None


@dataclass(frozen=True)
class Orchestrator:
    """Decides for one practice whether the mirror will do."""

    rail: Rail
    refresh: Refresh

    def read_refresh(self, entity: str, client: Client, hint: Hint = Hint.CACHED_OK) -> Served:
        """Bring an entity of the mirror up to date where needed, and say how fresh it is; raises nothing of the rail's.

        The mirror is then read by the named frames. A failed refresh leaves the last mirror, marked stale.
        """
        if hint is Hint.CACHED_OK:
            kept, fresh = self._kept(entity, client)
            if fresh:
                return Served(entity, kept)
        error = self.refresh(client)
        kept, fresh = self._kept(entity, client)
        if error is not None:
            return Served(entity, kept, True, error.line(), finding_of(error))
        if kept is None:
            reason = f"The refresh brought no {entity} of {client.name}"
            return Served(entity, kept, True, reason, "SYNC_STALE")
        if fresh or hint is Hint.STRICT:
            return Served(entity, kept)
        return Served(entity, kept, True, f"{entity} of {client.name} changed again meanwhile", "SYNC_STALE")

    def _kept(self, entity: str, client: Client) -> tuple[datetime | None, bool]:
        """Return when the entity was last brought up to date, and whether that is fresh by its policy."""
        advisor_id = self.rail.advisor_id
        with self.rail.database.read() as cursor:
            at = refreshed_at(cursor, advisor_id, client.business_id, entity)
            policy = policies(cursor, advisor_id).get(entity) or default_policy(entity)
            marked = (client.business_id, entity) in stale_marks(cursor, advisor_id)
        fresh = at is not None and not marked and self.rail.clock() - at <= policy.fresh_for
        return at, fresh


def finding_of(error: RowColError) -> Finding:
    """Return the finding that a failed refresh raises."""
    if isinstance(error, GrantDead | Unauthorized):
        return "AUTH_EXPIRED"
    return "SYNC_THROTTLED" if isinstance(error, Throttled) else "SYNC_FAILED"
