"""A mail opens in a standard parser, is the same for the same figures, and nothing from the books breaks its headers."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default
from typing import cast

import pytest

from rowcol.delivery.mail import Attachment, Mail, address, addresses, built, file_name, subject_text
from rowcol.errors import UsageError

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
CSV = "\ufeffVendor,Amount\r\n'=cmd|' /C calc'!A0,12.30\r\n".encode()
HOSTILE = (
    "Acme\r\nBcc: all@evil.example\r\n\r\n<script>alert(1)</script>",
    "=?utf-8?q?Acme=0D=0ABcc=3A_all=40evil.example?=",
    "=cmd|' /C calc'!A0",
    "Acme\u2028Bcc: x@evil.example\u0085X: y",
    "\u202egro.live\u202c <script>",
    "half \ud800 a character",
    "Ünï ¥ 株式会社 " * 30,
    "." * 3,
    "",
)


def mail(**other: object) -> Mail:
    fields: dict[str, object] = {
        "sender": "Ledger & Co <digest@ledger.example>",
        "recipients": ("ann@client.example", "bob@client.example"),
        "subject": "Juniper & Vale PR: week of 16 Nov",
        "text": "Cash in your books: $41,208.55\n.\n..two stops\n",
        "html": "<p>Cash in your books: <b>$41,208.55</b> – from your books, not your bank</p>",
        "made_at": FRIDAY,
        "message_id": "abc@ledger.example",
        "attachments": (Attachment("digest.csv", "text/csv", CSV),),
    }
    return Mail(**(fields | other))


def opened(content: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(content, policy=default))


def test_a_mail_opens_with_text_html_and_csv() -> None:
    message = opened(built(mail()))
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    assert text.get_content().replace("\r\n", "\n") == mail().text
    assert html.get_content().strip() == mail().html
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == ("digest.csv", "text/csv")
    assert file.get_payload(decode=True) == CSV
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/csv",
    ]  # fmt: skip
    assert message.defects == []
    assert str(message["To"]) == "ann@client.example, bob@client.example"
    assert str(message["From"]) == "Ledger & Co <digest@ledger.example>"
    assert message["Date"].datetime == FRIDAY


def test_the_same_mail_gives_the_same_bytes_and_another_one_does_not() -> None:
    assert built(mail()) == built(mail())
    assert len({built(mail()), built(mail(text="x")), built(mail(message_id="b@x"))}) == 3


def test_a_mail_is_ascii_with_lines_a_mail_server_takes() -> None:
    content = built(mail(subject="Ünï", text="é" * 5_000, html="<p>" + "株" * 5_000))
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_from_the_books_stays_within_its_header(name: str) -> None:
    content = built(mail(subject=f"{name}: week of 16 Nov", attachments=(Attachment(name, "text/csv", CSV),)))
    message = opened(content)
    assert sorted(message.keys()) == sorted(
        ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]
    )
    subject = str(message["Subject"])
    assert "\n" not in subject
    assert "\r" not in subject
    assert subject == subject_text(f"{name}: week of 16 Nov")
    head = content.partition(b"\r\n\r\n")[0].decode()
    assert not any(line.casefold().startswith(("bcc:", "x:")) for line in head.splitlines())
    (file,) = message.iter_attachments()
    assert file.get_filename() == file_name(name)
    assert opened(built(mail(sender=f"{name} <a@b.example>")))["From"].addresses[0].addr_spec == "a@b.example"


def test_a_sender_s_name_cannot_add_a_recipient() -> None:
    message = opened(built(mail(sender="Ledger\r\nBcc: x@evil.example <digest@ledger.example>")))
    assert "Bcc" not in message
    assert message["From"].addresses[0].addr_spec == "digest@ledger.example"


@pytest.mark.parametrize(
    "text",
    ["", "ann", "ann@", "@x", "a b@x.example", "a@x.example\nBcc: b@x.example", "a@x,b@x", "a..b@x", "<a@x>", "é@x",
     "a" * 250 + "@x.example"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a mail address"):
        address(text)


def test_addresses_are_taken_once_whatever_their_case() -> None:
    assert addresses([" Ann@x.example", "bob@x.example", "ann@X.example"]) == (
        "Ann@x.example",
        "bob@x.example",
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("Juniper & Vale PR", "Juniper-Vale-PR"),
        (".hidden", "hidden"),
        ("Müller / Söhne", "Muller-Sohne"),
        ("株式会社", "client"),
        ("x" * 300, "x" * 80),
        ("a\r\nb\x00c", "a-b-c"),
    ],
)
def test_file_names_are_safe(text: str, name: str) -> None:
    assert file_name(text) == name


def test_the_policy_round_trips() -> None:
    assert message_from_bytes(built(mail()), policy=SMTP).as_bytes() == built(mail())
