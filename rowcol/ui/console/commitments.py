"""Console, Forecast: today's real bank balance, and payments to come that are not in the books."""

from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from rowcol.decisions import cash_ahead
from rowcol.decisions.cash_ahead import COMMITMENT_KINDS, Commitment
from rowcol.domain.forecast.commitments import matching_payee
from rowcol.domain.forecast.recurring import ACCOUNT
from rowcol.money import cents, exact_text
from rowcol.ui.console.decisions import record_decision
from rowcol.ui.kit.tables import csv_button, file_stem, money_column, show_table, units
from rowcol.ui.kit.wording import known, plain
from rowcol.ui.state import choices, console
from rowcol.ui.state.access import services
from rowcol.views.console.page import ConsoleView
from rowcol.wording import MISSING, short_day

KIND_LABELS = {
    "payroll": "Next payroll", "payroll tax": "Payroll tax", "sales tax": "Sales tax", "estimate": "Quarterly estimate",
    "card": "Card due", "other": "Other",
}  # fmt: skip
COMMITMENT_FILE = {
    "name": "name", "kind": "kind", "on": "date", "amount_cents": "amount", "replaces": "replaces",
}  # fmt: skip
NOBODY, MATCHING = "", "matching"
CARD_OF = "card:"


def bank_gaps(view: ConsoleView) -> pd.DataFrame:
    """Return each account with what was typed for it.

    Columns: account_id, name, book_cents, typed_cents, typed_on, gap_cents (typed - book; NA if none is typed today),
    not_booked (bool).
    """
    typed = view.decided.decisions.bank_balances.drop_duplicates("account_id", keep="last").set_index(
        "account_id"
    )
    rows = view.inputs.accounts[["account_id", "name", "balance_cents"]].rename(
        columns={"balance_cents": "book_cents"}
    )
    latest = typed[["balance_cents", "on", "not_booked"]].reindex(rows["account_id"]).set_index(rows.index)
    today = (latest["on"] == pd.Timestamp(view.inputs.as_of)).fillna(False)
    cents_typed = latest["balance_cents"].astype("Int64").where(today)
    return rows.assign(
        typed_cents=cents_typed, typed_on=latest["on"], gap_cents=cents_typed - rows["book_cents"],
        not_booked=latest["not_booked"].fillna(False).astype(bool),
    )  # fmt: skip


def show_bank_balances(view: ConsoleView) -> None:
    """Draw each account's book balance, what the bank says today, and the gap."""
    rows, currency = bank_gaps(view), view.inputs.currency
    if rows.empty:
        st.caption("The books have no active bank account that counts as cash.")
        return
    st.caption(
        "Type what the bank shows today: the forecast then opens from it, for this day alone. The gap is uncleared checks "
        "and items still for review in QuickBooks. What the bank shows above the books goes out tomorrow, not yet cleared, "
        "unless you say that it is not booked yet."
    )
    past = choices.chosen_known_at() is not None
    for row in rows.to_dict("records"):
        name, book, typed, gap = st.columns([3, 2, 2, 3], vertical_alignment="center")
        name.markdown(plain(str(row["name"])))
        book.markdown(f"{plain(exact_text(int(row['book_cents']), currency))} by the books")
        key = f"bank_{view.inputs.business_id}_{row['account_id']}_{view.inputs.as_of}_{row['typed_cents']}"
        typed.number_input(
            "Bank balance today", value=int(row["typed_cents"]) / 100 if known(row["typed_cents"]) else None,
            step=100.0, format="%.2f", placeholder="By the bank, today", label_visibility="collapsed", key=key,
            on_change=partial(_typed, view, str(row["account_id"]), key), disabled=past,
        )  # fmt: skip
        gap.markdown(_gap(row, currency))
        if known(row["gap_cents"]) and row["gap_cents"] > 0:
            box = f"{key}_not_booked"
            gap.checkbox(
                "It is not booked yet", value=bool(row["not_booked"]), key=box, disabled=past,
                on_change=partial(_typed, view, str(row["account_id"]), key, box),
            )  # fmt: skip


def _gap(row: dict[Any, Any], currency: str) -> str:
    if known(row["gap_cents"]):
        amount = plain(exact_text(int(row["gap_cents"]), currency))
        return "✓ as the books have it" if row["gap_cents"] == 0 else f"Gap {amount}"
    if known(row["typed_on"]):
        return f":gray[Typed on {short_day(row['typed_on'])}: not used today]"
    return MISSING


def _typed(view: ConsoleView, account_id: str, key: str, box: str | None = None) -> None:
    """Record what stands in an account's field; `box` is the key of the checkbox beside it, if it is there."""
    value, inputs = choices.widget_value(key), view.inputs
    balance = None if value is None else cents(f"{value:.2f}")
    not_booked = box is not None and bool(choices.widget_value(box))
    log = services().decision_log
    record_decision(
        lambda who: cash_ahead.bank_balance(
            log, who, inputs.business_id, account_id, balance, inputs.as_of, not_booked=not_booked
        )
    )


def show_commitments(view: ConsoleView) -> None:
    """Draw the payments to come, each with a button to delete it, and the form for another."""
    rows = view.decided.decisions.commitments.sort_values(["on", "name"])
    st.caption(
        "Payments on a day of their own: next payroll, payroll and sales tax, a quarterly estimate, the card. Each replaces "
        "the nearest recurring payment to the payee it names, at most half an interval away. If there is none, payroll, "
        "payroll tax, sales tax and card payments are taken off the everyday payments of their kind: nothing counts twice."
    )
    if len(rows):
        _commitments(view, rows)
    if choices.chosen_known_at() is None:
        _form(view)


def _commitments(view: ConsoleView, rows: pd.DataFrame) -> None:
    column = st.column_config
    shown = rows.assign(
        on=rows["on"].dt.date, amount=units(rows["amount_cents"]), kind=rows["kind"].map(KIND_LABELS),
        replaces=_chosen(view, rows),
    )  # fmt: skip
    config: dict[str, Any] = {
        "on": column.DateColumn("On", format="D MMM YYYY", width=120),
        "name": column.TextColumn("Name", width=240),
        "kind": column.TextColumn("Kind", width=150),
        "amount": money_column("Amount", view.inputs.currency, width=130),
        "replaces": column.TextColumn(
            "Replaces the payment to",
            width=260,
            help="The recurring payment to this payee that is nearest by date, or everyday payments to this card. The "
            "recurring payment that is replaced stays in the list of items, with the reason.",
        ),
    }
    show_table(shown, config, "commitments_table")
    log, business_id = services().decision_log, view.inputs.business_id

    def deleted(commitment_id: str) -> None:
        record_decision(lambda actor: cash_ahead.drop_commitment(log, actor, business_id, commitment_id))

    with st.container(horizontal=True):
        if choices.chosen_known_at() is None:
            for row in rows.to_dict("records"):
                st.button(
                    f"Delete {plain(str(row['name']))}", key=f"uncommit_{row['commitment_id']}", type="tertiary",
                    icon=":material/delete:", on_click=deleted, args=(row["commitment_id"],),
                )  # fmt: skip
        st.space("stretch")
        name = f"{file_stem(view.inputs.name)}-payments-to-come-{view.inputs.as_of}.csv"
        csv_button(shown, COMMITMENT_FILE, name, key="commitments_csv", of=view.inputs.stated)


def _payees(view: ConsoleView) -> dict[str, str]:
    """Return what a commitment can replace: payees of recurring payments, and cards that are paid, each with its name."""
    state = view.inputs.forecast_inputs
    rows = state.recurring[state.recurring["party_kind"] != ACCOUNT]
    rows = rows.drop_duplicates("party_id").sort_values("party")
    cards = state.card_payments
    return {
        **dict(zip(rows["party_id"], rows["party"], strict=True)),
        **dict(zip(CARD_OF + cards["account_id"], cards["name"], strict=True)),
    }


def _chosen(view: ConsoleView, rows: pd.DataFrame) -> list[str]:
    """Return the name of what each commitment replaces, empty if it names nothing."""
    payees = _payees(view)
    cards = rows["account_id"].fillna("")
    choices = [
        payee or (CARD_OF + card if card else "") for payee, card in zip(rows["replaces"], cards, strict=True)
    ]
    return [payees.get(choice, choice.removeprefix(CARD_OF)) for choice in choices]


def _entered(view: ConsoleView, named: Commitment, choice: str) -> Commitment:
    """Return a commitment with what it replaces: the choice, or what it matches."""
    if choice.startswith(CARD_OF):
        return replace(named, account_id=choice.removeprefix(CARD_OF))
    if choice == MATCHING:
        coming = view.inputs.forecast_inputs.recurring
        choice = matching_payee(coming, named.kind, named.on, named.amount_cents)
    return replace(named, replaces=choice)


def _form(view: ConsoleView) -> None:
    inputs, payees = view.inputs, _payees(view)
    generation = f"commit_{inputs.business_id}"
    with st.form(f"{generation}_{console.widget_generation(generation)}", enter_to_submit=False):
        cells = st.columns([2, 3, 2, 2, 3], vertical_alignment="bottom")
        kind = cells[0].selectbox("Kind", COMMITMENT_KINDS, format_func=KIND_LABELS.__getitem__)
        name = cells[1].text_input("Name", placeholder="As the kind, unless named", max_chars=80)
        on = cells[2].date_input("On", inputs.as_of, min_value=inputs.as_of, format="YYYY-MM-DD")
        amount = cells[3].number_input(
            f"Amount ({inputs.currency})", min_value=0.0, value=0.0, step=100.0, format="%.2f"
        )
        labels = {MATCHING: "The recurring payment it matches", NOBODY: "Nothing that recurs", **payees}
        choice = cells[4].selectbox(
            "Replaces the payment to", list(labels), format_func=labels.__getitem__,
            help="It matches the recurring payment of its kind, or of about its amount, that is nearest by amount and day.",
        )  # fmt: skip
        if st.form_submit_button("Keep this payment", type="primary"):
            named = Commitment(name.strip() or KIND_LABELS[kind], kind, on, cents(f"{amount:.2f}"))
            entered = _entered(view, named, choice)
            log = services().decision_log
            if record_decision(
                lambda actor: cash_ahead.commit(log, actor, inputs.business_id, entered, inputs.as_of)
            ):
                console.reset_widgets(generation)
            st.rerun()
