"""Sending one mail over SMTP, with a definite result: sent, refused, not sent, or uncertain.

A server may deliver a mail once it has read the full stop that ends it. A failure before that means that nothing was
sent; a failure between that and the reply leaves the result uncertain.
"""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from rowcol.delivery.mail import one_line, sender_parts
from rowcol.errors import DeliveryError, MailNotSet, MailRefused, MailUnavailable, MailUncertain, UsageError
from rowcol.settings import Settings

TIMEOUT_SECONDS = 30.0
"""How long to wait for each reply."""
TLS_PORT = 465
"""The port on which TLS starts with the first byte."""
READY, TAKEN = 354, 250
LONGEST_REPLY = 200
_LEADING_STOP = re.compile(rb"(?m)^\.")


@dataclass(frozen=True)
class MailServer:
    """The mail server; `sender` is ROWCOL_SMTP_FROM: a name and an address, or an address."""

    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = None
    starttls: bool = True

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port})"


def missing_settings(settings: Settings) -> tuple[str, ...]:
    """Return the settings without which no mail can be sent."""
    needed = {"ROWCOL_SMTP_HOST": settings.smtp_host, "ROWCOL_SMTP_FROM": _sender(settings)}
    if settings.smtp_user and not settings.smtp_password:
        needed["ROWCOL_SMTP_PASSWORD"] = None
    return tuple(name for name, value in needed.items() if not value)


def mail_server(settings: Settings) -> MailServer:
    """Return the server of the settings. Raises MailNotSet naming what is missing or not valid."""
    missing = missing_settings(settings)
    sender, host = _sender(settings), settings.smtp_host
    if missing or sender is None or host is None:
        raise MailNotSet(
            "No mail server is set, so nothing can be sent",
            f"Set {' and '.join(missing)} in the environment or in .env, then start RowCol again",
        )
    try:
        sender_parts(sender)
    except UsageError as error:
        raise MailNotSet("ROWCOL_SMTP_FROM is not a mail address", error.hint) from error
    password = settings.smtp_password.get_secret_value() if settings.smtp_password else None
    return MailServer(host, settings.smtp_port, sender, settings.smtp_user, password, settings.smtp_starttls)


def send(
    server: MailServer,
    mail: bytes,
    recipient: str,
    before_end: Callable[[], None] = lambda: None,
    context: ssl.SSLContext | None = None,
) -> None:
    """Send one mail to one recipient; returns once the server has accepted it.

    `before_end` is called when only the full stop that ends the mail is left to send: the last moment at which
    nothing can have been delivered. `context` decides which certificates are trusted (default: this machine's).
    Raises MailNotSet, MailRefused, MailUnavailable (of these three nothing was sent) and MailUncertain.
    """
    trusted = context or ssl.create_default_context()
    try:
        with _connection(server, trusted) as wire:
            _sign_in(wire, server, trusted)
            _transmit(wire, mail, sender_parts(server.sender)[1], recipient)
            before_end()
            _finish(wire)
    except DeliveryError:
        raise
    except ssl.SSLCertVerificationError as error:
        raise MailNotSet(
            f"The certificate of {server.host} is not to be trusted ({_reason(error)})",
            "ROWCOL_SMTP_HOST must be the name its certificate is for; nothing was sent",
        ) from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailUnavailable(
            f"{server.host} could not be reached or went away ({_reason(error)})"
        ) from error


@contextmanager
def _connection(server: MailServer, trusted: ssl.SSLContext) -> Iterator[smtplib.SMTP]:
    """Open a connection; an error while quitting does not change the result."""
    if server.port == TLS_PORT:
        wire: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT_SECONDS, context=trusted
        )
    else:
        wire = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        yield wire
        with suppress(OSError, smtplib.SMTPException):
            wire.quit()
    finally:
        wire.close()


def _sign_in(wire: smtplib.SMTP, server: MailServer, trusted: ssl.SSLContext) -> None:
    wire.ehlo_or_helo_if_needed()
    if server.starttls and server.port != TLS_PORT:
        if not wire.has_extn("starttls"):
            raise MailNotSet(
                f"{server.host} offers no encryption (STARTTLS)",
                "Use its port 465, or set ROWCOL_SMTP_STARTTLS=false on a network you trust; nothing was sent",
            )
        wire.starttls(context=trusted)
        wire.ehlo()
    if server.user and server.password:
        try:
            wire.login(server.user, server.password)
        except smtplib.SMTPAuthenticationError as error:
            reply = _reply_text(error.smtp_error)
            raise MailNotSet(
                f"{server.host} refused the sign-in ({error.smtp_code} {reply})",
                "Correct ROWCOL_SMTP_USER and ROWCOL_SMTP_PASSWORD, then start RowCol again; nothing was sent",
            ) from error


def _transmit(wire: smtplib.SMTP, mail: bytes, sender: str, recipient: str) -> None:
    """Send the sender, the recipient and the mail without the full stop that ends it."""
    for part, (code, reply) in (
        ("the sender", wire.mail(sender)),
        (f"the recipient {recipient}", wire.rcpt(recipient)),
        ("the mail", wire.docmd("data")),
    ):
        if code not in (TAKEN, 251, READY):
            raise _error(code, reply, f"The mail server refused {part}")
    body = mail if mail.endswith(b"\r\n") else mail + b"\r\n"
    wire.send(_LEADING_STOP.sub(b"..", body))


def _finish(wire: smtplib.SMTP) -> None:
    try:
        wire.send(b".\r\n")
        code, reply = wire.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise MailUncertain(
            f"The connection was lost after the whole mail was handed over ({_reason(error)})"
        ) from error
    if code != TAKEN:
        raise _error(code, reply, "The mail server refused the mail")


def _error(code: int, reply: bytes | str, message: str) -> DeliveryError:
    """Return the error of a negative reply: 4xx means later, anything else means no."""
    kind = MailUnavailable if 400 <= code < 500 else MailRefused
    return kind(f"{message} ({code} {_reply_text(reply)})")


def _reply_text(reply: bytes | str) -> str:
    return one_line(reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply)[:LONGEST_REPLY]


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {TIMEOUT_SECONDS:.0f} seconds"
    return one_line(str(error))[:LONGEST_REPLY] or type(error).__name__


def _sender(settings: Settings) -> str | None:
    if settings.smtp_from:
        return settings.smtp_from
    return settings.smtp_user if settings.smtp_user and "@" in settings.smtp_user else None
