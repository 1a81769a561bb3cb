"""The head of every page: title, as-of date, one-click refresh and one caption."""

from collections.abc import Callable, Mapping
from datetime import date

import streamlit as st

from rowcol.ui.kit.known_at import show_known_at
from rowcol.ui.kit.wording import plain
from rowcol.ui.state import choices
from rowcol.ui.state.access import services
from rowcol.ui.state.refreshing import read_behind, refresher, show_refresh


def show_head(
    title: str,
    caption: str,
    names: Mapping[str, str],
    as_of: date | None = None,
    between: Callable[[], None] | None = None,
) -> bool:
    """Draw the head of a page; return whether its one client is being read anew behind the figures.

    `names` are the clients its Refresh button refreshes (business_id -> name): a page of one client brings it up to
    date by itself, a page of many shows ages. `as_of` is the date shown, None for a page without one; `between`
    draws what stands left of the date, in a row.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", key="head"):
        st.title(plain(title), anchor=False, width="stretch")
        if between is not None:
            between()
        if as_of is not None:
            _as_of_picker(as_of)
            show_known_at()
        _refresh_button(names)
    st.caption(caption)
    show_refresh()
    return len(names) == 1 and read_behind(next(iter(names)))


def _as_of_picker(as_of: date) -> None:
    key = f"as_of_{as_of}"

    def chosen() -> None:
        choices.choose_as_of(choices.widget_value(key))

    if choices.chosen_as_of() is not None:
        st.button("Today", key="as_of_today", on_click=choices.choose_as_of, args=(None,), type="tertiary")
    st.date_input(
        "As of",
        as_of,
        key=key,
        on_change=chosen,
        format="YYYY-MM-DD",
        label_visibility="collapsed",
        width=160,
    )


def _refresh_button(names: Mapping[str, str]) -> None:
    running = refresher().state.running
    past = choices.chosen_known_at() is not None
    label = "Refreshing…" if running else ("Refresh all" if len(names) != 1 else "Refresh")
    st.button(
        label,
        key="refresh",
        type="primary",
        icon=":material/sync:",
        disabled=running or past or not names,
        help="The page shows a past moment: go back to now to refresh." if past else None,
        on_click=_start_refresh,
        args=(names,),
        width=150,
    )


def _start_refresh(names: Mapping[str, str]) -> None:
    refresher().start(services(), names, choices.chosen_as_of())
