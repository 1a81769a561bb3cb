"""Which client is open: by the address, by the last choice, or the most endangered; and the way to the next."""

from collections.abc import Mapping, Sequence

import streamlit as st

from rowcol.errors import UnknownClient
from rowcol.ui import session


def client_in_view(names: Mapping[str, str]) -> str | None:
    """Return the client to show, kept and put into the address; None where there is none at all.

    Raises UnknownClient where the address names one that is not there.
    """
    if not names:
        return None
    asked = session.chosen_client() or next(iter(names))
    if asked not in names:
        session.forget_client()
        raise UnknownClient(
            "The address names a client that is not connected here",
            "Open Clients and choose one from the list",
        )
    session.choose_client(asked)
    return asked


def neighbours(order: Sequence[str], business_id: str) -> tuple[str, str]:
    """Return the client before and the one after, round the ends."""
    at = order.index(business_id)
    return order[at - 1], order[(at + 1) % len(order)]


def show_choice(names: Mapping[str, str], business_id: str) -> None:
    """Draw previous, the picker and next; the order is the client list's, most endangered first."""
    before, after = neighbours(list(names), business_id)
    alone = len(names) == 1
    _step("‹", before, f"Previous: {names[before]}", alone)
    key = f"picker_{business_id}"
    st.selectbox(
        "Client",
        list(names),
        index=list(names).index(business_id),
        format_func=lambda one: names[one],
        key=key,
        on_change=lambda: session.choose_client(session.widget_value(key)),
        label_visibility="collapsed",
        width=230,
    )
    _step("›", after, f"Next: {names[after]}", alone)


def _step(label: str, business_id: str, help_text: str, alone: bool) -> None:
    st.button(
        label,
        key=f"step_{label}",
        help=help_text,
        on_click=session.choose_client,
        args=(business_id,),
        disabled=alone,
        width=44,
    )
