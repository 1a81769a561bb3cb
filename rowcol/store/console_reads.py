"""The named reads of the decision console beyond those of the figures; `Reading` has them."""

from datetime import date

import pandas as pd

from rowcol.store.reads import Reads


class ConsoleReads(Reads):
    """Reads over one scope; each returns a frame whose columns its SQL file names."""

    def bills_paid(self, since: date) -> pd.DataFrame:
        """Return what was paid on bills on a day since, line by line, oldest first; amounts in the payment's currency."""
        return self._frame("bills_paid", since=since)
