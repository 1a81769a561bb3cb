"""The client list as a table: its columns, what sorts them, and the words over the values."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from rowcol.ui.kit.charts import whole_text
from rowcol.ui.kit.palette import Palette
from rowcol.ui.kit.wording import (
    BEYOND_FORECAST,
    CASH_GENERATIVE,
    MISSING,
    STATUS_WORDS,
    TIE_OUT_WORDS,
    known,
    minutes_words,
    moment,
)

NARROW_EXTRA = 4
CLIENT_COLUMNS: dict[str, tuple[str, int, str]] = {
    "status": (
        "Status",
        92,
        "Critical: cash at or below the reserve, or cash-out within 14 days. Watch: within 42 days.",
    ),
    "name": ("Client", 160, "Click a row to open the client."),
    "cash_cents": ("Cash", 98, "Book cash in the client's home currency, without excluded accounts."),
    "buffer_days": ("Buffer d", 76, "Cash buffer: cash / daily operating outflow, in days."),
    "net_burn_runway_days": ("Net-burn d", 118, "Net-burn runway: cash / daily net burn, in days."),
    "cash_out_date": ("Cash-out", 118, "First day of the 13-week forecast that closes below the reserve."),
    "weeks_ahead": ("13 weeks", 78, "Cash at the end of each of the next 13 weeks, by the forecast."),
    "ar_cents": ("A/R", 94, "Open invoices less credits and unapplied payments."),
    "ar_overdue_cents": ("overdue", 90, "The part of A/R that is past due."),
    "ap_cents": ("A/P", 96, "Open bills less vendor credits and unapplied payments."),
    "ap_overdue_cents": ("overdue", 90, "The part of A/P that is past due."),
    "findings": ("Findings", 72, "What needs correcting in the books; comes with the hygiene tray."),
    "tie_out": ("QBO tie-out", 92, "Our totals against QuickBooks' own reports."),
    "refreshed": ("Refreshed", 88, "Age of the last successful refresh."),
}
NARROW_LABELS = {
    "status": "Status",
    "name": "Client",
    "cash_cents": "Cash",
    "buffer_days": "Buffer d",
    "ar_overdue_cents": "A/R overdue",
    "ap_overdue_cents": "A/P overdue",
    "refreshed": "Refreshed",
}
"""The columns kept on a narrow screen, named without the neighbour that explains them."""
CLIENT_FILE = {
    "business_id": "client_id",
    "realm_id": "realm_id",
    "name": "client",
    "status": "status",
    "currency": "currency",
    "cash_cents": "cash",
    "card_debt_cents": "card_debt",
    "buffer_days": "cash_buffer_days",
    "net_burn_runway_days": "net_burn_runway_days",
    "cash_generative": "cash_generative",
    "cash_out_date": "cash_out_date",
    "ar_cents": "receivables",
    "ar_overdue_cents": "receivables_overdue",
    "ap_cents": "payables",
    "ap_overdue_cents": "payables_overdue",
    "findings": "findings",
    "tie_out": "tie_out",
    "synced_at": "refreshed_at",
    "stale": "stale",
    "stale_reason": "stale_reason",
    "marks": "marks",
    "as_of": "as_of",
    "known_at": "known_at",
}
NUMBERS_AS_THEY_ARE = (
    "cash_cents",
    "buffer_days",
    "ar_cents",
    "ar_overdue_cents",
    "ap_cents",
    "ap_overdue_cents",
    "findings",
)
SORTS_LAST = 10**9
"""Stands for what has no number, so that its words sort after every number; it is never shown."""


def client_grid(rows: pd.DataFrame, now: datetime, palette: Palette) -> Any:
    """Return the client list as a styled frame: numbers to sort by, worded for the reader.

    Columns are the keys of CLIENT_COLUMNS; amounts whole cents, `refreshed` minutes, `cash_out_date` the day's
    ordinal; a runway that never ends, a cash-out beyond the forecast and a refresh that never was are SORTS_LAST.
    Amounts sort by their size whatever the currency.
    """
    columns: dict[str, Any] = {
        column: pd.array(rows[column].tolist(), dtype="Int64")
        for column in CLIENT_COLUMNS
        if column in NUMBERS_AS_THEY_ARE
    }
    columns["status"] = [STATUS_WORDS.get(status) for status in rows["status"]]
    columns["name"] = list(rows["name"])
    columns["net_burn_runway_days"] = rows["net_burn_runway_days"].mask(
        rows["cash_generative"].astype(bool) & rows["status"].notna(), SORTS_LAST
    )
    columns["cash_out_date"] = [
        pd.NA if not known(status) else day.toordinal() if known(day) else SORTS_LAST
        for day, status in zip(rows["cash_out_date"], rows["status"], strict=True)
    ]
    columns["weeks_ahead"] = [[cents / 100 for cents in closings] for closings in rows["weeks_ahead"]]
    columns["tie_out"] = [TIE_OUT_WORDS.get(state, MISSING) for state in rows["tie_out"]]
    columns["refreshed"] = [_minutes(at, now) for at in rows["synced_at"]]
    shown = pd.DataFrame({column: list(columns[column]) for column in CLIENT_COLUMNS})
    for column in (*NUMBERS_AS_THEY_ARE, "net_burn_runway_days", "cash_out_date"):
        shown[column] = shown[column].astype("Int64")
    return _coloured(_worded(shown.style, rows), rows, palette)


def _minutes(at: Any, now: datetime) -> int:
    synced = moment(at)
    return int((now - synced).total_seconds() // 60) if synced else SORTS_LAST


def _worded(style: Any, rows: pd.DataFrame) -> Any:
    """Put words over the values; what follows from more than the value is worded group by group."""
    money = [column for column in CLIENT_COLUMNS if column.endswith("_cents")]
    for currency, numbers in _places(rows["currency"]).items():
        place = pd.IndexSlice[numbers, money]
        style = style.format(partial(_whole, currency=currency), subset=place, na_rep=MISSING)
    for stale, numbers in _places(rows["stale"].astype(bool)).items():
        place = pd.IndexSlice[numbers, ["refreshed"]]
        style = style.format(partial(_refreshed, stale=stale), subset=place)
    style = style.format(_cash_out, subset=["cash_out_date"], na_rep=MISSING)
    return style.format(_runway, subset=["net_burn_runway_days"], na_rep=MISSING)


def _coloured(style: Any, rows: pd.DataFrame, palette: Palette) -> Any:
    by_status = {"critical": palette.red, "watch": palette.orange, "steady": palette.green}
    status = [f"color: {by_status[word]}" if word in by_status else "" for word in rows["status"]]
    stale = [f"color: {palette.orange}" if late else "" for late in rows["stale"].astype(bool)]
    broken = [f"color: {palette.red}" if state == "broken" else "" for state in rows["tie_out"]]
    style = style.apply(lambda _: status, subset=["status"]).apply(lambda _: stale, subset=["refreshed"])
    far = ["" if known(day) else f"color: {palette.muted}" for day in rows["cash_out_date"]]
    style = style.apply(lambda _: far, subset=["cash_out_date"])
    return style.apply(lambda _: broken, subset=["tie_out"])


def _places(values: "pd.Series[Any]") -> dict[Any, list[int]]:
    """Return value -> the positions of the rows that have it."""
    found: dict[Any, list[int]] = {}
    for number, value in enumerate(values):
        found.setdefault(value, []).append(number)
    return found


def _whole(cents: int, currency: str) -> str:
    return whole_text(int(cents), currency)


def _runway(days: int) -> str:
    return CASH_GENERATIVE if days == SORTS_LAST else f"{int(days):,}"


def _cash_out(ordinal: int) -> str:
    return BEYOND_FORECAST if ordinal == SORTS_LAST else f"{date.fromordinal(int(ordinal)):%-d %b}"


def _refreshed(minutes: int, stale: bool) -> str:
    if minutes == SORTS_LAST:
        return "never"
    return f"{minutes_words(int(minutes))} · stale" if stale else minutes_words(int(minutes))


def client_column_config(columns: Sequence[str]) -> dict[str, Any]:
    """Return how the client grid's columns are drawn, by name."""
    config: dict[str, Any] = {}
    for column in columns:
        label, width, help_text = CLIENT_COLUMNS[column]
        if list(columns) == list(NARROW_LABELS):
            label, width = NARROW_LABELS[column], width + NARROW_EXTRA
        if column in ("refreshed", "cash_out_date"):
            drawn = st.column_config.NumberColumn(label, width=width, help=help_text, alignment="left")
        elif column == "weeks_ahead":
            drawn = st.column_config.LineChartColumn(label, width=width, help=help_text)
        elif column in NUMBERS_AS_THEY_ARE or column == "net_burn_runway_days":
            drawn = st.column_config.NumberColumn(label, width=width, help=help_text)
        else:
            drawn = st.column_config.TextColumn(label, width=width, help=help_text)
        config[column] = drawn
    return config
