"""Doing and undoing from the console's buttons: a refusal is told above the figures, the last step can be taken back."""

from collections.abc import Callable

import streamlit as st

from rowcol.decisions.step import Step
from rowcol.errors import RowColError
from rowcol.ui import session
from rowcol.ui.words import Sentence, plain

NO_NAME = Sentence(
    "Nobody is named as the one who decides", "Write your name beside the buttons, then decide again"
)


def act(command: Callable[[str], Step]) -> bool:
    """Carry a command out under the advisor's name and keep it for undo; False where it was refused, which is told."""
    name = session.advisor_name()
    if not name:
        session.tell(NO_NAME)
        return False
    try:
        session.remember_step(command(name))
    except RowColError as error:
        session.tell(Sentence(error.message, error.hint))
        return False
    return True


def show_name() -> None:
    """Draw whose name decisions are kept under."""

    def named() -> None:
        session.keep_advisor_name(session.widget_value("console_name") or "")

    st.text_input(
        "Your name", session.advisor_name(), key="console_name", placeholder="Your name", on_change=named,
        label_visibility="collapsed", icon=":material/person:", width=180, max_chars=80,
        help="Kept with every decision.",
    )  # fmt: skip


def show_undo(business_id: str) -> None:
    """Draw what was done last and the button that takes it back; nothing where nothing was done."""
    step = session.last_step(business_id)
    if step is not None:
        st.button(
            "Undo", key="console_undo", icon=":material/undo:", help=f"Takes back: {plain(step.told)}",
            on_click=_undo, args=(step,), width=110,
        )  # fmt: skip


def _undo(step: Step) -> None:
    name = session.advisor_name()
    if not name:
        session.tell(NO_NAME)
        return
    try:
        session.services().console.undo(step, name)
    except RowColError as error:
        session.tell(Sentence(error.message, error.hint))
        return
    session.forget_step(step.business_id)
    session.draw_anew(step.business_id)
