"""Small forms that ask the advisor for a decision: folded away, named, and told in a sentence when refused."""

from collections.abc import Callable

import streamlit as st

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


def decide(command: Callable[[], object], by: str, told: str) -> bool:
    """Carry out a command and draw the page anew; False, with what was wrong, where it was refused."""
    try:
        command()
    except RowColError as error:
        st.error(sentence_text(Sentence(error.message, error.hint)))
        return False
    choices.keep_advisor_name(by)
    st.toast(told)
    return True


def decided_behind(command: Callable[[], object], told: str) -> None:
    """Carry out a command from a callback; what was wrong is told on the page drawn next."""
    try:
        command()
    except RowColError as error:
        choices.tell(Sentence(error.message, error.hint))
    else:
        st.toast(told)
