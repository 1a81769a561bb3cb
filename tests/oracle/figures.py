"""All figures of one company at one date under the names the comparison uses: `report/row/field`."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from tests.oracle.bank import (
    FINANCING,
    INTERNAL,
    INVESTING,
    SET_ASIDE,
    buffer_days,
    burn,
    card_debt,
    cash,
    effect_days,
    runway_days,
)
from tests.oracle.books import Books
from tests.oracle.fold import BUCKETS, aging, ledger, overdue, total
from tests.oracle.forecast import Forecast, forecast
from tests.oracle.placing import Placed
from tests.oracle.ready import bills, collections

Figures = dict[str, Any]


def figures(books: Books, t: date) -> Figures:
    """Return every figure the oracle knows."""
    made = forecast(books, t)
    found: Figures = {}
    found |= client(books, t, made)
    for side in ("ap", "ar"):
        for party, row in aging(ledger(books, side), t).items():
            name = party[1] if party else "No name"
            found |= {
                f"aging-{side}/{name}/{key}": row[key] for key in (*BUCKETS, "total") if any(row.values())
            }
    found |= lists(books, t)
    found |= weeks(made)
    found |= detail(made)
    return found


def client(books: Books, t: date, made: Forecast) -> Figures:
    """Return the row of `clients`."""
    rows = {side: aging(ledger(books, side), t).values() for side in ("ap", "ar")}
    money, spent, out = cash(books, t), burn(books, t), made.cash_out()
    found: Figures = {
        "cash_cents": money,
        "card_debt_cents": card_debt(books, t),
        "buffer_days": buffer_days(money, spent),
        "net_burn_runway_days": runway_days(money, spent),
        "cash_out_date": out.isoformat() if out else None,
        "status": made.status(),
    }
    for side, each in rows.items():
        found |= {f"{side}_cents": total(each), f"{side}_overdue_cents": overdue(each)}
    return {f"clients//{name}": value for name, value in found.items()}


def lists(books: Books, t: date) -> Figures:
    """Return the payment-ready bills and the invoices to collect."""
    found: Figures = {}
    spent = burn(books, t)
    for row in bills(books, t):
        days = effect_days(row.balance, spent)
        found |= {
            f"bills/{row.id}/{name}": value for name, value in fields(row).items() if name != "expected_date"
        }
        found[f"bills/{row.id}/runway_days_effect"] = None if days is None else float(days)
    for row in collections(books, t):
        found |= {
            f"collections/{row.id}/{name}": value for name, value in fields(row).items() if name != "group"
        }
    return found


def fields(row: Any) -> Figures:
    """Return what both lists print of a row."""
    return {
        "due_date": row.due.isoformat(),
        "days_past_due": row.days_past_due,
        "balance_cents": row.balance,
        "group": row.group,
        "expected_date": row.expected.isoformat() if row.expected else None,
    }


def weeks(made: Forecast) -> Figures:
    """Return the 13 rows."""
    return {
        f"forecast/week {number:02}/{name}_cents": value
        for number, row in enumerate(made.weeks(), 1)
        for name, value in row.items()
    }


def state(each: Placed, made: Forecast) -> str:
    """Return placed, beyond or excluded."""
    return "excluded" if each.day is None else "placed" if each.within(made.t) else "beyond"


def detail(made: Forecast) -> Figures:
    """Return every item of the forecast; several of one document are sorted in a list, outs negative."""
    rows: dict[str, list[list[Any]]] = defaultdict(list)
    for sign, items in ((1, made.receivable), (-1, made.payable)):
        for each in items:
            day = each.day.isoformat() if each.day else None
            rows[f"item/{each.entity} {each.id}"].append(
                [state(each, made), day, sign * each.cents, each.reason or ""]
            )
    for each in made.funds:
        day = each.day.isoformat() if each.day else None
        name = f"{each.entity} {each.id}" if each.id else "unexplained"
        rows[f"funds/{name}"].append([state(each, made), day, each.cents])
    found: Figures = {f"detail/{name}": sorted(each, key=str) for name, each in rows.items()}
    sums: dict[str, int] = defaultdict(int)
    for move in made.booked:
        part = sum(each.cents for each in move.portions if each.kind != INTERNAL)
        if (move.date - made.t).days <= 90:
            sums[f"booked/{move.doc.kind} {move.doc.id} on {move.date}"] += part
    for line in made.series:
        names = {
            FINANCING: "debt service and draws",
            INVESTING: "debt service and draws",
            SET_ASIDE: "set aside",
        }
        name = names.get(line.kind, "recurring")
        for coming in line.occurrences:
            if not coming.replaced:
                sums[f"series/{name} {line.payee[1]} on {coming.placed}"] -= line.amount
    return found | {f"detail/{name}": value for name, value in sums.items() if value}
