"""One request for everything that changed in a company, landed in one transaction with its cursors."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from rowcol.errors import NotFound, Refused, Unavailable
from rowcol.qbo.pages import OPTIONAL, Changes, cdc_changes
from rowcol.store.database import Cursor
from rowcol.store.log import Landing
from rowcol.store.mirror import Landed, known_hashes, land, land_deletions, live_records
from rowcol.store.runs import CursorMove, move_cursors
from rowcol.store.versions import versions
from rowcol.sync.plan import Plan
from rowcol.sync.rail import Rail
from rowcol.sync.run import Company, OnEntity, Read, read_entity

READINGS = 3
"""An entity from which records are deleted while its pages are read is read so many times at most."""

_lacking: set[str] = set()
_lacking_lock = threading.Lock()
"""Realms whose QuickBooks refuses the optional entities; learnt once a process, at the price of one request."""


@dataclass(frozen=True)
class _Answer:
    """What CDC said of some entities."""

    entities: tuple[str, ...]
    changes: Changes


def read_changes(
    rail: Rail, company: Company, plan: Plan, on_entity: OnEntity
) -> tuple[Landed, list[CursorMove]]:
    """Land everything that changed since the plan's moment and move the cursors to the answer's own time.

    One request; where its 1000 objects were used up, one an entity, and an entity that alone has more is read
    whole. Returns what landed, and the cursors still to be moved where nothing did. Raises as `send`.
    """
    landed, moves, whole = Landed(), list[CursorMove](), list[str]()
    for answer in _answers(rail, company, plan.changes, plan.since) if plan.since is not None else ():
        if answer.changes.saturated:
            whole += answer.entities
        elif answer.changes.none:
            moves.append(CursorMove(answer.entities, rail.clock(), answer.changes.time or company.started_at))
            _tell(on_entity, dict.fromkeys(answer.entities, Landed()))
        else:
            landed += sum(_land(rail, company, answer, on_entity).values(), Landed())
    reads = [read_entity(rail, company, entity, on_entity) for entity in whole]
    return landed + settle(rail, company, reads, on_entity), moves


def settle(rail: Rail, company: Company, reads: Sequence[Read], on_entity: OnEntity) -> Landed:
    """Land what changed while entities of several pages were read, and move their cursors; return all that landed.

    A record deleted behind the reader moves the rows after it up, and the one at a page's edge is skipped: such
    an entity is read again. Raises Unavailable where deletions do not end, and as `send`.
    """
    landed = sum((read.landed for read in reads), Landed())
    for reading in range(1, READINGS + 1):
        open_ = [read for read in reads if not read.at_one_moment]
        if not open_:
            return landed
        found, torn = _meanwhile(rail, company, open_, on_entity)
        landed += found
        if not torn:
            return landed
        if reading < READINGS:
            reads = [read_entity(rail, company, entity, on_entity) for entity in torn]
            landed += sum((read.landed for read in reads), Landed())
    raise Unavailable(
        f"{', '.join(torn)}: records were deleted during each of {READINGS} readings", "Refresh again later"
    )


def _meanwhile(
    rail: Rail, company: Company, reads: Sequence[Read], on_entity: OnEntity
) -> tuple[Landed, list[str]]:
    """Land what changed since reading began; return it and the entities from which records were deleted."""
    landed = Landed()
    torn: list[str] = []
    entities = tuple(read.entity for read in reads)
    for answer in _answers(rail, company, entities, min(read.began for read in reads)):
        if answer.changes.saturated:
            torn += answer.entities
            continue
        by_entity = _land(rail, company, answer, on_entity, hold_deleted=True)
        landed += sum(by_entity.values(), Landed())
        torn += [entity for entity, found in by_entity.items() if found.deleted]
    return landed, torn


def _answers(rail: Rail, company: Company, entities: tuple[str, ...], since: datetime) -> Iterator[_Answer]:
    """Yield one answer for all entities; where that was cut short, one for each, which may be cut short too."""
    asked = _asked(rail, company, entities, since)
    if not asked.changes.saturated or len(asked.entities) == 1:
        yield asked
        return
    for entity in asked.entities:
        if _lacks(company, entity):
            yield _Answer((entity,), Changes({}, {}, asked.changes.time, saturated=False))
        else:
            yield _Answer((entity,), _cdc(rail, company, (entity,), since))


def _asked(rail: Rail, company: Company, entities: tuple[str, ...], since: datetime) -> _Answer:
    """Ask for all entities at once, without the optional ones where this company's QuickBooks has none.

    Those count as asked: an entity QuickBooks does not know has no changes, and its cursor moves with the others.
    """
    known = tuple(entity for entity in entities if not _lacks(company, entity))
    common = tuple(entity for entity in known if entity not in OPTIONAL)
    try:
        return _Answer(entities, _cdc(rail, company, known, since))
    except (Refused, NotFound):
        if common == known or _held(rail, company, set(known) & OPTIONAL):
            raise
        answer = _Answer(entities, _cdc(rail, company, common, since))
        with _lacking_lock:
            _lacking.add(company.client.realm_id)
        return answer


def _lacks(company: Company, entity: str) -> bool:
    with _lacking_lock:
        return entity in OPTIONAL and company.client.realm_id in _lacking


def _held(rail: Rail, company: Company, entities: Iterable[str]) -> bool:
    """Tell whether the mirror holds records of these entities: then QuickBooks has them, whatever it says now."""
    with rail.database.read() as cursor:
        whose = (rail.advisor_id, company.client.business_id)
        return any(live_records(cursor, *whose, entity) for entity in entities)


def _cdc(rail: Rail, company: Company, entities: Sequence[str], since: datetime) -> Changes:
    return cdc_changes(rail.send, company.client.realm_id, entities, since)


def _land(
    rail: Rail, company: Company, answer: _Answer, on_entity: OnEntity, *, hold_deleted: bool = False
) -> dict[str, Landed]:
    """Land one answer, all its entities and cursors together; return what landed by entity.

    `hold_deleted`: the cursor of an entity from which something was deleted stays.
    """
    by_entity = dict.fromkeys(answer.entities, Landed())
    with rail.database.write() as cursor:
        landing = company.landing(rail)
        for entity in answer.entities:
            by_entity[entity] = _land_entity(rail, cursor, landing, entity, answer.changes)
        moved = [entity for entity, found in by_entity.items() if not (hold_deleted and found.deleted)]
        through = answer.changes.time or company.started_at
        move_cursors(cursor, *landing.whose, moved, landing.observed_at, through)
    _tell(on_entity, by_entity)
    return by_entity


def _tell(on_entity: OnEntity, by_entity: Mapping[str, Landed]) -> None:
    for entity, found in by_entity.items():
        on_entity(entity, found.rows_in, True)


def _land_entity(rail: Rail, cursor: Cursor, landing: Landing, entity: str, changes: Changes) -> Landed:
    came, gone = versions(changes.records.get(entity, [])), changes.deleted.get(entity, [])
    if not came and not gone:
        return Landed()
    ids = [*(one.qbo_id for one in came), *gone]
    known = known_hashes(cursor, *landing.whose, entity, ids)
    first = rail.positions.take(len(ids), landing.observed_at)
    landed = land(cursor, landing, entity, came, known, first)
    return landed + land_deletions(cursor, landing, entity, gone, known, first + len(came))
