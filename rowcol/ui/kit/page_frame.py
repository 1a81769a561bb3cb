"""The frame of every page: title, picker, date, refresh and caption, then its figures or why it has none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum

import streamlit as st

from rowcol.ui.kit.known_at import past_notice, show_known_at, show_nothing_known
from rowcol.ui.kit.states import show_loading, show_never_refreshed, show_warnings
from rowcol.ui.kit.wording import Sentence, plain
from rowcol.ui.state import choices
from rowcol.ui.state.access import services
from rowcol.ui.state.refreshing import refresh_opened_client, refresher, show_refresh


class PageState(Enum):
    """What a page shows below its warnings; stale figures are FIGURES with a warning above them."""

    FIGURES = "figures"
    NOTHING_KNOWN = "nothing known at the moment shown"
    LOADING = "first refresh running"
    NEVER_REFRESHED = "never refreshed"


def page_state(*, read: bool, past: bool, refreshing: bool) -> PageState:
    """Return what a page shows.

    `read`: some books were read from QuickBooks by the moment shown; `past`: that moment is a past one;
    `refreshing`: a refresh that will bring figures is running.
    """
    if read:
        return PageState.FIGURES
    if past:
        return PageState.NOTHING_KNOWN
    return PageState.LOADING if refreshing else PageState.NEVER_REFRESHED


@dataclass(frozen=True)
class PageFrame:
    """What is drawn around a page's figures.

    `clients` are those its Refresh button refreshes (business_id -> name): a page of one client refreshes it in the
    background when opened. `days` are the as-of days shown, none for a page without one, which has no past moment either.
    `picker` draws the pickers left of the date. `read` as for `page_state`; `subject` is whom the figures are of.
    """

    title: str
    caption: str
    clients: Mapping[str, str]
    days: Sequence[date] = ()
    picker: Callable[[], None] | None = None
    read: bool = True
    subject: str = "your clients"


def show_head(frame: PageFrame) -> bool:
    """Draw the head of a page; return whether its one client is being refreshed in the background."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="head"):
        st.title(plain(frame.title), anchor=False, width="stretch")
        if frame.picker is not None:
            frame.picker()
        if frame.days:
            _as_of_picker(frame.days[0] if len(frame.days) == 1 else None)
            show_known_at()
        _refresh_button(frame.clients)
    st.caption(frame.caption)
    show_refresh()
    return len(frame.clients) == 1 and refresh_opened_client(next(iter(frame.clients)))


def show_body(
    frame: PageFrame, refreshing: bool, warnings: Sequence[Sentence], figures: Callable[[], None]
) -> None:
    """Draw a page below its head: messages and warnings, then its figures or why there are none.

    `refreshing` as `show_head` returned it; `warnings` are replaced by a notice if a past moment is shown.
    """
    past = bool(frame.days) and choices.chosen_known_at() is not None
    refresh = refresher().state
    refreshing = refreshing or (refresh.running and not refresh.names.keys().isdisjoint(frame.clients))
    state = page_state(read=frame.read, past=past, refreshing=refreshing)
    if state is PageState.NOTHING_KNOWN:
        warnings = ()
    elif past:
        warnings = past_notice()
    show_warnings([*choices.take_messages(), *warnings])
    match state:
        case PageState.FIGURES:
            figures()
        case PageState.NOTHING_KNOWN:
            show_nothing_known(frame.subject)
        case PageState.LOADING:
            show_loading(list(frame.clients.values()))
        case PageState.NEVER_REFRESHED:
            show_never_refreshed(list(frame.clients.values()))


def show_empty_page(title: str, empty: Callable[[], None]) -> None:
    """Draw a page before any client is connected; `empty` says what to do first."""
    show_head(PageFrame(title, "No client connected yet", {}))
    empty()


def _as_of_picker(as_of: date | None) -> None:
    """Draw the choice of the as-of date; without a date if each client is as of its own day."""
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
