"""What a gateway gives: rows, and whether the books they come from are current."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd


@dataclass(frozen=True)
class Listed:
    """Rows of one client; where `stale`, `reason` says why in a sentence and `finding` is the sync finding's code."""

    rows: pd.DataFrame
    refreshed_at: datetime | None
    stale: bool = False
    reason: str = ""
    finding: str | None = None
