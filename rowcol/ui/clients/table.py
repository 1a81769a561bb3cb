"""The client list as a table: each column in one record, with what sorts it, its text, its colour and its CSV header."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Literal

import pandas as pd
import streamlit as st

from rowcol.ui.kit.charts import whole_text
from rowcol.ui.kit.palette import Palette
from rowcol.ui.kit.wording import (
    BEYOND_FORECAST,
    CASH_GENERATIVE,
    STATUS_LABELS,
    TIE_OUT_LABELS,
    known,
    moment,
)
from rowcol.wording import MISSING, minutes_text, short_day

NARROW_EXTRA = 4
FIRST_ON_SCREEN = "status"
SORTS_LAST = 10**9
"""Stands for what has no number, so that its text sorts after every number; it is never shown."""
STATUS_COLOURS = {"critical": "red", "watch": "orange", "steady": "green"}


@dataclass(frozen=True)
class ClientColumn:
    """A column of the client list, on screen and in its CSV file.

    `name`: in the grid; `source`: its column in `ClientsView.rows`, the same name if ''. `file`: its CSV header, ''
    if it is not in the file. `label`: its header on screen, '' if it is in the file only; `narrow`: its header on a
    narrow screen, '' if it is left out there. `width` in pixels.

    `sort_by` returns what the grid holds and sorts by (rows, now -> values; the source's values without it), `text`
    the text over such a value; if `text_by` names a column of `rows`, `text` takes that column's value first.
    `colours` returns a palette colour's name for each row, '' for none.
    """

    name: str
    file: str = ""
    label: str = ""
    width: int = 0
    help: str = ""
    narrow: str = ""
    source: str = ""
    kind: Literal["text", "number", "number left", "line"] = "number"
    sort_by: Callable[[pd.DataFrame, datetime], Iterable[Any]] | None = None
    text: Callable[..., str] | None = None
    text_by: str = ""
    colours: Callable[[pd.DataFrame], Iterable[str]] | None = None


def _runways(rows: pd.DataFrame, _: datetime) -> "pd.Series[Any]":
    endless = rows["cash_generative"].astype(bool) & rows["status"].notna()
    return rows["net_burn_runway_days"].mask(endless, SORTS_LAST)


def _runway_text(days: int) -> str:
    return CASH_GENERATIVE if days == SORTS_LAST else f"{int(days):,}"


def _cash_out_ordinals(rows: pd.DataFrame, _: datetime) -> list[Any]:
    return [
        pd.NA if not known(status) else day.toordinal() if known(day) else SORTS_LAST
        for day, status in zip(rows["cash_out_date"], rows["status"], strict=True)
    ]


def _cash_out_text(ordinal: int) -> str:
    return BEYOND_FORECAST if ordinal == SORTS_LAST else short_day(date.fromordinal(int(ordinal)))


def _minutes(rows: pd.DataFrame, now: datetime) -> list[int]:
    times = (moment(at) for at in rows["synced_at"])
    return [int((now - at).total_seconds() // 60) if at else SORTS_LAST for at in times]


def _refreshed_text(stale: bool, minutes: int) -> str:
    if minutes == SORTS_LAST:
        return "never"
    return f"{minutes_text(int(minutes))} · stale" if stale else minutes_text(int(minutes))


def _whole_text(currency: str, cents: int) -> str:
    return whole_text(int(cents), currency)


_money = partial(ClientColumn, text=_whole_text, text_by="currency")
COLUMNS = (
    ClientColumn("business_id", "client_id"),
    ClientColumn("realm_id", "realm_id"),
    ClientColumn(
        "name", "client", "Client", 160, "Click a row to open the client.", narrow="Client", kind="text"
    ),
    ClientColumn(
        "status", "status", "Status", 92,
        "Critical: cash at or below the reserve, or cash-out within 14 days. Watch: within 42 days.",
        narrow="Status", kind="text",
        sort_by=lambda rows, _: [STATUS_LABELS.get(status) for status in rows["status"]],
        colours=lambda rows: [STATUS_COLOURS.get(status, "") for status in rows["status"]],
    ),
    ClientColumn("currency", "currency"),
    _money(
        "cash_cents", "cash", "Cash", 98, "Book cash in the client's home currency, without excluded accounts.",
        narrow="Cash",
    ),
    ClientColumn("card_debt_cents", "card_debt"),
    ClientColumn(
        "buffer_days", "cash_buffer_days", "Buffer d", 76, "Cash buffer: cash / daily operating outflow, in days.",
        narrow="Buffer d",
    ),
    ClientColumn(
        "net_burn_runway_days", "net_burn_runway_days", "Net-burn d", 118,
        "Net-burn runway: cash / daily net burn, in days.", sort_by=_runways, text=_runway_text,
    ),
    ClientColumn("cash_generative", "cash_generative"),
    ClientColumn(
        "cash_out_date", "cash_out_date", "Cash-out", 118,
        "First day of the 13-week forecast that closes below the reserve.", kind="number left",
        sort_by=_cash_out_ordinals, text=_cash_out_text,
        colours=lambda rows: ["" if known(day) else "muted" for day in rows["cash_out_date"]],
    ),
    ClientColumn(
        "weeks_ahead", "", "13 weeks", 78, "Cash at the end of each of the next 13 weeks, by the forecast.", kind="line",
        sort_by=lambda rows, _: [[cents / 100 for cents in closings] for closings in rows["weeks_ahead"]],
    ),
    _money("ar_cents", "receivables", "A/R", 94, "Open invoices less credits and unapplied payments."),
    _money(
        "ar_overdue_cents", "receivables_overdue", "overdue", 90, "The part of A/R that is past due.",
        narrow="A/R overdue",
    ),
    _money("ap_cents", "payables", "A/P", 96, "Open bills less vendor credits and unapplied payments."),
    _money(
        "ap_overdue_cents", "payables_overdue", "overdue", 90, "The part of A/P that is past due.",
        narrow="A/P overdue",
    ),
    ClientColumn(
        "findings", "findings", "Findings", 72, "What needs correcting in the books; comes with the hygiene tray."
    ),
    ClientColumn(
        "tie_out", "tie_out", "QBO tie-out", 92, "Our totals against QuickBooks' own reports.", kind="text",
        sort_by=lambda rows, _: [TIE_OUT_LABELS.get(state, MISSING) for state in rows["tie_out"]],
        colours=lambda rows: ["red" if state == "broken" else "" for state in rows["tie_out"]],
    ),
    ClientColumn(
        "refreshed", "refreshed_at", "Refreshed", 88, "Age of the last successful refresh.", narrow="Refreshed",
        source="synced_at", kind="number left", sort_by=_minutes, text=_refreshed_text, text_by="stale",
        colours=lambda rows: ["orange" if stale else "" for stale in rows["stale"].astype(bool)],
    ),
    ClientColumn("stale", "stale"),
    ClientColumn("stale_reason", "stale_reason"),
    ClientColumn("marks", "marks"),
    ClientColumn("excluded", "excluded_accounts"),
    ClientColumn("unpriced", "unpriced_accounts"),
    ClientColumn("rounded", "rounded_currencies"),
    ClientColumn(
        "as_of", "", "As of", 70, "The client's own today, or the date picked.", narrow="As of", kind="number left",
        sort_by=lambda rows, _: [day.toordinal() for day in rows["as_of"]],
        text=lambda ordinal: short_day(date.fromordinal(int(ordinal))),
    ),
)  # fmt: skip
"""Every column, in the order of the file and, but for FIRST_ON_SCREEN, of the screen."""
SHOWN = {
    column.name: column
    for column in sorted(COLUMNS, key=lambda column: column.name != FIRST_ON_SCREEN)
    if column.label
}
NARROW = [name for name, column in SHOWN.items() if column.narrow]
_DAY = "as_of"
CLIENT_FILE = {column.source or column.name: column.file for column in COLUMNS if column.file}


def shown_columns(names: Sequence[str], days: Sequence[date]) -> list[str]:
    """Return the columns of these names that are drawn: each client's day only if they differ."""
    return [name for name in names if name != _DAY or len(days) > 1]


def client_grid(rows: pd.DataFrame, now: datetime, palette: Palette) -> Any:
    """Return the client list as a styled frame with the columns SHOWN: values to sort by, text over them.

    Amounts are whole cents and sort by their size whatever the currency; `refreshed` is minutes, `cash_out_date` the
    day's ordinal. A runway that never ends, a cash-out beyond the forecast and a refresh that never was are
    SORTS_LAST.
    """
    grid = pd.DataFrame({name: list(_values(column, rows, now)) for name, column in SHOWN.items()})
    for name, column in SHOWN.items():
        if column.kind.startswith("number"):
            grid[name] = grid[name].astype("Int64")
    return _coloured(_texts(grid.style, rows), rows, palette)


def _values(column: ClientColumn, rows: pd.DataFrame, now: datetime) -> Iterable[Any]:
    return rows[column.source or column.name] if column.sort_by is None else column.sort_by(rows, now)


def _texts(style: Any, rows: pd.DataFrame) -> Any:
    """Set the text over the values; columns of one text are formatted together, which is faster."""
    together: dict[tuple[Callable[..., str], str], list[str]] = {}
    for name, column in SHOWN.items():
        if column.text is not None:
            together.setdefault((column.text, column.text_by), []).append(name)
    for (text, text_by), names in together.items():
        if not text_by:
            style = style.format(text, subset=names, na_rep=MISSING)
            continue
        for value, positions in _positions(rows[text_by]).items():
            place = pd.IndexSlice[positions, names]
            style = style.format(partial(text, value), subset=place, na_rep=MISSING)
    return style


def _coloured(style: Any, rows: pd.DataFrame, palette: Palette) -> Any:
    for name, column in SHOWN.items():
        if column.colours is not None:
            css = [f"color: {getattr(palette, colour)}" if colour else "" for colour in column.colours(rows)]
            style = style.apply(lambda _, css=css: css, subset=[name])
    return style


def _positions(values: "pd.Series[Any]") -> dict[Any, list[int]]:
    """Return value -> the positions of the rows that have it."""
    positions: dict[Any, list[int]] = {}
    for number, value in enumerate(values):
        positions.setdefault(value, []).append(number)
    return positions


def client_column_config(names: Sequence[str]) -> dict[str, Any]:
    """Return how the grid's columns of these names are drawn, by name."""
    narrow = set(names) <= set(NARROW)
    return {name: _config(SHOWN[name], narrow) for name in names}


def _config(column: ClientColumn, narrow: bool) -> Any:
    label, width = (column.narrow, column.width + NARROW_EXTRA) if narrow else (column.label, column.width)
    if column.kind == "number left":
        return st.column_config.NumberColumn(label, width=width, help=column.help, alignment="left")
    if column.kind == "line":
        return st.column_config.LineChartColumn(label, width=width, help=column.help)
    if column.kind == "number":
        return st.column_config.NumberColumn(label, width=width, help=column.help)
    return st.column_config.TextColumn(label, width=width, help=column.help)
