"""Signals taken in at once and written down behind the caller's back: a page was opened, a webhook came."""

import logging
import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from rowcol.errors import StoreError
from rowcol.qbo.webhooks import Mark
from rowcol.store.control import control_rows
from rowcol.store.control.clients import Clients
from rowcol.store.control.freshness import mark_opened, mark_stale
from rowcol.sync.context import SyncContext

OPENED_AGAIN_AFTER = timedelta(hours=1)
"""Within this time of the last, another opening of the same page is not written down."""
_LOG = logging.getLogger(__name__)


class Signals:
    """The signals of one practice; a lost one changes nothing but when a client is asked."""

    def __init__(self, context: SyncContext, clients: Clients) -> None:
        self._context = context
        self._clients = clients
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="signals")
        self._lock = threading.Lock()
        self._opened: dict[str, datetime] = {}
        self._marks: set[Mark] = set()

    def opened(self, business_id: str) -> None:
        """Note that a client's page was opened."""
        now = self._context.clock()
        with self._lock:
            before = self._opened.get(business_id)
            if before is not None and now - before < OPENED_AGAIN_AFTER:
                return
            self._opened[business_id] = now
        self._later(lambda: self._keep_opened(business_id, now))

    def changed(self, marks: Collection[Mark]) -> None:
        """Note that webhooks named these (realm, entity); those of companies not connected are left out."""
        with self._lock:
            waiting = bool(self._marks)
            self._marks.update(marks)
        if marks and not waiting:
            self._later(self._keep_marks)

    def close(self) -> None:
        """Write down what is left, then stop."""
        self._pool.shutdown(wait=True)

    def _keep_opened(self, business_id: str, at: datetime) -> None:
        with self._context.database.write() as cursor:
            mark_opened(control_rows(cursor), self._context.advisor_id, business_id, at)

    def _keep_marks(self) -> None:
        """Write all marks that came since the last time in one go."""
        with self._lock:
            came, self._marks = self._marks, set()
        known = {one.realm_id: one.business_id for one in self._clients.all() if one.disconnected_at is None}
        found = {(known[realm], entity) for realm, entity in came if realm in known}
        with self._context.database.write() as cursor:
            mark_stale(control_rows(cursor), self._context.advisor_id, found, self._context.clock())

    def _later(self, write: Callable[[], None]) -> None:
        def kept() -> None:
            try:
                write()
            except StoreError as error:
                _LOG.warning("A signal was not kept: %s", error.line())

        try:
            self._pool.submit(kept)
        except RuntimeError:
            _LOG.info("A signal came while the product stops")
