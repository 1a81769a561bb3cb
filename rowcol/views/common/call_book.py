"""Calls with clients: mark one held, list what changed since, and begin the next from the last."""

from rowcol.clock import NOW, Moment
from rowcol.decisions import calls as recorded
from rowcol.domain.calls import Call
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.store.decisions import Decisions
from rowcol.views.common.calls import CallView, call_held_now, call_view
from rowcol.views.common.changes import Changes, Since, changes_between


class CallBook:
    """The calls of one practice."""

    def __init__(self, gateway: QuickBooksGateway, decisions: Decisions) -> None:
        self._gateway = gateway
        self._decisions = decisions

    def hold(self, business_id: str, by: str, notes: str = "") -> Call:
        """Mark a call as held now, with the figures of now.

        Raises UnknownClient, and UsageError without a name or before the first refresh.
        """
        return recorded.hold(self._decisions, *call_held_now(self._gateway, business_id, by, notes))

    def note(self, call: Call, notes: str, by: str) -> Call:
        """Replace what was noted of a call. Raises UsageError without a name, or for too long a note."""
        return recorded.note(self._decisions, call, notes, by, self._gateway.now())

    def withdraw(self, call: Call, by: str) -> None:
        """Take back that a call was held; `restore` puts it back. Raises UsageError without a name."""
        recorded.withdraw(self._decisions, call, by, self._gateway.now())

    def restore(self, call: Call) -> None:
        """Put back a call that was taken back."""
        recorded.restore(self._decisions, call, self._gateway.now())

    def changes(self, business_id: str | None = None, since: Since = None, moment: Moment = NOW) -> Changes:
        """Return what changed since a moment, the last call by default. Raises UnknownClient, UsageError."""
        return changes_between(self._gateway, business_id, since, moment)

    def view(self, business_id: str, moment: Moment = NOW) -> CallView:
        """Return what the next call begins from. Raises UnknownClient."""
        return call_view(self._gateway, self._decisions, business_id, moment)
