"""The digest run: every client refreshed, one moment for all, each mail once, and what dies goes on where it stopped."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from rowcol.decisions.digests import set_recipients, write_note
from rowcol.decisions.recording import Actor
from rowcol.delivery.digest_schedule import TRY_AGAIN_AFTER, TRY_FOR
from rowcol.delivery.mail import addresses
from rowcol.delivery.smtp import missing_settings
from rowcol.errors import MailNotSet, RowColError, UsageError
from rowcol.store.control.sent_mail import MADE, NOT_SENT, PRACTICE_ITSELF, READ, SENT, STARTED, UNCERTAIN
from rowcol.views.digest.records import week_of
from tests.kits.digest_practice import FRIDAY, PARTNERS, DigestPractice, digest_practice_at
from tests.kits.practice import SECOND, shop
from tests.kits.servers.mail import Postbox

from .test_mail import opened

WEEK = week_of(FRIDAY)
MAYA = Actor("", "Maya")


def recipients(practice: DigestPractice, business_id: str, texts: Sequence[str]) -> None:
    set_recipients(practice.services.decision_log, MAYA, business_id, addresses(texts))


@pytest.fixture
def practice(tmp_path: Path, box: Postbox) -> Iterator[DigestPractice]:
    with digest_practice_at(tmp_path, box) as practice:
        recipients(practice, PRACTICE_ITSELF, PARTNERS)
        yield practice


@pytest.fixture
def small_practice(tmp_path: Path, box: Postbox) -> Iterator[DigestPractice]:
    """Give a practice with one client, for what does not depend on how many there are."""
    with digest_practice_at(tmp_path, box, [shop(SECOND, "Maple Works")]) as practice:
        recipients(practice, PRACTICE_ITSELF, PARTNERS)
        yield practice


def to(practice: DigestPractice) -> list[str]:
    return [mail.recipient for mail in practice.box.taken]


def state(practice: DigestPractice) -> str | None:
    run = practice.digests.sent_log.run(WEEK)
    return None if run is None else run.state


def test_nothing_happens_before_friday_at_seven(small_practice: DigestPractice) -> None:
    small_practice.friday(hours=6.99)
    small_practice.job().tick()
    assert (state(small_practice), to(small_practice)) == (None, [])


def test_on_friday_at_seven_every_client_is_refreshed_and_the_practice_gets_its_digest(
    practice: DigestPractice,
) -> None:
    practice.friday()
    practice.sandbox.companies[next(iter(practice.sandbox.companies))].drop(
        "Invoice", _first_invoice(practice), practice.clock.now
    )
    practice.job().tick()
    assert to(practice) == list(PARTNERS)
    message = opened(practice.box.taken[0].content)
    text = message.get_body(("plain",))
    assert text is not None
    assert "2 of 2 clients up to date" in text.get_content()
    assert "deleted" in text.get_content()
    assert str(message["Subject"]).startswith("Weekly digest, 27 Nov 2026")
    assert str(message["To"]) == PARTNERS[0]
    assert state(practice) == MADE
    practice.clock.forward(hours=1)
    practice.job().tick()
    assert to(practice) == list(PARTNERS)  # once, however often it is looked at
    history = practice.digests.sent_log.history()
    assert history["state"].tolist() == [SENT, SENT]
    assert history["known_at"].nunique() == 1
    practice.friday(FRIDAY + timedelta(days=7))
    practice.job().tick()
    assert to(practice) == [*PARTNERS, *PARTNERS]  # the next week is another digest


def _first_invoice(practice: DigestPractice) -> str:
    return next(iter(next(iter(practice.sandbox.companies.values())).of("Invoice")))


def test_a_client_that_cannot_be_refreshed_is_in_it_and_not_safe_to_discuss(practice: DigestPractice) -> None:
    practice.friday()
    realm = next(iter(practice.sandbox.companies))
    practice.sandbox.faults(
        {
            "kind": "fault",
            "status": 400,
            "code": "6190",
            "message": "Subscription ended",
            "times": None,
            "realm": realm,
        }
    )
    practice.job().tick()
    text = opened(practice.box.taken[0].content).get_body(("plain",))
    assert text is not None
    body = text.get_content()
    assert "1 of 2 clients up to date" in body
    assert "Larch & Daughters: NOT SAFE TO DISCUSS" in body
    assert "Larch & Daughters, as of 27 Nov: " in body.partition("EVERY CLIENT")[2]


def test_a_run_that_died_while_refreshing_refreshes_again(practice: DigestPractice) -> None:
    practice.friday()
    recipients(practice, PRACTICE_ITSELF, [])
    practice.digests.sent_log.note_run(WEEK, STARTED, practice.clock.now)
    runs = len(practice.services.every_run())
    practice.job().tick()
    assert len(practice.services.every_run()) == runs + 2
    assert (state(practice), to(practice)) == (MADE, [])


def test_a_run_that_died_after_the_refresh_goes_on_from_the_same_moment_and_asks_nothing_again(
    small_practice: DigestPractice,
) -> None:
    small_practice.friday()
    small_practice.services.refresh()
    known_at = small_practice.clock.now
    small_practice.digests.sent_log.note_run(WEEK, READ, small_practice.clock.now, known_at)
    runs = len(small_practice.services.every_run())
    small_practice.clock.forward(hours=3)
    small_practice.job().tick()
    assert len(small_practice.services.every_run()) == runs
    assert to(small_practice) == list(PARTNERS)
    assert set(small_practice.digests.sent_log.history()["known_at"]) == {known_at}


def test_a_mail_server_that_is_away_is_tried_again_later_with_the_same_figures(
    small_practice: DigestPractice,
) -> None:
    small_practice.friday()
    small_practice.box.answers["CONNECT"] = ""
    job = small_practice.job()
    job.tick()
    assert (state(small_practice), to(small_practice)) == (READ, [])
    small_practice.clock.forward(minutes=1)
    job.tick()
    assert (
        len(small_practice.digests.sent_log.history()) == 2
    )  # not tried again within the quarter of an hour
    assert "could not be reached" in small_practice.digests.sent_log.history()["reason"].iloc[0]
    small_practice.box.answers.clear()
    small_practice.clock.forward(seconds=TRY_AGAIN_AFTER.total_seconds())
    job.tick()
    assert (state(small_practice), to(small_practice)) == (MADE, list(PARTNERS))
    history = small_practice.digests.sent_log.history()
    assert history["state"].tolist() == [SENT, SENT, NOT_SENT, NOT_SENT]
    assert history["figures_hash"].nunique() == 1
    assert history["known_at"].nunique() == 1


def test_a_mail_server_that_stays_away_is_given_up_after_a_day_and_reported(
    small_practice: DigestPractice,
) -> None:
    small_practice.friday()
    small_practice.box.answers["CONNECT"] = ""
    job = small_practice.job()
    job.tick()
    small_practice.clock.forward(seconds=TRY_FOR.total_seconds())
    job.tick()
    run = small_practice.digests.sent_log.run(WEEK)
    assert run is not None
    assert run.state == MADE
    assert "could not be reached" in run.reason


def test_a_letter_in_doubt_is_not_sent_again_by_the_job(small_practice: DigestPractice) -> None:
    small_practice.friday()
    small_practice.box.answers["."] = ""
    small_practice.job().tick()
    small_practice.box.answers.clear()
    small_practice.clock.forward(hours=1)
    small_practice.job().tick()
    assert to(small_practice) == list(PARTNERS)  # the box took them, and hung up
    assert set(small_practice.digests.sent_log.history()["state"]) == {UNCERTAIN}


def test_without_a_mail_server_the_digest_is_made_and_nothing_is_sent(tmp_path: Path, box: Postbox) -> None:
    with digest_practice_at(tmp_path, box, [shop(SECOND, "Maple Works")], smtp_host=None) as practice:
        recipients(practice, PRACTICE_ITSELF, PARTNERS)
        practice.friday()
        practice.job().tick()
        assert (state(practice), to(practice)) == (MADE, [])
        assert missing_settings(practice.digests.settings) == ("ROWCOL_SMTP_HOST",)
        with pytest.raises(MailNotSet):
            practice.digests.send(
                MAYA, practice.digests.rendered("", practice.digests.inputs(None, FRIDAY, practice.clock.now))
            )


def test_a_client_s_digest_is_sent_when_it_is_approved_and_not_before(practice: DigestPractice) -> None:
    client = practice.id_of("Maple Works")
    recipients(practice, client, ["owner@maple.example"])
    practice.friday()
    practice.job().tick()
    assert to(practice) == list(PARTNERS)
    run = practice.digests.sent_log.run(WEEK)
    assert run is not None
    assert run.known_at is not None
    write_note(practice.services.decision_log, MAYA, client, WEEK, "Please call me about the rent.")
    rendered = practice.digests.rendered(client, practice.digests.inputs(client, FRIDAY, run.known_at))
    (done,) = practice.digests.send(MAYA, rendered)
    assert done.state == SENT
    text = opened(practice.box.taken[-1].content).get_body(("plain",))
    assert text is not None
    assert "Please call me about the rent." in text.get_content()
    assert "Larch" not in text.get_content()
    approval = practice.digests.decided(WEEK).approvals[client]
    assert (approval.by, approval.figures_hash, approval.note) == (
        "Maya", rendered.figures_hash, "Please call me about the rent.",
    )  # fmt: skip
    assert practice.digests.sent_log.figures(rendered.figures_hash) == rendered.figures
    assert practice.digests.send(MAYA, rendered)[0].now is False
    assert to(practice).count("owner@maple.example") == 1


def test_an_approved_digest_that_found_no_server_is_sent_as_it_was_approved(
    small_practice: DigestPractice,
) -> None:
    client = small_practice.id_of("Maple Works")
    recipients(small_practice, client, ["owner@maple.example"])
    recipients(small_practice, PRACTICE_ITSELF, [])
    small_practice.friday()
    small_practice.job().tick()
    write_note(small_practice.services.decision_log, MAYA, client, WEEK, "As agreed.")
    small_practice.clock.forward(minutes=5)
    rendered = small_practice.digests.rendered(
        client, small_practice.digests.inputs(client, FRIDAY, small_practice.clock.now)
    )
    small_practice.box.answers["CONNECT"] = ""
    assert [delivery.state for delivery in small_practice.digests.send(MAYA, rendered)] == [NOT_SENT]
    small_practice.box.answers.clear()
    small_practice.clock.forward(minutes=5)
    write_note(small_practice.services.decision_log, MAYA, client, WEEK, "Changed after it was approved.")
    small_practice.job().tick()
    assert to(small_practice) == ["owner@maple.example"]
    assert small_practice.box.taken[0].content == _as_approved(small_practice, client)
    assert b"As agreed." in small_practice.box.taken[0].content


def _as_approved(practice: DigestPractice, client: str) -> bytes:
    from rowcol.delivery.messages import digest_mails

    rendered = practice.digests.as_approved(client, WEEK, practice.digests.decided(WEEK).approvals[client])
    (outgoing,) = digest_mails(
        rendered,
        ["owner@maple.example"],
        practice.digests.sender() or "",
        practice.digests.sent_log.advisor_id,
    )
    return outgoing.mail


def test_what_cannot_be_sent_is_reported(small_practice: DigestPractice) -> None:
    client = small_practice.id_of("Maple Works")
    rendered = small_practice.digests.rendered(
        client, small_practice.digests.inputs(client, FRIDAY - timedelta(days=7), small_practice.clock.now)
    )
    with pytest.raises(UsageError, match="Nobody is named"):
        small_practice.digests.send(MAYA, rendered)
    with pytest.raises(UsageError, match="not a mail address"):
        recipients(small_practice, client, ["owner at maple"])
    recipients(small_practice, client, ["owner@maple.example"])
    with pytest.raises(RowColError):
        small_practice.digests.send(Actor("", " "), rendered)
    assert to(small_practice) == []


def test_a_test_mail_goes_out_and_is_noted_as_one(small_practice: DigestPractice) -> None:
    rendered = small_practice.digests.rendered(
        "", small_practice.digests.inputs(None, FRIDAY - timedelta(days=7), small_practice.clock.now)
    )
    assert small_practice.digests.send_trial("ann@ledger.example", rendered).state == SENT
    assert opened(small_practice.box.taken[0].content)["Subject"] == "RowCol: a test mail"
    assert small_practice.digests.sent_log.history()["kind"].tolist() == ["test"]
    small_practice.friday()
    small_practice.job().tick()
    assert to(small_practice) == ["ann@ledger.example", *PARTNERS]
