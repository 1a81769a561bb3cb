"""The Client page below its head: figures, two charts, and tables behind tabs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from rowcol.ui.client.calls import show_calls
from rowcol.ui.client.cards import client_cards
from rowcol.ui.client.changes import show_changes
from rowcol.ui.client.settings import show_settings
from rowcol.ui.client.test_drive import show_test_drive
from rowcol.ui.client.tie_out import show_tie_out
from rowcol.ui.client.working_capital import show_working_capital
from rowcol.ui.kit import charts
from rowcol.ui.kit.cards import show_cards
from rowcol.ui.kit.follow_up import question_tab, task_tab
from rowcol.ui.kit.forecast_charts import FORECAST_TITLE, forecast_chart
from rowcol.ui.kit.palette import Palette, palette_in_force
from rowcol.ui.kit.states import show_no_rows, show_notes
from rowcol.ui.kit.tables import csv_button, draw_open_tab, file_stem, money_column, show_table, units
from rowcol.ui.kit.wording import plain
from rowcol.ui.state import choices, tray
from rowcol.views.client.page import ClientView
from rowcol.views.common.follow_up import FollowUpView
from rowcol.wording import counted

AGING_COLUMNS = {
    "current_cents": "Current",
    "d1_30_cents": "1-30",
    "d31_60_cents": "31-60",
    "d61_90_cents": "61-90",
    "d91_over_cents": "91 and over",
    "undated_cents": "Undated",
    "total_cents": "Total",
}
NEXT_WEEKS, PAST_WEEKS = "Next 13 weeks", "Last 26 weeks"
NEXT_WEEKS_HEIGHT = 380
NARROW_DOCUMENT = ("bucket", "party", "doc_number", "due_date", "balance", "url")


@dataclass(frozen=True)
class Tab:
    """A tab: its label, which includes an amount or count, and the function that draws it."""

    label: str
    draw: Callable[[], None]


def show_client(view: ClientView) -> None:
    """Draw what its books lack, the four figures, the charts and the tabs."""
    show_notes([*view.missing, *view.left_out.sentences()])
    if view.figures is not None:
        show_cards(client_cards(view, view.figures))
    show_charts(view)
    show_tabs(view)


def show_charts(view: ClientView) -> None:
    """Draw cash movements and aging side by side, in the colours of the theme in force."""
    palette = palette_in_force()
    with st.container(key="charts"):
        left, right = st.columns([3, 2])
    with left.container(border=True, height="stretch"):
        _cash_weeks(view, palette)
    aging = charts.aging_chart(view.aging_ap, view.aging_ar, view.currency, palette)
    _chart(right, charts.AGING_TITLE, aging, "aging_chart")


def _cash_weeks(view: ClientView, palette: Palette) -> None:
    """Draw the next 13 weeks or the last 26, as chosen; the latter if there is no forecast."""
    reserve = view.settings.reserve_cents
    chosen = PAST_WEEKS
    with st.container(horizontal=True, vertical_alignment="center"):
        title = st.empty()
        if not view.weeks_ahead.empty:
            chosen = st.segmented_control(
                "Weeks", (NEXT_WEEKS, PAST_WEEKS), default=NEXT_WEEKS, required=True, key="cash_weeks",
                label_visibility="collapsed", persist_state="session",
            )  # fmt: skip
    forecast = chosen == NEXT_WEEKS
    title.markdown(f"**{FORECAST_TITLE if forecast else charts.CASH_TITLE}**", width="stretch")
    if forecast:
        figure = forecast_chart(view.weeks_ahead, [], view.currency, reserve, palette, NEXT_WEEKS_HEIGHT)
    elif view.weekly_cash.empty:
        return
    else:
        figure = charts.cash_chart(view.weekly_cash, view.currency, reserve, palette)
    st.plotly_chart(figure, theme=None, config=charts.CONFIG, key=f"cash_chart_{forecast}", width="stretch")


def _chart(place: Any, title: str, figure: go.Figure, key: str) -> None:
    with place.container(border=True, height="stretch"):
        st.markdown(f"**{title}**")
        st.plotly_chart(figure, theme=None, config=charts.CONFIG, key=key, width="stretch")


def show_tabs(view: ClientView) -> None:
    """Draw the tables behind tabs; only the open one is drawn."""
    tabs = client_tabs(view, tray.follow_up_view(view.business_id))
    draw_open_tab(f"tabs_{view.business_id}", {tab.label: tab.draw for tab in tabs})


def client_tabs(view: ClientView, follow_up: FollowUpView) -> list[Tab]:
    """Return the tabs of a client; the tie-out comes first if it has differences."""
    business_id, names = view.business_id, {view.business_id: view.name}
    amount = _sum_text(view.currency)
    tabs = [
        Tab(f"Bills · {amount(view.open_bills, 'balance_cents', 'open')}", lambda: _documents(view, "bills")),
        Tab(
            f"Invoices · {amount(view.open_invoices, 'balance_cents', 'open')}",
            lambda: _documents(view, "invoices"),
        ),
        Tab(f"A/P by vendor · {amount(view.aging_ap, 'total_cents')}", lambda: _aging(view, "vendors")),
        Tab(f"A/R by customer · {amount(view.aging_ar, 'total_cents')}", lambda: _aging(view, "customers")),
        Tab(f"Bank accounts · {amount(view.bank_accounts, 'balance_cents')}", lambda: _accounts(view)),
    ]
    tabs += [
        Tab(f"Tasks · {len(follow_up.tasks):,} open", lambda: task_tab(follow_up, business_id, names)),
        Tab(
            f"Questions · {len(follow_up.questions):,} open",
            lambda: question_tab(follow_up, business_id, names),
        ),
        Tab("What changed", lambda: show_changes(business_id, view.as_of)),
        Tab("Calls", lambda: show_calls(business_id)),
        Tab("Working capital", lambda: show_working_capital(business_id)),
        Tab("Test drive", lambda: show_test_drive(business_id)),
    ]
    tie_out = Tab(_tie_out_label(view), lambda: show_tie_out(business_id))
    tabs = [*tabs, tie_out] if view.tie_out.empty else [tie_out, *tabs]
    if choices.chosen_known_at() is None:
        tabs.append(Tab("Settings", lambda: show_settings(view)))
    return tabs


def _tie_out_label(view: ClientView) -> str:
    if not view.tie_out.empty:
        return f"✗ Tie-out · {counted(len(view.tie_out), 'difference')}"
    if view.tie_out_state == "tied":
        return "Tie-out · ✓ tied"
    return "Tie-out · not checked for this day" if view.reconstructed else "Tie-out · not checked"


def _sum_text(currency: str) -> Callable[..., str]:
    def text(frame: pd.DataFrame, column: str, state: str = "") -> str:
        count = f"{len(frame):,} {state}".strip()
        return plain(f"{count}, {charts.whole_text(int(frame[column].sum()), currency)}")

    return text


def _documents(view: ClientView, kind: str) -> None:
    bills = kind == "bills"
    frame, party = (view.open_bills, "Vendor") if bills else (view.open_invoices, "Customer")
    if frame.empty:
        show_no_rows(f"No open {kind} at this date.")
        return
    shown = frame.assign(balance=units(frame["balance_cents"]), total=units(frame["total_cents"]))
    foreign = frame["currency"].ne(view.currency).any()
    config: dict[str, Any] = {
        "bucket": st.column_config.TextColumn("Age", width=105, help="QuickBooks' own aging buckets."),
        "days_past_due": st.column_config.NumberColumn(
            "Days past due", width=105, help="Negative: not due yet."
        ),
        "party": st.column_config.TextColumn(party, width=210),
        "doc_number": st.column_config.TextColumn("Number", width=110),
        "txn_date": st.column_config.DateColumn("Dated", format="D MMM YYYY", width=105),
        "due_date": st.column_config.DateColumn("Due", format="D MMM YYYY", width=105),
        "balance": money_column("Open balance", view.currency, "In the client's home currency.", 130),
        "total": money_column("Total", view.currency, "Of the whole document.", 130),
    }
    if foreign:
        config["currency"] = st.column_config.TextColumn("Currency", width=80, help="Of the document.")
    if frame["url"].astype(str).str.startswith("https://").any():
        config["url"] = st.column_config.LinkColumn("QuickBooks", display_text="Open", width=95)
    file = {
        "qbo_id": "qbo_id",
        "doc_number": "number",
        "party": party.lower(),
        "txn_date": "date",
        "due_date": "due_date",
        "days_past_due": "days_past_due",
        "bucket": "bucket",
        "balance_cents": "balance",
        "total_cents": "total",
        "currency": "currency",
        "url": "url",
    }
    _above(view, f"{counted(len(frame), kind[:-1])} open, most overdue first.", frame, file, kind)
    late_first = shown.sort_values("days_past_due", ascending=False, na_position="last")
    show_table(late_first, config, f"{kind}_table", NARROW_DOCUMENT)


def _aging(view: ClientView, kind: str) -> None:
    vendors = kind == "vendors"
    frame, party = (view.aging_ap, "Vendor") if vendors else (view.aging_ar, "Customer")
    if frame.empty:
        show_no_rows(f"No open balance with any of the {kind} at this date.")
        return
    shown = frame.assign(**{column: units(frame[column]) for column in AGING_COLUMNS})
    config: dict[str, Any] = {"party": st.column_config.TextColumn(party, width=180)}
    for column, label in AGING_COLUMNS.items():
        if column != "undated_cents" or frame[column].ne(0).any():
            config[column] = money_column(label, view.currency, width=96)
    file = {"party_id": "party_id", "party": party.lower()}
    file |= {column: column.removesuffix("_cents") for column in AGING_COLUMNS}
    _above(view, "Net of credits and unapplied payments; largest total first.", frame, file, f"aging-{kind}")
    show_table(shown, config, f"aging_{kind}")


def _accounts(view: ClientView) -> None:
    frame = view.bank_accounts
    if frame.empty:
        show_no_rows("The books have no active bank account.")
        return
    shown = frame.assign(
        balance=units(frame["balance_cents"]),
        counted=["excluded" if out else "in cash" for out in frame["excluded"].astype(bool)],
    )
    config = {
        "name": st.column_config.TextColumn("Account", width=320),
        "currency": st.column_config.TextColumn("Currency", width=90),
        "counted": st.column_config.TextColumn(
            "Counted", width=110, help="Exclude an account under Settings."
        ),
        "balance": money_column(
            "Book balance", view.currency, "In the home currency at the as-of date.", 150
        ),
    }
    file = {"account_id": "account_id", "name": "account", "currency": "currency", "excluded": "excluded"}
    note = "Balances by the books, not by the bank; the gap is uncleared checks and items for review."
    _above(view, note, frame, file | {"balance_cents": "balance"}, "bank-accounts")
    show_table(shown, config, "accounts_table")


def _above(view: ClientView, note: str, frame: pd.DataFrame, file: Mapping[str, str], kind: str) -> None:
    """Draw a note and the CSV button above a table; each line of the file has the client and the date."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(note, width="stretch")
        stated = frame.assign(client=view.name, home_currency=view.currency)
        headers = {"client": "client", **file, "home_currency": "home_currency"}
        name = f"{file_stem(view.name)}-{kind}-{view.as_of}.csv"
        csv_button(stated, headers, name, key=f"csv_{kind}", of=view.stated)
