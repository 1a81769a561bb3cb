"""One refresh of one company: gather its cursors, decide what to read, read it."""

from dataclasses import dataclass, field

from rowcol.entities import ENTITIES
from rowcol.store.database import Cursor
from rowcol.store.mirror import Landed
from rowcol.store.recovery import lost_cursors
from rowcol.store.runs import CursorMove, move_cursors, read_through
from rowcol.sync.catch_up import catch_up
from rowcol.sync.changes import read_changes
from rowcol.sync.context import SyncContext
from rowcol.sync.plan import Plan, plan
from rowcol.sync.policy import OVERLAP, policies
from rowcol.sync.reconcile import settle
from rowcol.sync.run import Company, OnEntity, read_whole


@dataclass(frozen=True)
class Cycle:
    """What one refresh did: what landed, and the cursors to be moved with the record of the run (`keep`)."""

    landed: Landed = field(default_factory=Landed)
    moves: tuple[CursorMove, ...] = ()

    def keep(self, cursor: Cursor, advisor_id: str, business_id: str) -> None:
        """Move the cursors that nothing landed with, within the caller's transaction."""
        for move in self.moves:
            move_cursors(cursor, advisor_id, business_id, move.entities, move.refreshed_at, move.through)


def planned(rail: SyncContext, company: Company, *, full: bool) -> Plan:
    """Return what this refresh has to read."""
    with rail.database.read() as cursor:
        cursors = read_through(cursor, rail.advisor_id, company.client.business_id)
        if len(cursors) < len(ENTITIES):
            cursors = lost_cursors(cursor, rail.advisor_id, company.client.business_id) | cursors
        kept = policies(cursor, rail.advisor_id)
    overlap = max((policy.overlap for policy in kept.values()), default=OVERLAP)
    return plan(cursors, company.started_at, overlap, full=full)


def read_planned(rail: SyncContext, company: Company, todo: Plan, on_entity: OnEntity) -> Cycle:
    """Read what was planned into log and mirror. Raises the first RailError or StoreError met."""
    changed = read_changes(rail, company, todo, on_entity)
    landed = changed.landed
    for entity, since in todo.catch_up:
        landed += catch_up(rail, company, entity, since, on_entity)
    whole = (*changed.whole, *todo.whole)
    if whole:
        landed += settle(rail, company, read_whole(rail, company, whole, on_entity), on_entity)
    return Cycle(landed, changed.moves)
