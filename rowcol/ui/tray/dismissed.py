"""The tab Dismissed: why, by whom and since when; and the button that brings a finding back."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from rowcol.ui.kit.states import show_no_rows
from rowcol.ui.kit.tables import ROW_HEIGHT, csv_button, file_days, for_each_width, table_height, units
from rowcol.ui.kit.wording import SEVERITY_LABELS, kind_label, plain
from rowcol.ui.state import choices
from rowcol.ui.state.access import zone
from rowcol.ui.tray.detail import finding_of, restore
from rowcol.ui.tray.table import DISMISSED_FILE
from rowcol.views.common.columns import Stated
from rowcol.views.tray.page import TrayView
from rowcol.wording import MISSING

WIDE = ("severity", "client", "kind", "message", "at_stake", "reason", "by", "dismissed_at")
NARROW = ("kind", "client", "reason", "by", "dismissed_at")


def show_dismissed(view: TrayView, scope: str | None) -> None:
    """Draw the dismissed findings, the newest first, and for the one chosen the button that brings it back."""
    rows = view.dismissed
    if rows.empty:
        show_no_rows(
            "Nothing is dismissed. A finding set aside with a reason is listed here until its record changes."
        )
        return
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(
            "Set aside until the record changes in QuickBooks; the newest first. Neither counted nor blocking.",
            width="stretch",
        )
        name = f"dismissed-{file_days(view.days)}.csv"
        csv_button(rows, DISMISSED_FILE, name, key="dismissed_csv", of=Stated(view.known_at))
    chosen = _table(rows, scope)
    if chosen is not None and choices.chosen_known_at() is None:
        row = rows.iloc[chosen]
        with st.container(horizontal=True, vertical_alignment="center", border=True, key="dismissed_one"):
            st.markdown(f"{plain(row['message'])}  \n:gray[{plain(row['reason'])}]", width="stretch")
            st.button(
                "Bring back", key="restore", icon=":material/undo:", on_click=restore, args=(finding_of(row),)
            )


def _table(rows: pd.DataFrame, scope: str | None) -> int | None:
    """Draw the table; return the position of the row chosen in it."""
    frame = pd.DataFrame(
        {
            "severity": rows["severity"].map(SEVERITY_LABELS),
            "client": rows["client"],
            "kind": rows["code"].map(kind_label),
            "message": rows["message"],
            "at_stake": units(rows["amount_cents"].where(rows["amount_cents"] != 0)),
            "reason": rows["reason"],
            "by": rows["by"],
            "dismissed_at": rows["dismissed_at"],
        }
    )
    config, chosen = _columns(), list[int]()

    def draw(key: str, columns: Sequence[str]) -> None:
        st.dataframe(
            frame,
            column_order=[name for name in columns if scope is None or name != "client"],
            column_config=config,
            hide_index=True,
            placeholder=MISSING,
            row_height=ROW_HEIGHT,
            height=table_height(len(rows)),
            on_select="rerun",
            selection_mode="single-row",
            key=key,
        )
        chosen.extend(at for at in choices.selected_rows(key) if at < len(rows))

    for_each_width(draw, f"dismissed_{len(rows)}", WIDE, NARROW)
    return chosen[0] if chosen else None


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "severity": column.TextColumn("Severity", width=98),
        "client": column.TextColumn("Client", width=130),
        "kind": column.TextColumn("Finding", width=165),
        "message": column.TextColumn("What", width=270),
        "at_stake": column.NumberColumn("At stake", format="accounting", width=100),
        "reason": column.TextColumn("Reason", width=190),
        "by": column.TextColumn("By", width=90),
        "dismissed_at": column.DatetimeColumn(
            "Dismissed", format="D MMM YY, HH:mm", timezone=zone().key, width=124
        ),
    }
