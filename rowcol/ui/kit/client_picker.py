"""The client pickers: which client a page shows, and the buttons to the previous and the next."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from rowcol.errors import UnknownClient
from rowcol.ui.state import choices, tray

STEP_KEYS = {"‹": "K", "›": "J"}
"""Keyboard shortcuts, as in mail programs; typed into a field they are letters."""
ALL = "all"
ALL_CLIENTS = "All clients"


def client_in_view(names: Mapping[str, str]) -> str | None:
    """Return the client to show, and put it into the address; None if no client is connected.

    Raises UnknownClient if the address names a client that is not connected.
    """
    if not names:
        return None
    chosen = choices.chosen_client() or next(iter(names))
    if chosen not in names:
        choices.forget_client()
        raise UnknownClient(
            "The address names a client that is not connected here",
            "Open Clients and choose one from the list",
        )
    choices.choose_client(chosen)
    return chosen


def neighbours(order: Sequence[str], business_id: str) -> tuple[str, str]:
    """Return the previous and the next client; the ends are joined."""
    at = order.index(business_id)
    return order[at - 1], order[(at + 1) % len(order)]


def show_client_picker(names: Mapping[str, str], business_id: str) -> None:
    """Draw previous, the picker and next; the order is the client list's, most endangered first."""
    before, after = neighbours(list(names), business_id)
    alone = len(names) == 1
    _step("‹", before, f"Previous: {names[before]}", alone, choices.choose_client)
    key = f"picker_{business_id}"
    st.selectbox(
        "Client",
        list(names),
        index=list(names).index(business_id),
        format_func=lambda option: names[option],
        key=key,
        on_change=lambda: choices.choose_client(choices.widget_value(key)),
        label_visibility="collapsed",
        width=230,
    )
    _step("›", after, f"Next: {names[after]}", alone, choices.choose_client)


def tray_scope(names: Mapping[str, str]) -> str | None:
    """Return the client the tray is filtered to, and put it into the address; None for all.

    Raises UnknownClient if the address names a client that is not connected.
    """
    chosen = tray.tray_client()
    if chosen is not None and chosen not in names:
        tray.choose_tray_client(None)
        raise UnknownClient(
            "The address names a client that is not connected here", "Open Tray and choose one from the list"
        )
    tray.choose_tray_client(chosen)
    return chosen


def show_scope_picker(names: Mapping[str, str], scope: str | None) -> None:
    """Draw the choice between all clients and one; if one is chosen, the buttons to the previous and the next."""
    if scope is not None:
        before, after = neighbours(list(names), scope)
        _step("‹", before, f"Previous: {names[before]}", len(names) == 1, tray.choose_tray_client)
    key = f"tray_scope_{scope}"
    st.selectbox(
        "Client",
        [ALL, *names],
        index=0 if scope is None else list(names).index(scope) + 1,
        format_func=lambda business_id: names.get(business_id, ALL_CLIENTS),
        key=key,
        on_change=lambda: tray.choose_tray_client(_one_of(choices.widget_value(key))),
        label_visibility="collapsed",
        width=230,
    )
    if scope is not None:
        _step("›", after, f"Next: {names[after]}", len(names) == 1, tray.choose_tray_client)


def _one_of(chosen: str | None) -> str | None:
    return None if chosen in (None, ALL) else chosen


def _step(label: str, business_id: str, help_text: str, alone: bool, choose: Callable[[str], None]) -> None:
    key = STEP_KEYS[label]
    st.button(
        label,
        key=f"step_{label}",
        help=f"{help_text} (key {key})",
        shortcut=key,
        on_click=choose,
        args=(business_id,),
        disabled=alone,
        width=58,
    )
