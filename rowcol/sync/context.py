"""What a sync stands on: one practice's store, the way to QuickBooks, and the clock."""

from dataclasses import dataclass

from rowcol.clock import Clock
from rowcol.qbo.client import Send
from rowcol.qbo.query import LARGEST_PAGE
from rowcol.store.database import Database
from rowcol.store.log import Positions


@dataclass(frozen=True)
class SyncContext:
    """One practice's road from QuickBooks to its store; entities are read by `page_size` records."""

    database: Database
    advisor_id: str
    positions: Positions
    send: Send
    clock: Clock
    page_size: int = LARGEST_PAGE
