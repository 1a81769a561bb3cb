"""Recording and undoing decisions from the console's buttons; errors are shown above the figures."""

from collections.abc import Callable

import streamlit as st

from rowcol.decisions.recording import Actor, Recorded, undo
from rowcol.errors import RowColError
from rowcol.ui.kit.wording import Sentence, plain
from rowcol.ui.state import choices, console
from rowcol.ui.state.access import services

NO_NAME = Sentence(
    "Nobody is named as the one who decides", "Write your name beside the buttons, then decide again"
)


def record_decision(command: Callable[[Actor], Recorded]) -> bool:
    """Run a command under the advisor's name and keep it for undo; False, with the error shown, if it was refused."""
    name = choices.advisor_name()
    if not name:
        choices.add_message(NO_NAME)
        return False
    try:
        console.remember_recorded(command(Actor("", name)))
    except RowColError as error:
        choices.add_message(Sentence(error.message, error.hint))
        return False
    return True


def show_name_field() -> None:
    """Draw the field for the name decisions are recorded under."""

    def named() -> None:
        choices.keep_advisor_name(choices.widget_value("console_name") or "")

    st.text_input(
        "Your name", choices.advisor_name(), key="console_name", placeholder="Your name", on_change=named,
        label_visibility="collapsed", icon=":material/person:", width=180, max_chars=80,
        help="Kept with every decision.",
    )  # fmt: skip


def show_undo(business_id: str) -> None:
    """Draw the button that undoes the last decision, if there is one."""
    decision = console.last_recorded(business_id)
    if decision is not None:
        st.button(
            "Undo", key="console_undo", icon=":material/undo:", help=f"Takes back: {plain(decision.effect)}",
            on_click=_undo, args=(decision,), width=110,
        )  # fmt: skip


def _undo(decision: Recorded) -> None:
    name = choices.advisor_name()
    if not name:
        choices.add_message(NO_NAME)
        return
    try:
        undo(services().decision_log, Actor("", name), decision)
    except RowColError as error:
        choices.add_message(Sentence(error.message, error.hint))
        return
    console.forget_recorded(decision.business_id)
    console.reset_widgets(decision.business_id)
