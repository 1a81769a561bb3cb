"""The Digest page's body: exactly what would be sent, what stands at its top, who gets it, and what was sent before."""

from collections.abc import Mapping
from datetime import timedelta

import streamlit as st

from rowcol.delivery.messages import Made, eml
from rowcol.ui.digest.history import show_history
from rowcol.ui.digest.preview import framed
from rowcol.ui.digest.send import show_sending
from rowcol.ui.kit.known_at import aged
from rowcol.ui.kit.wording import counted, long_day, plain
from rowcol.ui.state import choices, digest
from rowcol.ui.state.access import services, zone
from rowcol.ui.state.digest import WHOLE_PRACTICE, Edition
from rowcol.views.digest.records import week_of

PRACTICE_NAME = "The practice"
WEEKS_BACK = 8
FRAME_HEIGHT = 1060


def digest_caption(shown: Edition, names: Mapping[str, str], whose: str) -> str:
    """Return the caption: whose digest, as of which day, known when, and when the next one is made."""
    scope = f"All {counted(len(names), 'client')}" if whose == WHOLE_PRACTICE else plain(names[whose])
    made = "made on its day" if shown.made_by_itself else "made just to look at"
    following = services().digests.runs().next_at.astimezone(zone())
    return " · ".join(
        [
            scope,
            f"as of {long_day(shown.as_of)}",
            f"known {aged(shown.known_at)}",
            made,
            f"the next is made on {following:%a} {following.day} {following:%b} at {following:%H:%M}",
        ]
    )


def show_whose(names: Mapping[str, str], whose: str) -> None:
    """Draw the choice between the practice and its clients, and of the week."""
    key = f"digest_whose_{whose}"
    st.selectbox(
        "Whose digest",
        [WHOLE_PRACTICE, *names],
        index=0 if whose == WHOLE_PRACTICE else list(names).index(whose) + 1,
        format_func=lambda one: names.get(one, PRACTICE_NAME),
        key=key,
        on_change=lambda: digest.choose_digest(choices.widget_value(key)),
        label_visibility="collapsed",
        width=230,
    )
    this_week = week_of(services().digests.today())
    st.selectbox(
        "Week",
        [this_week - timedelta(weeks=back) for back in range(WEEKS_BACK + 1)],
        format_func=lambda week: "This week" if week == this_week else f"Week of {week.day} {week:%b}",
        key="digest_week",
        label_visibility="collapsed",
        width=150,
    )


def week_asked() -> Edition:
    """Return the week's digest that is asked for, before its choice was drawn this week's."""
    this_week = week_of(services().digests.today())
    return digest.edition(choices.widget_value("digest_week") or this_week)


def show_digest(made: Made, shown: Edition) -> None:
    """Draw the mail as it would arrive, and beside it sending, its plain text, and what was sent before."""
    mail, beside = st.columns([3, 2], gap="large")
    with mail:
        st.markdown(f"**{plain(made.rendered.subject)}**")
        st.iframe(framed(made.rendered.html), height=FRAME_HEIGHT)
    with beside:
        _files(made)
        sending, text, history = st.tabs(
            ["Send", "Plain text", "Sent before"], key="digest_tabs", on_change="rerun"
        )
        if sending.open:
            with sending:
                show_sending(made, shown)
        if text.open:
            with text:
                st.code(made.rendered.text, language=None, wrap_lines=True, height=FRAME_HEIGHT - 120)
        if history.open:
            with history:
                show_history(made.business_id)


def _files(made: Made) -> None:
    room = services().digests
    recipients = room.said(made.digest.week).recipients.get(made.business_id, ())
    sender = room.sender()
    files = {
        "HTML": ("html", "text/html", lambda: made.rendered.html.encode("utf-8", "replace")),
        "E-mail": ("eml", "message/rfc822", lambda: eml(made, recipients, sender)),
        "CSV": ("csv", "text/csv", lambda: made.rendered.csv),
    }
    with st.container(horizontal=True):
        for label, (form, kind, written) in files.items():
            st.download_button(
                label, written, f"{made.rendered.slug}.{form}", kind, key=f"digest_{form}", on_click="ignore",
                icon=":material/download:",
            )  # fmt: skip
        st.space("stretch")
        st.button(
            "Make anew",
            key="digest_anew",
            on_click=digest.make_digest_anew,
            type="tertiary",
            icon=":material/refresh:",
            help="Of what is known now. A digest made by the week's run stays as it was made.",
        )
