"""Sending each mail once: look up its state, decide, send, and record the state before and after.

The state `handing over` is committed when only the full stop that ends the mail is left to send. A run that stops
before that has sent nothing; one that stops after it leaves a mail of which nobody knows whether it arrived: it is
not sent again unless a person requests it.
"""

import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rowcol.clock import Clock
from rowcol.delivery.smtp import MailServer, send
from rowcol.errors import DeliveryError, MailNotSet, MailRefused, MailUncertain
from rowcol.store.control.sent_mail import (
    DIGEST,
    HANDING_OVER,
    NOT_SENT,
    REFUSED,
    SENT,
    UNCERTAIN,
    MailKey,
    MailState,
    SentLog,
)

MOST_UNREACHABLE = 3
"""After this many mails in a row for which no server was reached, the rest is left for the next run."""
STOPPED_THERE = "RowCol stopped while the mail was handed over: it may have arrived"
SEND, SKIP, DOUBT = "send", "skip", "doubt"
_STATE_OF: Mapping[type[DeliveryError], str] = {MailRefused: REFUSED, MailUncertain: UNCERTAIN}


@dataclass(frozen=True)
class OutgoingMail:
    """A mail to one recipient: its key in the log of sent mail, and its bytes."""

    key: MailKey
    mail: bytes


@dataclass(frozen=True)
class Delivery:
    """The state of a mail, the reason, and whether this run attempted it."""

    key: MailKey
    state: str
    reason: str = ""
    now: bool = False


def action_for(key: MailKey, last: MailState | None, *, again: bool = False) -> str:
    """Return what to do with a mail whose last state is known: `send`, `skip` or `doubt`.

    Mails that were sent or may have been are skipped unless `again`; one that stopped while it was handed over is a
    doubt, to be recorded as uncertain.
    """
    if again or key.kind != DIGEST or last is None or last.state in (REFUSED, NOT_SENT):
        return SEND
    return DOUBT if last.state == HANDING_OVER else SKIP


class Outbox:
    """Sends the mails of one practice, one batch at a time."""

    def __init__(
        self,
        log: SentLog,
        server: Callable[[], MailServer],
        clock: Clock,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._log = log
        self._server = server
        self._clock = clock
        self._context = context
        self._one_batch = threading.Lock()

    def deliver(self, mails: Sequence[OutgoingMail], *, again: bool = False) -> list[Delivery]:
        """Send what was not sent yet and return the state of each mail, in order.

        `again` also sends those that were sent or may have been. Raises MailNotSet if no server is set.
        """
        server = self._server()
        done: list[Delivery] = []
        unreachable = 0
        with self._one_batch:
            for mail in mails:
                if unreachable >= MOST_UNREACHABLE:
                    done.append(Delivery(mail.key, NOT_SENT, "Not tried: the mail server is not reachable"))
                    continue
                delivery = self._deliver_one(server, mail, again)
                done.append(delivery)
                unreachable = unreachable + 1 if delivery.now and delivery.state == NOT_SENT else 0
        return done

    def _deliver_one(self, server: MailServer, outgoing: OutgoingMail, again: bool) -> Delivery:
        key = outgoing.key
        last = self._log.states(key.week).get((key.business_id, key.recipient))
        action = action_for(key, last, again=again)
        if action == SKIP and last is not None:
            return Delivery(key, last.state, last.reason)
        if action == DOUBT:
            self._record(key, UNCERTAIN, STOPPED_THERE)
            return Delivery(key, UNCERTAIN, STOPPED_THERE)
        try:
            send(server, outgoing.mail, key.recipient, lambda: self._record(key, HANDING_OVER), self._context)
        except DeliveryError as error:
            state = _STATE_OF.get(type(error), NOT_SENT)
            self._record(key, state, error.line())
            if isinstance(error, MailNotSet):
                raise
            return Delivery(key, state, error.line(), now=True)
        self._record(key, SENT)
        return Delivery(key, SENT, now=True)

    def _record(self, key: MailKey, state: str, reason: str = "") -> None:
        self._log.record(key, state, self._clock(), reason)
