"""Findings that were opened or closed between two moments."""

import pandas as pd

from rowcol.domain.books import DOCUMENT
from rowcol.domain.comparison.records import CHANGE_COLUMNS, change_frame

OPENED, CLOSED = "finding opened", "finding closed"
SINCE_CALL = ("DELETED_SINCE", "BACKDATED")
"""Findings that look back to the last call alone: the next call closes them, nobody did."""
_KEY = ["business_id", "code", "entity", "qbo_id"]


def finding_changes(then: pd.DataFrame, now: pd.DataFrame, touched: pd.DataFrame) -> pd.DataFrame:
    """Return the findings of now that were not there then, and the other way round (`CHANGE_COLUMNS`).

    `then`, `now`: business_id, code, entity, qbo_id, party, amount_cents, message. `field` is the code, `before` and
    `after` the message, `amount_cents` what is at stake. changed_at: when the record's change was logged; missing
    where the record is as it was and time alone opened or closed the finding. `touched`: `DOCUMENT` and changed_at.
    """
    closed = _not_in(then[~then["code"].isin(SINCE_CALL)], now)
    opened = _not_in(now, then)
    rows = pd.concat(
        [
            opened.assign(change=OPENED, after=opened["message"]),
            closed.assign(change=CLOSED, before=closed["message"]),
        ],
        ignore_index=True,
    ).assign(field=lambda found: found["code"])
    rows = rows.merge(
        touched[[*DOCUMENT, "changed_at"]].astype({"qbo_id": "object"}), on=DOCUMENT, how="left"
    )
    return change_frame(rows.reindex(columns=CHANGE_COLUMNS))


def _not_in(rows: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    here, there = (pd.MultiIndex.from_frame(frame[_KEY].fillna("")) for frame in (rows, others))
    return rows[~here.isin(there)]
