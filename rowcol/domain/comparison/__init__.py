"""What changed between two moments: records, balances, findings, and the bridge from one runway to the other."""

from rowcol.domain.comparison.bridge import bridge as bridge
from rowcol.domain.comparison.cash import Moved as Moved
from rowcol.domain.comparison.cash import cash_causes as cash_causes
from rowcol.domain.comparison.findings import finding_changes as finding_changes
from rowcol.domain.comparison.records import CHANGE_COLUMNS as CHANGE_COLUMNS
from rowcol.domain.comparison.records import record_changes as record_changes
from rowcol.domain.comparison.snapshot import Snapshot as Snapshot
from rowcol.domain.comparison.snapshot import snapshot as snapshot
