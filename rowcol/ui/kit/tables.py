"""Tables and the tabs they lie behind: column presets, heights, search, narrow screens and CSV downloads."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from rowcol.delivery.csv import to_csv
from rowcol.money import symbol
from rowcol.ui.state import choices
from rowcol.views.common.columns import Stated
from rowcol.wording import MISSING, period_text

ROW_HEIGHT = 36
ROWS_SEEN = 15
"""A table with more rows than this scrolls."""
LAZY_FROM = 1_000
"""Tables with more rows than this are sent to the browser as it scrolls."""
STATED_FILE = {"as_of": "as_of", "reconstructed": "reconstructed", "known_at": "known_at"}
MONEY_FORMATS = {"USD": "dollar", "EUR": "euro"}


def table_height(rows: int) -> int:
    """Return a table's height in pixels: all rows up to ROWS_SEEN, and the header."""
    return ROW_HEIGHT * (min(rows, ROWS_SEEN) + 1) + 2


def money_column(label: str, currency: str, help_text: str | None = None, width: int | None = None) -> Any:
    """Return a column of exact amounts in units, right-aligned, with separators and the currency's sign."""
    preset = MONEY_FORMATS.get(currency)
    named = label if preset else f"{label}, {symbol(currency).strip()}"
    return st.column_config.NumberColumn(named, format=preset or "accounting", help=help_text, width=width)


def units(cents: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return cents as units for a money column to draw; the files carry the exact decimals."""
    return pd.to_numeric(cents, errors="coerce").astype("Float64") / 100


def has_words(texts: "pd.Series[str]", search: str) -> "pd.Series[bool]":
    """Return which texts contain every word of `search`, in any order and case."""
    folded = texts.str.casefold()
    matches = pd.Series(True, index=texts.index)
    for word in search.casefold().split():
        matches &= folded.str.contains(word, regex=False)
    return matches


def draw_open_tab(key: str, tabs: Mapping[str, Callable[[], object]]) -> None:
    """Draw tabs, label -> what draws one; only the open one is drawn."""
    choices.keep_tab(key, list(tabs))
    places = st.tabs(list(tabs), key=key, on_change="rerun")
    for place, draw in zip(places, tabs.values(), strict=True):
        if place.open:
            with place:
                draw()


def for_each_width(
    draw: Callable[[str, Sequence[str]], Any], key: str, wide: Sequence[str], narrow: Sequence[str]
) -> None:
    """Draw a table twice, with the columns that fit a wide and a narrow screen; the shell's style shows one.

    The server does not know the screen's width. `draw` takes the widget's key and the columns.
    """
    for width, columns in (("wide", wide), ("narrow", narrow)):
        with st.container(key=f"{width}_{key}_box"):
            draw(f"{width}_{key}", columns)


def show_table(frame: pd.DataFrame, config: Mapping[str, Any], key: str, narrow: Sequence[str] = ()) -> None:
    """Draw a plain table of the columns in `config`, tall enough for its rows; missing values as a dash.

    `narrow` names the columns kept on a narrow screen; all stay if it is empty.
    """

    def draw(widget_key: str, columns: Sequence[str]) -> None:
        st.dataframe(
            frame[list(columns)],
            column_config=dict(config),
            hide_index=True,
            placeholder=MISSING,
            row_height=ROW_HEIGHT,
            height=table_height(len(frame)),
            lazy=len(frame) > LAZY_FROM,
            key=widget_key,
        )

    if narrow:
        for_each_width(draw, key, list(config), [column for column in narrow if column in config])
    else:
        draw(key, list(config))


def csv_button(
    frame: pd.DataFrame | Callable[[], pd.DataFrame],
    headers: Mapping[str, str],
    file_name: str,
    key: str,
    of: Stated | None,
    width: int = 110,
    label: str = "CSV",
) -> None:
    """Draw a button that downloads a table as a formula-safe CSV, written only when it is clicked.

    `of` states of which day and knowledge its figures are, in its last columns; None for a file of no day.
    """

    def written() -> bytes:
        rows = frame() if callable(frame) else frame
        if of is None:
            return to_csv(rows, headers)
        return to_csv(of.on(rows), {**headers, **STATED_FILE})

    st.download_button(
        label,
        written,
        file_name=file_name,
        mime="text/csv",
        key=key,
        icon=":material/download:",
        on_click="ignore",
        width=width,
    )


def file_days(days: Sequence[date]) -> str:
    """Return the days of some clients as part of a file name: `2026-12-18`, `2026-12-17-to-2026-12-18`."""
    return period_text(days).replace(" ", "-") if days else "no-client"


def file_stem(name: str) -> str:
    """Return a client's name as part of a file name: letters and digits, dashes between."""
    parts = "".join(char if char.isalnum() else " " for char in name).split()
    return "-".join(parts).lower() or "client"
