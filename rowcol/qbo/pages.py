"""Whole entities page by page, and what changed since a moment; as generators over `send`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rowcol.errors import NotFound, Refused, Unavailable
from rowcol.qbo.client import Reply, Request, Send
from rowcol.qbo.query import LARGEST_PAGE, count, moment, select

# A creation time never moves, so an edit made while we read cannot push a row behind us. Ids are no order.
ORDER = "MetaData.CreateTime"
# One record a company, asked for without paging.
SINGLETONS = frozenset({"CompanyInfo", "Preferences"})
# Not every company has these; a refusal means there are none.
OPTIONAL = frozenset({"CreditCardPayment"})
OTHER_KEYS = {"creditcardpayment": ("creditcardpaymenttxn",)}
# A whole entity is read again this often where a page shifted under us.
MORE_SWEEPS = 2
# A short first page of a round number of rows may be a server's own cap: a count settles it.
ROUND_NUMBER = 100
CDC_MOST = 1000

Record = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """One answer of an entity: the rows from `start` (1-based), parsed and as bytes, and Intuit's id for it.

    `count_expected` is QuickBooks' COUNT(*) where more than one page was needed, else None. `sweep` counts
    from 1; a later sweep repeats rows, to be taken as they are now. `time` is QuickBooks' own, of this answer.
    """

    entity: str
    start: int
    records: list[Record] = field(repr=False)
    body: bytes = field(repr=False)
    count_expected: int | None
    intuit_tid: str | None = None
    sweep: int = 1
    time: datetime | None = None


@dataclass(frozen=True)
class Changes:
    """What CDC gave: live records and deleted ids by entity, the answer's own time, and whether it was cut.

    `saturated`: 1000 objects or more came back, so some may be missing and each entity must be asked alone.
    """

    records: dict[str, list[Record]]
    deleted: dict[str, list[str]]
    time: datetime | None
    saturated: bool

    @property
    def none(self) -> bool:
        """Tell whether nothing changed."""
        return not any(self.records.values()) and not any(self.deleted.values())


def entity_pages(send: Send, realm: str, entity: str, page_size: int = LARGEST_PAGE) -> Iterator[Page]:
    """Yield every page of an entity, oldest record first; an entity the company lacks yields nothing.

    One COUNT(*) is asked where the first page does not end it. Where fewer distinct ids came than counted,
    the entity is read again, twice at most. Raises Unavailable if rows are missing still, and as `send`.
    """
    if entity in SINGLETONS:
        reply = send(realm, _query(select(entity)))
        records = records_of(reply.document, entity)
        yield Page(entity, 1, records, reply.body, None, reply.intuit_tid, time=answered_at(reply))
        return
    try:
        first = send(realm, _query(_statement(entity, 1, page_size)))
    except (Refused, NotFound):
        if entity in OPTIONAL:
            return
        raise
    for sweep in range(1, MORE_SWEEPS + 2):
        reader = _Sweep(send, realm, entity, page_size, sweep)
        yield from reader.pages(first)
        if reader.complete:
            return
        if sweep <= MORE_SWEEPS:
            first = send(realm, _query(_statement(entity, 1, page_size)))
    raise Unavailable(
        f"{entity}: {reader.missing} of {reader.expected} records did not come, in {MORE_SWEEPS + 1} readings",
        "The books were changing while they were read; refresh again",
    )


class _Sweep:
    """One reading of a whole entity."""

    def __init__(self, send: Send, realm: str, entity: str, page_size: int, sweep: int) -> None:
        self.expected: int | None = None
        self._send = send
        self._realm = realm
        self._entity = entity
        self._size = page_size
        self._sweep = sweep
        self._ids: set[str] = set()

    @property
    def missing(self) -> int:
        """Return how many counted records were not read."""
        return max(0, (self.expected or 0) - len(self._ids))

    @property
    def complete(self) -> bool:
        return self.missing == 0

    def pages(self, reply: Reply) -> Iterator[Page]:
        """Yield the pages from the first one on, which was asked for already."""
        start = 1
        while True:
            records = records_of(reply.document, self._entity)
            self._ids.update(str(record.get("Id")) for record in records)
            following = start + len(records)
            if start == 1 and self._may_go_on(reply, len(records)):
                self.expected = self._counted()
            if records or start == 1:
                yield self._page(start, records, reply)
            if not records or self._ends(following - 1, len(records)):
                return
            start = following
            reply = self._send(self._realm, _query(_statement(self._entity, start, self._size)))

    def _page(self, start: int, records: list[Record], reply: Reply) -> Page:
        return Page(
            self._entity, start, records, reply.body, self.expected, reply.intuit_tid, self._sweep,
            answered_at(reply),
        )  # fmt: skip

    def _may_go_on(self, reply: Reply, returned: int) -> bool:
        """Say whether the first page may not be all: it is full, or its count or roundness hints at more."""
        if returned == 0 or returned >= self._size:
            return returned > 0
        hint = _number(_query_response(reply.document).get("totalCount"))
        return returned % ROUND_NUMBER == 0 if hint is None else hint > returned

    def _ends(self, read: int, returned: int) -> bool:
        """Say whether a page was the last: by the count where there is one, else by being short."""
        return returned < self._size if self.expected is None else read >= self.expected

    def _counted(self) -> int | None:
        reply = self._send(self._realm, _query(count(self._entity)))
        return _number(_query_response(reply.document).get("totalCount"))


def cdc_changes(send: Send, realm: str, entities: Sequence[str], since: datetime) -> Changes:
    """Return what changed in these entities since an aware moment, at most 30 days back; one request."""
    params = {"entities": ",".join(entities), "changedSince": moment(since)}
    reply = send(realm, Request("GET", "cdc", params, "cdc"))
    document = reply.document
    asked = {key: entity for entity in entities for key in _keys(entity)}
    records: dict[str, list[Record]] = {}
    deleted: dict[str, list[str]] = {}
    total = 0
    for key, found in _cdc_parts(document):
        total += len(found)
        entity = asked.get(key.lower())
        if entity is None:
            continue
        records.setdefault(entity, []).extend(record for record in found if not _is_deleted(record))
        deleted.setdefault(entity, []).extend(
            str(record.get("Id")) for record in found if _is_deleted(record)
        )
    return Changes(records, deleted, answered_at(reply), total >= CDC_MOST)


def answered_at(reply: Reply) -> datetime | None:
    """Return the time QuickBooks gives an answer by its own clock, None where it gives none."""
    return _moment(reply.document.get("time"))


def records_of(document: Mapping[str, Any], entity: str) -> list[Record]:
    """Return an entity's records in a query reply, found by name in any case; none is an empty list."""
    response = _query_response(document)
    keys = _keys(entity)
    for key, value in response.items():
        if key.lower() in keys:
            return _records(value)
    return []


def _statement(entity: str, start: int, limit: int) -> str:
    return select(entity, order_by=ORDER, start=start, limit=limit)


def _query(statement: str) -> Request:
    return Request("GET", "query", {"query": statement}, "query")


def _query_response(document: Mapping[str, Any]) -> Mapping[str, Any]:
    response = document.get("QueryResponse")
    return response if isinstance(response, Mapping) else {}


def _keys(entity: str) -> tuple[str, ...]:
    name = entity.lower()
    return (name, *OTHER_KEYS.get(name, ()))


def _records(value: Any) -> list[Record]:
    found = value if isinstance(value, list) else [value]
    return [record for record in found if isinstance(record, dict)]


def _cdc_parts(document: Mapping[str, Any]) -> Iterator[tuple[str, list[Record]]]:
    """Yield each named list of records in a CDC reply, whatever is missing around them."""
    for response in _records(document.get("CDCResponse")):
        for part in _records(response.get("QueryResponse")):
            yield from ((key, _records(value)) for key, value in part.items())


def _is_deleted(record: Record) -> bool:
    return str(record.get("status", "")).lower() == "deleted"


def _number(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _moment(value: Any) -> datetime | None:
    try:
        then = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return then if then.utcoffset() is not None else None
