"""The Tray page below its head: the findings with their filters, and behind tabs kinds, questions and tasks."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from zlib import crc32

import pandas as pd
import streamlit as st

from rowcol.ui.kit.follow_up import question_tab, task_tab
from rowcol.ui.kit.known_at import ago_text, known_at_text
from rowcol.ui.kit.palette import palette_in_force
from rowcol.ui.kit.tables import (
    ROW_HEIGHT,
    csv_button,
    draw_open_tab,
    file_days,
    file_stem,
    for_each_width,
    table_height,
)
from rowcol.ui.kit.wording import SEVERITY_LABELS, kind_label, moment
from rowcol.ui.state import choices, tray
from rowcol.ui.state.access import zone
from rowcol.ui.tray.detail import show_finding, show_undo
from rowcol.ui.tray.dismissed import show_dismissed
from rowcol.ui.tray.kinds import show_kinds
from rowcol.ui.tray.table import (
    FINDING_COLUMNS,
    FINDING_FILE,
    NARROW_FINDINGS,
    coloured,
    finding_config,
    finding_frame,
    matching,
    shown_columns,
)
from rowcol.views.common.columns import Stated
from rowcol.views.tray.page import TrayView
from rowcol.wording import MISSING, as_of_text, counted

ALL = "all"
ROWS_SEEN = 9
"""Rows shown before the table scrolls: the finding chosen opens below it."""


def tray_caption(view: TrayView) -> str:
    """Return the caption: number of findings, how many are blocking, as-of date and freshness."""
    rows, clients = view.rows, view.clients
    blocking = int(rows["blocking"].sum())
    times = [at for at in map(moment, clients["synced_at"]) if at is not None]
    late = clients["stale"].astype(bool) & ~clients["by_plan"].astype(bool)
    stale = int((late & clients["synced_at"].notna()).sum())
    totals = [
        counted(len(rows), "finding") + (f", {blocking:,} of them blocking" if blocking else ""),
        f"{counted(rows['business_id'].nunique(), 'client')} of {len(clients):,}" if len(clients) > 1 else "",
        "blocking ones first, then the most money soonest",
    ]
    parts = [
        *(totals if times else ["no findings yet"]),
        as_of_text(list(clients["as_of"]), list(clients["reconstructed"])) if len(clients) else "",
        known_at_text(),
        f"{stale:,} stale" if stale else "",
        f"{'oldest refresh' if len(clients) > 1 else 'refreshed'} {ago_text(min(times))}" if times else "",
    ]
    return " · ".join(part for part in parts if part)


def show_tray(view: TrayView, scope: str | None, names: Mapping[str, str]) -> None:
    """Draw the findings, their kinds, the dismissed ones, questions and tasks behind tabs; only the open one is drawn."""
    follow_up = tray.follow_up_view(scope)
    tabs = {
        f"To mend · {len(view.rows):,}": partial(_findings, view, scope),
        f"Kinds and weeks · {len(view.by_code):,}": partial(show_kinds, view),
        f"Dismissed · {len(view.dismissed):,}": partial(show_dismissed, view, scope),
        f"Questions · {len(follow_up.questions):,} open": partial(question_tab, follow_up, scope, names),
        f"Tasks · {len(follow_up.tasks):,} open": partial(task_tab, follow_up, scope, names),
    }
    draw_open_tab("tray_tabs", tabs)


def _findings(view: TrayView, scope: str | None) -> None:
    show_undo()
    if view.rows.empty:
        nothing_to_mend(view)
        return
    rows = _filtered(view, scope)
    if rows.empty:
        st.info("No finding matches. Clear the search, or choose All.", icon=":material/filter_alt_off:")
        return
    _table(rows, scope)
    show_finding(_open_row(rows))


def nothing_to_mend(view: TrayView) -> None:
    """Draw the tray without findings: that every check passed, and how many findings are dismissed."""
    with st.container(border=True, key="empty-tray"):
        st.subheader("Nothing to mend", anchor=False)
        aside = counted(len(view.dismissed), "finding")
        dismissed = (
            f" {aside} set aside by you {'is' if len(view.dismissed) == 1 else 'are'} under **Dismissed**."
        )
        st.markdown(
            "Every record that was read passed every check: bills, invoices, payments, accounts and the books "
            f"themselves.{dismissed if len(view.dismissed) else ''}"
        )


def _filtered(view: TrayView, scope: str | None) -> pd.DataFrame:
    with st.container(horizontal=True, vertical_alignment="center", key="tray_filters"):
        search = st.text_input(
            "Find",
            key="tray_search",
            placeholder="Find a name, number or word",
            icon=":material/search:",
            label_visibility="collapsed",
            width=250,
            persist_state="session",
        )
        codes = st.multiselect(
            "Kinds of findings",
            list(view.by_code["code"]),
            format_func=kind_label,
            key="tray_codes",
            placeholder="Every kind",
            label_visibility="collapsed",
            width=230,
            persist_state="session",
        )
        severity = _severity_pills(view.rows)
        st.space("stretch")
        rows = matching(view.rows, search or "", None if severity in (None, ALL) else severity, codes)
        stem = file_stem(str(rows["client"].iloc[0])) if scope and len(rows) else "all-clients"
        name = f"{stem}-findings-{file_days(view.days)}.csv"
        csv_button(rows, FINDING_FILE, name, key="tray_csv", of=Stated(view.known_at))
    return rows.reset_index(drop=True)


def _severity_pills(rows: pd.DataFrame) -> str | None:
    counts = rows["severity"].value_counts()
    labels = {ALL: f"All {len(rows):,}"}
    labels |= {
        severity: f"{label} {counts.get(severity, 0):,}" for severity, label in SEVERITY_LABELS.items()
    }
    return st.pills(
        "Severity",
        list(labels),
        format_func=labels.__getitem__,
        default=ALL,
        key="tray_severity",
        label_visibility="collapsed",
        persist_state="session",
    )


def _table(rows: pd.DataFrame, scope: str | None) -> None:
    grid = coloured(finding_frame(rows), list(rows["severity"]), palette_in_force())
    # Other rows make another table: a cell chosen in the one before means nothing in it.
    key = f"tray_{crc32(repr((scope, len(rows), *rows['qbo_id'].head(3))).encode()):x}"

    def draw(widget_key: str, columns: Sequence[str]) -> None:
        shown = shown_columns(rows, columns, scope is not None)
        st.dataframe(
            grid,
            column_order=shown,
            column_config=finding_config(shown, list(rows["currency"].unique()), zone().key),
            hide_index=True,
            placeholder=MISSING,
            row_height=ROW_HEIGHT,
            height=table_height(min(len(rows), ROWS_SEEN)),
            on_select=lambda: _choose(rows, widget_key),
            selection_mode="single-cell",
            key=widget_key,
        )

    for_each_width(draw, key, list(FINDING_COLUMNS), NARROW_FINDINGS)


def _choose(rows: pd.DataFrame, key: str) -> None:
    cells = choices.widget_value(key)["selection"]["cells"]
    if cells and cells[0][0] < len(rows):
        tray.choose_finding(_key(rows.iloc[cells[0][0]]), int(cells[0][0]))


def _open_row(rows: pd.DataFrame) -> "pd.Series[Any]":
    """Return the finding chosen; if it is gone, the one in its place; the first if none was chosen."""
    chosen = tray.chosen_finding()
    if chosen is None:
        return rows.iloc[0]
    key, at = chosen
    keys = list(rows[["business_id", "code", "entity", "qbo_id"]].itertuples(index=False, name=None))
    return rows.iloc[keys.index(key) if key in keys else min(at, len(rows) - 1)]


def _key(row: "pd.Series[Any]") -> tray.FindingKey:
    return row["business_id"], row["code"], row["entity"], row["qbo_id"]
