"""A mail as bytes: text and HTML alternatives, attachments, and headers that no text from the books can break.

The same mail gives the same bytes: its date, its id and the boundaries between its parts are all made from it.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from rowcol.errors import UsageError

LONGEST_SUBJECT = 160
LONGEST_ADDRESS = 254
"""RFC 5321: the longest address a mail can be sent to."""
JOINERS = "\u200c\u200d"
"""Invisible characters that some scripts need."""
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(frozen=True)
class Attachment:
    """An attached file; `content_type` such as `text/csv`."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True)
class Mail:
    """The parts of a mail; `sender` may contain a name, `made_at` is aware, `message_id` without brackets."""

    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    html: str
    made_at: datetime
    message_id: str
    attachments: tuple[Attachment, ...] = ()


def built(mail: Mail) -> bytes:
    """Return a mail as it is sent and as an `.eml` file holds it: lines end CR LF, every byte is ASCII.

    Raises UsageError if an address is not valid.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = _from(mail.sender)
    if mail.recipients:
        message["To"] = [Address(addr_spec=address(recipient)) for recipient in mail.recipients]
    message["Subject"] = subject_text(mail.subject)
    message["Date"] = format_datetime(mail.made_at)
    message["Message-ID"] = f"<{mail.message_id}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    for file in mail.attachments:
        kind, _, form = file.content_type.partition("/")
        message.add_attachment(file.data, maintype=kind, subtype=form, filename=file_name(file.name))
    _set_boundaries(message, mail)
    return message.as_bytes()


def one_line(text: str) -> str:
    """Return text on one line as it is read: control characters and line breaks become spaces, direction marks go."""
    kept = (_readable(character) for character in text)
    return " ".join("".join(kept).split())


def subject_text(text: str) -> str:
    """Return text as a subject: one line, shortened, without encoded words."""
    line = one_line(text).replace("=?", "= ?")
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1].rstrip()}…"


def address(text: str) -> str:
    """Return a mail address without the space around it. Raises UsageError if it is not valid."""
    trimmed = text.strip()
    if len(trimmed) > LONGEST_ADDRESS or ".." in trimmed or not _ADDRESS.fullmatch(trimmed):
        raise UsageError(f"{one_line(text)!r} is not a mail address", "Give one such as name@example.com")
    return trimmed


def addresses(texts: Sequence[str]) -> tuple[str, ...]:
    """Return mail addresses in their order, each once (whatever its case). Raises UsageError if one is not valid."""
    unique: dict[str, str] = {}
    for recipient in map(address, texts):
        unique.setdefault(recipient.casefold(), recipient)
    return tuple(unique.values())


def sender_parts(sender: str) -> tuple[str, str]:
    """Return the name (or '') and the address of `Name <address>` or `address`. Raises UsageError if it is neither."""
    line = one_line(sender)
    name, opened, rest = line.rpartition("<")
    spec = rest.rstrip().removesuffix(">") if opened else line
    return name.strip().strip('"'), address(spec)


def domain_of(sender: str) -> str:
    """Return the domain of a sender's address. Raises UsageError if there is no address."""
    return sender_parts(sender)[1].rpartition("@")[2]


def file_name(text: str, longest: int = 80) -> str:
    """Return text as a file name that is safe on every system: letters, digits, `.`, `-` and `_`, never hidden."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    kept = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-._")
    return kept[:longest].rstrip("-._") or "client"


def _from(sender: str) -> Address:
    name, spec = sender_parts(sender)
    return Address(display_name=subject_text(name), addr_spec=spec)


def _readable(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in ("Cc", "Zl", "Zp"):
        return " "
    if kind == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    return "" if kind == "Cf" and character not in JOINERS else character


def _set_boundaries(message: EmailMessage, mail: Mail) -> None:
    """Set boundaries made from the content: those of the standard library are random."""
    content = hashlib.sha256(mail.message_id.encode())
    for part in (mail.text.encode(), mail.html.encode(), *(file.data for file in mail.attachments)):
        content.update(hashlib.sha256(part).digest())
    whole = [inner for inner in message.walk() if inner.is_multipart()]
    for place, inner in enumerate(whole):
        inner.set_boundary(f"=_rowcol_{content.hexdigest()[:32]}_{place}")
