"""What the advisor knows of cash that the books do not: the bank's real balance, and payments with a day of their own."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rowcol.decisions.current import BANK_BALANCE, COMMITMENT, subject
from rowcol.decisions.undo import Change, Step, take
from rowcol.decisions.validation import said
from rowcol.errors import UsageError
from rowcol.store.decisions import Decisions

COMMITMENT_KINDS = ("payroll", "payroll tax", "sales tax", "estimate", "card", "other")
LARGEST_CENTS = 10**13
LATEST = timedelta(days=730)
LONGEST_NAME = 80


@dataclass(frozen=True)
class Commitment:
    """A payment on a day; `amount_cents` positive goes out; `replaces` the payee of the recurring item it stands for."""

    name: str
    kind: str
    on: date
    amount_cents: int
    replaces: str = ""


def bank_balance(
    decisions: Decisions,
    business_id: str,
    account_id: str,
    balance_cents: int | None,
    on: date,
    by: str,
    now: datetime,
) -> Step:
    """Note what the bank says an account holds on a day; None takes it back. Raises UsageError for no real amount."""
    content = None
    if balance_cents is not None:
        _not_too_large(balance_cents)
        content = {"balance_cents": balance_cents, "on": on.isoformat()}
    told = "Bank balance taken back" if content is None else "Bank balance kept"
    return take(decisions, business_id, told, [Change(BANK_BALANCE, subject(account_id), content)], by, now)


def commit(
    decisions: Decisions,
    business_id: str,
    commitment: Commitment,
    today: date,
    by: str,
    now: datetime,
    commitment_id: str | None = None,
) -> Step:
    """Note a payment to come, a new one or in place of the one of that id. Raises UsageError where it cannot be."""
    name = " ".join(said(commitment.name, "what is to be paid", LONGEST_NAME).split())
    if commitment.kind not in COMMITMENT_KINDS:
        raise UsageError(
            f"{commitment.kind!r} is no kind of payment", f"Choose one of: {', '.join(COMMITMENT_KINDS)}"
        )
    if not today <= commitment.on <= today + LATEST:
        raise UsageError(
            f"A payment to come cannot be on {commitment.on:%-d %b %Y}", "Choose today or a later day"
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
    }
    told = f"{name} on {commitment.on:%-d %b} kept"
    change = Change(COMMITMENT, commitment_id or new_id(business_id, name, now), content)
    return take(decisions, business_id, told, [change], by, now)


def drop_commitment(
    decisions: Decisions, business_id: str, commitment_id: str, by: str, now: datetime
) -> Step:
    """Take a payment to come back."""
    change = Change(COMMITMENT, subject(commitment_id), None)
    return take(decisions, business_id, "Payment to come deleted", [change], by, now)


def new_id(business_id: str, name: str, now: datetime) -> str:
    """Return an id for what an advisor enters: the same for the same entry at the same moment."""
    return hashlib.sha256(f"{business_id}\n{name}\n{now.isoformat()}".encode()).hexdigest()[:16]


def _not_too_large(amount_cents: int) -> None:
    if abs(amount_cents) > LARGEST_CENTS:
        raise UsageError("No amount is that large", "Give it in whole units and cents")
