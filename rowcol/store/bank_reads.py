"""The named read of what touches bank accounts."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from rowcol.store.reads import Reads


class BankReads(Reads):
    """Reads over one scope; each returns frames whose columns its SQL files name."""

    def bank_activity(self, since: date, payees_since: date) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the documents dated from a day on that touch a bank account, and their lines.

        Of those since the other day what may recur: money to a payee, and money between accounts.
        """
        return self._bank_activity(since, payees_since)

    def _bank_activity(
        self, since: date, payees_since: date, relations: Mapping[str, str] | None = None
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return `bank_activity`; `relations` gives other tables to read in place of typed ones."""
        self._create("bank_touching", relations, since=since, payees_since=payees_since)
        return self._frame("bank_documents", relations), self._frame("bank_lines", relations)
