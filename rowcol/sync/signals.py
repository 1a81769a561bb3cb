"""Signals accepted at once and stored in the background: a page was opened, a webhook arrived."""

import logging
import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from pydantic import SecretStr

from rowcol.entities import ENTITIES
from rowcol.errors import SettingsError, StoreError
from rowcol.qbo.webhooks import ChangedEntity, changed_entities, is_signed_by_intuit
from rowcol.store.control import control_rows
from rowcol.store.control.clients import Clients
from rowcol.store.control.freshness import mark_opened, mark_stale
from rowcol.sync.context import SyncContext

OPENED_AGAIN_AFTER = timedelta(hours=1)
"""Another opening of the same page within this time of the last is not stored."""
_LOG = logging.getLogger(__name__)


class Signals:
    """The signals of one practice; losing one changes only when a client is refreshed."""

    def __init__(self, context: SyncContext, clients: Clients) -> None:
        self._context = context
        self._clients = clients
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="signals")
        self._lock = threading.Lock()
        self._opened: dict[str, datetime] = {}
        self._changed: set[ChangedEntity] = set()

    def page_opened(self, business_id: str) -> None:
        """Record that a client's page was opened."""
        now = self._context.clock()
        with self._lock:
            last = self._opened.get(business_id)
            if last is not None and now - last < OPENED_AGAIN_AFTER:
                return
            self._opened[business_id] = now
        self._submit(lambda: self._store_opened(business_id, now))

    def take_webhook(self, verifier_token: SecretStr | None, body: bytes, signature: str) -> bool:
        """Record what a webhook says has changed; return False if Intuit did not sign it.

        Raises SettingsError without a verifier token.
        """
        if verifier_token is None:
            raise SettingsError("ROWCOL_QBO_WEBHOOK_TOKEN is not set", "Set it to Intuit's verifier token")
        if not is_signed_by_intuit(body, signature, verifier_token.get_secret_value()):
            return False
        self.entities_changed(changed_entities(body, ENTITIES))
        return True

    def entities_changed(self, entities: Collection[ChangedEntity]) -> None:
        """Record that webhooks named entities (realm, entity); those of companies not connected are ignored."""
        with self._lock:
            waiting = bool(self._changed)
            self._changed.update(entities)
        if entities and not waiting:
            self._submit(self._store_changed)

    def close(self) -> None:
        """Store what is left, then stop."""
        self._pool.shutdown(wait=True)

    def _store_opened(self, business_id: str, at: datetime) -> None:
        with self._context.database.write() as cursor:
            mark_opened(control_rows(cursor), self._context.advisor_id, business_id, at)

    def _store_changed(self) -> None:
        """Store all entities named since the last time in one transaction."""
        with self._lock:
            named, self._changed = self._changed, set()
        known = {
            client.realm_id: client.business_id
            for client in self._clients.all()
            if client.disconnected_at is None
        }
        marks = {(known[realm], entity) for realm, entity in named if realm in known}
        with self._context.database.write() as cursor:
            mark_stale(control_rows(cursor), self._context.advisor_id, marks, self._context.clock())

    def _submit(self, write: Callable[[], None]) -> None:
        def stored() -> None:
            try:
                write()
            except StoreError as error:
                _LOG.warning("A signal was not kept: %s", error.line())

        try:
            self._pool.submit(stored)
        except RuntimeError:
            _LOG.info("A signal came while the product stops")
