"""Small forms that ask the advisor for a decision: folded away, named, and told in a sentence when refused."""

from collections.abc import Callable

import streamlit as st

from rowcol.decisions.recording import Actor
from rowcol.errors import RowColError
from rowcol.ui.kit.states import sentence_text
from rowcol.ui.kit.wording import Sentence
from rowcol.ui.state import choices, console


def form_key(name: str) -> str:
    """Return the key of a folded form and of its fields: another one once `close_form` was called."""
    return f"{name}_{console.drawn_anew(name)}"


def close_form(name: str) -> None:
    """Have a folded form drawn empty and closed: what it asked for is done, a second click must not do it again."""
    console.draw_anew(name)


def name_field(key: str) -> str:
    """Draw the field for who decides; it begins with the name typed before, also where that was in another form."""
    name = choices.advisor_name()
    return str(st.text_input("Your name", name, key=f"{key}_by_{name}", max_chars=80))


def decide(command: Callable[[Actor], object], by: str, told: str) -> bool:
    """Run a command of the person named `by`; False, with the error drawn, if it was refused."""
    try:
        command(Actor("", by))
    except RowColError as error:
        st.error(sentence_text(Sentence(error.message, error.hint)))
        return False
    choices.keep_advisor_name(by)
    st.toast(told)
    return True


def decided_behind(command: Callable[[Actor], object], told: str, name: str = "") -> None:
    """Run a command of the advisor from a callback; an error is shown on the page drawn next.

    `name` is whose command it is if no name was typed in this session.
    """
    try:
        command(Actor("", choices.advisor_name() or name))
    except RowColError as error:
        choices.tell(Sentence(error.message, error.hint))
    else:
        st.toast(told)
