"""The Test drive tab: four weeks as RowCol would have shown them, what it would have caught, the health of the books."""

import pandas as pd
import streamlit as st

from rowcol.ui.kit.states import show_no_rows, show_notes
from rowcol.ui.kit.tables import csv_button, file_stem, money_column, show_table, units
from rowcol.ui.kit.wording import SEVERITY_LABELS, STATUS_LABELS, kind_label
from rowcol.ui.state import client
from rowcol.views.client.test_drive import DriveView
from rowcol.views.common.columns import Stated
from rowcol.wording import days, long_day

WORDS = {"CASH_LOW": "Cash below the reserve ahead", "LATE_INVOICES": "Invoices 30 days late or more"}
MONEY = ("cash", "ar_overdue", "ap_overdue")
HEALTH_HELP = (
    "Out of 100. Records, 50: 50 x (1 - w / 20), w being weighted findings per 100 documents of the past year, fewer "
    "than 100 counting as 100 (blocking 5, high 3, medium 1, low 0.5). Ties to QuickBooks, 25: all or nothing, left out "
    "until checked. Up to date, 25: all while the newest bank movement is at most 3 days old, none at 14. Good from 85, "
    "fair from 60."
)
WEEK_FILE = {
    "day": "day", "shown": "shown", "status": "status", "cash_cents": "cash", "buffer_days": "buffer_days",
    "cash_out_on": "cash_out_on", "ar_cents": "ar", "ar_overdue_cents": "ar_overdue", "ap_cents": "ap",
    "ap_overdue_cents": "ap_overdue",
}  # fmt: skip


def show_test_drive(business_id: str) -> None:
    """Draw a client's test drive; it is computed when the tab is opened."""
    with st.spinner("Rolling the books back four weeks…"):
        view = client.test_drive_view(business_id)
    if not view.weeks:
        show_no_rows("Nothing was read from QuickBooks yet.")
        return
    show_notes(view.missing)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _weeks(view)
    with right:
        _health(view)
    _caught(view)


def _weeks(view: DriveView) -> None:
    rows = pd.DataFrame([vars(week) for week in view.weeks])
    rows["shown"] = ["reconstructed" if past else "today" for past in rows["reconstructed"]]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("**The last four weeks, reconstructed**", width="stretch")
        name = f"{file_stem(view.name)}-test-drive-{view.as_of}.csv"
        csv_button(rows, WEEK_FILE, name, key="test_drive_csv", of=Stated(view.known_at, view.as_of))
    st.caption(
        "Worked out from today's records: what was applied since is taken back, what is dated later is left out. "
        "Records changed or deleted since are as they are today."
    )
    shown = rows.assign(
        state=[STATUS_LABELS.get(status, "–") for status in rows["status"]],
        buffer_days=rows["buffer_days"].astype("Int64"),
        **{name: units(rows[f"{name}_cents"]) for name in MONEY},
    )
    config = {
        "day": st.column_config.DateColumn("As of", format="ddd D MMM", width=90),
        "shown": st.column_config.TextColumn("Shown", width=105),
        "state": st.column_config.TextColumn("Status", width=85),
        "cash": money_column("Cash", view.currency, "Cash less the movements since.", 105),
        "buffer_days": st.column_config.NumberColumn("Cash buffer", format="%d days", width=85),
        "cash_out_on": st.column_config.DateColumn("Cash-out date", format="D MMM YYYY", width=105),
        "ar_overdue": money_column("A/R overdue", view.currency, width=100),
        "ap_overdue": money_column("A/P overdue", view.currency, width=100),
    }
    show_table(shown, config, "test_drive_weeks", narrow=("day", "state", "cash", "buffer_days"))


def _health(view: DriveView) -> None:
    health = view.health
    score = "–" if health.score is None else f"{health.score} of 100"
    st.metric(
        "Books' health",
        score,
        health.word,
        delta_color="off",
        delta_arrow="off",
        help=HEALTH_HELP,
        border=True,
    )
    for part in health.parts:
        points = "not measured" if part.points is None else f"{part.points:.0f} of {part.most}"
        share = 0.0 if part.points is None else part.points / part.most
        st.progress(share, text=f"{part.name}: {points} – {part.basis}")


def _caught(view: DriveView) -> None:
    st.markdown(f"**What it would have caught, as of {long_day(view.as_of)}**")
    if not view.caught:
        show_no_rows("Nothing: no finding, no late money, no cash running low.")
        return
    rows = pd.DataFrame([vars(item) for item in view.caught])
    rows["what"] = [WORDS.get(code) or kind_label(code) for code in rows["code"]]
    rows["for_days"] = ["–" if pd.isna(count) else days(int(count)) for count in rows["days"]]
    shown = rows.assign(
        severity=[SEVERITY_LABELS.get(severity, severity) for severity in rows["severity"]],
        amount=units(rows["amount_cents"].where(rows["amount_cents"] != 0)),
    )
    config = {
        "severity": st.column_config.TextColumn("Severity", width=105),
        "what": st.column_config.TextColumn("What", width=220),
        "count": st.column_config.NumberColumn("How many", width=85),
        "amount": money_column("At stake", view.currency, width=130),
        "runway_days": st.column_config.NumberColumn("Runway", format="%.1f days", width=95),
        "for_days": st.column_config.TextColumn(
            "Known for", width=95, help="For how long RowCol would have shown it by now."
        ),
        "example": st.column_config.TextColumn("The largest of them", width=520),
    }
    show_table(shown, config, "test_drive_caught", narrow=("severity", "what", "amount", "for_days"))
