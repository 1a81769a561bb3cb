"""What is sent once is never sent twice, and nothing is lost: the server takes it, refuses it, or goes away."""

import os
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from rowcol.delivery.mail import Mail, built
from rowcol.delivery.outbox import STOPPED_THERE, Delivery, Outbox, OutgoingMail
from rowcol.delivery.smtp import MailServer, mail_server, missing_settings, send
from rowcol.errors import MailNotSet, MailRefused, MailUnavailable, MailUncertain, RowColError
from rowcol.settings import Settings
from rowcol.store.control.sent_mail import (
    HANDING_OVER,
    NOT_SENT,
    REFUSED,
    SENT,
    TEST,
    UNCERTAIN,
    MailKey,
    SentLog,
)
from tests.kits.servers.mail import Postbox, Taken, postbox
from tests.kits.store import PRACTICE, PracticeStore

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
WEEK = date(2026, 11, 16)


def letter(recipient: str, business_id: str = "b-1", kind: str = "digest") -> MailKey:
    return MailKey(
        business_id, WEEK, recipient, kind, f"{recipient}.{kind}", "Week of 16 Nov", "h", NOW.date(), NOW
    )


def outgoing(*recipients: str, kind: str = "digest") -> list[OutgoingMail]:
    mails = []
    for recipient in recipients:
        mail = Mail(
            "RowCol <digest@ledger.example>",
            (recipient,),
            "Week",
            ".\n.one\n..two\n",
            "<p>x</p>",
            NOW,
            f"{recipient}-id",
        )
        mails.append(OutgoingMail(letter(recipient, kind=kind), built(mail)))
    return mails


def server_of(box: Postbox, **other: object) -> MailServer:
    fields: dict[str, object] = {
        "host": "127.0.0.1",
        "port": box.port,
        "sender": "digest@ledger.example",
        "starttls": False,
    }
    return MailServer(**(fields | other))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[PracticeStore]:
    store = PracticeStore(tmp_path / "rowcol.duckdb")
    yield store
    store.close()


@pytest.fixture
def log(store: PracticeStore) -> SentLog:
    return SentLog(store.database, PRACTICE, store.positions)


@pytest.fixture
def post(log: SentLog, box: Postbox) -> Outbox:
    return Outbox(log, lambda: server_of(box), lambda: NOW)


def recipients(box: Postbox) -> list[str]:
    return [mail.recipient for mail in box.taken]


def states(done: list[Delivery]) -> list[str]:
    return [delivery.state for delivery in done]


def test_each_letter_arrives_as_it_was_made(post: Outbox, box: Postbox) -> None:
    letters = outgoing("ann@x.example", "bob@x.example")
    assert states(post.deliver(letters)) == [SENT, SENT]
    assert [(mail.sender, mail.recipient, mail.content) for mail in box.taken] == [
        ("digest@ledger.example", mail.key.recipient, mail.mail) for mail in letters
    ]


def test_running_twice_sends_nothing_twice(post: Outbox, box: Postbox) -> None:
    post.deliver(outgoing("ann@x.example"))
    again = post.deliver(outgoing("ann@x.example", "bob@x.example"))
    assert [(delivery.state, delivery.now) for delivery in again] == [(SENT, False), (SENT, True)]
    assert recipients(box) == ["ann@x.example", "bob@x.example"]


def test_another_week_or_client_is_another_letter(post: Outbox, box: Postbox) -> None:
    (first,) = outgoing("ann@x.example")
    other = OutgoingMail(letter("ann@x.example", "b-2"), first.mail)
    assert states(post.deliver([first, other])) == [SENT, SENT]
    assert len(box.taken) == 2


def test_a_refused_recipient_is_reported_and_does_not_stop_the_others(
    post: Outbox, box: Postbox, log: SentLog
) -> None:
    box.answers["RCPT TO:<ANN"] = "550 5.1.1 no such user here"
    done = post.deliver(outgoing("ann@x.example", "bob@x.example"))
    assert states(done) == [REFUSED, SENT]
    assert "550 5.1.1 no such user here" in done[0].reason
    assert recipients(box) == ["bob@x.example"]
    box.answers.clear()
    assert states(post.deliver(outgoing("ann@x.example", "bob@x.example"))) == [SENT, SENT]
    assert recipients(box) == ["bob@x.example", "ann@x.example"]
    assert log.history()["state"].tolist() == [SENT, SENT, REFUSED]


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"CONNECT": ""}, MailUnavailable),
        ({"CONNECT": "554 go away"}, MailUnavailable),
        ({"EHLO": "", "HELO": ""}, MailUnavailable),
        ({"MAIL": ""}, MailUnavailable),
        ({"MAIL": "550 not you"}, MailRefused),
        ({"RCPT": "450 later"}, MailUnavailable),
        ({"RCPT": "550 never"}, MailRefused),
        ({"DATA": ""}, MailUnavailable),
        ({"DATA": "554 no"}, MailRefused),
        ({".": "451 later"}, MailUnavailable),
        ({".": "554 spam"}, MailRefused),
        ({".": ""}, MailUncertain),
    ],
)
def test_every_way_to_fail_says_whether_anything_was_sent(
    box: Postbox, answers: dict[str, str], error: type[RowColError]
) -> None:
    box.answers.update(answers)
    handed_over: list[int] = []
    with pytest.raises(error) as refused:
        send(
            server_of(box), outgoing("ann@x.example")[0].mail, "ann@x.example", lambda: handed_over.append(1)
        )
    assert type(refused.value) is error
    assert "\n" not in refused.value.line()
    assert ("nothing was sent" in refused.value.line().casefold()) == (error is not MailUncertain)
    assert bool(handed_over) == ("." in answers)
    assert len(box.taken) == (1 if error is MailUncertain else 0)


def test_nobody_listening_is_reported_and_nothing_noted_as_sent(log: SentLog) -> None:
    with postbox() as gone:
        server = server_of(gone)
    done = Outbox(log, lambda: server, lambda: NOW).deliver(outgoing("ann@x.example"))
    assert states(done) == [NOT_SENT]
    assert "could not be reached" in done[0].reason


def test_a_server_that_hangs_up_after_the_whole_mail_leaves_a_doubt_that_is_not_sent_again(
    post: Outbox, box: Postbox, log: SentLog
) -> None:
    box.answers["."] = ""
    assert states(post.deliver(outgoing("ann@x.example"))) == [UNCERTAIN]
    box.answers.clear()
    done = post.deliver(outgoing("ann@x.example", "bob@x.example"))
    assert [(delivery.state, delivery.now) for delivery in done] == [(UNCERTAIN, False), (SENT, True)]
    assert "handed over" in done[0].reason
    assert recipients(box) == ["ann@x.example", "bob@x.example"]
    assert states(post.deliver(outgoing("ann@x.example"), again=True)) == [SENT]
    assert log.history()["state"].tolist() == [SENT, SENT, UNCERTAIN]


def test_a_goodbye_that_fails_does_not_undo_what_was_taken(post: Outbox, box: Postbox) -> None:
    box.answers["QUIT"] = ""
    assert states(post.deliver(outgoing("ann@x.example"))) == [SENT]
    assert states(post.deliver(outgoing("ann@x.example"))) == [SENT]
    assert len(box.taken) == 1


def test_a_server_out_of_reach_is_not_tried_for_every_letter(post: Outbox, box: Postbox) -> None:
    box.answers["MAIL"] = "421 closing"
    done = post.deliver(outgoing(*(f"r{number}@x.example" for number in range(6))))
    assert states(done) == [NOT_SENT] * 6
    assert [delivery.now for delivery in done] == [True] * 3 + [False] * 3
    assert sum(line.startswith("mail") for line in box.heard) == 3
    box.answers.clear()
    assert states(post.deliver(outgoing(*(f"r{number}@x.example" for number in range(6))))) == [SENT] * 6


def test_a_letter_left_in_the_middle_of_being_handed_over_is_a_doubt(
    post: Outbox, log: SentLog, box: Postbox
) -> None:
    log.record(letter("ann@x.example"), HANDING_OVER, NOW)
    assert log.history()["state"].tolist() == [HANDING_OVER]
    (done,) = post.deliver(outgoing("ann@x.example"))
    assert (done.state, done.reason) == (UNCERTAIN, STOPPED_THERE)
    assert box.taken == []


def test_a_test_mail_is_sent_each_time_it_is_requested(post: Outbox, box: Postbox, log: SentLog) -> None:
    for _ in range(2):
        assert states(post.deliver(outgoing("ann@x.example", kind=TEST))) == [SENT]
    assert states(post.deliver(outgoing("ann@x.example"))) == [SENT]
    assert log.history()["kind"].tolist() == ["digest", TEST, TEST]
    assert len(box.taken) == 3


RUN = """
import sys
from pathlib import Path
sys.path[:0] = [{root!r}]
from tests.delivery.test_outbox import NOW, PRACTICE, PracticeStore, Outbox, SentLog, outgoing, server_of
from tests.kits.servers.mail import Postbox
store = PracticeStore(Path({database!r}))
post = Outbox(SentLog(store.database, PRACTICE, store.positions), lambda: server_of(Postbox({port})), lambda: NOW)
names = [f"r{{number}}@x.example" for number in range(5)]
print([one.state for one in post.deliver(outgoing(*names))])
store.close()
"""


@pytest.mark.parametrize(
    ("killed_before_the_answer", "left"), [(True, UNCERTAIN), (False, SENT)], ids=["in doubt", "sure"]
)
def test_a_run_that_is_killed_goes_on_where_it_stopped(
    tmp_path: Path, box: Postbox, killed_before_the_answer: bool, left: str
) -> None:
    """Killed at the third mail: after the whole of it (a doubt), or when the fourth is begun (nothing of it sent)."""
    tests = Path(__file__).parents[1]
    code = RUN.format(root=str(tests.parent), database=str(tmp_path / "rowcol.duckdb"), port=box.port)
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:

        def kill(mail: Taken) -> None:
            if killed_before_the_answer and mail.recipient.startswith("r2"):
                os.kill(process.pid, signal.SIGKILL)
                process.wait()

        box.at_full_stop = kill
        if not killed_before_the_answer:
            box.at_line["RCPT TO:<R3"] = lambda: os.kill(process.pid, signal.SIGKILL)
        process.wait(60)
    assert process.returncode == -signal.SIGKILL
    box.at_line.clear()
    box.at_full_stop = lambda _: None
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == str([SENT, SENT, left, SENT, SENT])
    assert sorted(recipients(box)) == [f"r{number}@x.example" for number in range(5)]


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a key and a certificate of 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "postbox")])
    today = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    paths = folder / "postbox.pem", folder / "postbox.key"
    paths[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return paths


@pytest.fixture
def encrypted(box: Postbox, tmp_path: Path) -> Callable[[], ssl.SSLContext]:
    """Let the mail server speak TLS; gives what a trusting caller needs."""
    paths = certificate(tmp_path)
    box.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    box.context.load_cert_chain(*paths)
    box.extensions = ("STARTTLS", "AUTH PLAIN")
    return lambda: ssl.create_default_context(cafile=str(paths[0]))


def test_the_password_goes_over_an_encrypted_line_alone(
    box: Postbox, encrypted: Callable[[], ssl.SSLContext]
) -> None:
    server = server_of(box, starttls=True, user="ann", password="secret")
    send(server, outgoing("ann@x.example")[0].mail, "ann@x.example", context=encrypted())
    verbs = [line.split(" ")[0].upper() for line in box.heard]
    assert verbs == ["EHLO", "STARTTLS", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "QUIT"]
    assert len(box.taken) == 1


def test_a_certificate_nobody_vouches_for_is_not_trusted(
    box: Postbox, encrypted: Callable[[], ssl.SSLContext]
) -> None:
    encrypted()
    with pytest.raises(MailNotSet, match=r"certificate of 127\.0\.0\.1 is not to be trusted"):
        send(server_of(box, starttls=True, user="a", password="secret"), b"x", "ann@x.example")
    assert not any("AUTH" in line for line in box.heard)


def test_a_server_without_encryption_is_refused_unless_allowed(box: Postbox) -> None:
    with pytest.raises(MailNotSet, match="offers no encryption"):
        send(server_of(box, starttls=True, user="a", password="secret"), b"x", "ann@x.example")
    assert not any("AUTH" in line.upper() for line in box.heard)


def test_a_refused_sign_in_ends_the_round_and_never_shows_the_password(box: Postbox, log: SentLog) -> None:
    box.extensions = ("AUTH PLAIN",)
    box.answers["AUTH"] = "535 5.7.8 no such account"
    post = Outbox(log, lambda: server_of(box, user="ann", password="hunter2"), lambda: NOW)
    with pytest.raises(MailNotSet) as refused:
        post.deliver(outgoing("ann@x.example", "bob@x.example"))
    assert "535" in refused.value.line()
    assert "hunter2" not in refused.value.line() + repr(server_of(box, password="hunter2"))
    assert sum("AUTH" in line.upper() for line in box.heard) <= 1
    assert log.history()["state"].tolist() == [NOT_SENT]


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ({}, ("ROWCOL_SMTP_HOST", "ROWCOL_SMTP_FROM")),
        ({"smtp_host": "mail.x.example"}, ("ROWCOL_SMTP_FROM",)),
        ({"smtp_host": "mail.x.example", "smtp_user": "a@x.example"}, ("ROWCOL_SMTP_PASSWORD",)),
        ({"smtp_host": "mail.x.example", "smtp_from": "RowCol <a@x.example>"}, ()),
    ],
)
def test_what_is_not_set_is_named(values: dict[str, str], missing: tuple[str, ...]) -> None:
    settings = Settings(_env_file=None, **values)
    assert missing_settings(settings) == missing
    if missing:
        with pytest.raises(MailNotSet, match="No mail server is set") as refused:
            mail_server(settings)
        assert all(name in refused.value.hint for name in missing)
    else:
        assert mail_server(settings).sender == "RowCol <a@x.example>"


def test_a_sender_that_is_no_address_is_named() -> None:
    settings = Settings(_env_file=None, smtp_host="x", smtp_from="the firm")
    with pytest.raises(MailNotSet, match="ROWCOL_SMTP_FROM is not a mail address"):
        mail_server(settings)
