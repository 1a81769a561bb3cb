"""The mails that carry a digest: one for each recipient, the same bytes for the same figures."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from rowcol.delivery.mail import Attachment, Mail, built, domain_of
from rowcol.delivery.outbox import OutgoingMail
from rowcol.delivery.render import RenderedDigest
from rowcol.store.control.sent_mail import DIGEST, TEST, MailKey

NOBODY = "RowCol <digest@rowcol.invalid>"
"""The sender in a file written before a mail server is set; the domain is reserved for what is never sent."""
CSV_TYPE = "text/csv"
TEST_SUBJECT = "RowCol: a test mail"
TEST_TEXT = (
    "This mail shows that RowCol can send the weekly digest through your mail server.\n"
    "Nothing in it comes from anybody's books."
)


def eml(rendered: RenderedDigest, recipients: Sequence[str], sender: str | None = None) -> bytes:
    """Return a digest as one `.eml` file to all its recipients."""
    by = sender or NOBODY
    return built(_mail(rendered, tuple(recipients), by, message_id(rendered, ",".join(recipients), by)))


def digest_mails(
    rendered: RenderedDigest, recipients: Sequence[str], sender: str, advisor_id: str
) -> list[OutgoingMail]:
    """Return one mail for each recipient of a digest; nobody sees who else got it."""
    digest, mails = rendered.digest, []
    for recipient in recipients:
        name = message_id(rendered, f"{advisor_id}/{recipient}", sender)
        key = MailKey(
            rendered.business_id, digest.week, recipient, DIGEST, name, rendered.subject, rendered.figures_hash,
            digest.as_of, digest.known_at,
        )  # fmt: skip
        mails.append(OutgoingMail(key, built(_mail(rendered, (recipient,), sender, name))))
    return mails


def trial_mail(recipient: str, sender: str, rendered: RenderedDigest, now: datetime) -> OutgoingMail:
    """Return a mail without figures that only tests the mail server; it is recorded under the digest's week."""
    digest = rendered.digest
    name = _id(f"test/{recipient}/{now.isoformat()}", sender)
    html = "".join(f"<p>{line}</p>" for line in TEST_TEXT.splitlines())
    mail = Mail(sender, (recipient,), TEST_SUBJECT, f"{TEST_TEXT}\n", html, now, name)
    key = MailKey(
        rendered.business_id, digest.week, recipient, TEST, name, TEST_SUBJECT, "", digest.as_of, digest.known_at
    )  # fmt: skip
    return OutgoingMail(key, built(mail))


def message_id(rendered: RenderedDigest, recipients: str, sender: str) -> str:
    """Return the id of a digest's mail: the same for the same practice, client, week and recipient."""
    return _id(f"{rendered.business_id}/{rendered.digest.week.isoformat()}/{recipients}", sender)


def _id(name: str, sender: str) -> str:
    return f"{hashlib.sha256(name.encode()).hexdigest()[:32]}@{domain_of(sender)}"


def _mail(rendered: RenderedDigest, recipients: tuple[str, ...], sender: str, name: str) -> Mail:
    file = Attachment(f"{rendered.slug}.csv", CSV_TYPE, rendered.csv)
    return Mail(
        sender, recipients, rendered.subject, rendered.text, rendered.html, rendered.digest.known_at, name, (file,)
    )  # fmt: skip
