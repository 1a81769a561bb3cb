"""Each letter once: gather what became of it, decide, send; what became of it is noted before and after.

The note `handing over` is committed when only the full stop that ends the mail is left to send. A run that dies
before it has sent nothing; one that dies after it leaves a letter of which nobody knows: it is not sent again
unless somebody says so.
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
    Fate,
    Letter,
    SentLog,
)

LOST_IN_A_ROW = 3
"""After so many letters in a row that found no server, the rest of the round is left for the next one."""
STOPPED_THERE = "RowCol stopped while the mail was handed over: it may have arrived"
SEND, SKIP, DOUBT = "send", "skip", "doubt"
_STATE_OF: Mapping[type[DeliveryError], str] = {MailRefused: REFUSED, MailUncertain: UNCERTAIN}


@dataclass(frozen=True)
class Outgoing:
    """A letter and the bytes of its mail."""

    letter: Letter
    mail: bytes


@dataclass(frozen=True)
class Delivered:
    """What became of a letter: its state, why, and whether this round sent it."""

    letter: Letter
    state: str
    reason: str = ""
    now: bool = False


def decided(letter: Letter, fate: Fate | None, *, again: bool = False) -> str:
    """Return what to do with a letter whose fate so far is known: `send`, `skip` or `doubt`.

    Sent ones and those of which nobody knows are left alone unless they are asked for again; what stopped in the
    middle of being handed over is a doubt, to be noted as such.
    """
    if again or letter.kind != DIGEST or fate is None or fate.state in (REFUSED, NOT_SENT):
        return SEND
    return DOUBT if fate.state == HANDING_OVER else SKIP


class Post:
    """Sends the letters of one practice, one round at a time."""

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
        self._one_round = threading.Lock()

    def deliver(self, outgoing: Sequence[Outgoing], *, again: bool = False) -> list[Delivered]:
        """Send what was not sent yet and return what became of each letter, in order.

        `again` sends those too that were sent or may have been. Raises MailNotSet where no server is set.
        """
        server = self._server()
        done: list[Delivered] = []
        lost = 0
        with self._one_round:
            for one in outgoing:
                if lost >= LOST_IN_A_ROW:
                    done.append(
                        Delivered(one.letter, NOT_SENT, "Not tried: the mail server is not reachable")
                    )
                    continue
                found = self._one(server, one, again)
                done.append(found)
                lost = lost + 1 if found.now and found.state == NOT_SENT else 0
        return done

    def _one(self, server: MailServer, one: Outgoing, again: bool) -> Delivered:
        letter = one.letter
        fate = self._log.fates(letter.week).get((letter.business_id, letter.recipient))
        what = decided(letter, fate, again=again)
        if what == SKIP and fate is not None:
            return Delivered(letter, fate.state, fate.reason)
        if what == DOUBT:
            self._note(letter, UNCERTAIN, STOPPED_THERE)
            return Delivered(letter, UNCERTAIN, STOPPED_THERE)
        try:
            send(server, one.mail, letter.recipient, lambda: self._note(letter, HANDING_OVER), self._context)
        except DeliveryError as error:
            state = _STATE_OF.get(type(error), NOT_SENT)
            self._note(letter, state, error.line())
            if isinstance(error, MailNotSet):
                raise
            return Delivered(letter, state, error.line(), now=True)
        self._note(letter, SENT)
        return Delivered(letter, SENT, now=True)

    def _note(self, letter: Letter, state: str, reason: str = "") -> None:
        self._log.note(letter, state, self._clock(), reason)
