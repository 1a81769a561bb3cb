"""The named reads the forecast needs beyond those of the figures; `Reading` has them."""

from datetime import date

import pandas as pd

from rowcol.store.reads import Reads


class ForecastReads(Reads):
    """Reads over one scope; each returns a frame whose columns its SQL file names."""

    def settled_documents(self, since: date) -> pd.DataFrame:
        """Return bills and invoices that a payment of money brought to zero on a day since, one row each.

        `closed_on` is the date of the last payment applied. Where that one only applied a credit (its total is
        zero) the document is not among them.
        """
        return self._frame("settled_documents", since=since)

    def daily_charges(self, since: date) -> pd.DataFrame:
        """Return the home total of bills, invoices and credit memos dated on each day since, voided ones left out."""
        return self._frame("daily_charges", since=since)
