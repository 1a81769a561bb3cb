"""Setting a finding aside with a reason, and taking that back. It holds until the record changes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rowcol.decisions.current import DISMISSAL, WITHDRAWN, subject
from rowcol.decisions.validation import named_person, said
from rowcol.domain.hygiene.findings import RULES
from rowcol.errors import UsageError
from rowcol.store.decisions import Decisions


@dataclass(frozen=True)
class Finding:
    """Which finding: its client, code and record (both None on the company itself), and the version it rests on."""

    business_id: str
    code: str
    entity: str | None
    qbo_id: str | None
    version: int | None


def dismiss(decisions: Decisions, finding: Finding, reason: str, by: str, now: datetime) -> None:
    """Set a finding aside. Raises UsageError without a reason or a name, or where there is no such finding."""
    if finding.code not in RULES:
        raise UsageError(f"There is no finding called {finding.code!r}", "Choose one from the tray")
    if finding.version is None:
        raise UsageError(
            "This finding cannot be told from a later one", "Refresh the client, then dismiss it"
        )
    content = {
        "version": finding.version,
        "reason": said(reason, "the reason why this finding needs no mending"),
        "by": named_person(by),
    }
    _record(decisions, finding, content, now)


def restore(decisions: Decisions, finding: Finding, by: str, now: datetime) -> None:
    """Take a dismissal back. Raises UsageError without a name."""
    _record(decisions, finding, {WITHDRAWN: True, "by": named_person(by)}, now)


def _record(decisions: Decisions, finding: Finding, content: dict[str, Any], now: datetime) -> None:
    what = subject(finding.code, finding.entity or "", finding.qbo_id or "")
    decisions.record(finding.business_id, DISMISSAL, what, content, now)
