"""Calls with clients: mark one as held, what changed since, and what the next begins from."""

from collections.abc import Callable
from datetime import date, datetime

from rowcol.decisions import calls as recorded
from rowcol.decisions.current import planned
from rowcol.decisions.recording import Actor, DecisionLog, Recorded
from rowcol.domain.calls import Call
from rowcol.domain.comparison.snapshot import snapshot_content
from rowcol.errors import UnknownClient, UsageError
from rowcol.views.common.calls import CallView, call_view, kept_figures, last_call
from rowcol.views.common.changes import Changes, Since, changes_between, where_it_stands
from rowcol.views.common.gather import Gathered, Source, gather

BANK_DAYS = 92


class CallBook:
    """The calls of one practice; `source` is asked anew for each view, since it carries the present moment."""

    def __init__(self, source: Callable[[], Source], log: DecisionLog) -> None:
        self._source = source
        self._log = log

    def hold(self, actor: Actor, business_id: str, notes: str = "") -> Recorded:
        """Mark a call as held now, with the figures of now.

        Raises UnknownClient, and UsageError before the first refresh or if the note is too long.
        """
        source = self._source()
        found = _gathered(source, business_id, None, None)
        if found.fresh[business_id].synced_at is None:
            raise UsageError("Nothing is known of this client yet", "Refresh it, then mark the call as held")
        stands = where_it_stands(found)
        call = Call(
            business_id, source.now, found.books.clients["as_of"].iloc[0].date(), actor.name, notes,
            source.frames.log_position(), kept_figures(source, found, stands),
        )  # fmt: skip
        return recorded.hold(self._log, actor, call, snapshot_content(stands, business_id))

    def changes(
        self,
        business_id: str | None = None,
        since: Since = None,
        as_of: date | None = None,
        known_at: datetime | None = None,
    ) -> Changes:
        """Return what changed since a moment, the last call by default. Raises UnknownClient, UsageError."""
        return changes_between(self._source(), business_id, since, as_of, known_at)

    def view(self, business_id: str, as_of: date | None = None, known_at: datetime | None = None) -> CallView:
        """Return what the next call begins from. Raises UnknownClient."""
        source = self._source()
        found = _gathered(source, business_id, as_of, known_at)
        last = last_call(source, found, known_at)
        plans = planned(self._log.decisions, business_id, known_at if last is None else last.held_at)
        return call_view(source, found, plans, known_at)


def _gathered(source: Source, business_id: str, as_of: date | None, known_at: datetime | None) -> Gathered:
    found = gather(source, (business_id,), as_of, known_at, BANK_DAYS, calls={}, ahead=True)
    if found.books.clients.empty:
        raise UnknownClient("This client is not in your practice")
    return found
