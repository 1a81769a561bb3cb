"""Sending a digest: what stands at its top, who gets it, and the one button that sends it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from rowcol.decisions.digests import LONGEST_NOTE
from rowcol.delivery.messages import Made
from rowcol.delivery.outbox import Delivered
from rowcol.errors import RowColError
from rowcol.store.sent_mail import HANDING_OVER, NOT_SENT, REFUSED, SENT, UNCERTAIN
from rowcol.ui.kit.forms import decide, name_field
from rowcol.ui.kit.states import sentence_text
from rowcol.ui.kit.wording import Sentence, listed, plain
from rowcol.ui.state import choices, digest
from rowcol.ui.state.access import services
from rowcol.ui.state.digest import WHOLE_PRACTICE, Edition
from rowcol.views.digest.records import ClientDigest

STATE_WORDS = {
    SENT: "✓ Sent", REFUSED: "✗ Refused", NOT_SENT: "○ Not sent", UNCERTAIN: "◆ Uncertain", HANDING_OVER: "◆ Uncertain",
}  # fmt: skip
AGAIN_HELP = "To those, too, who have it or may have it."


def show_sending(made: Made, shown: Edition) -> None:
    """Draw the note, the recipients, and the way to send; an old week can be looked at alone."""
    if shown.week != services().digests.this_week():
        st.caption("A past week is shown as it was; only this week's digest can be sent.")
        return
    _send(made)
    _contents(made)
    _trial(made)


def _contents(made: Made) -> None:
    """Draw what is said with a digest and to whom, as one form."""
    held = services().digests.said(made.digest.week).recipients.get(made.business_id, ())
    with st.form(f"digest_said_{made.business_id}_{made.digest.week}", enter_to_submit=False):
        note = st.text_area(
            "Note at the top", made.digest.note, max_chars=LONGEST_NOTE, height=110,
            placeholder="What you would say first on the phone.",
        )  # fmt: skip
        text = st.text_area(
            "Recipients, one a line", "\n".join(held), height=96, placeholder="name@example.com",
            help="Each gets a mail of their own; nobody sees who else did.",
        )  # fmt: skip
        next_call = _next_call(made)
        by = name_field("digest_said")
        saved = st.form_submit_button("Save")
    addresses = [line for line in text.replace(",", "\n").splitlines() if line.strip()]
    if saved and decide(lambda: _keep(made, note, addresses, next_call, by), by, "Kept."):
        st.rerun()


def _next_call(made: Made) -> date | None:
    if not isinstance(made.digest, ClientDigest):
        return None
    chosen: Any = st.date_input("Next call", made.digest.next_call, format="YYYY-MM-DD")
    return chosen or None


def _keep(made: Made, note: str, addresses: Sequence[str], next_call: date | None, by: str) -> None:
    """Keep what differs from what stands; addresses first, since they alone can be refused."""
    room, week = services().digests, made.digest.week
    if tuple(addresses) != room.said(week).recipients.get(made.business_id, ()):
        room.set_recipients(made.business_id, addresses, by)
    if isinstance(made.digest, ClientDigest) and next_call != made.digest.next_call:
        room.set_next_call(made.business_id, next_call, by)
    if note.strip() != made.digest.note:
        room.write_note(made.business_id, week, note, by)


def _send(made: Made) -> None:
    room = services().digests
    recipients = room.said(made.digest.week).recipients.get(made.business_id, ())
    missing = room.missing()
    what = "Send" if made.business_id == WHOLE_PRACTICE else "Approve and send"
    fates = room.log.fates(made.digest.week)
    had = [one for one in recipients if (made.business_id, one) in fates]
    by = name_field("digest_send") if recipients and not missing else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        sent = st.button(
            f"{what} to {len(recipients)}" if recipients else what,
            type="primary",
            icon=":material/send:",
            key="digest_send",
            disabled=bool(missing) or not recipients,
        )
        again = bool(had) and st.checkbox("Send again", key="digest_again", help=AGAIN_HELP)
    if missing:
        st.info(
            sentence_text(Sentence("No mail server is set", f"Set {listed(missing)} and start RowCol again")),
            icon=":material/mail_off:",
        )
    elif not recipients:
        st.caption("Name at least one recipient below.")
    if sent:
        _carry_out(made, by, again)
    _outcome(digest.digest_outcome(made.business_id, made.digest.week))


def _carry_out(made: Made, by: str, again: bool) -> None:
    try:
        with st.spinner("Handing the mail over…"):
            done = services().digests.send(made, by, again=again)
    except RowColError as error:
        st.error(sentence_text(Sentence(error.message, error.hint)))
        return
    choices.keep_advisor_name(by)
    digest.remember_digest_outcome(made.business_id, made.digest.week, done)


def _outcome(done: Sequence[Delivered]) -> None:
    for one in done:
        told = f"{STATE_WORDS[one.state]}: {plain(one.letter.recipient)}"
        already = "" if one.now or one.state != SENT else " (before; not sent again)"
        if one.state == SENT:
            st.success(f"{told}{already}")
        else:
            st.warning(f"{told}. {plain(one.reason)}")


def _trial(made: Made) -> None:
    room = services().digests
    if room.missing():
        return
    with st.popover("Test mail", icon=":material/mark_email_read:", key="digest_trial"):
        st.caption("A short mail with nothing from anybody's books, to see that mail works.")
        recipient = st.text_input("To", key="digest_trial_to", placeholder="you@example.com")
        if st.button("Send test mail", key="digest_trial_send"):
            try:
                _outcome([room.send_trial(recipient, made)])
            except RowColError as error:
                st.error(sentence_text(Sentence(error.message, error.hint)))
