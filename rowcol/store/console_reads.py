"""The named reads of the decision console beyond those of the figures; `Reading` has them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd


class ConsoleReads:
    """Reads over one scope; each returns a frame whose columns its SQL file names."""

    def _frame(self, name: str, relations: Mapping[str, str] | None = None, **values: Any) -> pd.DataFrame:
        raise NotImplementedError

    def bills_paid(self, since: date) -> pd.DataFrame:
        """Return what was paid on bills on a day since, line by line, oldest first; amounts in the payment's currency."""
        return self._frame("bills_paid", since=since)
