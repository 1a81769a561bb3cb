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
from tests.kits.digest_practice import FRIDAY, PARTNERS, Office, office_at
from tests.kits.mail_server import Postbox

from .test_mail import opened

WEEK = week_of(FRIDAY)
MAYA = Actor("", "Maya")


def recipients(office: Office, business_id: str, texts: Sequence[str]) -> None:
    set_recipients(office.services.decision_log, MAYA, business_id, addresses(texts))


@pytest.fixture
def office(tmp_path: Path, box: Postbox) -> Iterator[Office]:
    with office_at(tmp_path, box) as own:
        recipients(own, PRACTICE_ITSELF, PARTNERS)
        yield own


def to(office: Office) -> list[str]:
    return [one.recipient for one in office.box.taken]


def state(office: Office) -> str | None:
    run = office.digests.sent_log.run(WEEK)
    return None if run is None else run.state


def test_nothing_happens_before_friday_at_seven(office: Office) -> None:
    office.friday(hours=6.99)
    office.job().tick()
    assert (state(office), to(office)) == (None, [])


def test_on_friday_at_seven_every_client_is_refreshed_and_the_practice_gets_its_digest(
    office: Office,
) -> None:
    office.friday()
    office.sandbox.companies[next(iter(office.sandbox.companies))].drop(
        "Invoice", _first_invoice(office), office.clock.now
    )
    office.job().tick()
    assert to(office) == list(PARTNERS)
    message = opened(office.box.taken[0].content)
    text = message.get_body(("plain",))
    assert text is not None
    assert "2 of 2 clients up to date" in text.get_content()
    assert "deleted" in text.get_content()
    assert str(message["Subject"]).startswith("Weekly digest, 27 Nov 2026")
    assert str(message["To"]) == PARTNERS[0]
    assert state(office) == MADE
    office.clock.forward(hours=1)
    office.job().tick()
    assert to(office) == list(PARTNERS)  # once, however often it is looked at
    history = office.digests.sent_log.history()
    assert history["state"].tolist() == [SENT, SENT]
    assert history["known_at"].nunique() == 1
    office.friday(FRIDAY + timedelta(days=7))
    office.job().tick()
    assert to(office) == [*PARTNERS, *PARTNERS]  # the next week is another digest


def _first_invoice(office: Office) -> str:
    return next(iter(next(iter(office.sandbox.companies.values())).of("Invoice")))


def test_a_client_that_cannot_be_refreshed_is_in_it_and_not_safe_to_discuss(office: Office) -> None:
    office.friday()
    realm = next(iter(office.sandbox.companies))
    office.sandbox.faults(
        {
            "kind": "fault",
            "status": 400,
            "code": "6190",
            "message": "Subscription ended",
            "times": None,
            "realm": realm,
        }
    )
    office.job().tick()
    text = opened(office.box.taken[0].content).get_body(("plain",))
    assert text is not None
    said = text.get_content()
    assert "1 of 2 clients up to date" in said
    assert "Larch & Daughters: NOT SAFE TO DISCUSS" in said
    assert "Larch & Daughters: " in said.partition("EVERY CLIENT")[2]


def test_a_run_that_died_while_refreshing_refreshes_again(office: Office) -> None:
    office.friday()
    recipients(office, PRACTICE_ITSELF, [])
    office.digests.sent_log.note_run(WEEK, STARTED, office.clock.now)
    asked = len(office.services.every_run())
    office.job().tick()
    assert len(office.services.every_run()) == asked + 2
    assert (state(office), to(office)) == (MADE, [])


def test_a_run_that_died_after_the_refresh_goes_on_from_the_same_moment_and_asks_nothing_again(
    office: Office,
) -> None:
    office.friday()
    office.services.refresh()
    known_at = office.clock.now
    office.digests.sent_log.note_run(WEEK, READ, office.clock.now, known_at)
    asked = len(office.services.every_run())
    office.clock.forward(hours=3)
    office.job().tick()
    assert len(office.services.every_run()) == asked
    assert to(office) == list(PARTNERS)
    assert set(office.digests.sent_log.history()["known_at"]) == {known_at}


def test_a_mail_server_that_is_away_is_tried_again_later_with_the_same_figures(office: Office) -> None:
    office.friday()
    office.box.answers["CONNECT"] = ""
    job = office.job()
    job.tick()
    assert (state(office), to(office)) == (READ, [])
    office.clock.forward(minutes=1)
    job.tick()
    assert len(office.digests.sent_log.history()) == 2  # not tried again within the quarter of an hour
    assert "could not be reached" in office.digests.sent_log.history()["reason"].iloc[0]
    office.box.answers.clear()
    office.clock.forward(seconds=TRY_AGAIN_AFTER.total_seconds())
    job.tick()
    assert (state(office), to(office)) == (MADE, list(PARTNERS))
    history = office.digests.sent_log.history()
    assert history["state"].tolist() == [SENT, SENT, NOT_SENT, NOT_SENT]
    assert history["figures_hash"].nunique() == 1
    assert history["known_at"].nunique() == 1


def test_a_mail_server_that_stays_away_is_given_up_after_a_day_and_said(office: Office) -> None:
    office.friday()
    office.box.answers["CONNECT"] = ""
    job = office.job()
    job.tick()
    office.clock.forward(seconds=TRY_FOR.total_seconds())
    job.tick()
    run = office.digests.sent_log.run(WEEK)
    assert run is not None
    assert run.state == MADE
    assert "could not be reached" in run.reason


def test_a_letter_in_doubt_is_not_sent_again_by_the_job(office: Office) -> None:
    office.friday()
    office.box.answers["."] = ""
    office.job().tick()
    office.box.answers.clear()
    office.clock.forward(hours=1)
    office.job().tick()
    assert to(office) == list(PARTNERS)  # the box took them, and hung up
    assert set(office.digests.sent_log.history()["state"]) == {UNCERTAIN}


def test_without_a_mail_server_the_digest_is_made_and_nothing_is_sent(tmp_path: Path, box: Postbox) -> None:
    with office_at(tmp_path, box, smtp_host=None) as office:
        recipients(office, PRACTICE_ITSELF, PARTNERS)
        office.friday()
        office.job().tick()
        assert (state(office), to(office)) == (MADE, [])
        assert missing_settings(office.digests.settings) == ("ROWCOL_SMTP_HOST",)
        with pytest.raises(MailNotSet):
            office.digests.send(
                MAYA, office.digests.rendered("", office.digests.inputs(None, FRIDAY, office.clock.now))
            )


def test_a_client_s_digest_is_sent_when_it_is_approved_and_not_before(office: Office) -> None:
    client = office.id_of("Maple Works")
    recipients(office, client, ["owner@maple.example"])
    office.friday()
    office.job().tick()
    assert to(office) == list(PARTNERS)
    run = office.digests.sent_log.run(WEEK)
    assert run is not None
    assert run.known_at is not None
    write_note(office.services.decision_log, MAYA, client, WEEK, "Please call me about the rent.")
    made = office.digests.rendered(client, office.digests.inputs(client, FRIDAY, run.known_at))
    (done,) = office.digests.send(MAYA, made)
    assert done.state == SENT
    text = opened(office.box.taken[-1].content).get_body(("plain",))
    assert text is not None
    assert "Please call me about the rent." in text.get_content()
    assert "Larch" not in text.get_content()
    approval = office.digests.decided(WEEK).approvals[client]
    assert (approval.by, approval.figures_hash, approval.note) == (
        "Maya", made.figures_hash, "Please call me about the rent.",
    )  # fmt: skip
    assert office.digests.sent_log.figures(made.figures_hash) == made.figures
    assert office.digests.send(MAYA, made)[0].now is False
    assert to(office).count("owner@maple.example") == 1


def test_an_approved_digest_that_found_no_server_is_sent_as_it_was_approved(office: Office) -> None:
    client = office.id_of("Maple Works")
    recipients(office, client, ["owner@maple.example"])
    recipients(office, PRACTICE_ITSELF, [])
    office.friday()
    office.job().tick()
    write_note(office.services.decision_log, MAYA, client, WEEK, "As agreed.")
    office.clock.forward(minutes=5)
    made = office.digests.rendered(client, office.digests.inputs(client, FRIDAY, office.clock.now))
    office.box.answers["CONNECT"] = ""
    assert [one.state for one in office.digests.send(MAYA, made)] == [NOT_SENT]
    office.box.answers.clear()
    office.clock.forward(minutes=5)
    write_note(office.services.decision_log, MAYA, client, WEEK, "Changed after it was approved.")
    office.job().tick()
    assert to(office) == ["owner@maple.example"]
    assert office.box.taken[0].content == _as_approved(office, client)
    assert b"As agreed." in office.box.taken[0].content


def _as_approved(office: Office, client: str) -> bytes:
    from rowcol.delivery.messages import digest_mails

    made = office.digests.as_approved(client, office.digests.decided(WEEK).approvals[client])
    (one,) = digest_mails(
        made, ["owner@maple.example"], office.digests.sender() or "", office.digests.sent_log.advisor_id
    )
    return one.mail


def test_what_cannot_be_sent_is_said(office: Office) -> None:
    client = office.id_of("Maple Works")
    made = office.digests.rendered(
        client, office.digests.inputs(client, FRIDAY - timedelta(days=7), office.clock.now)
    )
    with pytest.raises(UsageError, match="Nobody is named"):
        office.digests.send(MAYA, made)
    with pytest.raises(UsageError, match="not a mail address"):
        recipients(office, client, ["owner at maple"])
    recipients(office, client, ["owner@maple.example"])
    with pytest.raises(RowColError):
        office.digests.send(Actor("", " "), made)
    assert to(office) == []


def test_a_test_mail_goes_out_and_is_noted_as_one(office: Office) -> None:
    made = office.digests.rendered(
        "", office.digests.inputs(None, FRIDAY - timedelta(days=7), office.clock.now)
    )
    assert office.digests.send_trial("ann@ledger.example", made).state == SENT
    assert opened(office.box.taken[0].content)["Subject"] == "RowCol: a test mail"
    assert office.digests.sent_log.history()["kind"].tolist() == ["test"]
    office.friday()
    office.job().tick()
    assert to(office) == ["ann@ledger.example", *PARTNERS]
