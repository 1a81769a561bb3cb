"""What the advisor knows about cash and the books do not: the balance at the bank, and dated payments to come."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rowcol.decisions.reading import BANK_BALANCE, COMMITMENT
from rowcol.decisions.recording import (
    LONGEST_NAME,
    Actor,
    Change,
    DecisionLog,
    Recorded,
    one_line,
    record,
    subject,
)
from rowcol.errors import UsageError
from rowcol.wording import date_text, short_day

COMMITMENT_KINDS = ("payroll", "payroll tax", "sales tax", "estimate", "card", "other")
LARGEST_CENTS = 10**13
LATEST = timedelta(days=730)


@dataclass(frozen=True)
class Commitment:
    """A payment on a day; a positive `amount_cents` goes out.

    `replaces` is the payee of the recurring payment it stands for, `account_id` the card that it pays; '' for none.
    """

    name: str
    kind: str
    on: date
    amount_cents: int
    replaces: str = ""
    account_id: str = ""


def bank_balance(
    log: DecisionLog,
    actor: Actor,
    business_id: str,
    account_id: str,
    balance_cents: int | None,
    on: date,
    *,
    not_booked: bool = False,
) -> Recorded:
    """Record an account's balance at the bank on a day; None withdraws it. Raises UsageError if it is too large.

    `not_booked`: what is above the books is not booked yet, and so stays; else it has not cleared, and goes out.
    """
    content = None
    if balance_cents is not None:
        _not_too_large(balance_cents)
        content = {"balance_cents": balance_cents, "on": on.isoformat(), "not_booked": not_booked}
    effect = "Bank balance taken back" if content is None else "Bank balance kept"
    return record(log, actor, business_id, effect, [Change(BANK_BALANCE, subject(account_id), content)])


def commit(
    log: DecisionLog,
    actor: Actor,
    business_id: str,
    commitment: Commitment,
    today: date,
) -> Recorded:
    """Record a payment to come. Raises UsageError if its kind, day, amount or name is not valid."""
    name = one_line(commitment.name, "what is to be paid", LONGEST_NAME)
    if commitment.kind not in COMMITMENT_KINDS:
        raise UsageError(
            f"{commitment.kind!r} is no kind of payment", f"Choose one of: {', '.join(COMMITMENT_KINDS)}"
        )
    if not today <= commitment.on <= today + LATEST:
        raise UsageError(
            f"A payment to come cannot be on {date_text(commitment.on)}", "Choose today or a later day"
        )
    if commitment.amount_cents <= 0:
        raise UsageError("A payment to come is more than nothing", "Give the amount that goes out")
    _not_too_large(commitment.amount_cents)
    content = {
        "name": name,
        "kind": commitment.kind,
        "on": commitment.on.isoformat(),
        "amount_cents": commitment.amount_cents,
        "replaces": commitment.replaces.strip(),
        "account_id": commitment.account_id,
    }
    now = log.clock()
    change = Change(COMMITMENT, new_id(business_id, name, now), content)
    return record(log, actor, business_id, f"{name} on {short_day(commitment.on)} kept", [change], now)


def drop_commitment(log: DecisionLog, actor: Actor, business_id: str, commitment_id: str) -> Recorded:
    """Delete a payment to come."""
    change = Change(COMMITMENT, subject(commitment_id), None)
    return record(log, actor, business_id, "Payment to come deleted", [change])


def new_id(business_id: str, name: str, now: datetime) -> str:
    """Return an id for what an advisor enters; the same entry at the same moment has the same id."""
    return hashlib.sha256(f"{business_id}\n{name}\n{now.isoformat()}".encode()).hexdigest()[:16]


def _not_too_large(amount_cents: int) -> None:
    if abs(amount_cents) > LARGEST_CENTS:
        raise UsageError("No amount is that large", "Give it in whole units and cents")
