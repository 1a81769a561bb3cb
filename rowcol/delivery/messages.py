"""From a digest to the mails that carry it: one letter a recipient, the same for the same figures."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rowcol.delivery.mail import Attachment, Mail, built, domain_of
from rowcol.delivery.outbox import Outgoing
from rowcol.delivery.render import Rendered, client_mail, practice_mail
from rowcol.store.control.sent_mail import DIGEST, PRACTICE_ITSELF, TEST, Letter
from rowcol.views.digest.records import ClientDigest, Digest, PracticeDigest

NOBODY = "RowCol <digest@rowcol.invalid>"
"""The sender of a file made before a mail server is set; the domain is reserved for what is never sent."""
CSV_TYPE = "text/csv"
TEST_SUBJECT = "RowCol: a test mail"
TEST_TEXT = (
    "This mail shows that RowCol can send the weekly digest through your mail server.\n"
    "Nothing in it comes from anybody's books."
)


@dataclass(frozen=True)
class Made:
    """One digest with what it looks like; `business_id` '' is the practice's own."""

    business_id: str
    digest: PracticeDigest | ClientDigest
    rendered: Rendered


def all_made(digest: Digest) -> list[Made]:
    """Return the practice's digest and every client's, in the order of the client list, as they look."""
    return [made_practice(digest.practice), *(made_client(one) for one in digest.clients.values())]


def made_practice(digest: PracticeDigest) -> Made:
    """Return the practice's digest as it looks."""
    return Made(PRACTICE_ITSELF, digest, practice_mail(digest))


def made_client(digest: ClientDigest) -> Made:
    """Return one client's digest as it looks."""
    return Made(digest.business_id, digest, client_mail(digest))


def eml(made: Made, recipients: Sequence[str], sender: str | None = None) -> bytes:
    """Return a digest as one `.eml` file to all its recipients."""
    return built(
        _mail(
            made,
            tuple(recipients),
            sender or NOBODY,
            message_id(made, ",".join(recipients), sender or NOBODY),
        )
    )


def letters(made: Made, recipients: Sequence[str], sender: str, advisor_id: str) -> list[Outgoing]:
    """Return a digest as one letter a recipient; nobody sees who else got it."""
    found = []
    for recipient in recipients:
        name = message_id(made, f"{advisor_id}/{recipient}", sender)
        letter = Letter(
            made.business_id, made.digest.week, recipient, DIGEST, name, made.rendered.subject,
            made.rendered.figures_hash, made.digest.as_of, made.digest.known_at,
        )  # fmt: skip
        found.append(Outgoing(letter, built(_mail(made, (recipient,), sender, name))))
    return found


def trial_letter(recipient: str, sender: str, made: Made, now: datetime) -> Outgoing:
    """Return a mail that only shows that mail can be sent; `made` says of which week it is noted."""
    name = _id(f"test/{recipient}/{now.isoformat()}", sender)
    html = "".join(f"<p>{line}</p>" for line in TEST_TEXT.splitlines())
    mail = Mail(sender, (recipient,), TEST_SUBJECT, f"{TEST_TEXT}\n", html, now, name)
    letter = Letter(
        made.business_id,
        made.digest.week,
        recipient,
        TEST,
        name,
        TEST_SUBJECT,
        "",
        made.digest.as_of,
        made.digest.known_at,
    )
    return Outgoing(letter, built(mail))


def message_id(made: Made, whose: str, sender: str) -> str:
    """Return the id of a digest's mail: the same for the same practice, client, week and recipient."""
    return _id(f"{made.business_id}/{made.digest.week.isoformat()}/{whose}", sender)


def _id(what: str, sender: str) -> str:
    return f"{hashlib.sha256(what.encode()).hexdigest()[:32]}@{domain_of(sender)}"


def _mail(made: Made, recipients: tuple[str, ...], sender: str, name: str) -> Mail:
    rendered = made.rendered
    file = Attachment(f"{rendered.slug}.csv", CSV_TYPE, rendered.csv)
    return Mail(
        sender,
        recipients,
        rendered.subject,
        rendered.text,
        rendered.html,
        made.digest.known_at,
        name,
        (file,),
    )
