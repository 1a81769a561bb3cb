"""What to do about bills: pay on a day, whole or in part; hold or dispute; what matters most. RowCol moves no money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from rowcol.decisions.reading import HOLD, PLAN, PRIORITY
from rowcol.decisions.recording import Actor, Change, DecisionLog, Recorded, record, subject
from rowcol.errors import UsageError
from rowcol.wording import counted, date_text

VENDOR, BILL = "vendor", "bill"
SCOPES = (VENDOR, BILL)
ON_HOLD, DISPUTED = "hold", "dispute"
HOLD_STATES = (ON_HOLD, DISPUTED)
MUST, NORMAL, WAIT = PRIORITIES = ("must", "normal", "wait")
PRIORITY_WORDS = {MUST: "must pay", NORMAL: "normal", WAIT: "can wait"}
LATEST = timedelta(days=730)


@dataclass(frozen=True)
class PlannedPayment:
    """A bill to be paid on a day; `amount_cents` None: all of it. `open_cents` is its open balance after netting."""

    qbo_id: str
    pay_on: date
    amount_cents: int | None
    open_cents: int


def plan(
    log: DecisionLog, actor: Actor, business_id: str, payments: Sequence[PlannedPayment], today: date
) -> Recorded:
    """Plan bills to be paid. Raises UsageError if a day or an amount is not valid; then nothing is planned."""
    changes = [Change(PLAN, subject(payment.qbo_id), _planned(payment, today)) for payment in payments]
    return record(log, actor, business_id, f"{counted(len(changes), 'bill')} planned", changes)


def unplan(log: DecisionLog, actor: Actor, business_id: str, qbo_ids: Sequence[str]) -> Recorded:
    """Take bills out of the plan."""
    changes = [Change(PLAN, subject(qbo_id), None) for qbo_id in qbo_ids]
    return record(log, actor, business_id, f"{counted(len(changes), 'bill')} taken out of the plan", changes)


def hold(
    log: DecisionLog, actor: Actor, business_id: str, scope: str, subject_id: str, state: str | None
) -> Recorded:
    """Exclude a vendor's bills, or one bill, from the payments: `hold` or `dispute`; None lets them be paid again.

    Raises UsageError if scope or state is another word.
    """
    _one_of(scope, SCOPES, "what is held")
    if state is not None:
        _one_of(state, HOLD_STATES, "why it is held")
    content = None if state is None else {"state": state}
    words = {ON_HOLD: "put on hold", DISPUTED: "disputed", None: "no longer held"}[state]
    change = Change(HOLD, subject(scope, subject_id), content)
    return record(log, actor, business_id, f"{scope.capitalize()} {words}", [change])


def prioritise(
    log: DecisionLog, actor: Actor, business_id: str, scope: str, subject_id: str, priority: str
) -> Recorded:
    """Set the priority of a vendor's bills, or of one bill: `must`, `normal` or `wait`. Raises UsageError."""
    _one_of(scope, SCOPES, "what has a priority")
    _one_of(priority, PRIORITIES, "the priority")
    change = Change(PRIORITY, subject(scope, subject_id), {"priority": priority})
    effect = f"{scope.capitalize()}: {PRIORITY_WORDS[priority]}"
    return record(log, actor, business_id, effect, [change])


def _planned(payment: PlannedPayment, today: date) -> dict[str, object]:
    if payment.pay_on < today:
        raise UsageError(
            f"A bill cannot be planned for {date_text(payment.pay_on)}, which is past",
            "Choose today or a later day",
        )
    if payment.pay_on > today + LATEST:
        raise UsageError(f"{date_text(payment.pay_on)} is more than two years ahead", "Choose a nearer day")
    if payment.amount_cents is not None and not 0 < payment.amount_cents <= payment.open_cents:
        raise UsageError(
            "A part payment is more than nothing and at most what is open of the bill",
            "Give an amount up to the open balance, or none to pay all of it",
        )
    whole = payment.amount_cents is None or payment.amount_cents == payment.open_cents
    return {
        "pay_on": payment.pay_on.isoformat(),
        "amount_cents": None if whole else payment.amount_cents,
        "open_cents": payment.open_cents,
        "planned_on": today.isoformat(),
    }


def _one_of(word: str, words: Sequence[str], label: str) -> None:
    if word not in words:
        raise UsageError(f"{word!r} is not {label}", f"Choose one of: {', '.join(words)}")
