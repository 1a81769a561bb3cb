"""Figures as cards in a row, at most four, of equal height, each with its definition on hover."""

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from rowcol.ui.kit.wording import CASH_GENERATIVE, plain

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
    """One figure: its name, its value as text, a note under it, its definition on hover."""

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
