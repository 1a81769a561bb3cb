"""Sending a digest: its note, its recipients, the button that sends it, and the history of what was sent."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from rowcol.decisions.digests import LONGEST_NOTE, set_next_call, set_recipients, write_note
from rowcol.decisions.recording import OPERATOR, Actor
from rowcol.delivery.mail import addresses as valid_addresses
from rowcol.delivery.outbox import Delivery
from rowcol.delivery.render import RenderedDigest
from rowcol.delivery.smtp import missing_settings
from rowcol.errors import RowColError
from rowcol.store.control.sent_mail import HANDING_OVER, NOT_SENT, REFUSED, SENT, TEST, UNCERTAIN
from rowcol.ui.kit.forms import name_field, run_command
from rowcol.ui.kit.states import sentence_text, show_no_rows
from rowcol.ui.kit.tables import csv_button, show_table
from rowcol.ui.kit.wording import Sentence, plain
from rowcol.ui.state import choices, digest
from rowcol.ui.state.access import services, zone
from rowcol.ui.state.digest import WHOLE_PRACTICE, DigestVersion
from rowcol.views.digest.records import ClientDigest
from rowcol.wording import listed

STATE_LABELS = {
    SENT: "✓ Sent", REFUSED: "✗ Refused", NOT_SENT: "○ Not sent", UNCERTAIN: "◆ Uncertain", HANDING_OVER: "◆ Uncertain",
}  # fmt: skip
HASH_SHOWN = 8
HISTORY_FILE = {
    "happened_at": "at", "week": "week", "recipient": "recipient", "kind": "kind", "state": "state", "reason": "reason",
    "subject": "subject", "as_of": "as_of", "known_at": "known_at", "figures_hash": "figures", "message_id": "message_id",
}  # fmt: skip
AGAIN_HELP = "To those, too, who have it or may have it."


def show_sending(rendered: RenderedDigest, shown: DigestVersion) -> None:
    """Draw the form, the recipients and the button to send; a past week is shown only."""
    if shown.week != services().digests.this_week():
        st.caption("A past week is shown as it was; only this week's digest can be sent.")
        return
    _send(rendered)
    _contents(rendered)
    _trial(rendered)


def _contents(rendered: RenderedDigest) -> None:
    """Draw the form for a digest's note, recipients and next call."""
    recipients = services().digests.decided(rendered.digest.week).recipients.get(rendered.business_id, ())
    with st.form(f"digest_said_{rendered.business_id}_{rendered.digest.week}", enter_to_submit=False):
        note = st.text_area(
            "Note at the top", rendered.digest.note, max_chars=LONGEST_NOTE, height=110,
            placeholder="What you would say first on the phone.",
        )  # fmt: skip
        text = st.text_area(
            "Recipients, one a line", "\n".join(recipients), height=96, placeholder="name@example.com",
            help="Each gets a mail of their own; nobody sees who else did.",
        )  # fmt: skip
        next_call = _next_call(rendered)
        by = name_field("digest_said")
        saved = st.form_submit_button("Save")
    addresses = [line for line in text.replace(",", "\n").splitlines() if line.strip()]
    if saved and run_command(lambda actor: _keep(actor, rendered, note, addresses, next_call), by, "Kept."):
        st.rerun()


def _next_call(rendered: RenderedDigest) -> date | None:
    if not isinstance(rendered.digest, ClientDigest):
        return None
    chosen: Any = st.date_input("Next call", rendered.digest.next_call, format="YYYY-MM-DD")
    return chosen or None


def _keep(
    actor: Actor, rendered: RenderedDigest, note: str, addresses: Sequence[str], next_call: date | None
) -> None:
    """Record what differs from what is stored; the addresses first, since only they can be refused."""
    digests, log, week = services().digests, services().decision_log, rendered.digest.week
    if tuple(addresses) != digests.decided(week).recipients.get(rendered.business_id, ()):
        set_recipients(log, actor, rendered.business_id, valid_addresses(addresses))
    if isinstance(rendered.digest, ClientDigest) and next_call != rendered.digest.next_call:
        set_next_call(
            log, actor, rendered.business_id, next_call, services().gateway.today(rendered.business_id)
        )
    if note.strip() != rendered.digest.note:
        write_note(log, actor, rendered.business_id, week, note)


def _send(rendered: RenderedDigest) -> None:
    digests = services().digests
    recipients = digests.decided(rendered.digest.week).recipients.get(rendered.business_id, ())
    missing = missing_settings(digests.settings)
    label = "Send" if rendered.business_id == WHOLE_PRACTICE else "Approve and send"
    states = digests.sent_log.states(rendered.digest.week)
    attempted = [recipient for recipient in recipients if (rendered.business_id, recipient) in states]
    by = name_field("digest_send") if recipients and not missing else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        sent = st.button(
            f"{label} to {len(recipients)}" if recipients else label,
            type="primary",
            icon=":material/send:",
            key="digest_send",
            disabled=bool(missing) or not recipients,
        )
        again = bool(attempted) and st.checkbox("Send again", key="digest_again", help=AGAIN_HELP)
    if missing:
        st.info(
            sentence_text(Sentence("No mail server is set", f"Set {listed(missing)} and start RowCol again")),
            icon=":material/mail_off:",
        )
    elif not recipients:
        st.caption("Name at least one recipient below.")
    if sent:
        _carry_out(rendered, by, again)
    _outcome(digest.digest_outcome(rendered.business_id, rendered.digest.week))


def _carry_out(rendered: RenderedDigest, by: str, again: bool) -> None:
    nameless = rendered.business_id == WHOLE_PRACTICE and not by.strip()
    try:
        actor = OPERATOR if nameless else Actor("", by)
        with st.spinner("Handing the mail over…"):
            done = services().digests.send(actor, rendered, again=again)
    except RowColError as error:
        st.error(sentence_text(Sentence(error.message, error.hint)))
        return
    choices.keep_advisor_name(by)
    digest.remember_digest_outcome(rendered.business_id, rendered.digest.week, done)


def _outcome(done: Sequence[Delivery]) -> None:
    for delivery in done:
        text = f"{STATE_LABELS[delivery.state]}: {plain(delivery.key.recipient)}"
        already = "" if delivery.now or delivery.state != SENT else " (before; not sent again)"
        if delivery.state == SENT:
            st.success(f"{text}{already}")
        else:
            st.warning(f"{text}. {plain(delivery.reason)}")


def _trial(rendered: RenderedDigest) -> None:
    digests = services().digests
    if missing_settings(digests.settings):
        return
    with st.popover("Test mail", icon=":material/mark_email_read:", key="digest_trial"):
        st.caption("A short mail with nothing from anybody's books, to see that mail works.")
        recipient = st.text_input("To", key="digest_trial_to", placeholder="you@example.com")
        if st.button("Send test mail", key="digest_trial_send"):
            try:
                _outcome([digests.send_trial(recipient, rendered)])
            except RowColError as error:
                st.error(sentence_text(Sentence(error.message, error.hint)))


def show_history(business_id: str) -> None:
    """Draw what was sent of one client's digests, or of the practice's own; the newest first."""
    rows = services().digests.sent_log.history(business_id)
    if rows.empty:
        show_no_rows(
            "Nothing was sent yet. What is sent is kept here: to whom, when, and with which figures."
        )
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Newest first, in the practice's own time.", width="stretch")
        csv_button(rows, HISTORY_FILE, "digests-sent.csv", key="digest_history_csv", of=None)
    local = rows["happened_at"].dt.tz_convert(zone()).dt.tz_localize(None)
    shown = pd.DataFrame(
        {
            "at": local,
            "state": [
                f"{STATE_LABELS.get(state, state)}{' (test)' if kind == TEST else ''}"
                for state, kind in zip(rows["state"], rows["kind"], strict=True)
            ],
            "recipient": rows["recipient"],
            "as_of": rows["as_of"],
            "figures": rows["figures_hash"].str[:HASH_SHOWN],
            "reason": rows["reason"],
        }
    )
    config = {
        "at": st.column_config.DatetimeColumn("When", format="D MMM, HH:mm", width=96),
        "state": st.column_config.TextColumn("State", width=96),
        "recipient": st.column_config.TextColumn("To", width=142),
        "as_of": st.column_config.DateColumn("As of", format="D MMM YYYY", width=88),
        "figures": st.column_config.TextColumn(
            "Figures", width=76, help="The same figures have the same mark; the file has it whole."
        ),
    }
    if rows["reason"].ne("").any():  # half a page is wide enough for five
        del config["as_of"], config["figures"]
        config["reason"] = st.column_config.TextColumn("Why", width=164)
        shown["reason"] = shown["reason"].replace("", None)
    show_table(shown, config, "digest_history", narrow=("at", "state", "recipient"))
