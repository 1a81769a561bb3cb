"""Four figures at most in a row, equal height, each with its definition on hover."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from rowcol.money import exact_text, short_text
from rowcol.ui.client.since_call import Moved, moved_since
from rowcol.ui.kit.wording import (
    BEYOND_FORECAST,
    CASH_GENERATIVE,
    MISSING,
    counted,
    days,
    listed,
    money_or_missing,
    plain,
    short_day,
)
from rowcol.views.common.records import ClientsView, ClientView, Figures

BOOK_CASH = (
    "Book cash: active bank accounts by their QuickBooks balance, less movements dated later, without accounts "
    "you excluded. It is what the books say, not what the bank says: uncleared checks and items still for "
    "review make the difference."
)
BUFFER = (
    "Cash divided by average daily operating outflow, in whole days: how long cash lasts if nothing comes in."
)
RUNWAY = (
    "Cash divided by average daily net burn (operating outflow less inflow), in whole days. "
    f"Where inflows cover outflows it reads {CASH_GENERATIVE}."
)
CASH_OUT = (
    "The first day of the 13-week forecast whose closing balance is below the reserve. The forecast puts every open "
    "invoice on the day its customer is expected to pay, every open bill on its due or planned date, and adds what recurs, "
    "daily averages and new business."
)


@dataclass(frozen=True)
class Card:
    """One figure: its name, its value as read, a note under it, its definition on hover."""

    label: str
    value: str
    note: str
    definition: str


def show_cards(cards: Sequence[Card]) -> None:
    """Draw cards in one row of equal height."""
    with st.container(key="cards"):
        columns = st.columns(len(cards))
    for column, card in zip(columns, cards, strict=True):
        column.metric(
            card.label,
            plain(card.value),
            delta=plain(card.note) if card.note else None,
            delta_color="off",
            delta_arrow="off",
            help=plain(card.definition),
            border=True,
            height="stretch",
        )


def practice_cards(view: ClientsView) -> list[Card]:
    """Return the practice's four figures; unlike currencies stand beside each other, never in one sum."""
    totals = view.totals.sort_values(["clients", "cash_cents"], ascending=False)
    critical, watch = int(totals["critical"].sum()), int(totals["watch"].sum())
    read = critical + watch + int(totals["steady"].sum())
    return [
        _sum_card("Cash in the books", "cash_cents", totals, BOOK_CASH, "", ""),
        Card(
            "Critical or watch",
            f"{critical + watch} of {read}",
            f"▲ {critical} critical · ◆ {watch} watch",
            "Critical: cash at or below the reserve, or a cash-out date within 14 days. Watch: within 42 days. "
            "Clients not read yet are not counted.",
        ),
        _sum_card(
            "Overdue receivables",
            "ar_overdue_cents",
            totals,
            "Open invoices past their due date, less credits past theirs, by QuickBooks' own aging buckets.",
            "ar_cents",
            "owed",
        ),
        _sum_card(
            "Overdue payables",
            "ap_overdue_cents",
            totals,
            "Open bills past their due date, less credits past theirs, by QuickBooks' own aging buckets.",
            "ap_cents",
            "owed",
        ),
    ]


def _sum_card(
    label: str, column: str, totals: pd.DataFrame, definition: str, whole: str, whole_words: str
) -> Card:
    sums = [(str(row["currency"]), int(row[column])) for row in totals.to_dict("records")]
    if not sums:
        return Card(label, MISSING, "", definition)
    currency, first = sums[0]
    others = [short_text(amount, code) for code, amount in sums[1:]]
    note = f"of {short_text(int(totals[whole].iloc[0]), currency)} {whole_words}" if whole else ""
    if others and whole:
        note += f" · {counted(len(others), 'other currency', 'other currencies')}"
    elif others:
        note = f"apart: {listed(others)}"
    elif not note:
        note = counted(int(totals["clients"].iloc[0]), "client")
    exact = listed([f"{exact_text(amount, code)} {code}" for code, amount in sums])
    apart_words = " Unlike currencies are never added." if others else ""
    return Card(label, short_text(first, currency), note, f"{exact}.{apart_words} {definition}")


def client_cards(view: ClientView, figures: Figures) -> list[Card]:
    """Return one client's four figures, exact to the cent and the day, with the window they rest on.

    Under each stands how it moved since the last call; before any was held, what it rests on.
    """
    window = _window_words(figures)
    marks = f" Mark: {listed(figures.marks)}." if figures.marks else ""
    call = view.last_call
    moved = Moved("", "", "", "") if call is None else moved_since(call, figures, view.currency)
    return [
        _moved_card(
            "Cash in the books",
            money_or_missing(figures.cash_cents, view.currency),
            _beside_cash(view, figures),
            moved.cash,
            BOOK_CASH + _excluded_words(view),
        ),
        _moved_card(
            "Cash buffer",
            "n/a" if figures.buffer_days is None else days(figures.buffer_days),
            _daily("out", figures.outflow_cents, figures, view.currency),
            moved.buffer,
            f"{BUFFER} {window}{marks}",
        ),
        _moved_card(
            "Net-burn runway",
            _runway_words(figures),
            _daily("net burn", figures.outflow_cents - figures.inflow_cents, figures, view.currency),
            moved.runway,
            f"{RUNWAY} {window}{marks}",
        ),
        _moved_card(
            "Cash-out date",
            short_day(figures.cash_out_date) if figures.cash_out_date else BEYOND_FORECAST.capitalize(),
            _until_words(figures.cash_out_date, view.as_of),
            moved.cash_out,
            CASH_OUT + marks,
        ),
    ]


def _moved_card(label: str, value: str, rests_on: str, moved: str, definition: str) -> Card:
    if not moved:
        return Card(label, value, rests_on, definition)
    return Card(label, value, moved, f"{rests_on[0].upper()}{rests_on[1:]}. {definition}")


def _until_words(cash_out: date | None, as_of: date) -> str:
    if cash_out is None:
        return "stays above the reserve"
    ahead = (cash_out - as_of).days
    return f"in {days(ahead)}" if ahead else "today"


def _runway_words(figures: Figures) -> str:
    if figures.cash_generative:
        return CASH_GENERATIVE.capitalize()
    return "n/a" if figures.net_burn_runway_days is None else days(figures.net_burn_runway_days)


def _window_words(figures: Figures) -> str:
    return (
        f"Averages of {short_day(figures.window_start)} to {short_day(figures.window_end)}, "
        f"{figures.window_days} days; owners' and lenders' money is left out."
    )


def _daily(name: str, cents: int, figures: Figures, currency: str) -> str:
    if name == "net burn" and cents < 0:
        return f"{short_text(round(-cents / figures.window_days), currency)} a day more in than out"
    return f"{short_text(round(cents / figures.window_days), currency)} a day {name}"


def _beside_cash(view: ClientView, figures: Figures) -> str:
    beside = [
        (figures.card_debt_cents, "card debt"),
        (figures.undeposited_cents, "undeposited"),
        (figures.reserve_cents, "reserve"),
        (figures.credit_line_cents, "credit line"),
    ]
    told = [f"{short_text(cents, view.currency)} {name}" for cents, name in beside if cents]
    return " · ".join(told[:2]) if told else "no card debt"


def _excluded_words(view: ClientView) -> str:
    accounts = view.bank_accounts
    excluded = [str(name) for name in accounts.loc[accounts["excluded"].astype(bool), "name"]]
    return f" Excluded: {listed(excluded)}." if excluded else ""
