"""What one refresh of one company has to read: decided from its cursors and the clock alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rowcol.store.typed import ENTITIES

CDC_REACH = timedelta(days=29)
"""Change-data-capture answers at most 30 days back; a day is kept in hand."""


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


def plan(cursors: Mapping[str, datetime], now: datetime, overlap: timedelta, *, full: bool = False) -> Plan:
    """Return the plan for a company whose mirror holds, per entity, all there was at its cursor."""
    if full:
        return Plan(whole=ENTITIES)
    old = tuple(entity for entity in ENTITIES if entity in cursors and cursors[entity] < now - CDC_REACH)
    recent = tuple(entity for entity in ENTITIES if entity in cursors and entity not in old)
    return Plan(
        whole=tuple(entity for entity in ENTITIES if entity not in cursors),
        changes=recent,
        since=min((cursors[entity] for entity in recent), default=now) - overlap if recent else None,
        catch_up=tuple((entity, cursors[entity] - overlap) for entity in old),
    )
