"""What changed between two moments: records, balances, findings, and the bridge from one runway to the other."""

from rowcol.domain.between.bridge import bridge as bridge
from rowcol.domain.between.cash import Moved as Moved
from rowcol.domain.between.cash import cash_causes as cash_causes
from rowcol.domain.between.findings import finding_changes as finding_changes
from rowcol.domain.between.records import CHANGE_COLUMNS as CHANGE_COLUMNS
from rowcol.domain.between.records import record_changes as record_changes
from rowcol.domain.between.standing import Standing as Standing
from rowcol.domain.between.standing import standing as standing
