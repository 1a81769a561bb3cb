"""The weekly run: refresh every client, then make all digests from one moment; an interrupted run is continued."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from rowcol.clock import Clock
from rowcol.decisions.digests import Approval
from rowcol.delivery.digest_schedule import TRY_AGAIN_AFTER, TRY_FOR, Due, is_due, last_due
from rowcol.delivery.digests import Digests
from rowcol.delivery.outbox import Delivery
from rowcol.delivery.smtp import missing_settings
from rowcol.errors import MailNotSet
from rowcol.store.control.sent_mail import (
    MADE,
    NOT_SENT,
    PRACTICE_ITSELF,
    READ,
    REFUSED,
    SENT,
    STARTED,
    UNCERTAIN,
    Run,
)
from rowcol.views.digest.records import week_of

FINAL = (SENT, REFUSED, UNCERTAIN)
"""A mail in one of these states is sent again by a person only."""
_LOG = logging.getLogger(__name__)


@dataclass
class DigestRun:
    """Makes the weekly digest by the clock.

    `refresh` refreshes every client and never raises for one that cannot be refreshed; `since` returns when the first
    client was connected. Each client's digest is as of its own day at the moment at which all were read.
    """

    digests: Digests
    refresh: Callable[[], object]
    since: Callable[[], datetime | None]
    clock: Clock
    _tried_at: datetime | None = field(default=None, init=False)

    def tick(self) -> None:
        """Start or continue the digest that is due; send approved digests for which no server was reached."""
        now = self.clock()
        if self._tried_at is not None and now - self._tried_at < TRY_AGAIN_AFTER:
            return
        due = last_due(self.digests.settings.digest_at, self.digests.zone, now)
        run = self.digests.sent_log.run(week_of(due.day))
        if is_due(due, run, self.since(), now):
            self._make(due, run)
        self._send_approved(self.digests.this_week())

    def _make(self, due: Due, run: Run | None) -> None:
        week, known_at = week_of(due.day), None if run is None else run.known_at
        log = self.digests.sent_log
        self._tried_at = self.clock()
        if known_at is None:
            log.note_run(week, STARTED, self.clock())
            self.refresh()
            known_at = self.clock()
            log.note_run(week, READ, self.clock(), known_at)
        unsent = self._send_practice(week, known_at)
        if unsent and self.clock() - known_at < TRY_FOR:
            return
        self._tried_at = None
        log.note_run(week, MADE, self.clock(), known_at, unsent)

    def _send_practice(self, week: date, known_at: datetime) -> str:
        """Send the practice's digest to those who have not got it; return why some mails are unsent, else ''."""
        recipients = self.digests.decided(week).recipients.get(PRACTICE_ITSELF, ())
        states = self.digests.sent_log.states(week)
        waiting = [
            recipient for recipient in recipients
            if (last := states.get((PRACTICE_ITSELF, recipient))) is None or last.state not in FINAL
        ]  # fmt: skip
        if not waiting or missing_settings(self.digests.settings):
            return ""
        rendered = self.digests.rendered(PRACTICE_ITSELF, self.digests.inputs(None, None, known_at, week))
        return _unsent(lambda: self.digests.deliver(rendered, waiting))

    def _send_approved(self, week: date) -> None:
        """Send the clients' digests that were approved when no mail server was reached, as they were approved."""
        if missing_settings(self.digests.settings):
            return
        decided = self.digests.decided(week)
        states = self.digests.sent_log.states(week)
        for business_id, approval in decided.approvals.items():
            waiting = [
                recipient for recipient in decided.recipients.get(business_id, ())
                if (last := states.get((business_id, recipient))) is not None and last.state == NOT_SENT
            ]  # fmt: skip
            if waiting and self._send_again(business_id, week, approval, waiting):
                self._tried_at = self.clock()
                return

    def _send_again(self, business_id: str, week: date, approval: Approval, recipients: list[str]) -> str:
        rendered = self.digests.as_approved(business_id, week, approval)
        if rendered.figures_hash != approval.figures_hash:
            _LOG.warning("the digest of %s is not the one approved any more: not sent", business_id)
            return ""
        return _unsent(lambda: self.digests.deliver(rendered, recipients))


def _unsent(deliver: Callable[[], list[Delivery]]) -> str:
    """Deliver mails and return why some are unsent, '' if none is."""
    try:
        done = deliver()
    except MailNotSet as error:
        return error.line()
    return next((delivery.reason for delivery in done if delivery.state == NOT_SENT), "")
