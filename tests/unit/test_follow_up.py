"""Questions until answered, tasks until done: who, what, when; nothing overwritten, nothing of another practice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pandas as pd
import pytest

from rowcol.clock import Moment
from rowcol.decisions import dismissals, follow_ups
from rowcol.decisions.dismissals import Finding
from rowcol.decisions.follow_ups import RecordRef, Task
from rowcol.decisions.recording import Actor, DecisionLog, Recorded, undo
from rowcol.domain.follow_up import open_tasks, question_text
from rowcol.domain.hygiene.findings import RULES, question_about
from rowcol.errors import UnknownClient, UsageError
from rowcol.store.control.decisions import Decisions
from rowcol.views.common.follow_up import FollowUpView, follow_up_view
from tests.kits.store import MEMORY, NOW, REALM, TODAY, PracticeStore, gateway_over

OTHER = "9130354982210000016"
ANA, BEN, EVE = (Actor("", name) for name in ("Ana", "Ben", "Eve"))
ABOUT = RecordRef("BILL_NO_DUE_DATE", "Bill", "501", "Bill A-1 of Acme")


class Office:
    """A practice with two clients, its decisions, and a clock put forward an hour with each command."""

    def __init__(self, advisor_id: str = "practice", store: PracticeStore | None = None) -> None:
        self.store = PracticeStore(MEMORY, advisor_id, store.database if store else None)
        self.decisions = Decisions(self.store.database, advisor_id, self.store.positions)
        self.log = DecisionLog(self.decisions, self._tick)
        self.now = NOW
        self.client, self.other = self.store.client(), self.store.client(OTHER)
        self.source = gateway_over(
            self.store.frames, zone="America/New_York",
            questions=partial(follow_ups.all_questions, self.decisions),
            tasks=partial(follow_ups.all_tasks, self.decisions),
        )  # fmt: skip

    def _tick(self) -> datetime:
        self.now += timedelta(hours=1)
        return self.now

    def view(
        self, business_id: str | None = None, as_of: date = TODAY, known_at: datetime | None = None
    ) -> FollowUpView:
        return follow_up_view(self.source, business_id, Moment(as_of, known_at))


def id_of(recorded: Recorded) -> str:
    return recorded.before[0].subject


@pytest.fixture
def office() -> Iterator[Office]:
    office = Office()
    yield office
    office.store.close()


def test_a_question_is_open_until_it_is_answered(office: Office) -> None:
    question_id = id_of(follow_ups.ask(office.log, ANA, office.client, " When is it due? ", ABOUT))
    (row,) = office.view().questions.to_dict("records")
    assert (row["text"], row["asked_by"], row["asked_at"], row["about"], row["client"]) == (
        "When is it due?", "Ana", NOW + timedelta(hours=1), "Bill A-1 of Acme", f"Client {REALM}",
    )  # fmt: skip
    assert "pagereq=bill%3FtxnId%3D501" in row["url"]
    follow_ups.answer(office.log, BEN, office.client, question_id, "At the month's end")
    view = office.view()
    assert view.questions.empty
    (row,) = view.answered.to_dict("records")
    assert (row["answer"], row["answered_by"], row["answered_at"], row["asked_by"]) == (
        "At the month's end", "Ben", NOW + timedelta(hours=2), "Ana",
    )  # fmt: skip


def test_an_answer_can_be_taken_back_and_a_question_withdrawn(office: Office) -> None:
    question_id = id_of(follow_ups.ask(office.log, ANA, office.client, "When is it due?"))
    follow_ups.answer(office.log, ANA, office.client, question_id, "Tomorrow")
    follow_ups.reopen_question(office.log, ANA, office.client, question_id)
    (row,) = office.view().questions.to_dict("records")
    assert (row["answer"], pd.isna(row["answered_at"]), row["asked_at"]) == (
        "",
        True,
        NOW + timedelta(hours=1),
    )
    assert row["url"] is None
    follow_ups.withdraw_question(office.log, ANA, office.client, question_id)
    assert (len(office.view().questions), len(office.view().answered)) == (0, 0)
    with pytest.raises(UsageError, match="not there any more"):
        follow_ups.answer(office.log, ANA, office.client, question_id, "Tomorrow")


def test_undoing_what_was_done_to_a_question_is_undone_in_turn(office: Office) -> None:
    question = follow_ups.ask(office.log, ANA, office.client, "When is it due?")
    undone = undo(office.log, BEN, question)
    assert office.view().questions.empty
    undo(office.log, ANA, undone)
    assert office.view().questions["asked_by"].tolist() == ["Ana"]
    withdrawn = follow_ups.withdraw_question(office.log, ANA, office.client, id_of(question))
    undo(office.log, BEN, withdrawn)
    assert office.view().questions["text"].tolist() == ["When is it due?"]


def test_open_questions_come_the_longest_asked_first_of_one_client_or_all(office: Office) -> None:
    for client, text in ((office.client, "First"), (office.other, "Second"), (office.client, "Third")):
        follow_ups.ask(office.log, ANA, client, text)
    assert office.view().questions["text"].tolist() == ["First", "Second", "Third"]
    assert office.view(office.client).questions["text"].tolist() == ["First", "Third"]
    with pytest.raises(UnknownClient):
        office.view("nobody")


def test_the_questions_of_a_client_are_a_text_to_send(office: Office) -> None:
    follow_ups.ask(office.log, ANA, office.client, "When is bill 7 due?")
    follow_ups.ask(office.log, ANA, office.client, "Who was paid on 3 Nov?")
    assert question_text("Acme & Co", office.view(office.client).questions) == (
        "Questions on the books of Acme & Co:\n\n1. When is bill 7 due?\n2. Who was paid on 3 Nov?"
    )
    assert question_text("Acme & Co", office.view(office.other).questions) == ""


def test_a_task_is_open_until_done_and_overdue_the_day_after_it_was_due(office: Office) -> None:
    task = Task("Call the vendor", "Cy", TODAY, ABOUT)
    added = id_of(follow_ups.add_task(office.log, ANA, office.client, task))
    assert office.view().tasks["overdue"].tolist() == [False]
    assert office.view(as_of=TODAY + timedelta(days=1)).tasks["overdue"].tolist() == [True]
    follow_ups.finish_task(office.log, BEN, office.client, added)
    (row,) = office.view().done.to_dict("records")
    assert (row["owner"], row["due"], row["added_by"], row["done_by"], row["done_at"]) == (
        "Cy", pd.Timestamp(TODAY), "Ana", "Ben", NOW + timedelta(hours=2),
    )  # fmt: skip
    assert office.view().tasks.empty
    follow_ups.reopen_task(office.log, BEN, office.client, added)
    assert office.view().tasks["added_by"].tolist() == ["Ana"]
    follow_ups.withdraw_task(office.log, BEN, office.client, added)
    assert office.view().tasks.empty


def test_open_tasks_come_the_oldest_first(office: Office) -> None:
    for text, days in (("first", 9), ("second", 2), ("third", -3)):
        follow_ups.add_task(office.log, ANA, office.client, Task(text, "Cy", TODAY + timedelta(days=days)))
    rows = open_tasks(follow_ups.all_tasks(office.decisions))
    assert rows["what"].tolist() == ["first", "second", "third"]


def test_a_task_is_overdue_by_its_client_s_own_day() -> None:
    office = Office()
    office.source = replace(office.source, clock=lambda: datetime(2026, 11, 21, 2, 0, tzinfo=UTC))
    zone = {"Id": "1", "CompanyName": "Tokyo", "DefaultTimeZone": "Asia/Tokyo"}
    office.store.land("CompanyInfo", zone, realm=OTHER)
    for client in (office.client, office.other):
        follow_ups.add_task(office.log, ANA, client, Task("Call", "Cy", date(2026, 11, 20)))
    tasks = follow_up_view(office.source).tasks
    assert dict(zip(tasks["business_id"], tasks["overdue"], strict=True)) == {
        office.client: False,
        office.other: True,
    }
    office.store.close()


def test_a_past_moment_knows_what_was_open_then(office: Office) -> None:
    question_id = id_of(follow_ups.ask(office.log, ANA, office.client, "When is it due?"))
    follow_ups.answer(office.log, ANA, office.client, question_id, "Tomorrow")
    then = office.view(known_at=NOW + timedelta(hours=1))
    assert (len(then.questions), len(then.answered)) == (1, 0)
    assert office.view(known_at=NOW).questions.empty


def test_nothing_is_shared_with_another_practice(office: Office) -> None:
    other = Office("another practice", office.store)
    follow_ups.ask(other.log, EVE, other.client, "When is it due?")
    follow_ups.add_task(other.log, EVE, other.client, Task("Call", "Eve", TODAY))
    assert (len(office.view().questions), len(office.view().tasks)) == (0, 0)
    assert (follow_ups.last_author(office.decisions), follow_ups.last_author(other.decisions)) == ("", "Eve")


def test_the_last_who_decided_anything_is_the_name_a_form_begins_with(office: Office) -> None:
    follow_ups.add_task(office.log, ANA, office.client, Task("Call", "Cy", TODAY))
    dismissals.dismiss(
        office.log, BEN, Finding(office.client, "BILL_NO_NUMBER", "Bill", "501", 7), "They send none"
    )
    assert follow_ups.last_author(office.decisions) == "Ben"


@pytest.mark.parametrize(
    ("text", "owner", "by"),
    [("", "Cy", "Ana"), ("Call", " ", "Ana"), ("Call", "Cy", ""), ("x" * 1001, "Cy", "Ana")],
)
def test_a_task_needs_who_and_what(office: Office, text: str, owner: str, by: str) -> None:
    with pytest.raises(UsageError):
        follow_ups.add_task(office.log, Actor("", by), office.client, Task(text, owner, TODAY))
    assert follow_ups.all_tasks(office.decisions).empty


def test_every_finding_can_be_asked_about() -> None:
    assert all(rule.question.endswith("?") for rule in RULES.values())
    assert question_about("BILL_NO_DUE_DATE", "Bill 7 of Acme over $9.00 has no due date.") == (
        "Bill 7 of Acme over $9.00 has no due date. When is it due?"
    )
