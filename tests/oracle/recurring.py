"""Recurring outflows: which series there are, when they come next, and what replaces an occurrence."""

from __future__ import annotations

import calendar
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from tests.oracle.bank import FINANCING, INVESTING, OPERATING, SETTLEMENT, Movement, class_of
from tests.oracle.books import Books, Document, Party
from tests.oracle.habits import lower_middle
from tests.oracle.postings import postings

RHYTHMS = (7, 14, 15, 16, 28, 29, 30, 31)
Key = tuple[tuple[str, str], str, str]  # payee, bank account id, class


@dataclass
class Occurrence:
    """One expected payment: its own date, the day it is placed on, and what replaced it."""

    own: date
    placed: date
    replaced: str | None = None


@dataclass
class Series:
    """Outflows to one payee from one account, of one class, at one rhythm."""

    payee: tuple[str, str]
    account: str
    kind: str
    amount: int
    interval: int
    dates: list[date]
    occurrences: list[Occurrence] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """Return what its movements have in common."""
        return (self.payee, self.account, self.kind)


def series(moves: list[Movement], t: date) -> list[Series]:
    """Return every series alive at t, with its occurrences to t+90."""
    paid: dict[Key, dict[date, int]] = {}
    for move in moves:
        if not t - timedelta(days=180) <= move.date <= t:
            continue
        for each in move.portions:
            if each.cents < 0 and each.payee and each.kind != "internal":
                days = paid.setdefault((each.payee, move.account.id, each.kind), {})
                days[move.date] = days.get(move.date, 0) - each.cents
    found = [one(key, days, t) for key, days in paid.items()]
    return [each for each in found if each]


def one(key: Key, days: dict[date, int], t: date) -> Series | None:
    """Return the series these payments form, or None."""
    dates = sorted(days)
    gaps = [(late - early).days for early, late in pairwise(dates)]
    if len(dates) < 3 or (t - dates[-1]).days * 2 > 3 * lower_middle(gaps):
        return None
    middle = lower_middle(gaps)
    if middle not in RHYTHMS or any(abs(gap - middle) > 3 for gap in gaps):
        return None
    usual = lower_middle(days.values())
    if key[2] == SETTLEMENT and any(abs(amount - usual) * 10 > usual for amount in days.values()):
        return None
    amount = lower_middle(days[each] for each in dates[-3:])
    made = Series(key[0], key[1], key[2], amount, middle, dates)
    made.occurrences = [
        Occurrence(each, max(each, t)) for each in coming(dates, middle, t + timedelta(days=90))
    ]
    return made


def coming(dates: list[date], interval: int, end: date) -> list[date]:
    """Return the dates of the next payments up to `end`, a missed one included."""
    last = dates[-1]
    if interval < 28:
        found, day = [], last + timedelta(days=interval)
        while day <= end:
            found.append(day)
            day += timedelta(days=interval)
        return found
    wanted = month_day(dates)
    months = [(last.year + (last.month - 1 + n) // 12, (last.month - 1 + n) % 12 + 1) for n in range(12)]
    days = [date(year, month, min(wanted, month_end(year, month))) for year, month in months]
    return [day for day in days if (day - last).days * 2 > interval and day <= end]


def month_end(year: int, month: int) -> int:
    """Return the last day of a month."""
    return calendar.monthrange(year, month)[1]


def month_day(dates: list[date]) -> int:
    """Return 31 for a series always at month's end, else its most frequent day, the greatest of a tie."""
    if all(each.day == month_end(each.year, each.month) for each in dates):
        return 31
    often = Counter(each.day for each in dates)
    return max(often, key=lambda each: (often[each], each))


@dataclass(frozen=True)
class Stand:
    """Something that may replace an occurrence: a movement entered ahead, or a bill that is placed."""

    name: str
    day: date
    payee: tuple[str, str]
    account: str | None
    parts: dict[str, int]
    order: int


def movement_stands(moves: list[Movement]) -> list[Stand]:
    """Return the outflows entered ahead, one for each payee of a movement."""
    found = []
    for move in moves:
        for payee in {each.payee for each in move.portions if each.payee}:
            parts: dict[str, int] = {}
            for each in move.portions:
                if each.payee == payee and each.cents < 0:
                    parts[each.kind] = parts.get(each.kind, 0) - each.cents
            name = f"{move.doc.id}/{move.account.id}"
            found.append(Stand(name, move.date, payee, move.account.id, parts, move.doc.number_id))
    return found


def bill_stand(books: Books, doc: Document, party: Party, due: date) -> Stand:
    """Return a placed bill: settled as a whole, and with its lines' classes by their parts."""
    parts = {SETTLEMENT: doc.home_total}
    for each in postings(books, doc)[1:]:
        kind = class_of(each.account)
        if kind in (OPERATING, FINANCING, INVESTING):
            parts[kind] = parts.get(kind, 0) + each.home
    return Stand(f"bill {doc.id}", due, party, None, parts, doc.number_id)


def replace(found: list[Series], stands: list[Stand]) -> set[tuple[str, str]]:
    """Mark replaced occurrences; return (stand, class) of everything that replaced one."""
    used = set()
    for each in sorted(stands, key=lambda stand: (stand.day, stand.order)):
        for line in found:
            part = each.parts.get(line.kind, 0)
            if each.payee != line.payee or not part or not fits(each, line, part):
                continue
            near = [
                (abs((each.day - occurrence.own).days), occurrence.own, occurrence)
                for occurrence in line.occurrences
                if not occurrence.replaced and abs((each.day - occurrence.own).days) * 2 <= line.interval
            ]
            if near:
                min(near, key=lambda entry: entry[:2])[2].replaced = each.name
                used.add((each.name, line.kind))
    return used


def fits(stand: Stand, line: Series, part: int) -> bool:
    """Tell whether the amount (and, of a movement, the bank account) allows the replacement."""
    if stand.account is not None:
        return stand.account == line.account and part * 2 >= line.amount
    return Fraction(abs(part - line.amount)) * 10 <= line.amount
