"""The Digest page below its head: the mail exactly as it would be sent, and beside it sending, text and history."""

from collections.abc import Mapping
from datetime import timedelta
from html import escape

import streamlit as st

from rowcol.delivery.messages import eml
from rowcol.delivery.render import RenderedDigest
from rowcol.errors import UnknownClient
from rowcol.ui.digest.send import show_history, show_sending
from rowcol.ui.kit.known_at import ago_text, moment_text
from rowcol.ui.kit.states import STALE_LISTED, some_names
from rowcol.ui.kit.wording import Sentence, plain
from rowcol.ui.state import choices, digest
from rowcol.ui.state.access import services, zone
from rowcol.ui.state.digest import WHOLE_PRACTICE, DigestVersion
from rowcol.views.digest.records import ClientDigest, week_of
from rowcol.wording import counted, short_day, weekday

PRACTICE_NAME = "The practice"
WEEKS_BACK = 8
FRAME_HEIGHT = 1060
MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def digest_in_view(names: Mapping[str, str]) -> str:
    """Return the business id of the digest shown ('': the practice's), and put it into the address.

    Raises UnknownClient if the address names a client that is not connected.
    """
    chosen = digest.chosen_digest()
    if chosen != digest.WHOLE_PRACTICE and chosen not in names:
        digest.choose_digest(digest.WHOLE_PRACTICE)
        raise UnknownClient(
            "The address names a client that is not connected here",
            "Open Digest and choose one from the list",
        )
    digest.choose_digest(chosen)
    return chosen


def digest_caption(shown: DigestVersion, names: Mapping[str, str], scope: str) -> str:
    """Return the caption: scope, known-at time, and when the next digest is made; its rows have their days."""
    scope_text = f"All {counted(len(names), 'client')}" if scope == WHOLE_PRACTICE else plain(names[scope])
    origin = "made on its day" if shown.made_by_schedule else "made just to look at"
    following = services().digests.run_state().next_at.astimezone(zone())
    return " · ".join(
        [
            scope_text,
            "each client as of its own day" if scope == WHOLE_PRACTICE else "as of the client's own day",
            f"known at {moment_text(shown.known_at)}, {ago_text(shown.known_at)}",
            origin,
            f"the next is made on {weekday(following)} at {following:%H:%M}",
        ]
    )


def show_digest_picker(names: Mapping[str, str], scope: str) -> None:
    """Draw the choice between the practice and its clients, and of the week."""
    key = f"digest_whose_{scope}"
    st.selectbox(
        "Whose digest",
        [WHOLE_PRACTICE, *names],
        index=0 if scope == WHOLE_PRACTICE else list(names).index(scope) + 1,
        format_func=lambda business_id: names.get(business_id, PRACTICE_NAME),
        key=key,
        on_change=lambda: digest.choose_digest(choices.widget_value(key)),
        label_visibility="collapsed",
        width=230,
    )
    this_week = week_of(services().digests.today())
    st.selectbox(
        "Week",
        [this_week - timedelta(weeks=back) for back in range(WEEKS_BACK + 1)],
        format_func=lambda week: "This week" if week == this_week else f"Week of {short_day(week)}",
        key="digest_week",
        label_visibility="collapsed",
        width=150,
    )


def chosen_version() -> DigestVersion:
    """Return the version of the week chosen, this week's before one was."""
    this_week = week_of(services().digests.today())
    return digest.digest_version(choices.widget_value("digest_week") or this_week)


def render_with_spinner(scope: str, version: DigestVersion, names: Mapping[str, str]) -> RenderedDigest:
    """Return the digest of one client, or of the practice; a spinner shows while it is made. Raises UnknownClient."""
    count = len(names) if scope == WHOLE_PRACTICE else 1
    label = f"Making the digest of {count:,} clients" if count > 1 else "Making the digest"
    with st.spinner(f"{label}…", show_time=True):
        return digest.rendered_digest(scope, version)


def unsafe_clients(rendered: RenderedDigest) -> list[Sentence]:
    """Return the warnings about clients that are not safe to discuss."""
    contents = rendered.digest
    past = contents.week != services().digests.this_week()
    todo = "A past week stays as it was known then" if past else "Refresh, then make the digest anew"
    if isinstance(contents, ClientDigest):
        reason = contents.stale_reason or "its books are older than they should be"
        return [Sentence(f"Not safe to discuss: {reason}", todo)] if contents.stale else []
    stale = contents.freshness.stale
    if not stale:
        return []
    listed = "; ".join(f"{client.name}: {client.reason}" for client in stale[:STALE_LISTED])
    if len(stale) > STALE_LISTED:
        listed = some_names([client.name for client in stale])
    return [
        Sentence(
            f"{counted(len(stale), 'client')} not safe to discuss. {listed}",
            todo,
        )
    ]


def show_digest(rendered: RenderedDigest, shown: DigestVersion) -> None:
    """Draw the mail as it would arrive, and beside it sending, its plain text, and what was sent before."""
    mail, beside = st.columns([3, 2], gap="large")
    with mail:
        st.markdown(f"**{plain(rendered.subject)}**")
        st.iframe(framed(rendered.html), height=FRAME_HEIGHT)
    with beside:
        _files(rendered)
        sending, text, history = st.tabs(
            ["Send", "Plain text", "Sent before"], key="digest_tabs", on_change="rerun"
        )
        if sending.open:
            with sending:
                show_sending(rendered, shown)
        if text.open:
            with text:
                st.code(rendered.text, language=None, wrap_lines=True, height=FRAME_HEIGHT - 120)
        if history.open:
            with history:
                show_history(rendered.business_id)


def framed(html: str) -> str:
    """Return a page whose only content is a mail, in a frame that runs nothing, loads nothing and cannot reach this page.

    Streamlit's own frame may run scripts as if they were the dashboard's. So the mail is put into a second frame
    within it, sandboxed without any permission, under a policy that allows styles and nothing else.
    """
    return (
        "<!doctype html><html><head><meta charset='utf-8'>"
        f'<meta http-equiv="Content-Security-Policy" content="{escape(MAIL_POLICY)}">'
        "<style>html,body{margin:0;height:100%}iframe{border:0;width:100%;height:100%;display:block}</style></head>"
        f'<body><iframe sandbox="" referrerpolicy="no-referrer" title="The mail as it would be sent" '
        f'srcdoc="{escape(html, quote=True)}"></iframe></body></html>'
    )


def _files(rendered: RenderedDigest) -> None:
    digests = services().digests
    recipients = digests.decided(rendered.digest.week).recipients.get(rendered.business_id, ())
    sender = digests.sender()
    files = {
        "HTML": ("html", "text/html", lambda: rendered.html.encode("utf-8", "replace")),
        "E-mail": ("eml", "message/rfc822", lambda: eml(rendered, recipients, sender)),
        "CSV": ("csv", "text/csv", lambda: rendered.csv),
    }
    with st.container(horizontal=True):
        for label, (form, kind, written) in files.items():
            st.download_button(
                label, written, f"{rendered.slug}.{form}", kind, key=f"digest_{form}", on_click="ignore",
                icon=":material/download:",
            )  # fmt: skip
        st.space("stretch")
        st.button(
            "Make anew",
            key="digest_anew",
            on_click=digest.make_digest_again,
            type="tertiary",
            icon=":material/refresh:",
            help="Of what is known now. A digest made by the week's run stays as it was made.",
        )
