"""The Digest page: exactly what would be sent, its note and recipients, sending, and what was sent before."""

import html
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from rowcol.errors import StoreError
from rowcol.settings import Settings
from rowcol.ui.digest.page import framed
from rowcol.ui.kit import navigation
from tests.kits.pages.app import words_on
from tests.kits.pages.digests import hand_digests
from tests.kits.pages.services import Practice
from tests.kits.servers.mail import Postbox, postbox

Open = Callable[..., AppTest]


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox() as box:
        yield box


@pytest.fixture
def silent(practice: Practice) -> Practice:
    """A practice without a mail server."""
    practice.digests = hand_digests(practice, Settings(_env_file=None))
    return practice


@pytest.fixture
def mailing(practice: Practice, box: Postbox) -> Practice:
    """A practice with one."""
    mail = {
        "smtp_host": "127.0.0.1",
        "smtp_port": box.port,
        "smtp_from": "digest@ledger.example",
        "smtp_starttls": False,
    }
    practice.digests = hand_digests(practice, Settings(_env_file=None, **mail))
    return practice


def frame_of(at: AppTest) -> str:
    """Return the mail within the frames."""
    return html.unescape(str(at.get("iframe")[0].proto.srcdoc))


def area(at: AppTest, label: str) -> Any:
    return next(widget for widget in at.text_area if widget.label == label)


def button(at: AppTest, start: str) -> Any:
    return next(widget for widget in at.button if widget.label.startswith(start))


def saved(at: AppTest, **texts: str) -> AppTest:
    for label, text in texts.items():
        area(at, {"note": "Note at the top", "recipients": "Recipients, one a line"}[label]).set_value(text)
    next(widget for widget in at.text_input if widget.key.startswith("digest_said")).set_value("Maya")
    button(at, "Save").click().run()
    assert not at.exception, at.exception
    return at


@pytest.mark.usefixtures("silent")
def test_the_practice_s_digest_is_shown_first_as_it_would_be_sent(open_page: Open) -> None:
    at = open_page(navigation.DIGEST)
    assert "Juniper & Vale PR" in html.unescape(frame_of(at))
    assert "Weekly digest, 20 Nov 2026" in words_on(at)
    assert "All 7 clients" in words_on(at)
    assert "the next is made on Fri 27 Nov at 07:00" in words_on(at)
    assert "2 clients not safe to discuss" in words_on(at).replace("\\", "")


def test_the_frame_runs_nothing_and_loads_nothing() -> None:
    outer = framed("<script>alert(1)</script>\"' <img src=x onerror=alert(1)>")
    assert "default-src &#x27;none&#x27;; style-src &#x27;unsafe-inline&#x27;" in outer
    assert 'sandbox=""' in outer
    assert "<script" not in outer
    assert "<img" not in outer
    assert outer.count("srcdoc=") == 1


@pytest.mark.usefixtures("silent")
def test_without_a_mail_server_the_button_says_what_to_set(open_page: Open) -> None:
    at = open_page(navigation.DIGEST)
    assert button(at, "Send").disabled
    assert "ROWCOL_SMTP_HOST and ROWCOL_SMTP_FROM" in words_on(at).replace("\\", "").replace("`", "")


def test_a_note_and_recipients_are_kept_and_shown_in_the_mail(silent: Practice, open_page: Open) -> None:
    at = saved(
        open_page(navigation.DIGEST),
        note="Call before noon. <b>Really</b>",
        recipients="ann@x.example\nbob@x.example",
    )
    assert "Call before noon. &lt;b&gt;Really&lt;/b&gt;" in frame_of(at)
    assert area(at, "Recipients, one a line").value == "ann@x.example\nbob@x.example"
    assert silent.digests.decided(silent.digests.this_week()).recipients == {
        "": ("ann@x.example", "bob@x.example")
    }


def test_an_invalid_address_is_shown_and_nothing_is_kept(silent: Practice, open_page: Open) -> None:
    at = saved(open_page(navigation.DIGEST), note="Kept?", recipients="ann at x")
    assert "is not a mail address" in words_on(at)
    assert silent.digests.decided(silent.digests.this_week()).notes == {}


def test_a_client_s_digest_is_approved_and_sent_once(
    mailing: Practice, open_page: Open, box: Postbox
) -> None:
    at = saved(open_page(navigation.DIGEST, client="b-juniper"), recipients="owner@x.example")
    assert "Your week in cash" in frame_of(at)
    for _ in range(2):
        button(at, "Approve and send to 1").click().run()
        assert not at.exception, at.exception
    assert [mail.recipient for mail in box.taken] == ["owner@x.example"]
    assert "before; not sent again" in words_on(at)
    assert mailing.digests.decided(mailing.digests.this_week()).approvals["b-juniper"].by == "Maya"
    at.checkbox(key="digest_again").check().run()
    button(at, "Approve and send to 1").click().run()
    assert len(box.taken) == 2


@pytest.mark.usefixtures("mailing")
def test_a_letter_in_doubt_is_shown_as_one(open_page: Open, box: Postbox) -> None:
    at = saved(open_page(navigation.DIGEST), recipients="ann@x.example")
    box.answers["."] = ""
    button(at, "Send to 1").click().run()
    assert "◆ Uncertain" in words_on(at)
    assert "handed over" in words_on(at)


def test_a_test_mail_can_be_sent(mailing: Practice, open_page: Open, box: Postbox) -> None:
    at = open_page(navigation.DIGEST)
    at.text_input(key="digest_trial_to").set_value("ann@x.example")
    at.button(key="digest_trial_send").click().run()
    assert [mail.message["Subject"] for mail in box.taken] == ["RowCol: a test mail"]
    assert mailing.digests.sent_log.history()["kind"].tolist() == ["test"]


@pytest.mark.usefixtures("mailing")
def test_what_was_sent_is_listed(open_page: Open) -> None:
    at = saved(open_page(navigation.DIGEST), recipients="ann@x.example")
    button(at, "Send to 1").click().run()
    at.session_state["digest_tabs"] = "Sent before"
    at.run()
    rows = at.dataframe[0].value
    assert rows["recipient"].tolist() == ["ann@x.example"]
    assert rows["state"].tolist() == ["✓ Sent"]


@pytest.mark.usefixtures("mailing")
def test_why_a_mail_was_refused_stands_within_the_history(open_page: Open, box: Postbox) -> None:
    at = saved(open_page(navigation.DIGEST), recipients="ann@x.example")
    box.answers["RCPT"] = "550 no such user"
    button(at, "Send to 1").click().run()
    at.session_state["digest_tabs"] = "Sent before"
    at.run()
    rows = at.dataframe[0].value
    assert rows.columns.tolist() == ["at", "state", "recipient", "reason"], "more do not fit half a page"
    assert "550 no such user" in rows["reason"].iloc[0]


@pytest.mark.usefixtures("mailing")
def test_a_past_week_can_be_looked_at_and_not_sent(open_page: Open) -> None:
    at = open_page(navigation.DIGEST)
    week = next(widget for widget in at.selectbox if widget.label == "Week")
    week.select_index(2).run()
    assert not at.exception, at.exception
    assert "Weekly digest, 6 Nov 2026" in words_on(at)
    assert "only this week's digest can be sent" in words_on(at)
    assert "A past week stays as it was known then" in words_on(at)
    assert "Refresh, then make" not in words_on(at)
    assert not [widget for widget in at.button if widget.label.startswith("Send")]


@pytest.mark.usefixtures("silent")
def test_a_client_that_is_not_there_is_reported(open_page: Open) -> None:
    assert "The address names a client that is not connected here" in words_on(
        open_page(navigation.DIGEST, client="b-nobody")
    )


def test_no_client_is_the_first_step(silent: Practice, open_page: Open) -> None:
    silent.rows = []
    assert "No client connected yet" in words_on(open_page(navigation.DIGEST))


def test_an_error_is_shown_in_the_page_s_place(silent: Practice, open_page: Open) -> None:
    silent.raises = StoreError("The database refused", "Start RowCol again")
    assert "The database refused" in words_on(open_page(navigation.DIGEST))


@pytest.mark.usefixtures("silent")
def test_the_test_drive_shows_weeks_catches_and_health(open_page: Open) -> None:
    at = open_page(navigation.CLIENT, client="b-juniper")
    at.session_state["tabs_b-juniper"] = "Test drive"
    at.run()
    assert not at.exception, at.exception
    assert "reconstructed" in words_on(at)
    weeks = next(table.value for table in at.dataframe if "shown" in table.value)
    assert weeks["shown"].tolist() == ["reconstructed"] * 4 + ["today"]
    caught = next(table.value for table in at.dataframe if "example" in table.value)
    assert caught["what"].tolist() == ["Bill entered twice"]
    assert caught["for_days"].tolist() == ["19 days"]
    assert at.metric[-1].value == "94 of 100"
