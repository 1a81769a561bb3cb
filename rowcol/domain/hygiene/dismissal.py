"""Findings the advisor has set aside: until the record they are on changes.

Source: docs/definitions.md, Hygiene findings.
"""

import pandas as pd

from rowcol.domain.books import DOCUMENT
from rowcol.domain.current_decisions import DISMISSAL_COLUMNS, empty

FINDING = ["business_id", "code", "entity", "qbo_id"]
"""What names a finding among all clients."""


def nothing_dismissed() -> pd.DataFrame:
    """Return the dismissals of someone who set nothing aside."""
    return empty(DISMISSAL_COLUMNS)


def still_dismissed(dismissals: pd.DataFrame, logged: pd.DataFrame) -> pd.DataFrame:
    """Return the dismissals whose record has not changed since; those on the company itself are all kept.

    `dismissals`: `DISMISSAL_COLUMNS`. `logged`: business_id, entity, qbo_id, version (log position of the record as
    it is now). Whether one on the company still holds is told by its finding: see `is_dismissed`.
    """
    now = dismissals[DOCUMENT].merge(logged, on=DOCUMENT, how="left")["version"].set_axis(dismissals.index)
    same = (now.astype("Int64") == dismissals["version"]).fillna(False).astype(bool)
    return dismissals[same | (dismissals["entity"] == "")].reset_index(drop=True)


def is_dismissed(found: pd.DataFrame, dismissed: pd.DataFrame) -> pd.Series:
    """Tell which findings are set aside. `found`: `FINDING` and version; `dismissed` as `still_dismissed` gives them.

    On a record the version was compared before; on the company itself it must be what it was when dismissed.
    """
    keys = found[FINDING].fillna("").astype("object")
    held = dismissed.drop_duplicates(FINDING)[[*FINDING, "version"]]
    then = keys.merge(held, on=FINDING, how="left", indicator=True).set_axis(found.index)
    same = (then["version"] == found["version"].astype("Int64")).fillna(False).astype(bool)
    return (then["_merge"] == "both") & (same | (keys["entity"] != ""))
