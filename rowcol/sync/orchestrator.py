"""How pages, jobs and commands get current data: from the mirror if it is fresh, else after a refresh, else stale."""

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
from rowcol.sync.breaker import Breaker
from rowcol.sync.context import SyncContext
from rowcol.sync.policy import default_policy, policies
from rowcol.sync.progress import OnProgress, Outcome
from rowcol.sync.refresher import Refresher
from rowcol.sync.staleness import FINDINGS, Action, Decision, Finding, RefreshConditions, decide


class Hint(Enum):
    """How fresh the caller needs the data.

    CACHED_OK: the mirror if the policy calls it fresh, else after a refresh. STRICT: after a refresh.
    BEHIND: the mirror as it is, at once; if it is old and `decide` allows it, a refresh is started in the background.
    A page never waits.
    """

    CACHED_OK = "cached ok"
    STRICT = "strict"
    BEHIND = "behind"


@dataclass(frozen=True)
class ServedClient:
    """How fresh a client's mirror is: `refreshed_at` is when its oldest entity was read, None if one never was.

    If `stale`, `reason` is a sentence for the advisor and `finding` the code of the sync finding; `refreshing` says
    that a refresh is in progress in the background. `outcome` is that of the refresh that the call waited for.
    """

    client: Client
    refreshed_at: datetime | None
    stale: bool = False
    reason: str = ""
    finding: Finding | None = None
    refreshing: bool = False
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Orchestrator:
    """Decides for one practice whether the mirror is served as it is or refreshed first."""

    context: SyncContext
    refresher: Refresher
    breaker: Breaker
    conditions: Callable[[Client], RefreshConditions]

    def read_refresh(
        self,
        clients: Sequence[Client],
        hint: Hint = Hint.CACHED_OK,
        on_progress: OnProgress | None = None,
        *,
        full: bool = False,
    ) -> list[ServedClient]:
        """Bring the mirrors of clients up to date if needed, and return how fresh each is, in the same order.

        The caller then reads the mirror by its named frames. A failed refresh leaves the last mirror, marked as stale.
        Unless the hint is BEHIND the caller waits for the answer: what is not fresh is refreshed, even if the circuit
        breaker is open. Raises no RailError.
        """
        if hint is Hint.BEHIND:
            return [self._serve_at_once(client) for client in clients]
        due = (
            clients
            if hint is Hint.STRICT or full
            else [client for client in clients if not self._is_fresh(client)]
        )
        self.breaker.allow_retry([client.realm_id for client in due])
        outcomes = self.refresher.refresh(due, on_progress, full=full)
        by_client = {client.business_id: outcome for client, outcome in zip(due, outcomes, strict=True)}
        return [self._after(client, by_client.get(client.business_id)) for client in clients]

    def _serve_at_once(self, client: Client) -> ServedClient:
        refreshed_at, decision = self._decide(client)
        if decision.action is Action.FRESH:
            return ServedClient(client, refreshed_at)
        if decision.action is Action.SERVE_STALE:
            return ServedClient(client, refreshed_at, True, decision.reason, decision.finding)
        self.refresher.start(client)
        return ServedClient(
            client, refreshed_at, True, "It is being refreshed", "SYNC_STALE", refreshing=True
        )

    def _after(self, client: Client, outcome: Outcome | None) -> ServedClient:
        refreshed_at, fresh = self._freshness(client)
        error = outcome.error if outcome is not None else None
        if error is not None:
            return ServedClient(client, refreshed_at, True, error.line(), finding_of(error), outcome=outcome)
        if not fresh:
            reason = f"{client.name} changed again during the refresh"
            return ServedClient(client, refreshed_at, True, reason, "SYNC_STALE", outcome=outcome)
        return ServedClient(client, refreshed_at, outcome=outcome)

    def _is_fresh(self, client: Client) -> bool:
        return self._decide(client)[1].action is Action.FRESH

    def _decide(self, client: Client) -> tuple[datetime | None, Decision]:
        refreshed_at, fresh = self._freshness(client)
        with self.context.database.read() as cursor:
            # A failure before the company was connected again no longer counts.
            last = last_run(
                control_rows(cursor), self.context.advisor_id, client.business_id, client.connected_at
            )
        if last is not None and last.outcome in FINDINGS:
            fresh = False
        return refreshed_at, decide(fresh, last, self.conditions(client), self.context.clock())

    def _freshness(self, client: Client) -> tuple[datetime | None, bool]:
        """Return when the oldest entity was last refreshed, and whether all are fresh by policy."""
        advisor_id, now = self.context.advisor_id, self.context.clock()
        with self.context.database.read() as cursor:
            control = control_rows(cursor)
            refreshed = entities_refreshed(control, advisor_id, client.business_id)
            if not all(entity in refreshed for entity in ENTITIES):
                return None, False
            kept, marks = policies(control, advisor_id), stale_marks(control, advisor_id)
        fresh = all(
            now - refreshed[entity] <= (kept.get(entity) or default_policy(entity)).fresh_for
            and (client.business_id, entity) not in marks
            for entity in ENTITIES
        )
        return min(refreshed[entity] for entity in ENTITIES), fresh


def finding_of(error: RowColError) -> Finding:
    """Return the finding that a failed refresh raises."""
    if isinstance(error, GrantDead | Unauthorized):
        return "AUTH_EXPIRED"
    return "SYNC_THROTTLED" if isinstance(error, Throttled) else "SYNC_FAILED"
