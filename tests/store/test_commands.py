"""The advisor's commands: checked, recorded with who decided, standing from then on, and taken back."""

from collections.abc import Iterator
from datetime import date, timedelta

import pandas as pd
import pytest

from rowcol.decisions import cash_ahead, payables, reading, receivables
from rowcol.decisions.cash_ahead import Commitment
from rowcol.decisions.payables import PlannedPayment
from rowcol.decisions.recording import Actor, DecisionLog, undo
from rowcol.domain.current_decisions import CurrentDecisions
from rowcol.errors import UsageError
from rowcol.store.control.decisions import Decisions
from tests.kits.store import MEMORY, NOW, PRACTICE, TODAY, PracticeStore

CLIENT, ME = "one", Actor("", "Ada")
FRIDAY = TODAY + timedelta(days=7)


@pytest.fixture
def decided() -> Iterator[DecisionLog]:
    store = PracticeStore(MEMORY)
    yield DecisionLog(Decisions(store.database, PRACTICE, store.positions), lambda: NOW)
    store.close()


def stands(log: DecisionLog) -> CurrentDecisions:
    return reading.current_decisions(log.decisions)


def pay(
    qbo_id: str, amount: int | None = None, on: date = FRIDAY, open_cents: int = 10_000
) -> PlannedPayment:
    return PlannedPayment(qbo_id, on, amount, open_cents)


def test_bills_are_planned_together_and_taken_back_together(decided: DecisionLog) -> None:
    payables.plan(decided, ME, CLIENT, [pay("1")], TODAY)
    step = payables.plan(decided, ME, CLIENT, [pay("1", 4_000), pay("2", 10_000)], TODAY)
    plans = stands(decided).plans.set_index("qbo_id")
    assert plans["amount_cents"].fillna(-1).to_dict() == {"1": 4_000, "2": -1}
    assert set(plans["pay_on"]) == {pd.Timestamp(FRIDAY)}
    again = undo(decided, ME, step)
    (left,) = stands(decided).plans.to_dict("records")
    assert (left["qbo_id"], pd.isna(left["amount_cents"])) == ("1", True)
    undo(decided, ME, again)
    assert stands(decided).plans["qbo_id"].tolist() == ["1", "2"]


def test_who_decided_is_kept_and_must_be_known(decided: DecisionLog) -> None:
    payables.plan(decided, Actor("", "  Ada   Byron "), CLIENT, [pay("1")], TODAY)
    assert decided.decisions.newest("plan")[(CLIENT, "1")]["by"] == "Ada Byron"
    with pytest.raises(UsageError, match="your name"):
        Actor("", " ")
    assert len(stands(decided).plans) == 1


@pytest.mark.parametrize(
    ("payment", "words"),
    [
        (pay("2", on=TODAY - timedelta(days=1)), "which is past"),
        (pay("2", on=TODAY + timedelta(days=731)), "two years"),
        (pay("2", 0), "more than nothing"),
        (pay("2", 10_001), "at most what is open"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_whole(
    decided: DecisionLog, payment: PlannedPayment, words: str
) -> None:
    with pytest.raises(UsageError, match=words) as refused:
        payables.plan(decided, ME, CLIENT, [pay("1"), payment], TODAY)
    assert refused.value.hint
    assert stands(decided).plans.empty


def test_a_bill_taken_out_of_the_plan_is_gone_from_it(decided: DecisionLog) -> None:
    payables.plan(decided, ME, CLIENT, [pay("1"), pay("2")], TODAY)
    step = payables.unplan(decided, ME, CLIENT, ["1"])
    assert stands(decided).plans["qbo_id"].tolist() == ["2"]
    undo(decided, ME, step)
    assert set(stands(decided).plans["qbo_id"]) == {"1", "2"}


def test_a_vendor_or_a_bill_is_held_disputed_and_let_go(decided: DecisionLog) -> None:
    payables.hold(decided, ME, CLIENT, "vendor", "55", "dispute")
    payables.hold(decided, ME, CLIENT, "bill", "1", "hold")
    holds = stands(decided).holds[["scope", "subject_id", "state"]].to_numpy().tolist()
    assert holds == [["vendor", "55", "dispute"], ["bill", "1", "hold"]]
    payables.hold(decided, ME, CLIENT, "vendor", "55", None)
    assert stands(decided).holds["subject_id"].tolist() == ["1"]


def test_priorities_are_the_three_words_of_definitions(decided: DecisionLog) -> None:
    step = payables.prioritise(decided, ME, CLIENT, "vendor", "55", "must")
    assert stands(decided).priorities["priority"].tolist() == ["must"]
    assert step.effect == "Vendor: must pay"
    for scope, priority in (("vendor", "urgent"), ("invoice", "must")):
        with pytest.raises(UsageError, match="Choose one of"):
            raise_line(decided, scope, priority)


def raise_line(decided: DecisionLog, scope: str, priority: str) -> None:
    try:
        payables.prioritise(decided, ME, CLIENT, scope, "55", priority)
    except UsageError as error:
        raise UsageError(error.line()) from error


def test_a_state_other_than_hold_and_dispute_is_refused(decided: DecisionLog) -> None:
    with pytest.raises(UsageError, match="is not why it is held"):
        payables.hold(decided, ME, CLIENT, "bill", "1", "later")


def test_a_promise_holds_until_taken_back(decided: DecisionLog) -> None:
    receivables.promise(decided, ME, CLIENT, ["77"], FRIDAY, TODAY)
    assert stands(decided).promises["promised_on"].tolist() == [pd.Timestamp(FRIDAY)]
    step = receivables.promise(decided, ME, CLIENT, ["77", "78"], None, TODAY)
    assert stands(decided).promises.empty
    undo(decided, ME, step)
    assert stands(decided).promises["qbo_id"].tolist() == ["77"]
    with pytest.raises(UsageError, match="No invoice was chosen"):
        receivables.promise(decided, ME, CLIENT, [], FRIDAY, TODAY)
    with pytest.raises(UsageError, match="cannot be for 19 Nov 2026"):
        receivables.promise(decided, ME, CLIENT, ["77"], TODAY - timedelta(days=1), TODAY)


def test_notes_of_a_customer_add_up_and_one_can_be_taken_back(decided: DecisionLog) -> None:
    receivables.contact(decided, ME, CLIENT, "9", "Called, no answer", FRIDAY, TODAY)
    later = NOW + timedelta(minutes=1)
    then = DecisionLog(decided.decisions, lambda: later)
    step = receivables.contact(then, Actor("", "Bo"), CLIENT, "9", " Will pay on Friday ", None, TODAY)
    notes = reading.contacts(decided.decisions, CLIENT)
    assert notes[["note", "by"]].to_numpy().tolist() == [
        ["Will pay on Friday", "Bo"],
        ["Called, no answer", "Ada"],
    ]
    assert notes["decided_at"].tolist() == [later, NOW]
    undo(then, ME, step)
    assert reading.contacts(decided.decisions, CLIENT)["note"].tolist() == ["Called, no answer"]
    assert reading.contacts(decided.decisions, "two").empty


def test_a_contact_needs_a_note_or_a_day(decided: DecisionLog) -> None:
    with pytest.raises(UsageError, match="Neither a note nor a day"):
        receivables.contact(decided, ME, CLIENT, "9", "  ", None, TODAY)
    receivables.contact(decided, ME, CLIENT, "9", "", FRIDAY, TODAY)
    assert reading.contacts(decided.decisions, CLIENT)["next_on"].tolist() == [pd.Timestamp(FRIDAY)]


def test_a_bank_balance_is_of_its_day_and_can_be_negative(decided: DecisionLog) -> None:
    step = cash_ahead.bank_balance(decided, ME, CLIENT, "35", -1_250, TODAY)
    (row,) = stands(decided).bank_balances.to_dict("records")
    assert (row["account_id"], row["balance_cents"], row["on"]) == ("35", -1_250, pd.Timestamp(TODAY))
    undo(decided, ME, step)
    assert stands(decided).bank_balances.empty
    with pytest.raises(UsageError, match="that large"):
        cash_ahead.bank_balance(decided, ME, CLIENT, "35", 10**14, TODAY)


def test_a_commitment_is_entered_and_deleted(decided: DecisionLog) -> None:
    entered = Commitment("Next payroll", "payroll", FRIDAY, 1_450_000, "Gusto")
    cash_ahead.commit(decided, ME, CLIENT, entered, TODAY)
    (row,) = stands(decided).commitments.to_dict("records")
    assert (row["name"], row["kind"], row["amount_cents"], row["replaces"]) == (
        "Next payroll", "payroll", 1_450_000, "Gusto",
    )  # fmt: skip
    cash_ahead.drop_commitment(decided, ME, CLIENT, row["commitment_id"])
    assert stands(decided).commitments.empty


@pytest.mark.parametrize(
    ("entered", "words"),
    [
        (Commitment(" ", "payroll", FRIDAY, 1), "Nothing was written"),
        (Commitment("Rent", "rent", FRIDAY, 1), "no kind of payment"),
        (Commitment("Rent", "other", TODAY - timedelta(days=1), 1), "cannot be on 19 Nov"),
        (Commitment("Rent", "other", FRIDAY, 0), "more than nothing"),
    ],
)
def test_a_commitment_that_cannot_be_is_refused(
    decided: DecisionLog, entered: Commitment, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        cash_ahead.commit(decided, ME, CLIENT, entered, TODAY)
    assert stands(decided).commitments.empty


def test_the_plans_made_tell_when_they_were_and_by_whom(decided: DecisionLog) -> None:
    payables.plan(decided, ME, CLIENT, [pay("1", 4_000)], TODAY)
    (row,) = reading.planned(decided.decisions, CLIENT).to_dict("records")
    assert (row["planned_on"], row["open_cents"], row["amount_cents"], row["by"], row["decided_at"]) == (
        pd.Timestamp(TODAY), 10_000, 4_000, ME.name, NOW,
    )  # fmt: skip
    assert reading.planned(decided.decisions, CLIENT, NOW - timedelta(seconds=1)).empty
