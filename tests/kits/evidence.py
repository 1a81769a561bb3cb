"""Findings of one client's records, each written as it is on the wire."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from tests.kits.findings import findings_of, only, tray
from tests.kits.records import Pair
from tests.kits.store import MEMORY, PracticeStore


class RecordedBooks:
    """The records of one client, the newest version of each, and what the rules find as of TODAY."""

    def __init__(self, records: Iterable[Pair] = ()) -> None:
        self.store = PracticeStore(MEMORY)
        self.land_all(records)

    def land_all(self, records: Iterable[Pair]) -> None:
        """Add records, or put later versions of them in place."""
        self.store.land_all(records)

    def findings(self, *codes: str) -> pd.DataFrame:
        """Return the findings of some codes."""
        return tray(self.store, *codes)

    def findings_of(self, code: str) -> set[tuple[str | None, str | None]]:
        """Return the records (entity, id) a code is found on."""
        return findings_of(self.store, code)

    def only(self, code: str) -> dict[str, Any]:
        """Return the one finding of a code."""
        return only(self.store, code)
