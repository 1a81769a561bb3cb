"""Change-data-capture: what changed since a moment, deletions included."""

from datetime import timedelta
from typing import Any

from rowcol.sandbox.calls import Call
from rowcol.sandbox.catalog import WITHOUT_CDC, entity_named
from rowcol.sandbox.company import Company, Record
from rowcol.sandbox.refusals import Refusal, missing
from rowcol.sandbox.selection import updated
from rowcol.sandbox.times import instant

REACH = timedelta(days=30)
MOST_OBJECTS = 1000  # of the whole response, all entities together


def changes(call: Call) -> dict[str, Any]:
    """Answer `GET /cdc?entities=&changedSince=`: by entity, changed ones first, then deleted ones."""
    entities = _entities(call)
    since = _since(call)
    room, groups = MOST_OBJECTS, []
    for entity in entities:
        records = changed_since(call.company, entity, since)[:room]
        room -= len(records)
        groups.append(_group(call, entity, records))
    answer = groups if any(groups) else [{}]
    return call.envelope(CDCResponse=[{"QueryResponse": answer}])


def changed_since(company: Company, entity: str, since: float) -> list[Record]:
    """Return records updated at or after a moment (seconds since 1970), then tombstones, each by time."""
    with company.lock:
        live = [record for record in company.of(entity).values() if updated(record) >= since]
        dead = [_tombstone(id_, time) for id_, time in company.deleted.get(entity, {}).items()]
    return sorted(live, key=updated) + sorted((t for t in dead if updated(t) >= since), key=updated)


def _group(call: Call, entity: str, records: list[Record]) -> dict[str, Any]:
    if not records:
        return {}
    group = {call.payload_key(entity): records, "startPosition": 1, "maxResults": len(records)}
    return {**group, "totalCount": len(records)} if call.switches.total_count else group


def _tombstone(id_: str, time: str) -> Record:
    return {"domain": "QBO", "status": "Deleted", "Id": id_, "MetaData": {"LastUpdatedTime": time}}


def _entities(call: Call) -> list[str]:
    names = [name.strip() for name in call.parameters.get("entities", "").split(",") if name.strip()]
    if not names:
        raise missing("entities")
    return list(dict.fromkeys(_entity(name) for name in names))


def _entity(name: str) -> str:
    entity = entity_named(name)
    if entity is None or entity in WITHOUT_CDC:
        raise Refusal("2500", "Invalid Reference Id", f"Entity {name} is not supported by CDC")
    return entity


def _since(call: Call) -> float:
    text = call.parameters.get("changedsince", "")
    if not text:
        raise missing("changedSince")
    try:
        since = instant(text)
    except ValueError:
        raise Refusal("2050", "Invalid Date Format", f"changedSince {text} is not a date-time") from None
    if since < (call.now - REACH).timestamp():
        raise Refusal(
            "4001", "Invalid changedSince", f"changedSince must be within the last {REACH.days} days"
        )
    return since
