"""After entities were read page by page: what changed meanwhile lands, and what slipped between two pages is found.

A record deleted behind the reader moves the rows after it up, and the one at a page's edge is skipped. So
where something was deleted, the edges are asked for once more, each in one answer, which nothing can tear; and
QuickBooks' own count is held against the mirror, give or take what changed while it counted. Only where records
are missing still is the entity read again: people who go on working do not fail a refresh.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from rowcol.errors import Unavailable
from rowcol.qbo.ranges import counted, created_page
from rowcol.store.control import control_rows
from rowcol.store.control.freshness import move_cursors
from rowcol.store.mirror import Landed, known_hashes, live_count
from rowcol.sync.catch_up import land_since
from rowcol.sync.changes import answers, land_answer
from rowcol.sync.context import Company, OnEntity, SyncContext
from rowcol.sync.run import Edge, Read, land_page, landing_pages, read_whole

READINGS = 3
"""An entity of which records do not come is read so many times at most."""

Stretch = tuple[datetime, datetime]


def reconcile(context: SyncContext, company: Company, reads: Sequence[Read], on_entity: OnEntity) -> Landed:
    """Land what changed while entities of several pages were read, and move their cursors; return all that landed.

    Raises Unavailable where QuickBooks counts more records than it sends, and as `send`.
    """
    landed = sum((read.landed for read in reads), Landed())
    open_, missing = [read for read in reads if not read.at_one_moment], dict[str, int]()
    for reading in range(READINGS):
        if reading:
            again = read_whole(context, company, list(missing), on_entity)
            landed += sum((read.landed for read in again), Landed())
            open_ = [read for read in again if not read.at_one_moment]
        if not open_:
            return landed
        found, missing = _settled(context, company, open_, on_entity)
        landed += found
        if not missing:
            return landed
    what = ", ".join(f"{count} of the {entity} records" for entity, count in missing.items())
    raise Unavailable(f"{what} did not come, in {READINGS} readings", "Refresh again later")


def _settled(
    context: SyncContext, company: Company, reads: Sequence[Read], on_entity: OnEntity
) -> tuple[Landed, dict[str, int]]:
    """Land what the reading missed and move the cursors of what is whole; return how many records of which are missing."""
    since = min(read.began for read in reads)
    met = _meanwhile(context, company, [read.entity for read in reads], since, on_entity)
    restless = [read for read in reads if read.short or met.deleted[read.entity]]
    _move(context, company, {read.entity for read in reads} - {read.entity for read in restless}, met.through)
    if not restless:
        return met.landed, {}
    mended = sum((_mend(context, company, read) for read in restless), Landed())
    found, missing = _counted(context, company, [read.entity for read in restless], met.through, on_entity)
    return met.landed + mended + found, missing


@dataclass(frozen=True)
class _Meanwhile:
    """What changed since a moment: what landed, how many were deleted by entity, and through when it is known.

    `unknown`: by entity, how many were deleted that the mirror never held.
    """

    landed: Landed
    deleted: dict[str, int]
    unknown: dict[str, int]
    through: datetime


def _meanwhile(
    context: SyncContext, company: Company, entities: Sequence[str], since: datetime, on_entity: OnEntity
) -> _Meanwhile:
    """Land everything that changed since a moment, however much; the cursors stay."""
    landed, deleted, unknown, throughs = Landed(), dict[str, int](), dict[str, int](), list[datetime]()
    for answer in answers(context, company, tuple(entities), since):
        if answer.changes.saturated:
            (entity,) = answer.entities
            found, through = land_since(context, company, entity, since, on_entity)
            by_entity = {entity: found}
        else:
            through = answer.changes.time or company.started_at
            by_entity = land_answer(context, company, answer, on_entity, move=False)
        throughs.append(through)
        for entity, found in by_entity.items():
            told = answer.changes.deleted.get(entity, [])
            landed, deleted[entity] = landed + found, found.deleted
            unknown[entity] = len(set(told) - _known(context, company, entity, told).keys())
    return _Meanwhile(landed, deleted, unknown, min(throughs))


def _mend(context: SyncContext, company: Company, read: Read) -> Landed:
    """Land the records created between one page's last and the next page's first."""
    landed, realm = Landed(), company.client.realm_id
    with landing_pages(context, company) as pages:
        for first, last in stretches(read.edges):
            page = created_page(context.send, realm, read.entity, first, last, context.page_size)
            known = _known(context, company, read.entity, [str(record.get("Id")) for record in page.records])
            landed += land_page(context, company, page, known, set(), pages)
        pages.finish()
    return landed


def stretches(edges: Iterable[Edge]) -> list[Stretch]:
    """Return the edges as stretches of creation time, touching ones joined; what bears no times is left out."""
    known = sorted((first, last) for first, last in edges if first and last and first <= last)
    joined: list[Stretch] = []
    for first, last in known:
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined


def _counted(
    context: SyncContext, company: Company, entities: Sequence[str], since: datetime, on_entity: OnEntity
) -> tuple[Landed, dict[str, int]]:
    """Hold QuickBooks' count of entities against the mirror's; return how many records of which are missing.

    What changed from `since` until after the count may be in the count or not, so that only more than all of it
    together is missing. Moves the cursors of what is whole.
    """
    counts = {entity: counted(context.send, company.client.realm_id, entity) for entity in entities}
    met = _meanwhile(context, company, entities, since, on_entity)
    missing = {}
    for entity, held in _live(context, company, entities).items():
        lacking = counts[entity] - held - met.deleted[entity] - met.unknown[entity]
        if lacking > 0:
            missing[entity] = lacking
    _move(context, company, set(entities) - missing.keys(), met.through)
    return met.landed, missing


def _known(context: SyncContext, company: Company, entity: str, ids: Sequence[str]) -> dict[str, str]:
    with context.database.read() as cursor:
        return known_hashes(cursor, context.advisor_id, company.client.business_id, entity, ids)


def _live(context: SyncContext, company: Company, entities: Iterable[str]) -> dict[str, int]:
    with context.database.read() as cursor:
        whose = (context.advisor_id, company.client.business_id)
        return {entity: live_count(cursor, *whose, entity) for entity in entities}


def _move(context: SyncContext, company: Company, entities: set[str], through: datetime) -> None:
    if entities:
        with context.database.write() as cursor:
            whose = (context.advisor_id, company.client.business_id)
            move_cursors(control_rows(cursor), *whose, sorted(entities), context.clock(), through)
