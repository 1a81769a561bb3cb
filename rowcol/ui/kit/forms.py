"""Small forms for the advisor's decisions: their keys, the name field, and running a command with its errors shown."""

from collections.abc import Callable

import streamlit as st

from rowcol.decisions.recording import Actor
from rowcol.errors import RowColError
from rowcol.ui.kit.states import sentence_text
from rowcol.ui.kit.wording import Sentence
from rowcol.ui.state import choices, console


def form_key(name: str) -> str:
    """Return the key of a form in a popover and of its fields: another key after `close_form`."""
    return f"{name}_{console.widget_generation(name)}"


def close_form(name: str) -> None:
    """Reset a form in a popover to empty and closed, so that a second click does not run its command again."""
    console.reset_widgets(name)


def name_field(key: str) -> str:
    """Draw the field for the name of who decides; its default is the name typed last, in any form."""
    name = choices.advisor_name()
    return str(st.text_input("Your name", name, key=f"{key}_by_{name}", max_chars=80))


def run_command(command: Callable[[Actor], object], by: str, message: str) -> bool:
    """Run a command of the person named `by`; False, with the error drawn, if it was refused."""
    try:
        command(Actor("", by))
    except RowColError as error:
        st.error(sentence_text(Sentence(error.message, error.hint)))
        return False
    choices.keep_advisor_name(by)
    st.toast(message)
    return True


def run_command_in_callback(command: Callable[[Actor], object], message: str, name: str = "") -> None:
    """Run a command of the advisor from a callback; an error is shown on the page drawn next.

    `name` is used if no name was typed in this session.
    """
    try:
        command(Actor("", choices.advisor_name() or name))
    except RowColError as error:
        choices.add_message(Sentence(error.message, error.hint))
    else:
        st.toast(message)
