"""What one refresh of one company has to read: decided from its cursors and the clock alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from rowcol.entities import ENTITIES

CDC_REACH = timedelta(days=29)
"""Change-data-capture answers at most 30 days back; a day is kept in hand."""


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
    """`first`: some entity was never read whole. `full`: all is read again, being asked for. `catch-up`: some
    entity was last read too long ago for `changes`."""


def plan(cursors: Mapping[str, datetime], now: datetime, overlap: timedelta, *, full: bool = False) -> Plan:
    """Return the plan for a company whose mirror holds, per entity, all there was at its cursor."""
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
