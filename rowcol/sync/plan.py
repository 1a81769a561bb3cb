"""One refresh of one company: decide from its cursors and the clock what to read, then read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from rowcol.entities import ENTITIES
from rowcol.store.control import control_rows
from rowcol.store.control.freshness import CursorMove, cursors_of_runs, move_cursors, read_through
from rowcol.store.database import Cursor
from rowcol.store.log import first_logged
from rowcol.store.mirror import Landed
from rowcol.sync.catch_up import catch_up
from rowcol.sync.changes import read_changes
from rowcol.sync.context import Company, OnEntity, SyncContext
from rowcol.sync.policy import OVERLAP, policies
from rowcol.sync.reconcile import reconcile
from rowcol.sync.run import read_whole

CDC_REACH = timedelta(days=29)
"""Change-data-capture answers at most 30 days back; a day is left as a margin."""

Kind = Literal["first", "full", "changes", "catch-up"]


@dataclass(frozen=True)
class Plan:
    """Which entities to read whole, by changes since a moment in one request, and by catching up.

    `catch_up` are entities whose cursor is beyond the reach of change-data-capture, each with the moment to
    read from.
    """

    whole: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    since: datetime | None = None
    catch_up: tuple[tuple[str, datetime], ...] = ()
    kind: Kind = "changes"
    """`first`: some entity was never read whole. `full`: everything is read again, on request. `catch-up`: some
    entity was last read too long ago for `changes`."""


@dataclass(frozen=True)
class ReadResult:
    """What a refresh read: what landed, and the cursors to be moved together with the record of the run."""

    landed: Landed = field(default_factory=Landed)
    moves: tuple[CursorMove, ...] = ()

    def move_cursors(self, cursor: Cursor, advisor_id: str, business_id: str) -> None:
        """Move the cursors of entities in which nothing landed, within the caller's transaction."""
        for move in self.moves:
            move_cursors(
                control_rows(cursor), advisor_id, business_id, move.entities, move.refreshed_at, move.through
            )


def plan_refresh(context: SyncContext, company: Company, *, full: bool) -> Plan:
    """Return what this refresh of a company has to read."""
    with context.database.read() as cursor:
        control, client_key = control_rows(cursor), (context.advisor_id, company.client.business_id)
        cursors = read_through(control, *client_key)
        if len(cursors) < len(ENTITIES):
            cursors = cursors_of_runs(control, *client_key, first_logged(cursor, *client_key)) | cursors
        stored = policies(control, context.advisor_id)
    overlap = max((policy.overlap for policy in stored.values()), default=OVERLAP)
    return plan(cursors, company.started_at, overlap, full=full)


def plan(cursors: Mapping[str, datetime], now: datetime, overlap: timedelta, *, full: bool = False) -> Plan:
    """Return the plan for a company whose mirror holds, per entity, everything up to its cursor."""
    if full:
        return Plan(whole=ENTITIES, kind="full" if cursors else "first")
    old = tuple(entity for entity in ENTITIES if entity in cursors and cursors[entity] < now - CDC_REACH)
    recent = tuple(entity for entity in ENTITIES if entity in cursors and entity not in old)
    whole = tuple(entity for entity in ENTITIES if entity not in cursors)
    return Plan(
        whole=whole,
        changes=recent,
        since=min((cursors[entity] for entity in recent), default=now) - overlap if recent else None,
        catch_up=tuple((entity, cursors[entity] - overlap) for entity in old),
        kind="first" if whole else "catch-up" if old else "changes",
    )


def read_planned(context: SyncContext, company: Company, todo: Plan, on_entity: OnEntity) -> ReadResult:
    """Read what was planned into log and mirror. Raises the first RailError or StoreError met."""
    changed = read_changes(context, company, todo.changes, todo.since, on_entity)
    landed = changed.landed
    for entity, since in todo.catch_up:
        landed += catch_up(context, company, entity, since, on_entity)
    whole = (*changed.whole, *todo.whole)
    if whole:
        reads = read_whole(context, company, whole, on_entity)
        landed += reconcile(context, company, reads, on_entity)
    return ReadResult(landed, changed.moves)
