"""The digests as pages, jobs and commands ask for them: made, looked at, approved, sent, and what was sent before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pandas as pd

from rowcol.clock import today_in, zone_or
from rowcol.decisions import digests
from rowcol.decisions.digests import Approval, DigestDecisions, digest_decisions
from rowcol.decisions.recording import Actor, DecisionLog, Recorded
from rowcol.delivery.digest_schedule import last_due, next_due
from rowcol.delivery.mail import addresses
from rowcol.delivery.messages import Made, all_made, letters, made_client, made_practice, trial_letter
from rowcol.delivery.outbox import Delivered, Post
from rowcol.delivery.smtp import mail_server, missing_settings
from rowcol.errors import UsageError
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.settings import Settings
from rowcol.store.control.sent_mail import PRACTICE_ITSELF, Run, SentLog
from rowcol.views.digest.client import client_digests
from rowcol.views.digest.inputs import DigestInputs, digest_inputs
from rowcol.views.digest.practice import digest, practice_digest
from rowcol.views.digest.records import week_of


@dataclass(frozen=True)
class Runs:
    """When the digest is made by itself: next, and how far the newest run came (None before any)."""

    next_at: datetime
    last: Run | None


@dataclass(frozen=True)
class Digests:
    """The digests of one practice.

    Every command raises UsageError, with what to do, where it cannot be done.
    """

    gateway: QuickBooksGateway
    decision_log: DecisionLog
    log: SentLog
    post: Post
    settings: Settings
    zone: ZoneInfo

    def today(self) -> date:
        """Return the practice's own today."""
        return today_in(self.zone, self.decision_log.clock())

    def this_week(self) -> date:
        """Return this week: the only one whose digest can be sent."""
        return week_of(self.today())

    def weekday(self) -> int:
        """Return on which day of the week, Monday being 0, the digest is made by itself."""
        return last_due(self.settings.digest_at, self.zone, self.decision_log.clock()).as_of.weekday()

    def inputs(self, business_id: str | None, as_of: date, known_at: datetime) -> DigestInputs:
        """Return what the digest of one client, or of all and the practice (None), is made from. Raises UnknownClient.

        The same day and moment give the same, whenever it is made.
        """
        return digest_inputs(self.gateway, as_of, known_at, business_id)

    def said(self, week: date) -> DigestDecisions:
        """Return recipients, notes, next calls and approvals of a week, as they stand now."""
        return digest_decisions(self.decision_log.decisions, week)

    def made(self, business_id: str, made_from: DigestInputs) -> Made:
        """Return a client's digest, or the practice's own (''), with its note as it stands now."""
        said = self.said(week_of(made_from.as_of))
        if business_id == PRACTICE_ITSELF:
            return made_practice(practice_digest(made_from, said.notes.get(PRACTICE_ITSELF, "")))
        return made_client(client_digests(made_from, said.notes, said.next_calls)[business_id])

    def approved(self, business_id: str, approval: Approval) -> Made:
        """Return a client's digest as it was when it was approved."""
        said = digest_decisions(self.decision_log.decisions, week_of(approval.as_of), approval.at)
        made_from = self.inputs(business_id, approval.as_of, approval.known_at)
        notes = {business_id: approval.note}
        return made_client(client_digests(made_from, notes, said.next_calls)[business_id])

    def every(self, made_from: DigestInputs) -> list[Made]:
        """Return the practice's digest, then every client's, with their notes as they stand now."""
        said = self.said(week_of(made_from.as_of))
        return all_made(digest(made_from, said.notes, said.next_calls))

    def sender(self) -> str | None:
        """Return who sends the mails, None before that is set."""
        return None if missing_settings(self.settings) else mail_server(self.settings).sender

    def missing(self) -> tuple[str, ...]:
        """Return the settings without which nothing can be sent."""
        return missing_settings(self.settings)

    def set_recipients(self, actor: Actor, business_id: str, texts: Sequence[str]) -> Recorded:
        """Record who gets a digest. Raises UsageError if an address is not valid."""
        return digests.set_recipients(self.decision_log, actor, business_id, addresses(texts))

    def send(self, actor: Actor, made: Made, *, again: bool = False) -> list[Delivered]:
        """Send a digest to its recipients: to each once, unless `again`; a client's is approved by it.

        Raises UsageError without a recipient, MailNotSet where no server is set.
        """
        said = self.said(made.digest.week)
        recipients = said.recipients.get(made.business_id, ())
        if not recipients:
            raise UsageError("Nobody is named to get this digest", "Name at least one recipient first")
        sender = mail_server(self.settings).sender
        if made.business_id != PRACTICE_ITSELF:
            digests.approve(
                self.decision_log, actor, made.business_id, made.digest.week, as_of=made.digest.as_of,
                known_at=made.digest.known_at, note=made.digest.note, figures_hash=made.rendered.figures_hash,
            )  # fmt: skip
        self.log.keep_figures(made.rendered.figures_hash, made.rendered.figures)
        return self.post.deliver(letters(made, recipients, sender, self.log.advisor_id), again=again)

    def send_trial(self, recipient: str, made: Made) -> Delivered:
        """Send a mail that only shows that mail can be sent. Raises UsageError, MailNotSet."""
        (to,) = addresses([recipient])
        sender = mail_server(self.settings).sender
        (found,) = self.post.deliver([trial_letter(to, sender, made, self.decision_log.clock())])
        return found

    def history(self, business_id: str | None = None) -> pd.DataFrame:
        """Return what was sent, newest first; see `SentLog.history`."""
        return self.log.history(business_id)

    def runs(self) -> Runs:
        """Return when the digest is made by itself, and how far the newest run came."""
        now = self.decision_log.clock()
        week = week_of(last_due(self.settings.digest_at, self.zone, now).as_of)
        return Runs(next_due(self.settings.digest_at, self.zone, now), self.log.run(week))


def open_digests(
    gateway: QuickBooksGateway,
    decision_log: DecisionLog,
    log: SentLog,
    settings: Settings,
) -> Digests:
    """Return the digests of a practice; the mail server is the one the settings name when a mail is sent."""
    post = Post(log, lambda: mail_server(settings), decision_log.clock)
    zone = zone_or(None, settings.timezone)
    return Digests(gateway, decision_log, log, post, settings, zone)
