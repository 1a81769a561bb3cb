"""The settings of one client, as a form that says which figures depend on each."""

from dataclasses import replace
from zoneinfo import available_timezones

import streamlit as st

from rowcol.domain.clients import ACCOUNT_CLASSES, WEEKDAYS, ClientSettings, weekday_text, weekdays
from rowcol.errors import RowColError
from rowcol.money import cents, exact_text
from rowcol.ui.kit.states import sentence_text
from rowcol.ui.kit.wording import Sentence, plain
from rowcol.ui.state import choices, views
from rowcol.views.client.page import ClientView
from rowcol.wording import listed

BOOKS_ZONE = "As the company's books say"
PAY_DAY_MOST = 60
AMOUNT_MOST = 1e12


def show_settings(view: ClientView) -> None:
    """Draw the settings as a form; after saving, what changed and a button to undo it."""
    undo = choices.settings_before(view.business_id)
    if undo is not None:
        _saved_line(view, undo)
    generation = choices.settings_generation(view.business_id)
    with st.form(f"settings_{view.business_id}_{generation}", enter_to_submit=False):
        changed = _fields(view)
        saved = st.form_submit_button("Save settings", type="primary")
    if saved:
        _save(view, changed)


def _save(view: ClientView, changed: ClientSettings) -> None:
    if changed == view.settings:
        st.toast("Nothing was changed.")
        return
    try:
        views.save_settings(view.business_id, changed)
    except RowColError as error:
        st.error(sentence_text(Sentence(error.message, error.hint)))
        return
    choices.remember_settings(view.business_id, view.settings)
    choices.next_settings_generation(view.business_id)
    st.rerun()


def _saved_line(view: ClientView, before: ClientSettings) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        changed = listed(differences(before, view.settings, view.currency)) or "nothing differs now"
        st.success(f"Saved: {plain(changed)}.", icon=":material/check:")
        st.button("Undo", key="settings_undo", on_click=_undo, args=(view.business_id, before))


def _undo(business_id: str, before: ClientSettings) -> None:
    try:
        views.save_settings(business_id, before)
    except RowColError as error:
        choices.add_message(Sentence(error.message, error.hint))
        return
    choices.remember_settings(business_id, None)
    choices.next_settings_generation(business_id)
    st.toast("The settings are as they were.")


def differences(before: ClientSettings, after: ClientSettings, currency: str) -> list[str]:
    """Return each setting that changed as text: `reserve $0.00 → $20,000.00`."""
    changed = []
    for name, old, new in (
        ("reserve", exact_text(before.reserve_cents, currency), exact_text(after.reserve_cents, currency)),
        ("excluded accounts", str(len(before.excluded_accounts)), str(len(after.excluded_accounts))),
        (
            "credit line",
            exact_text(before.credit_line_cents, currency),
            exact_text(after.credit_line_cents, currency),
        ),
        ("time zone", before.time_zone or "of the books", after.time_zone or "of the books"),
        ("working hours", before.working_hours, after.working_hours),
        ("working days", before.working_days, after.working_days),
        ("pay day in days", str(before.pay_day_offset), str(after.pay_day_offset)),
    ):
        if old != new:
            changed.append(f"{name} {old} → {new}")
    if not changed and before.excluded_accounts != after.excluded_accounts:
        changed.append("another account is excluded")
    if before.account_classes != after.account_classes:
        changed.append("the class of accounts")
    return changed


def _fields(view: ClientView) -> ClientSettings:
    left, right = st.columns(2, gap="large")
    with left:
        reserve = _amount(
            "Reserve",
            view.settings.reserve_cents,
            view.currency,
            "Moves the status, the cash-out date and what is safe to pay.",
        )
        excluded = _excluded(view)
        credit_line = _amount(
            "Undrawn credit line",
            view.settings.credit_line_cents,
            view.currency,
            "Shown beside the reserve; never added to cash.",
        )
    with right:
        zone = _zone(view.settings.time_zone)
        hours = _hours(view.settings.working_hours)
        days = _days(view.settings.working_days)
        offset = _pay_day(view)
    classes = _classes(view)
    return replace(
        view.settings,
        reserve_cents=reserve, excluded_accounts=excluded, time_zone=zone, working_hours=hours, working_days=days,
        pay_day_offset=offset, credit_line_cents=credit_line, account_classes=classes,
    )  # fmt: skip


def _amount(label: str, now_cents: int, currency: str, depends: str) -> int:
    value = st.number_input(
        f"{label} ({currency})",
        min_value=0.0,
        max_value=AMOUNT_MOST,
        value=now_cents / 100,
        step=1000.0,
        format="%.2f",
    )
    st.caption(depends)
    return cents(f"{value:.2f}")


def _excluded(view: ClientView) -> tuple[str, ...]:
    accounts = dict(zip(view.bank_accounts["account_id"], view.bank_accounts["name"], strict=True))
    gone = {
        account: f"account {account}"
        for account in view.settings.excluded_accounts
        if account not in accounts
    }
    names = accounts | gone
    chosen = st.multiselect(
        "Accounts left out of cash",
        list(names),
        default=list(view.settings.excluded_accounts),
        format_func=lambda account: str(names[account]),
        placeholder="None: every active bank account counts",
    )
    st.caption(
        "Moves cash, cash buffer, net-burn runway and the status. For restricted or trust money; "
        "what is moved to or from it is set aside, apart from burn."
    )
    return tuple(sorted(chosen))


def _classes(view: ClientView) -> tuple[tuple[str, str], ...]:
    """Return the accounts whose class is set; the same account in two lists is refused when it is saved."""
    names = dict(zip(view.classable_accounts["account_id"], view.classable_accounts["name"], strict=True))
    names |= {
        account: f"account {account}" for account, _ in view.settings.account_classes if account not in names
    }
    chosen = []
    for column, kind in zip(st.columns(len(ACCOUNT_CLASSES)), ACCOUNT_CLASSES, strict=True):
        accounts = column.multiselect(
            f"Counted as {kind}",
            list(names),
            default=[account for account, name in view.settings.account_classes if name == kind],
            format_func=lambda account: str(names[account]),
            placeholder="As the account's type says",
        )
        chosen += [(account, kind) for account in accounts]
    st.caption(
        "Money from or to these accounts, such as affiliates or owners' loans. Moves cash buffer, net-burn runway and the "
        "forecast: only operating money is burn. An excluded account counted as operating was earned or spent."
    )
    return tuple(sorted(chosen))


def _zone(now: str | None) -> str | None:
    zones = [BOOKS_ZONE, *sorted(available_timezones() | ({now} if now else set()))]
    chosen = st.selectbox("Time zone", zones, index=zones.index(now) if now else 0)
    st.caption("Decides which day is today, and so what is overdue and which 90 days the averages use.")
    return None if chosen == BOOKS_ZONE else chosen


def _hours(now: str) -> str:
    hours = [f"{hour:02d}" for hour in range(25)]
    start, _, end = now.partition("-")
    chosen = st.select_slider("Working hours", hours, value=(start, end))
    return f"{chosen[0]}-{chosen[1]}"


def _days(now: str) -> str:
    chosen = st.pills(
        "Working days",
        range(len(WEEKDAYS)),
        selection_mode="multi",
        default=sorted(weekdays(now)),
        format_func=WEEKDAYS.__getitem__,
    )
    st.caption(
        "The books are read by themselves every 13 minutes in these hours (the first ten of a day), hourly at any other "
        "time, every two hours once nobody opened the client for a week. No figure depends on it."
    )
    return weekday_text(chosen) if chosen else now


def _pay_day(view: ClientView) -> int:
    value = st.number_input(
        "Next pay day, days from the as-of date",
        min_value=0,
        max_value=PAY_DAY_MOST,
        value=view.settings.pay_day_offset,
        step=1,
    )
    st.caption("When the forecast pays overdue bills; moves the cash-out date.")
    return int(value)
