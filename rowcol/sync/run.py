"""Read entities whole: each page's log rows, mirror rows and counts land together or not at all."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime

from rowcol.errors import Unavailable
from rowcol.qbo.pages import Page, created_at, entity_pages
from rowcol.store.control import control_rows
from rowcol.store.control.freshness import move_cursors
from rowcol.store.log import versions
from rowcol.store.mirror import Folded, Landed, folded, known_hashes, land_deletions, land_folded
from rowcol.sync.batch_writer import BatchWriter, batch_writer
from rowcol.sync.context import Company, OnEntity, SyncContext
from rowcol.sync.deletions import MirrorRecord, counter, deleted

ENTITIES_AT_ONCE = 3
"""How many entities of one company are read side by side; the rate limit per company is the client's own."""

OFTEN_LONG = (
    "Payment", "Invoice", "Bill", "BillPayment", "Purchase", "Deposit", "JournalEntry", "SalesReceipt",
)  # fmt: skip
"""Started first, so that no entity of many pages is read alone at the end, slower than the rate limit allows."""

PAGES_WAITING = 6
"""Pages read but not yet in the store, of one company."""

_FOLDING = threading.Lock()
"""Pages are folded one at a time: Python does so anyway, and switching within a page only costs time."""

Edge = tuple[datetime | None, datetime | None]
"""Between two pages: when the last record of one was created, and the first of the next."""


@dataclass(frozen=True)
class EntityRead:
    """One entity read whole: what landed, when the read began by QuickBooks' own clock, and how many pages it took.

    `short`: how many records fewer came than QuickBooks had counted. `edges`: between which two records one may have
    been skipped, if another was deleted meanwhile. `at_one_moment`: one answer had all of it, so nothing can have
    changed between its first row and its last.
    """

    entity: str
    landed: Landed
    began: datetime
    pages: int = 0
    at_one_moment: bool = True
    short: int = 0
    edges: tuple[Edge, ...] = ()
    last: datetime | None = None

    def then(self, page: Page, landed: Landed) -> "EntityRead":
        """Return the read with one more page; a page that needed a count as well was not the only answer."""
        first = created_at(page.records[0]) if page.records else page.time
        return replace(
            self,
            landed=self.landed + landed,
            began=page.time or self.began if self.pages == 0 else self.began,
            pages=self.pages + 1,
            at_one_moment=self.pages == 0 and page.count_expected is None,
            edges=(*self.edges, (self.last, first)) if self.pages else (),
            last=created_at(page.records[-1]) if page.records else self.last,
        )


Pages = BatchWriter[tuple[str | None, Folded]]
"""Pages of one company to be written to the store, each with Intuit's id for its answer."""


def landing_pages(context: SyncContext, company: Company) -> AbstractContextManager[Pages]:
    """Write the pages of several readers to the store; pages that wait together share a transaction."""

    def land_all(pages: Sequence[tuple[str | None, Folded]]) -> None:
        with context.database.write() as cursor:
            landings = [company.landing(context, intuit_tid) for intuit_tid, _ in pages]
            placed = [
                (landing, page, context.positions.take(max(page.rows_in, 1), landing.observed_at))
                for landing, (_, page) in zip(landings, pages, strict=True)
            ]
            land_folded(cursor, placed)

    return batch_writer(land_all, PAGES_WAITING)


def read_whole(
    context: SyncContext, company: Company, entities: Sequence[str], on_entity: OnEntity
) -> list[EntityRead]:
    """Read entities whole into log and mirror and find what was deleted (`read_entity`), several side by side.

    Pages commit as they come, so a run cut off loses nothing it had. Raises the first RailError or StoreError
    met, once the entities being read have ended.
    """
    with (
        landing_pages(context, company) as pages,
        ThreadPoolExecutor(ENTITIES_AT_ONCE, thread_name_prefix="entity") as pool,
    ):
        running = [
            pool.submit(read_entity, context, company, entity, on_entity, pages)
            for entity in sorted(entities, key=_reading_order)
        ]
        try:
            return [future.result() for future in running]
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _reading_order(entity: str) -> int:
    return OFTEN_LONG.index(entity) if entity in OFTEN_LONG else len(OFTEN_LONG)


def read_entity(
    context: SyncContext, company: Company, entity: str, on_entity: OnEntity, pages: Pages
) -> EntityRead:
    """Read one entity whole: pages land as they come, then records that no page had are marked as deleted. Raises as `send`.

    The cursor moves if everything came in one answer; otherwise `reconcile` moves it, once no row is missing.
    """
    client_key = (context.advisor_id, company.client.business_id)
    with context.database.read() as cursor:
        known = known_hashes(cursor, *client_key, entity)
    seen: set[str] = set()
    read = EntityRead(entity, Landed(), context.clock())
    on_entity(entity, 0, False)
    for page in entity_pages(context.send, company.client.realm_id, entity, context.page_size):
        read = read.then(page, land_page(context, company, page, known, seen, pages))
        read = replace(read, short=max(0, (page.count_expected or 0) - len(seen)))
        on_entity(entity, read.landed.rows_in, False)
    pages.finish()
    if not seen and any(known.values()):
        _confirm_empty(context, company, entity)
    gone = [qbo_id for qbo_id, content_hash in known.items() if content_hash and qbo_id not in seen]
    if not read.at_one_moment:
        gone = deleted(
            [MirrorRecord(qbo_id, None) for qbo_id in gone], counter(context, company.client.realm_id, entity)
        )
    read = replace(read, landed=read.landed + _land_deletions(context, company, read, gone, known))
    on_entity(entity, read.landed.rows_in, True)
    return read


def _land_deletions(
    context: SyncContext, company: Company, read: EntityRead, gone: list[str], known: dict[str, str]
) -> Landed:
    with context.database.write() as cursor:
        landing = company.landing(context)
        first = context.positions.take(max(len(gone), 1), landing.observed_at)
        if read.at_one_moment:
            move_cursors(
                control_rows(cursor), *landing.client_key, (read.entity,), landing.observed_at, read.began
            )
        return land_deletions(cursor, landing, read.entity, gone, known, first)


def _confirm_empty(context: SyncContext, company: Company, entity: str) -> None:
    """Read once more before an entity that had records counts as empty: an empty answer may be a fault."""
    for page in entity_pages(context.send, company.client.realm_id, entity, context.page_size):
        if page.records:
            raise Unavailable(f"QuickBooks first sent no {entity} records, then some", "Refresh again")


def land_page(
    context: SyncContext, company: Company, page: Page, known: dict[str, str], seen: set[str], pages: Pages
) -> Landed:
    """Queue one page to be landed; `known` (id -> content hash) and `seen` (ids) are updated."""
    with _FOLDING:
        received = versions(page.records)
        changes = folded(context.advisor_id, company.client.business_id, page.entity, received, known)
    seen.update(version.qbo_id for version in received)
    if changes.changed.num_rows:
        pages.put((page.intuit_tid, changes))
    return changes.landed
