"""Doing and undoing from the console's buttons: a refusal is told above the figures, the last step can be taken back."""

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


def act(command: Callable[[Actor], Recorded]) -> bool:
    """Run a command under the advisor's name and keep it for undo; False, with the error shown, if it was refused."""
    name = choices.advisor_name()
    if not name:
        choices.tell(NO_NAME)
        return False
    try:
        console.remember_step(command(Actor("", name)))
    except RowColError as error:
        choices.tell(Sentence(error.message, error.hint))
        return False
    return True


def show_name() -> None:
    """Draw whose name decisions are kept under."""

    def named() -> None:
        choices.keep_advisor_name(choices.widget_value("console_name") or "")

    st.text_input(
        "Your name", choices.advisor_name(), key="console_name", placeholder="Your name", on_change=named,
        label_visibility="collapsed", icon=":material/person:", width=180, max_chars=80,
        help="Kept with every decision.",
    )  # fmt: skip


def show_undo(business_id: str) -> None:
    """Draw what was done last and the button that takes it back; nothing where nothing was done."""
    step = console.last_step(business_id)
    if step is not None:
        st.button(
            "Undo", key="console_undo", icon=":material/undo:", help=f"Takes back: {plain(step.effect)}",
            on_click=_undo, args=(step,), width=110,
        )  # fmt: skip


def _undo(step: Recorded) -> None:
    name = choices.advisor_name()
    if not name:
        choices.tell(NO_NAME)
        return
    try:
        undo(services().decision_log, Actor("", name), step)
    except RowColError as error:
        choices.tell(Sentence(error.message, error.hint))
        return
    console.forget_step(step.business_id)
    console.draw_anew(step.business_id)
