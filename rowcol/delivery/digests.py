"""Gathering, rendering, approving and sending digests: used by pages, the digest run and the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from rowcol.clock import today_in, zone_or
from rowcol.decisions.digests import Approval, DigestDecisions, approve, digest_decisions
from rowcol.decisions.recording import Actor, DecisionLog
from rowcol.delivery.digest_schedule import last_due, next_due
from rowcol.delivery.mail import addresses
from rowcol.delivery.messages import digest_mails, trial_mail
from rowcol.delivery.outbox import Delivery, Outbox
from rowcol.delivery.render import RenderedDigest, render_all, render_client, render_practice
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
class RunState:
    """When the next digest is made by the clock, and the state of the newest run (None before any)."""

    next_at: datetime
    last: Run | None


@dataclass(frozen=True)
class Digests:
    """The digests of one practice."""

    gateway: QuickBooksGateway
    decision_log: DecisionLog
    sent_log: SentLog
    outbox: Outbox
    settings: Settings
    zone: ZoneInfo

    def today(self) -> date:
        """Return today in the practice's time zone."""
        return today_in(self.zone, self.decision_log.clock())

    def this_week(self) -> date:
        """Return the Monday of this week: only its digest can be sent."""
        return week_of(self.today())

    def weekday(self) -> int:
        """Return the day of the week, Monday being 0, on which the digest is made by the clock."""
        return last_due(self.settings.digest_at, self.zone, self.decision_log.clock()).day.weekday()

    def run_state(self) -> RunState:
        """Return when the next digest is made by the clock, and the state of the newest run."""
        now = self.decision_log.clock()
        week = week_of(last_due(self.settings.digest_at, self.zone, now).day)
        return RunState(next_due(self.settings.digest_at, self.zone, now), self.sent_log.run(week))

    def decided(self, week: date) -> DigestDecisions:
        """Return the current recipients, notes, next calls and approvals of a week."""
        return digest_decisions(self.decision_log.decisions, week)

    def inputs(
        self, business_id: str | None, as_of: date | None, known_at: datetime, week: date | None = None
    ) -> DigestInputs:
        """Gather the inputs of one client's digest, or of all clients' and the practice's (None).

        As of a day, or of each client's own at the moment (None). `week`: the week of the digest, if it is not that of
        the day. The same day and moment always give the same inputs. Raises UnknownClient.
        """
        return digest_inputs(self.gateway, as_of, known_at, business_id, week)

    def rendered(self, business_id: str, inputs: DigestInputs) -> RenderedDigest:
        """Render a client's digest, or the practice's (''), with its current note."""
        decided = self.decided(inputs.week)
        if business_id == PRACTICE_ITSELF:
            return render_practice(practice_digest(inputs, decided.notes.get(PRACTICE_ITSELF, "")))
        return render_client(client_digests(inputs, decided.notes, decided.next_calls)[business_id])

    def all_rendered(self, inputs: DigestInputs) -> list[RenderedDigest]:
        """Render the practice's digest, then every client's, with their current notes."""
        decided = self.decided(inputs.week)
        return render_all(digest(inputs, decided.notes, decided.next_calls))

    def as_approved(self, business_id: str, week: date, approval: Approval) -> RenderedDigest:
        """Render a client's digest of a week again as it was when it was approved."""
        decided = digest_decisions(self.decision_log.decisions, week, approval.at)
        inputs = self.inputs(business_id, approval.as_of, approval.known_at, week)
        notes = {business_id: approval.note}
        return render_client(client_digests(inputs, notes, decided.next_calls)[business_id])

    def sender(self) -> str | None:
        """Return the sender of the mails, None before it is set."""
        return None if missing_settings(self.settings) else mail_server(self.settings).sender

    def send(self, actor: Actor, rendered: RenderedDigest, *, again: bool = False) -> list[Delivery]:
        """Send a digest to its recipients, to each once unless `again`; sending a client's approves it.

        Raises UsageError without a recipient, MailNotSet if no server is set.
        """
        shown = rendered.digest
        recipients = self.decided(shown.week).recipients.get(rendered.business_id, ())
        if not recipients:
            raise UsageError("Nobody is named to get this digest", "Name at least one recipient first")
        mail_server(self.settings)
        if rendered.business_id != PRACTICE_ITSELF:
            approve(
                self.decision_log, actor, rendered.business_id, shown.week, as_of=shown.as_of,
                known_at=shown.known_at, note=shown.note, figures_hash=rendered.figures_hash,
            )  # fmt: skip
        return self.deliver(rendered, recipients, again=again)

    def deliver(
        self, rendered: RenderedDigest, recipients: Sequence[str], *, again: bool = False
    ) -> list[Delivery]:
        """Keep the figures of a digest and send it to recipients. Raises MailNotSet if no server is set."""
        sender = mail_server(self.settings).sender
        self.sent_log.keep_figures(rendered.figures_hash, rendered.figures)
        mails = digest_mails(rendered, recipients, sender, self.sent_log.advisor_id)
        return self.outbox.deliver(mails, again=again)

    def send_trial(self, recipient: str, rendered: RenderedDigest) -> Delivery:
        """Send a mail without figures to test the mail server. Raises UsageError, MailNotSet."""
        (to,) = addresses([recipient])
        mail = trial_mail(to, mail_server(self.settings).sender, rendered, self.decision_log.clock())
        (delivery,) = self.outbox.deliver([mail])
        return delivery


def open_digests(
    gateway: QuickBooksGateway,
    decision_log: DecisionLog,
    sent_log: SentLog,
    settings: Settings,
) -> Digests:
    """Return the digests of a practice; the mail server is the one the settings name when a mail is sent."""
    outbox = Outbox(sent_log, lambda: mail_server(settings), decision_log.clock)
    zone = zone_or(None, settings.timezone)
    return Digests(gateway, decision_log, sent_log, outbox, settings, zone)
