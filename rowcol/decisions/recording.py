"""Recording decisions: who decides, what is stored, and how to undo it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rowcol.clock import Clock, KnownAt
from rowcol.errors import UsageError
from rowcol.store.control.decisions import Decisions

LONGEST_TEXT = 1_000
LONGEST_NAME = 80
BY = "by"
"""The field of a decision's content that holds the name of who decided."""
WITHDRAWN = "withdrawn"
"""A decision is withdrawn by recording `{"withdrawn": true}` for its subject."""


def entered_text(text: str, label: str, longest: int = LONGEST_TEXT) -> str:
    """Return a text without surrounding spaces. Raises UsageError if it is empty or too long."""
    entered = text.strip()
    if not entered:
        raise UsageError(f"Nothing was written for {label}", "Write it, then save again")
    if len(entered) > longest:
        raise UsageError(f"{label.capitalize()} is longer than {longest:,} characters", "Shorten it")
    return entered


def person_name(name: str, label: str = "your name") -> str:
    """Return a person's name on one line. Raises UsageError if it is empty or too long."""
    return one_line(name, label, LONGEST_NAME)


def one_line(text: str, label: str, longest: int) -> str:
    """Return a text on one line, its spaces normalized. Raises UsageError if it is empty or too long."""
    return " ".join(entered_text(text, label, longest).split())


@dataclass(frozen=True)
class Actor:
    """Who decides: the id of an account ('' before there are accounts), and the name stored with each decision.

    Making one raises UsageError if the name is empty or too long; spaces in it are normalized.
    """

    id: str
    name: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", person_name(self.name))


OPERATOR = Actor("", "operator")
"""Who acts if no name is requested (settings of a client, sending the practice's digest). It is not stored."""


@dataclass(frozen=True)
class DecisionLog:
    """What every command needs: where decisions are stored, and the clock that dates them."""

    decisions: Decisions
    clock: Clock


@dataclass(frozen=True)
class Change:
    """A decision to record. `content` None withdraws the current one.

    `verbatim`: store the content without adding the actor's name. A call's content names who held it; settings of a
    client name nobody.
    """

    kind: str
    subject: str
    content: Mapping[str, Any] | None
    verbatim: bool = False


@dataclass(frozen=True)
class Recorded:
    """Decisions recorded together on one client: their effect in words, and the changes that undo them."""

    business_id: str
    effect: str
    before: tuple[Change, ...]


def record(
    log: DecisionLog,
    actor: Actor,
    business_id: str,
    effect: str,
    changes: Sequence[Change],
    at: datetime | None = None,
) -> Recorded:
    """Record changes on one client in one transaction, dated `at` (default: now)."""
    before = _before(log.decisions, business_id, changes)
    if changes:
        stored = [(change.kind, change.subject, _content(change, actor)) for change in changes]
        log.decisions.record_all(business_id, stored, log.clock() if at is None else at)
    return Recorded(business_id, effect, before)


def undo(log: DecisionLog, actor: Actor, recorded: Recorded) -> Recorded:
    """Record again what was current before; undoing the returned record redoes it."""
    return record(log, actor, recorded.business_id, f"Taken back: {recorded.effect}", recorded.before)


def current_contents(
    decisions: Decisions, kind: str, known_at: KnownAt = None
) -> dict[tuple[str, str], dict[str, Any]]:
    """Return (business_id, subject) -> content of the current decisions of a kind, without those withdrawn."""
    newest = decisions.newest(kind, known_at)
    return {key: content for key, content in newest.items() if not content.get(WITHDRAWN)}


def subject(*parts: str) -> str:
    """Return the subject of a decision; only its last part may contain a colon."""
    return ":".join(parts)


def _before(decisions: Decisions, business_id: str, changes: Sequence[Change]) -> tuple[Change, ...]:
    current = {
        kind: decisions.of(kind, [(business_id, change.subject) for change in changes if change.kind == kind])
        for kind in {change.kind for change in changes}
    }
    return tuple(
        replace(change, content=_unless_withdrawn(current[change.kind].get((business_id, change.subject))))
        for change in changes
    )


def _unless_withdrawn(content: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return None if content is None or content.get(WITHDRAWN) else content


def _content(change: Change, actor: Actor) -> dict[str, Any]:
    if change.content is None:
        return {WITHDRAWN: True, BY: actor.name}
    return dict(change.content) if change.verbatim else {**change.content, BY: actor.name}
