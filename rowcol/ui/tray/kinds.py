"""The tab Kinds and weeks: findings by kind, and their number over the past weeks."""

import pandas as pd
import streamlit as st

from rowcol.ui.kit import charts
from rowcol.ui.kit.palette import palette_in_force
from rowcol.ui.kit.tables import csv_button, file_days, show_table
from rowcol.ui.kit.wording import SEVERITY_LABELS, kind_label
from rowcol.ui.state import tray
from rowcol.ui.state.access import services, zone
from rowcol.ui.tray import charts as tray_charts
from rowcol.views.common.columns import Stated
from rowcol.views.tray.page import TrayView, Week, past_weeks
from rowcol.wording import counted, period_text, short_day

POLL_SECONDS = 2.0
KIND_FILE = {
    "code": "code", "kind": "finding", "severity": "severity", "findings": "findings", "clients": "clients",
}  # fmt: skip
NOW = "Now"


def show_kinds(view: TrayView) -> None:
    """Draw both charts side by side, then the kinds as a table."""
    palette = palette_in_force()
    with st.container(key="charts"):
        left, right = st.columns(2)
    with left.container(border=True, height="stretch"):
        st.markdown(f"**{tray_charts.KINDS_TITLE}**")
        if view.by_code.empty:
            st.caption("Nothing to mend.")
        else:
            figure = tray_charts.kinds_chart(view.by_code, palette)
            st.plotly_chart(figure, theme=None, config=charts.CONFIG, key="kinds_chart", width="stretch")
            if len(view.by_code) > tray_charts.KINDS_SHOWN:
                st.caption(f"The {tray_charts.KINDS_SHOWN} most frequent; all kinds are in the table below.")
    with right.container(border=True, height="stretch"):
        st.markdown(f"**{tray_charts.WEEKS_TITLE}**")
        _read(view)
        if tray.weeks().working:
            _weeks_in_time(view)
        else:
            _weeks(view)
    if not view.by_code.empty:
        _table(view)


def _table(view: TrayView) -> None:
    clients = view.rows.groupby("code")["business_id"].nunique()
    rows = view.by_code.assign(
        kind=view.by_code["code"].map(kind_label),
        clients=view.by_code["code"].map(clients),
        as_of=period_text(view.days),
        reconstructed=bool(view.clients["reconstructed"].any()),
    )
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption("Counts of what is in the tray now; dismissed findings are not in them.", width="stretch")
        name = f"findings-by-kind-{file_days(view.days)}.csv"
        csv_button(rows, KIND_FILE, name, key="kinds_csv", of=Stated(view.known_at))
    config = {
        "severity": st.column_config.TextColumn("Severity", width=120),
        "kind": st.column_config.TextColumn("Finding", width=300),
        "code": st.column_config.TextColumn("Code", width=260),
        "findings": st.column_config.NumberColumn("Findings", format="localized", width=100),
        "clients": st.column_config.NumberColumn("Clients", format="localized", width=100),
    }
    show_table(rows.assign(severity=rows["severity"].map(SEVERITY_LABELS)), config, "kinds_table")


@st.fragment(run_every=POLL_SECONDS)
def _weeks_in_time(view: TrayView) -> None:
    """Draw the weeks repeatedly until all are computed."""
    _weeks(view)
    if not tray.weeks().working:
        st.rerun()


def _read(view: TrayView) -> list[Week]:
    """Return the weeks computed so far, and start to compute the others."""
    moments = past_weeks(view.known_at, zone())
    return tray.weeks().at(moments, services().week_at)


def _weeks(view: TrayView) -> None:
    moments = past_weeks(view.known_at, zone())
    known = [week for week in _read(view) if week.known]
    business_ids = set(view.clients["business_id"])
    counts = pd.concat([_counts(week, business_ids) for week in known] + [_present(view)], ignore_index=True)
    labels = [*(short_day(moment.date()) for moment in moments), NOW]
    figure = tray_charts.weeks_chart(counts, labels, palette_in_force())
    st.plotly_chart(figure, theme=None, config=charts.CONFIG, key="weeks_chart", width="stretch")
    st.caption(weeks_note(known, business_ids, working=tray.weeks().working))


def weeks_note(known: list[Week], business_ids: set[str], *, working: bool) -> str:
    """Return what the weeks are made from: what was known then, of how many of the clients."""
    if working:
        return "Past weeks are being worked out from what was known then…"
    if not known:
        return "No book here was read before this week: the past weeks fill in from now on."
    first = known[0]
    then = len(first.known & business_ids)
    of = f" of {counted(len(business_ids), 'client')}" if len(business_ids) > 1 else ""
    fewer = f" {then:,}{of} had been read by {_label(first)}." if then < len(business_ids) else ""
    return (
        "Known then: each week as the books stood in RowCol on that Monday, by today's rules; nothing is guessed "
        f"for a time before a client was read.{fewer}"
    )


def _counts(week: Week, business_ids: set[str]) -> pd.DataFrame:
    rows = week.counts[week.counts["business_id"].isin(business_ids)]
    return rows[["severity", "findings"]].assign(label=_label(week))


def _present(view: TrayView) -> pd.DataFrame:
    rows = view.rows.groupby("severity").size().rename("findings").reset_index()
    return rows.assign(label=NOW)


def _label(week: Week) -> str:
    return short_day(week.moment.date())
