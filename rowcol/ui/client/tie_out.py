"""The tie-out of one client: our totals against QuickBooks' reports, when checked, and what may explain a difference."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from rowcol.errors import RowColError
from rowcol.money import exact_text
from rowcol.ui.kit.known_at import ago_text
from rowcol.ui.kit.tables import (
    ROW_HEIGHT,
    csv_button,
    file_stem,
    for_each_width,
    money_column,
    show_table,
    table_height,
    units,
)
from rowcol.ui.kit.wording import Sentence, entity_title, known, plain
from rowcol.ui.state import choices, client, views
from rowcol.ui.state.access import services, zone
from rowcol.views.client.tie_out import TieOutView
from rowcol.wording import MISSING, counted, long_day

SUBJECTS = {"ap": "A/P · AgedPayables", "ar": "A/R · AgedReceivables", "bank": "Bank · BalanceSheet"}
WIDE = ("subject", "party", "ours", "theirs", "difference")
NARROW = ("party", "ours", "theirs", "difference")
TOTALS_FILE = {
    "client": "client", "subject": "subject", "party_id": "party_id", "party": "party", "ours_cents": "ours",
    "qbo_cents": "quickbooks", "difference_cents": "difference", "currency": "currency",
    "report_date": "report_date", "checked_at": "checked_at",
}  # fmt: skip
RECORD_FILE = {
    "entity": "entity", "qbo_id": "qbo_id", "doc_number": "number", "txn_date": "date", "party_name": "party",
    "total_cents": "total", "changed_at": "changed_at", "deleted": "deleted", "url": "url",
}  # fmt: skip
CLUE_FILE = {
    "subject": "subject", "party_id": "party_id", "says": "why", "entity": "entity", "qbo_id": "qbo_id",
    "doc_number": "number", "txn_date": "date", "amount_cents": "amount", "url": "url",
}  # fmt: skip
ROWS_SEEN = 8


def show_tie_out(business_id: str) -> None:
    """Draw the state of the last check, its totals, and the records that may explain the difference chosen."""
    view = client.tie_out_view(business_id)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(state_text(view), width="stretch")
        if choices.chosen_known_at() is None and view.other_day is None:
            st.button("Check now", key="check_tie_out", icon=":material/rule:", on_click=_check, args=(view,))
        if not view.totals.empty:
            stated = view.totals.assign(
                client=view.name,
                currency=view.currency,
                report_date=view.report_date,
                checked_at=view.checked_at,
            )
            csv_button(
                stated, TOTALS_FILE, f"{file_stem(view.name)}-tie-out.csv", key="csv_tie_out", of=view.stated
            )
    if view.totals.empty:
        return
    chosen = _totals(view)
    if view.totals["difference_cents"].iloc[chosen] != 0:
        _clues(view, view.totals.iloc[chosen])
    if not view.changed.empty:
        _changed(view)


def state_text(view: TieOutView) -> str:
    """Return the state as markdown: what was compared, when, and how many records changed since."""
    if view.other_day is not None:
        return f"**– Not checked for this day, {long_day(view.as_of)}.** The last check was for {long_day(view.other_day)}."
    if view.state == "unchecked" or view.checked_at is None or view.report_date is None:
        why = (
            f" QuickBooks would not give a report: {plain(view.refused.rstrip('.'))}." if view.refused else ""
        )
        return f"**– Not checked against QuickBooks' own reports.**{why} It is checked once a day and at a full refresh."
    rows = view.totals
    off = rows[rows["difference_cents"] != 0]
    total = int(off["difference_cents"].abs().sum())
    state = (
        f"**✓ {counted(len(rows), 'total')} {'ties' if len(rows) == 1 else 'tie'} to QuickBooks to the cent.**"
        if off.empty
        else f"**✗ {counted(len(off), 'total')} of {len(rows):,} {'differs' if len(off) == 1 else 'differ'}, "
        f"{plain(exact_text(total, view.currency))} in all.**"
    )
    since = (
        f"{counted(len(view.changed), 'record')} changed since"
        if len(view.changed)
        else "no record changed since"
    )
    return f"{state} Checked {ago_text(view.checked_at)} for {long_day(view.report_date)}; {since}."


def _check(view: TieOutView) -> None:
    try:
        with st.spinner("Reading QuickBooks' reports…"):
            services().check_tie_out(view.business_id)
    except RowColError as error:
        choices.add_message(Sentence(error.message, error.hint))
    views.forget_figures()


def _totals(view: TieOutView) -> int:
    """Draw the totals, differences first; return the position of the row chosen, 0 if none is."""
    rows = view.totals
    frame = pd.DataFrame(
        {
            "subject": rows["subject"].map(SUBJECTS),
            "party": rows["party"],
            "ours": units(rows["ours_cents"]),
            "theirs": units(rows["qbo_cents"]),
            "difference": units(rows["difference_cents"]),
        }
    )
    config = {
        "subject": st.column_config.TextColumn("Report", width=200),
        "party": st.column_config.TextColumn("Party or account", width=300),
        "ours": money_column("Ours", view.currency, width=140),
        "theirs": money_column("QuickBooks", view.currency, width=140),
        "difference": money_column("Difference", view.currency, "Ours less QuickBooks'.", 140),
    }
    chosen = [0]

    def draw(key: str, columns: Sequence[str]) -> None:
        st.dataframe(
            frame,
            column_order=columns,
            column_config=config,
            hide_index=True,
            placeholder=MISSING,
            row_height=ROW_HEIGHT,
            height=table_height(min(len(rows), ROWS_SEEN)),
            on_select="rerun",
            selection_mode="single-row",
            key=key,
        )
        chosen.extend(at for at in choices.selected_rows(key) if at < len(rows))

    for_each_width(draw, "tie_out_table", WIDE, NARROW)
    return chosen[-1]


def _clues(view: TieOutView, total: "pd.Series[Any]") -> None:
    clues = view.clues[view.clues["subject"] == total["subject"]]
    party = total["party_id"]
    clues = clues[clues["party_id"].isna() if not known(party) else clues["party_id"] == party]
    off = plain(exact_text(int(total["difference_cents"]), view.currency))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**What may explain {off} at {plain(str(total['party']))}?**", width="stretch")
        csv_button(
            clues, CLUE_FILE, f"{file_stem(view.name)}-tie-out-clues.csv", key="csv_clues", of=view.stated
        )
    if clues.empty:
        st.caption(
            "No record read here explains it. Press Check now: what changed in QuickBooks meanwhile is read first."
        )
        return
    for says in clues["says"][clues["entity"].isna()]:
        st.markdown(plain(f"{says}."))
    clues = clues[clues["entity"].notna()]
    if clues.empty:
        return
    shown = clues.assign(record=_record(clues), amount=units(clues["amount_cents"]))
    config = {
        "says": st.column_config.TextColumn("Why", width=430),
        "record": st.column_config.TextColumn("Record", width=220),
        "txn_date": st.column_config.DateColumn("Dated", format="D MMM YYYY", width=110),
        "amount": money_column("Amount", view.currency, width=130),
        "url": st.column_config.LinkColumn("QBO", display_text="Open", width=62),
    }
    show_table(shown, config, "clues_table", ("says", "record", "amount"))


def _changed(view: TieOutView) -> None:
    with st.expander(f"{counted(len(view.changed), 'record')} changed since the check"):
        rows = view.changed
        csv_button(
            rows,
            RECORD_FILE,
            f"{file_stem(view.name)}-changed-since-check.csv",
            key="csv_changed",
            of=view.stated,
        )
        shown = rows.assign(
            record=_record(rows),
            total=units(rows["total_cents"]),
            what=["✗ Deleted" if gone else "Changed" for gone in rows["deleted"].astype(bool)],
        )
        config = {
            "what": st.column_config.TextColumn("What", width=100),
            "record": st.column_config.TextColumn("Record", width=220),
            "party_name": st.column_config.TextColumn("Party", width=220),
            "txn_date": st.column_config.DateColumn("Dated", format="D MMM YYYY", width=110),
            "total": money_column("Total", view.currency, width=130),
            "changed_at": st.column_config.DatetimeColumn(
                "Read", format="D MMM YYYY, HH:mm", timezone=zone().key, width=150
            ),
            "url": st.column_config.LinkColumn("QBO", display_text="Open", width=62),
        }
        show_table(shown, config, "changed_since_table", ("what", "record", "party_name", "total"))


def _record(rows: pd.DataFrame) -> "pd.Series[Any]":
    titles = [
        f"{entity_title(entity, singular=True)} {number if known(number) else qbo_id}"
        if known(entity)
        else None
        for entity, number, qbo_id in rows[["entity", "doc_number", "qbo_id"]].itertuples(
            index=False, name=None
        )
    ]
    return pd.Series(titles, index=rows.index, dtype="object")
