"""How pages and jobs get current data: from the mirror if it is fresh, else after a refresh, else marked as stale."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from rowcol.entities import ENTITIES
from rowcol.errors import GrantDead, RowColError, Throttled, Unauthorized
from rowcol.store.control import control_rows
from rowcol.store.control.clients import Client
from rowcol.store.control.freshness import entities_refreshed, stale_marks
from rowcol.store.control.runs import last_run
from rowcol.store.database import Cursor
from rowcol.sync.context import SyncContext
from rowcol.sync.policy import default_policy, policies
from rowcol.sync.refresher import Refresher
from rowcol.sync.staleness import FINDINGS, Action, Decision, Finding, RefreshConditions, decide


class Hint(Enum):
    """How fresh the caller needs the data.

    CACHED_OK: the mirror if the policy calls it fresh, else after a refresh. STRICT: after a refresh.
    BEHIND: the mirror as it is, at once; if it is old, a refresh is started in the background. A page never waits.
    """

    CACHED_OK = "cached ok"
    STRICT = "strict"
    BEHIND = "behind"


@dataclass(frozen=True)
class Served:
    """How fresh an entity of the mirror is: `refreshed_at` is None if it was never read; `entity` '' means all.

    If `stale`, `reason` is a sentence for the advisor and `finding` the code of the sync finding; `refreshing` says
    that a refresh is in progress in the background.
    """

    entity: str
    refreshed_at: datetime | None
    stale: bool = False
    reason: str = ""
    finding: Finding | None = None
    refreshing: bool = False


@dataclass(frozen=True)
class Orchestrator:
    """Decides for one practice whether the mirror is served as it is or refreshed first."""

    context: SyncContext
    refresher: Refresher
    conditions: Callable[[Client], RefreshConditions]

    def read_refresh(self, entity: str, client: Client, hint: Hint = Hint.CACHED_OK) -> Served:
        """Bring an entity of the mirror up to date if needed, and return how fresh it is; raises no RailError.

        The caller then reads the mirror by its named frames. A failed refresh leaves the last mirror, marked as stale;
        so does one that `decide` does not start.
        """
        return self._served(entity, (entity,), client, hint)

    def show(self, client: Client) -> Served:
        """Serve all of a client's mirror for a page: at once, with a refresh in the background if it is old."""
        return self._served("", ENTITIES, client, Hint.BEHIND)

    def _served(self, name: str, entities: Sequence[str], client: Client, hint: Hint) -> Served:
        refreshed_at, decision = (
            (None, Decision(Action.REFRESH)) if hint is Hint.STRICT else self._decide(entities, client)
        )
        if decision.action is Action.FRESH:
            return Served(name, refreshed_at)
        if decision.action is Action.SERVE_STALE:
            return Served(name, refreshed_at, True, decision.reason, decision.finding)
        if hint is Hint.BEHIND:
            self.refresher.start(client)
            return Served(name, refreshed_at, True, "It is being refreshed", "SYNC_STALE", refreshing=True)
        (outcome,) = self.refresher.refresh([client])
        return self._after(outcome.error, name, entities, client, hint)

    def _after(
        self, error: RowColError | None, name: str, entities: Sequence[str], client: Client, hint: Hint
    ) -> Served:
        refreshed_at, fresh = self._freshness(entities, client)
        if error is not None:
            return Served(name, refreshed_at, True, error.line(), finding_of(error))
        if refreshed_at is None:
            return Served(
                name, refreshed_at, True, f"The refresh brought no {name} of {client.name}", "SYNC_STALE"
            )
        if fresh or hint is Hint.STRICT:
            return Served(name, refreshed_at)
        return Served(
            name, refreshed_at, True, f"{name} of {client.name} changed again meanwhile", "SYNC_STALE"
        )

    def _decide(self, entities: Sequence[str], client: Client) -> tuple[datetime | None, Decision]:
        refreshed_at, fresh = self._freshness(entities, client)
        with self.context.database.read() as cursor:
            # A failure before the company was connected again no longer counts.
            last = last_run(
                control_rows(cursor), self.context.advisor_id, client.business_id, client.connected_at
            )
        if entities is ENTITIES and last is not None and last.outcome in FINDINGS:
            fresh = False
        return refreshed_at, decide(fresh, last, self.conditions(client), self.context.clock())

    def _freshness(self, entities: Sequence[str], client: Client) -> tuple[datetime | None, bool]:
        """Return when the oldest of the entities was last refreshed, and whether all are fresh by policy."""
        with self.context.database.read() as cursor:
            return self._age(cursor, entities, client)

    def _age(self, cursor: Cursor, entities: Sequence[str], client: Client) -> tuple[datetime | None, bool]:
        advisor_id, now = self.context.advisor_id, self.context.clock()
        refreshed = entities_refreshed(control_rows(cursor), advisor_id, client.business_id)
        if not all(entity in refreshed for entity in entities):
            return None, False
        kept, marks = (
            policies(control_rows(cursor), advisor_id),
            stale_marks(control_rows(cursor), advisor_id),
        )
        fresh = all(
            now - refreshed[entity] <= (kept.get(entity) or default_policy(entity)).fresh_for
            and (client.business_id, entity) not in marks
            for entity in entities
        )
        return min(refreshed[entity] for entity in entities), fresh


def finding_of(error: RowColError) -> Finding:
    """Return the finding that a failed refresh raises."""
    if isinstance(error, GrantDead | Unauthorized):
        return "AUTH_EXPIRED"
    return "SYNC_THROTTLED" if isinstance(error, Throttled) else "SYNC_FAILED"
