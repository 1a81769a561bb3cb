"""One request for everything that changed in a company, landed in one transaction with its cursors."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rowcol.errors import NotFound, Refused
from rowcol.qbo.pages import OPTIONAL, Changes, cdc_changes
from rowcol.store.control import control_rows
from rowcol.store.control.freshness import CursorMove, move_cursors
from rowcol.store.database import Cursor
from rowcol.store.log import Landing, versions
from rowcol.store.mirror import Landed, known_hashes, land, land_deletions, live_records
from rowcol.sync.context import Company, OnEntity, SyncContext

_lacking: set[str] = set()
_lacking_lock = threading.Lock()
"""Realms whose QuickBooks refuses the optional entities; found out once per process, at the cost of one request."""


@dataclass(frozen=True)
class Answer:
    """The answer of change-data-capture for some entities."""

    entities: tuple[str, ...]
    changes: Changes


@dataclass(frozen=True)
class ReadChanges:
    """What landed, the cursors to be moved of entities without changes, and the entities to be read whole."""

    landed: Landed = field(default_factory=Landed)
    moves: tuple[CursorMove, ...] = ()
    whole: tuple[str, ...] = ()


def read_changes(
    context: SyncContext,
    company: Company,
    entities: tuple[str, ...],
    since: datetime | None,
    on_entity: OnEntity,
) -> ReadChanges:
    """Land everything that changed in entities since a moment and move the cursors to the answer's own time.

    One request; if its 1000 objects are used up, one per entity, and an entity that alone has more is left to be
    read whole. Raises as `send`.
    """
    landed, moves, whole = Landed(), list[CursorMove](), list[str]()
    for answer in answers(context, company, entities, since) if since is not None else ():
        if answer.changes.saturated:
            whole += answer.entities
        elif answer.changes.is_empty:
            moves.append(
                CursorMove(answer.entities, context.clock(), answer.changes.time or company.started_at)
            )
            _report(on_entity, dict.fromkeys(answer.entities, Landed()))
        else:
            landed += sum(land_answer(context, company, answer, on_entity).values(), Landed())
    return ReadChanges(landed, tuple(moves), tuple(whole))


def answers(
    context: SyncContext, company: Company, entities: tuple[str, ...], since: datetime
) -> Iterator[Answer]:
    """Yield one answer for all entities; if that was cut short, one for each, which may be cut short too."""
    answer = _answer_for_all(context, company, entities, since)
    if not answer.changes.saturated or len(answer.entities) == 1:
        yield answer
        return
    for entity in answer.entities:
        if _lacks(company, entity):
            yield Answer((entity,), Changes({}, {}, answer.changes.time, saturated=False))
        else:
            yield Answer((entity,), _cdc(context, company, (entity,), since))


def _answer_for_all(
    context: SyncContext, company: Company, entities: tuple[str, ...], since: datetime
) -> Answer:
    """Request all entities at once, without the optional ones if this company's QuickBooks lacks them.

    Those count as answered: an entity that QuickBooks does not know has no changes, and its cursor moves with the others.
    """
    known = tuple(entity for entity in entities if not _lacks(company, entity))
    common = tuple(entity for entity in known if entity not in OPTIONAL)
    try:
        return Answer(entities, _cdc(context, company, known, since))
    except (Refused, NotFound):
        if common == known or _mirror_holds(context, company, set(known) & OPTIONAL):
            raise
        answer = Answer(entities, _cdc(context, company, common, since))
        with _lacking_lock:
            _lacking.add(company.client.realm_id)
        return answer


def _lacks(company: Company, entity: str) -> bool:
    with _lacking_lock:
        return entity in OPTIONAL and company.client.realm_id in _lacking


def _mirror_holds(context: SyncContext, company: Company, entities: Iterable[str]) -> bool:
    """Return whether the mirror holds records of these entities: then QuickBooks has them, whatever it answers now."""
    with context.database.read() as cursor:
        client_key = (context.advisor_id, company.client.business_id)
        return any(live_records(cursor, *client_key, entity) for entity in entities)


def _cdc(context: SyncContext, company: Company, entities: Sequence[str], since: datetime) -> Changes:
    return cdc_changes(context.send, company.client.realm_id, entities, since)


def land_answer(
    context: SyncContext, company: Company, answer: Answer, on_entity: OnEntity, *, move: bool = True
) -> dict[str, Landed]:
    """Land one answer, all its entities and (`move`) their cursors together; return what landed by entity."""
    by_entity = dict.fromkeys(answer.entities, Landed())
    with context.database.write() as cursor:
        landing = company.landing(context)
        for entity in answer.entities:
            by_entity[entity] = _land_entity(context, cursor, landing, entity, answer.changes)
        through = answer.changes.time or company.started_at
        if move:
            move_cursors(
                control_rows(cursor), *landing.client_key, answer.entities, landing.observed_at, through
            )
    _report(on_entity, by_entity)
    return by_entity


def _report(on_entity: OnEntity, by_entity: Mapping[str, Landed]) -> None:
    for entity, landed in by_entity.items():
        on_entity(entity, landed.rows_in, True)


def _land_entity(
    context: SyncContext, cursor: Cursor, landing: Landing, entity: str, changes: Changes
) -> Landed:
    received, gone = versions(changes.records.get(entity, [])), changes.deleted.get(entity, [])
    if not received and not gone:
        return Landed()
    ids = [*(version.qbo_id for version in received), *gone]
    known = known_hashes(cursor, *landing.client_key, entity, ids)
    first = context.positions.take(len(ids), landing.observed_at)
    landed = land(cursor, landing, entity, received, known, first)
    return landed + land_deletions(cursor, landing, entity, gone, known, first + len(received))
