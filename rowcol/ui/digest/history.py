"""What was sent: to whom, when, of which week, with which figures, and what became of it."""

import pandas as pd
import streamlit as st

from rowcol.store.sent_mail import TEST
from rowcol.ui.digest.send import STATE_WORDS
from rowcol.ui.kit.states import nothing_open
from rowcol.ui.kit.tables import csv_button, show_table
from rowcol.ui.state.access import services, zone

HASH_SHOWN = 8
FILE = {
    "happened_at": "at", "week": "week", "recipient": "recipient", "kind": "kind", "state": "state", "reason": "reason",
    "subject": "subject", "as_of": "as_of", "known_at": "known_at", "figures_hash": "figures", "message_id": "message_id",
}  # fmt: skip


def show_history(business_id: str) -> None:
    """Draw what was sent of one client's digests, or of the practice's own; the newest first."""
    rows = services().digests.history(business_id)
    if rows.empty:
        nothing_open(
            "Nothing was sent yet. What is sent is kept here: to whom, when, and with which figures."
        )
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Newest first, in the practice's own time.", width="stretch")
        csv_button(rows, FILE, "digests-sent.csv", key="digest_history_csv")
    local = rows["happened_at"].dt.tz_convert(zone()).dt.tz_localize(None)
    shown = pd.DataFrame(
        {
            "at": local,
            "state": [
                f"{STATE_WORDS.get(state, state)}{' (test)' if kind == TEST else ''}"
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
