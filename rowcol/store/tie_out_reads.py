"""The named reads behind the tie-out beyond those of the figures; `Reading` has them."""

from collections.abc import Mapping

import pandas as pd

from rowcol.entities import TRANSACTIONS
from rowcol.store.reads import Reads


class TieOutReads(Reads):
    """Reads over one scope; each returns a frame whose columns its SQL file names."""

    def changed_records(self, positions: Mapping[str, int]) -> pd.DataFrame:
        """Return the transactions logged after each client's log position, as they are now; the newest first."""
        return self._frame(
            "changed_records",
            businesses=list(positions),
            positions=list(positions.values()),
            entities=list(TRANSACTIONS),
        )
