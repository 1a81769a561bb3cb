"""The bank side of a random company: single movements of every kind, series, and deposits of what waits."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.oracle.books import Json

if TYPE_CHECKING:
    from tests.oracle.random_books import Random


def bank_activity(made: Random) -> None:
    """Add single movements of every kind."""
    kinds = (spend, spend, spend, spend, sell, sell, move, pay_card, post, take_in)
    for _ in range(made.rng.randint(1, 25)):
        made.rng.choice(kinds)(made)


def spend(made: Random) -> None:
    """Add an expense from a bank account or card, or a refund of one."""
    when, amount = made.when(), made.amount()
    home = [each for each in made.vendors if each["CurrencyRef"]["value"] == "USD"]
    payee = made.rng.choice(home) if made.maybe(0.75) else None
    account = made.rng.choice(("35", "35", "36", "41", "42"))
    lines = [(made.rng.choice(("60", "60", "60", "61", "62", "63", "50", "51", "71", "74", "73")), amount)]
    if made.maybe(0.25):
        lines.append((made.rng.choice(("63", "60", "72")), amount // 7 + 1))
    if made.maybe(0.08):
        lines = [(made.rng.choice(("41", "36", "37")), amount)]
    lines = [each for each in lines if each[0] != account] or [("60", amount)]
    made.make.purchase(when, account, payee, lines, credit=made.maybe(0.08), created=made.created(when))


def sell(made: Random) -> None:
    """Add a sales receipt or a refund."""
    when = made.when()
    home = [each for each in made.customers if each["CurrencyRef"]["value"] == "USD"]
    kind = "RefundReceipt" if made.maybe(0.2) else "SalesReceipt"
    account = made.rng.choice(("35", "4", "5"))
    raw = made.make.receipt(
        kind, made.rng.choice(home), when, made.amount() // 3, account, made.created(when)
    )
    if account == "4":
        made.waiting.append(raw)


def move(made: Random) -> None:
    """Add a transfer: between banks, to and from trust, out of clearing or Undeposited Funds, from the loan."""
    when = made.when()
    pairs = (
        ("35", "36"),
        ("36", "35"),
        ("35", "37"),
        ("37", "35"),
        ("5", "35"),
        ("4", "35"),
        ("72", "35"),
        ("35", "41"),
    )
    source, target = made.rng.choice(pairs)
    made.make.transfer(when, source, target, made.amount() // 3, made.created(when))


def pay_card(made: Random) -> None:
    """Pay a card from the bank."""
    when = made.when()
    made.make.card_payment(when, "35", made.rng.choice(("41", "42")), made.amount() // 2, made.created(when))


def post(made: Random) -> None:
    """Add a journal: payroll with tax withheld, a loan drawn, an owner's draw, bank to bank, or from funds."""
    when, amount = made.when(), made.amount()
    tax = amount // 4
    lines = made.rng.choice(
        (
            [("62", amount), ("73", -tax), ("35", tax - amount)],
            [("71", amount), ("63", tax), ("35", -amount - tax)],
            [("35", amount), ("71", -amount)],
            [("74", amount), ("60", tax), ("35", -amount), ("36", -tax)],
            [("35", amount), ("4", -amount)],
            [("36", amount), ("35", -amount)],
        )
    )
    made.make.journal(when, [(account, cents, None) for account, cents in lines], made.created(when))


def take_in(made: Random) -> None:
    """Add a deposit of other money, with a fee or with cash back."""
    when, amount = made.when(), made.amount()
    lines: list[tuple[str, int, Json | None]] = [
        (made.rng.choice(("1", "1", "34", "72", "51")), amount, None)
    ]
    if made.maybe(0.4):
        lines.append(("64", -(amount // 33), None))
    back = (amount // 5, made.rng.choice(("36", "74", "37"))) if made.maybe(0.3) else (0, "")
    made.make.deposit(when, "35", [], lines, cash_back=back, created=made.created(when))


def month_days(made: Random, wanted: int, months: int) -> list[int]:
    """Return one day a month, as days from today, oldest first; the newest may lie ahead."""
    today, found = made.make.today, []
    for back in range(months - 1, -2, -1):
        index = today.year * 12 + today.month - 1 - back
        year, month = index // 12, index % 12 + 1
        day = date(year, month, min(wanted, calendar.monthrange(year, month)[1]))
        found.append((day - today).days)
    return found


def series(made: Random) -> None:
    """Add recurring outflows of several rhythms and classes."""
    for kind in (rent, payroll, loan, trust, rent_by_bill):
        if made.maybe(0.45):
            kind(made)


def days_of(made: Random, *, weekly: bool = False) -> list[int]:
    """Return the days of one series: monthly, or every one or two weeks, with a little jitter."""
    if weekly:
        step, last = made.rng.choice((7, 14)), made.rng.randint(-20, 12)
        days = [last - step * n for n in range(made.rng.randint(2, 14), -1, -1)]
    else:
        days = month_days(made, made.rng.choice((1, 5, 15, 28, 30, 31, 31)), made.rng.randint(2, 7))
        days = days[: len(days) - made.rng.choice((0, 1, 1, 2))]
    spread = 1 if made.maybe(0.25) else 0
    return [day + made.rng.randint(-spread, spread) for day in days if -300 < day < 40]


def rent(made: Random) -> None:
    """Pay rent by check."""
    payee = made.make.party("Vendor", "Landlord")
    amount = made.amount() // 2
    for day in days_of(made):
        made.make.purchase(day, "35", payee, [("61", amount)], created=made.created(day))


def payroll(made: Random) -> None:
    """Pay a wage every week or two, by check."""
    payee = made.make.record("Employee", None, {"DisplayName": "Sam", "Active": True}, created=-320)
    amount = made.amount() // 4
    for day in days_of(made, weekly=True):
        paid = amount + (made.rng.randint(0, 3000) if made.maybe(0.5) else 0)
        made.make.purchase(day, "35", payee, [("62", paid)], created=made.created(day))


def loan(made: Random) -> None:
    """Repay a loan with interest."""
    payee = made.make.party("Vendor", "Bank of the West")
    amount = made.amount() // 3
    for day in days_of(made):
        made.make.purchase(
            day, "35", payee, [("71", amount), ("63", amount // 9 + 1)], created=made.created(day)
        )


def trust(made: Random) -> None:
    """Put money into the trust account."""
    amount = made.amount() // 6
    for day in days_of(made):
        made.make.transfer(day, "35", "37", amount, made.created(day))


def rent_by_bill(made: Random) -> None:
    """Lease something by monthly bills, paid some days later; the last ones are open."""
    vendor = made.make.party("Vendor", "Lessor")
    amount, number = made.amount() // 3, made.rng.choice(("RENT", ""))
    days = days_of(made)
    for n, day in enumerate(days):
        total = amount + (made.rng.randint(0, amount // 30) if made.maybe(0.3) else 0)
        bill = made.make.charge(
            "Bill", vendor, day, total, due=day + 9, number=number or f"L{n}", created=made.created(day)
        )
        if n < len(days) - made.rng.choice((0, 1)):
            paid = day + 8
            made.make.pay(
                vendor, paid, [(bill, total)], sales=False, account="35", created=made.created(paid)
            )


def empty_undeposited(made: Random) -> None:
    """Deposit most of what waits in Undeposited Funds, in small groups."""
    today = made.make.today
    waiting = sorted(made.waiting, key=lambda raw: raw["TxnDate"])
    while waiting:
        group = [waiting.pop(0)]
        while waiting and made.maybe(0.4):
            group.append(waiting.pop(0))
        if made.maybe(0.25):
            continue
        last = max(date.fromisoformat(raw["TxnDate"]) for raw in group) + timedelta(
            days=made.rng.randint(0, 9)
        )
        when = (last - today).days
        worth = sum(raw["TotalAmt"] * (-1 if raw["_kind"] == "RefundReceipt" else 1) for raw in group)
        if worth <= 1:
            continue
        fee: list[tuple[str, int, Json | None]] = [("64", -100, None)] if made.maybe(0.3) else []
        made.make.deposit(when, made.rng.choice(("35", "35", "36")), group, fee, created=made.created(when))


def close_old_bank(made: Random) -> None:
    """Move what is left on the old bank account to checking and make it inactive."""
    left = made.make.balances["38"]
    made.make.inactive.add("38")
    if left:
        made.make.transfer(-made.rng.choice((20, 60, 150)), "38", "35", left, None)
