"""The tab What changed: the bridge from the figures then to those now, and the list of changes."""

import re
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from rowcol.domain.changes import Item, Path, field_words
from rowcol.domain.hygiene.findings import RULES
from rowcol.errors import UsageError
from rowcol.ui.client.changes_chart import CASH, bridge_chart
from rowcol.ui.kit.charts import CONFIG
from rowcol.ui.kit.known_at import moment_text
from rowcol.ui.kit.palette import palette_in_force
from rowcol.ui.kit.states import show_no_rows
from rowcol.ui.kit.tables import csv_button, file_stem, show_table, units
from rowcol.ui.kit.wording import CASH_GENERATIVE, known, money_or_missing, plain
from rowcol.ui.state import calls
from rowcol.ui.state.access import zone
from rowcol.views.common.changes import Changes
from rowcol.views.common.columns import Stated
from rowcol.wording import MISSING, counted, date_text, days

FIGURES = {"Cash": CASH, "Cash buffer": "buffer_days", "Net-burn runway": "net_burn_runway_days"}
UNDEFINED = {"buffer_days": "n/a", "net_burn_runway_days": CASH_GENERATIVE}
FILE = {
    "client": "client", "change": "change", "entity": "entity", "qbo_id": "qbo_id", "party": "party", "field": "field",
    "before": "before", "after": "after", "amount_cents": "amount", "changed_at": "changed_at", "currency": "currency",
    "since": "since",
}  # fmt: skip
STEP_FILE = {
    "client": "client", "words": "cause", "cash_cents": "cash", "buffer_days": "buffer_days",
    "net_burn_runway_days": "net_burn_runway_days", "currency": "currency", "since": "since",
}  # fmt: skip
CHANGE_LABELS = {
    "added": "Added", "paid": "Paid", "edited": "Edited", "back-dated": "Back-dated", "voided": "Voided",
    "deleted": "Deleted", "re-opened": "Re-opened", "balance": "Balance", "finding opened": "Finding opened",
    "finding closed": "Finding closed",
}  # fmt: skip
_PART = re.compile(r"(?P<name>[^.\[\]]+)(?:\[(?P<item>[^\]]*)\])?")
NARROW = ("change", "entity", "party", "field", "after")


def show_changes(business_id: str, as_of: date) -> None:
    """Draw what changed in a client since its last call, or since the day chosen."""
    place = st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute")
    since = place.date_input(
        "Compare with", None, max_value=as_of, key=f"changes_since_{business_id}", format="YYYY-MM-DD", width=190,
        help="Empty: the last call, a week before any was held.",
    )  # fmt: skip
    try:
        changes = calls.changes_view(business_id, since if isinstance(since, date) else None)
    except UsageError as error:
        st.warning(plain(error.line()))
        return
    client: dict[Any, Any] = changes.clients.iloc[0].to_dict()
    if not client["known"]:
        _nothing_known(client)
        return
    stated = {
        "client": client["name"], "currency": client["currency"], "since": client["since"],
    }  # fmt: skip
    as_of = client["as_of"].date()
    of = Stated(changes.known_at, as_of, bool(client["reconstructed"]))
    stem = f"{file_stem(client['name'])}-changes-{as_of}"
    with place:
        st.caption(_since_text(client), width="stretch")
        csv_button(changes.changes.assign(**stated), FILE, f"{stem}.csv", key="csv_changes", of=of)
        csv_button(
            changes.steps.assign(**stated),
            STEP_FILE,
            f"{stem}-bridge.csv",
            key="csv_bridge",
            of=of,
            width=150,
            label="Bridge CSV",
        )
    _bridge(changes, client["currency"])
    _list(changes)


def _nothing_known(client: dict[Any, Any]) -> None:
    at = client["since"]
    when = f"at {moment_text(at.to_pydatetime())}" if known(at) else "before its first refresh"
    show_no_rows(
        f"Nothing was known of {plain(client['name'])} {plain(when)}: there is nothing to compare with. "
        "Choose a later day."
    )


def _since_text(client: dict[Any, Any]) -> str:
    since = plain(moment_text(client["since"].to_pydatetime()))
    return f"Since the last call, {since}." if client["called"] else f"Since {since}."


def _bridge(changes: Changes, currency: str) -> None:
    then, now = (snapshot.figures.iloc[0] for snapshot in (changes.first, changes.second))
    with st.container(border=True):
        chosen = st.segmented_control(
            "Figure", list(FIGURES), default="Cash", key="bridge_figure", label_visibility="collapsed"
        )
        name = chosen or "Cash"
        figure = FIGURES[name]
        texts = [_value(row[figure], figure, currency) for row in (then, now)]
        st.markdown(f"**{plain(name)}: {plain(texts[0])} → {plain(texts[1])}**{_cash_out(then, now)}")
        if not (known(then[figure]) and known(now[figure])):
            show_no_rows("Undefined at one of the two moments: there are no days to divide among causes.")
        elif changes.steps[figure].fillna(0).eq(0).all():
            show_no_rows("Nothing moved it.")
        else:
            chart = bridge_chart(
                changes.steps, figure, int(then[figure]), int(now[figure]), currency, palette_in_force()
            )
            st.plotly_chart(chart, theme=None, config=CONFIG, key=f"bridge_{figure}", width="stretch")


def _cash_out(then: "pd.Series[Any]", now: "pd.Series[Any]") -> str:
    texts = [
        date_text(day) if known(day) else "beyond 13 weeks"
        for day in (then["cash_out_on"], now["cash_out_on"])
    ]
    return (
        f" · cash-out date {texts[0]}"
        if texts[0] == texts[1]
        else f" · cash-out date {texts[0]} → {texts[1]}"
    )


def _value(value: Any, figure: str, currency: str) -> str:
    if not known(value):
        return UNDEFINED.get(figure, MISSING)
    return money_or_missing(int(value), currency) if figure == CASH else days(int(value))


def _list(changes: Changes) -> None:
    rows = changes.changes
    if rows.empty:
        show_no_rows("Nothing changed in the books.")
        return
    counts = rows["change"].value_counts()
    kinds = [kind for kind in CHANGE_LABELS if kind in counts]
    chosen = st.pills(
        "Show", kinds, selection_mode="multi", key="changes_shown", label_visibility="collapsed",
        format_func=lambda kind: f"{CHANGE_LABELS[kind]} {counts[kind]:,}",
    )  # fmt: skip
    shown = rows[rows["change"].isin(chosen)] if chosen else rows
    frame = shown.assign(
        change=shown["change"].map(CHANGE_LABELS),
        field=shown["field"].map(field_text),
        amount=units(shown["amount_cents"]),
    )
    config = {
        "changed_at": st.column_config.DatetimeColumn(
            "Seen", format="D MMM, HH:mm", timezone=zone().key, width=104,
            help="When RowCol read the change; none where time alone opened or closed a finding.",
        ),
        "change": st.column_config.TextColumn("Change", width=110),
        "entity": st.column_config.TextColumn("Record", width=100),
        "party": st.column_config.TextColumn("Party or account", width=190),
        "field": st.column_config.TextColumn("What", width=150),
        "before": st.column_config.TextColumn("Before", width=160),
        "after": st.column_config.TextColumn("After", width=160),
        "amount": st.column_config.NumberColumn("Amount", format="accounting", width=110),
        "qbo_id": st.column_config.TextColumn("Id", width=70),
    }  # fmt: skip
    st.caption(f"{counted(len(shown), 'change')}; net between the two moments, oldest first, findings last.")
    show_table(frame.reset_index(drop=True), config, f"changes_table_{len(shown)}", NARROW)


def field_text(field: object) -> str:
    """Return a field as read: `Line 1 · Account` for its path, a finding's kind for its code, nothing for none."""
    if not isinstance(field, str):
        return ""
    if field in RULES:
        return RULES[field].label
    path: Path = ()
    for part in _PART.finditer(field):
        path += (part["name"],) if part["item"] is None else (part["name"], Item(part["item"]))
    return field_words(path)
