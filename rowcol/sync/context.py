"""What every part of a refresh needs: the practice's store and connection, and the company being refreshed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from rowcol.clock import Clock
from rowcol.qbo.client import Send
from rowcol.qbo.query import LARGEST_PAGE
from rowcol.store.control.clients import Client
from rowcol.store.database import Database
from rowcol.store.log import Landing, Positions

OnEntity = Callable[[str, int, bool], None]
"""Called with (entity, rows read so far, whether those are all) from the reading thread."""


@dataclass(frozen=True)
class SyncContext:
    """The store of one practice, how requests reach QuickBooks, and the clock; entities are read by `page_size` records."""

    database: Database
    advisor_id: str
    positions: Positions
    send: Send
    clock: Clock
    page_size: int = LARGEST_PAGE


@dataclass(frozen=True)
class Company:
    """The company being refreshed, and the run that its log rows name."""

    client: Client
    run_id: str
    started_at: datetime

    def landing(self, context: SyncContext, intuit_tid: str | None = None) -> Landing:
        """Return what the log rows of a page that lands now have in common."""
        return Landing(context.advisor_id, self.client.business_id, self.run_id, context.clock(), intuit_tid)
