"""The week's run: every client refreshed, then every digest from one moment; what dies goes on where it stopped."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from rowcol.clock import Clock
from rowcol.decisions.digests import Approval
from rowcol.delivery.digest_schedule import TRY_AGAIN_AFTER, TRY_FOR, Due, last_due, to_make
from rowcol.delivery.digests import Digests
from rowcol.delivery.messages import letters
from rowcol.delivery.outbox import Delivered
from rowcol.delivery.smtp import mail_server
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
"""A letter in one of these is left to a person."""
_LOG = logging.getLogger(__name__)


@dataclass
class DigestRun:
    """Makes the week's digest by the clock. `refresh` brings every client up to date as of a day and never raises for
    one that cannot be; `since` is when the first client was connected.
    """

    room: Digests
    refresh: Callable[[date], object]
    since: Callable[[], datetime | None]
    clock: Clock
    _tried_at: datetime | None = field(default=None, init=False)

    def tick(self) -> None:
        """Make, or go on with, the digest that is due; send what was approved and could not be sent then."""
        now = self.clock()
        if self._tried_at is not None and now - self._tried_at < TRY_AGAIN_AFTER:
            return
        due = last_due(self.room.settings.digest_at, self.room.zone, now)
        week = week_of(due.as_of)
        run = self.room.log.run(week)
        if to_make(due, run, self.since(), now):
            self._make(due, run)
        self._send_approved(week_of(self.room.today()))

    def _make(self, due: Due, run: Run | None) -> None:
        week, known_at = week_of(due.as_of), None if run is None else run.known_at
        self._tried_at = self.clock()
        if known_at is None:
            self.room.log.note_run(week, STARTED, self.clock())
            self.refresh(due.as_of)
            known_at = self.clock()
            self.room.log.note_run(week, READ, self.clock(), known_at)
        left = self._send_practice(due.as_of, known_at)
        if left and self.clock() - known_at < TRY_FOR:
            return
        self._tried_at = None
        self.room.log.note_run(week, MADE, self.clock(), known_at, left)

    def _send_practice(self, as_of: date, known_at: datetime) -> str:
        """Send the practice's digest to whom it was not sent yet; return why that is not done, '' where it is."""
        week = week_of(as_of)
        recipients = self.room.said(week).recipients.get(PRACTICE_ITSELF, ())
        fates = self.room.log.fates(week)
        waiting = [
            one for one in recipients
            if (fate := fates.get((PRACTICE_ITSELF, one))) is None or fate.state not in FINAL
        ]  # fmt: skip
        if not waiting or self.room.missing():
            return ""
        made = self.room.made(PRACTICE_ITSELF, self.room.inputs(None, as_of, known_at))
        self.room.log.keep_figures(made.rendered.figures_hash, made.rendered.figures)
        return self._delivered(lambda: self.room.post.deliver(
            letters(made, waiting, mail_server(self.room.settings).sender, self.room.log.advisor_id)
        ))  # fmt: skip

    def _send_approved(self, week: date) -> None:
        """Send the clients' digests that were approved and found no mail server, as they were approved."""
        if self.room.missing():
            return
        said = self.room.said(week)
        fates = self.room.log.fates(week)
        for business_id, approval in said.approvals.items():
            waiting = [
                one for one in said.recipients.get(business_id, ())
                if (fate := fates.get((business_id, one))) is not None and fate.state == NOT_SENT
            ]  # fmt: skip
            if waiting and self._send_again(business_id, approval, waiting):
                self._tried_at = self.clock()
                return

    def _send_again(self, business_id: str, approval: Approval, recipients: Sequence[str]) -> str:
        made = self.room.approved(business_id, approval)
        if made.rendered.figures_hash != approval.figures_hash:
            _LOG.warning("the digest of %s is not the one approved any more: not sent", business_id)
            return ""
        sender = mail_server(self.room.settings).sender
        return self._delivered(lambda: self.room.post.deliver(
            letters(made, recipients, sender, self.room.log.advisor_id)
        ))  # fmt: skip

    def _delivered(self, deliver: Callable[[], list[Delivered]]) -> str:
        """Return why letters are still to be sent, '' where none is."""
        try:
            done = deliver()
        except MailNotSet as error:
            return error.line()
        return next((one.reason for one in done if one.state == NOT_SENT), "")
