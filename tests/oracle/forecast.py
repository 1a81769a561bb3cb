"""The 13-week forecast by the direct method: days t .. t+90, week 1 starts at t."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from tests.oracle.bank import (
    FINANCING,
    INTERNAL,
    INVESTING,
    OPERATING,
    Movement,
    Window,
    cash,
    movements,
    window,
)
from tests.oracle.books import Books, Document, half_up
from tests.oracle.fold import CHARGES, CREDITS, ahead
from tests.oracle.habits import Shares, days_to_pay, paid, shares
from tests.oracle.placing import HORIZON, Placed, place, undeposited_funds
from tests.oracle.recurring import Series, bill_stand, movement_stands, replace, series

DAYS = HORIZON + 1
INS = ("receipts", "baseline_in", "new_business_in")
OUTS = ("payments", "baseline_out", "recurring_out", "debt_service", "new_business_out")


@dataclass
class Forecast:
    """Every item and every daily line; amounts in home cents, outs positive."""

    t: date
    opening: int
    reserve: int
    receivable: list[Placed]
    payable: list[Placed]
    funds: list[Placed]
    booked: list[Movement]
    series: list[Series]
    lines: dict[str, list[int]]

    def closing(self, day: int, *, committed: bool = False) -> int:
        """Return the balance at the end of a day (0 is t); committed leaves out new business."""
        names = [(name, 1) for name in INS] + [(name, -1) for name in OUTS]
        chosen = [(name, sign) for name, sign in names if not (committed and name.startswith("new_business"))]
        return self.opening + sum(sign * sum(self.lines[name][: day + 1]) for name, sign in chosen)

    def weeks(self) -> list[dict[str, int]]:
        """Return the 13 rows."""
        rows = []
        for first in range(0, DAYS, 7):
            row = {name: sum(self.lines[name][first : first + 7]) for name in (*INS, *OUTS)}
            row["opening"] = self.opening if first == 0 else self.closing(first - 1)
            row["closing"] = self.closing(first + 6)
            row["committed_closing"] = self.closing(first + 6, committed=True)
            rows.append(row)
        return rows

    def cash_out(self) -> date | None:
        """Return the first day that closes below the reserve; None if there is none in 91 days."""
        below = [day for day in range(DAYS) if self.closing(day) < self.reserve]
        return self.t + timedelta(days=below[0]) if below else None

    def status(self) -> str:
        """Return critical, watch or steady."""
        out = self.cash_out()
        if self.opening <= self.reserve or (out and out <= self.t + timedelta(days=14)):
            return "critical"
        return "watch" if out and out <= self.t + timedelta(days=42) else "steady"


def forecast(books: Books, t: date) -> Forecast:
    """Return the forecast of a client at t."""
    moves = movements(books, t)
    made = Forecast(
        t=t,
        opening=cash(books, t),
        reserve=books.settings.reserve,
        receivable=place(books, "ar", t),
        payable=place(books, "ap", t),
        funds=undeposited_funds(books, t),
        booked=[move for move in moves if ahead(move.doc, t)],
        series=series(moves, t),
        lines={name: [0] * DAYS for name in (*INS, *OUTS)},
    )
    for each in made.receivable + made.funds:
        put(made, "receipts", each.day, each.cents)
    for each in made.payable:
        put(made, "payments", each.day, each.cents)
    put_booked(made)
    unreplaced = put_series(books, made)
    span = window(books, t)
    put_baseline(books, made, moves, span, unreplaced)
    for side in ("ar", "ap"):
        put_new_business(books, made, side, span)
    return made


def put(made: Forecast, line: str, day: date | None, cents: int) -> None:
    """Add an amount to a line on its day, if that lies in the 13 weeks."""
    if day is not None and made.t <= day <= made.t + timedelta(days=HORIZON):
        made.lines[line][(day - made.t).days] += cents


def put_booked(made: Forecast) -> None:
    """Place the movements entered ahead, a transaction with what it does to all counted accounts together."""
    sums: dict[tuple[str, date], int] = {}
    for move in made.booked:
        key = f"{move.doc.kind} {move.doc.id}", move.date
        sums[key] = sums.get(key, 0) + sum(each.cents for each in move.portions if each.kind != INTERNAL)
    for (_, day), cents in sums.items():
        put(made, "receipts" if cents > 0 else "payments", day, abs(cents))


def put_series(books: Books, made: Forecast) -> list[tuple[date, int]]:
    """Place what no other item replaces; return the operating movements entered ahead that replace nothing."""
    stands = movement_stands(made.booked)
    for each in made.payable:
        item = each.item
        if item and item.doc.kind == "Bill" and item.party and item.due and each.within(made.t):
            stands.append(bill_stand(books, item.doc, item.party, item.due))
    used = replace(made.series, stands)
    for line in made.series:
        name = "debt_service" if line.kind in (FINANCING, INVESTING) else "recurring_out"
        for occurrence in line.occurrences:
            if not occurrence.replaced:
                put(made, name, occurrence.placed, line.amount)
    return [
        (move.date, each.cents)
        for move in made.booked
        for each in move.portions
        if each.kind == OPERATING and (f"{move.doc.id}/{move.account.id}", OPERATING) not in used
    ]


def spread(total: int, days: int, count: int) -> list[int]:
    """Return `count` daily amounts of total / days, with cumulative rounding."""
    return spread_rate(Fraction(total, days), count)


def spread_rate(daily: Fraction, count: int) -> list[int]:
    """Return `count` daily amounts of a daily rate, with cumulative rounding."""
    sums = [half_up(daily * each) for each in range(count + 1)]
    return [late - early for early, late in pairwise(sums)]


def take_off(line: list[int], amount: int) -> None:
    """Take an amount off a line, earliest day first, never below 0."""
    for day, value in enumerate(line):
        used = min(max(0, value), amount)
        line[day] -= used
        amount -= used


def put_baseline(
    books: Books, made: Forecast, moves: list[Movement], span: Window, unreplaced: list[tuple[date, int]]
) -> None:
    """Spread the operating movements of the window that are neither settlements nor recurring."""
    recurring = {line.key for line in made.series}
    parts = [
        each.cents
        for move in moves
        if span.holds(move.date)
        for each in move.portions
        if each.kind == OPERATING
        and not (each.cents < 0 and each.payee and (each.payee, move.account.id, OPERATING) in recurring)
    ]
    made.lines["baseline_in"] = spread(sum(each for each in parts if each > 0), span.days, DAYS)
    made.lines["baseline_out"] = spread(-sum(each for each in parts if each < 0), span.days, DAYS)
    for day, cents in unreplaced:
        if day <= made.t + timedelta(days=HORIZON):
            take_off(made.lines["baseline_in" if cents > 0 else "baseline_out"], abs(cents))
    for side, line, placed in (("ar", "baseline_in", made.receivable), ("ap", "baseline_out", made.payable)):
        documents = [each for each in placed if each.entity == CHARGES[side] and each.within(made.t)]
        still_open = sum(each.cents for each in documents if each.item and not ahead(each.item.doc, made.t))
        take_off(made.lines[line], half_up(shares(books, side, made.t).k * still_open))


def put_new_business(books: Books, made: Forecast, side: str, span: Window) -> None:
    """Spread the window's invoices (bills), as they are paid, over the days to come."""
    left_out = {line.payee for line in made.series}
    charges = [doc for doc in books.of(CHARGES[side]) if doc.party not in left_out]
    credits = [doc for doc in books.of(CREDITS[side]) if doc.party not in left_out]
    billed = sum_in(charges, span) - sum_in(credits, span)
    how: Shares = shares(books, side, made.t)
    delay = max(0, days_to_pay(paid(books, side, made.t)))
    line = [0] * min(delay, DAYS) + spread_rate(max(0, billed) * how.s / span.days, max(0, DAYS - delay))
    for doc in charges:
        if ahead(doc, made.t):
            take_off(line, doc.home_total)
    made.lines["new_business_in" if side == "ar" else "new_business_out"] = line


def sum_in(documents: list[Document], span: Window) -> int:
    """Return the home total of the documents dated in the window."""
    return sum(doc.home_total for doc in documents if span.holds(doc.date))
