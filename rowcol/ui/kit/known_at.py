"""Known at: the choice of a past moment whose knowledge of the books is shown, beside the as-of date."""

from datetime import datetime, time, timedelta

import streamlit as st

from rowcol.ui.kit.wording import Sentence, plain
from rowcol.ui.state import choices
from rowcol.ui.state.access import services, zone
from rowcol.wording import ago, long_day, short_day

STEP = timedelta(minutes=15)
END_OF_DAY = time(18, 0)
"""Default time of day: after the working hours of the day chosen."""


def moment_text(at: datetime) -> str:
    """Return a moment in the practice's time zone: `Fri 13 Nov 2026, 09:00`."""
    local = at.astimezone(zone())
    return f"{long_day(local.date())}, {local:%H:%M}"


def known_at_text() -> str:
    """Return the caption's part about the moment shown; '' if it is now."""
    chosen = choices.chosen_known_at()
    return f"as known at {moment_text(chosen)}" if chosen else ""


def reference_time() -> datetime:
    """Return the moment that ages are relative to: the past moment shown, else now."""
    return choices.chosen_known_at() or services().now()


def ago_text(at: datetime | None) -> str:
    """Return an age: `4 min ago`, or `4 min before` if a past moment is shown."""
    text = ago(at, reference_time())
    return text if choices.chosen_known_at() is None else text.replace(" ago", " before")


def past_notice() -> list[Sentence]:
    """Return the notice above figures of a past moment; empty for now."""
    chosen = choices.chosen_known_at()
    if chosen is None:
        return []
    notice = (
        f"These are the books as RowCol knew them at {moment_text(chosen)}: nothing read later is in them"
    )
    return [Sentence(notice)]


def show_nothing_known(subject: str) -> None:
    """Draw a page of a moment before the first refresh of `subject`, in place of today's figures."""
    with st.container(border=True, key="nothing-known"):
        st.subheader("Nothing was known then", anchor=False)
        st.markdown(
            f"Nothing of {plain(subject)} had been read from QuickBooks by {plain(moment_text(reference_time()))}. "
            "Choose a later moment, or press **Back to now** above."
        )


def show_known_at() -> None:
    """Draw the popover that chooses the moment, and the button back to now."""
    chosen = choices.chosen_known_at()
    local = chosen.astimezone(zone()) if chosen else None
    label = f"Known {short_day(local)}, {local:%H:%M}" if local else "Known now"
    with st.popover(
        label,
        type="tertiary",
        icon=":material/history:",
        help="As known at: which knowledge of the books",
        key=f"known_at_{chosen}",  # another moment makes another popover, which is closed
    ):
        _form(local)
    if chosen is not None:
        st.button(
            "Back to now", key="known_now", on_click=choices.choose_known_at, args=(None,), type="tertiary"
        )


def _form(local: datetime | None) -> None:
    now = services().now().astimezone(zone())
    st.markdown(
        "**As known at**  \n"
        "The books as RowCol knew them at a past moment, whatever was changed in QuickBooks later."
    )
    with st.form(f"known_form_{local}", border=False):
        left, right = st.columns(2)
        day = left.date_input(
            "Day", local.date() if local else now.date() - timedelta(days=1), max_value=now.date(), format="YYYY-MM-DD",
            key=f"known_day_{local}",
        )  # fmt: skip
        at = right.time_input(
            "Time", local.time() if local else END_OF_DAY, step=STEP, key=f"known_time_{local}"
        )
        st.markdown(f":gray[Times in {plain(zone().key.replace('_', ' '))}; a moment to come means now.]")
        if st.form_submit_button("Show", type="primary") and at is not None:
            choices.choose_known_at(datetime.combine(day, at, zone()))
            st.rerun()
