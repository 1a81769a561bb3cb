"""The Clients page's body: filters, the table, and opening a client from it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from rowcol.ui.clients.table import (
    CLIENT_COLUMNS,
    CLIENT_FILE,
    NARROW_LABELS,
    client_column_config,
    client_grid,
)
from rowcol.ui.kit.known_at import moment_shown
from rowcol.ui.kit.palette import palette_in_force
from rowcol.ui.kit.tables import ROW_HEIGHT, csv_button, for_each_width, table_height
from rowcol.ui.kit.wording import MISSING, STATUS_WORDS
from rowcol.ui.state import choices
from rowcol.views.common.records import ClientsView

ALL = "all"


def matching(rows: pd.DataFrame, words: str, status: str | None) -> pd.DataFrame:
    """Return the rows whose name holds every word, in any order and case, and that have the status asked for."""
    kept = rows if status in (None, ALL) else rows[rows["status"] == status]
    for word in words.casefold().split():
        kept = kept[kept["name"].str.casefold().str.contains(word, regex=False)]
    return kept


def show_client_list(view: ClientsView) -> None:
    """Draw filters, CSV and the table; a click on a row opens its client."""
    with st.container(horizontal=True, vertical_alignment="center", key="filters"):
        words = st.text_input(
            "Find a client",
            key="clients_search",
            placeholder="Find a client",
            icon=":material/search:",
            label_visibility="collapsed",
            width=240,
            persist_state="session",
        )
        status = _status_pills(view.rows)
        st.space("stretch")
        rows = matching(view.rows, words or "", status)
        file = rows.assign(as_of=view.as_of, known_at=view.known_at)
        csv_button(file, CLIENT_FILE, f"clients-{view.as_of}.csv", key="clients_csv")
    if rows.empty:
        st.info("No client matches. Clear the search, or choose All.", icon=":material/filter_alt_off:")
        return
    grid = client_grid(rows, moment_shown(), palette_in_force())
    for_each_width(partial(_grid, grid, rows), "clients", list(CLIENT_COLUMNS), list(NARROW_LABELS))


def _status_pills(rows: pd.DataFrame) -> str | None:
    counts = rows["status"].value_counts()
    labels = {ALL: f"All {len(rows)}"}
    labels |= {status: f"{words} {counts.get(status, 0)}" for status, words in STATUS_WORDS.items()}
    return st.pills(
        "Status",
        list(labels),
        format_func=labels.__getitem__,
        default=ALL,
        key="clients_status",
        label_visibility="collapsed",
        persist_state="session",
    )


def _grid(grid: Any, rows: pd.DataFrame, key: str, columns: Sequence[str]) -> None:
    st.dataframe(
        grid,
        column_order=columns,
        column_config=client_column_config(columns),
        hide_index=True,
        placeholder=MISSING,
        row_height=ROW_HEIGHT,
        height=table_height(len(rows)),
        on_select=lambda: _open_selected(rows, key),
        selection_mode="single-cell",
        key=key,
    )


def _open_selected(rows: pd.DataFrame, key: str) -> None:
    cells = choices.widget_value(key)["selection"]["cells"]
    if cells:
        choices.ask_to_open(str(rows["business_id"].iloc[cells[0][0]]))
