"""The named reads that roll books back to an earlier day; `Reading` has them."""

from datetime import date

import pandas as pd

from rowcol.store.reads import Reads


class HistoryReads(Reads):
    """Reads over one scope; each returns a frame whose columns its SQL file names."""

    def standing_documents(self) -> pd.DataFrame:
        """Return every bill, invoice, credit and payment, closed ones too, in the form of `open_documents`."""
        return self._frame("standing_documents")

    def applied_lines(self) -> pd.DataFrame:
        """Return every payment line that settles something, in the form of `applications`, and the day it did.

        `applied_on` is the later of the payment's date and the date of what it settles: before, neither was.
        """
        return self._frame("applied_lines")

    def counted_documents(self, since: date) -> pd.DataFrame:
        """Return business_id, documents: the transactions dated from a day on, voided ones left out."""
        return self._frame("counted_documents", since=since)
