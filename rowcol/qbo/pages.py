"""Read whole entities page by page, and what changed since a moment; generators over `send`."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rowcol.errors import NotFound, Refused
from rowcol.qbo.client import Reply, Request, Send
from rowcol.qbo.query import LARGEST_PAGE, count, moment, select

# A creation time never changes, so an edit while we read cannot move a row to a page already read. Ids are no order.
ORDER = "MetaData.CreateTime"
# One record a company, requested without paging.
SINGLETONS = frozenset({"CompanyInfo", "Preferences"})
# Not every company has these; a refusal means there are none.
OPTIONAL = frozenset({"CreditCardPayment"})
EXTRA_KEYS = {"creditcardpayment": ("creditcardpaymenttxn",)}
# A short first page of a round number of rows may be a limit of the server: a count decides.
ROUND_NUMBER = 100
CDC_LIMIT = 1000

Record = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """One answer of an entity: the rows from `start` (1-based), parsed and as bytes, and Intuit's id for it.

    `count_expected` is QuickBooks' COUNT(*) if more than one page was needed, else None. `time` is
    QuickBooks' own, of this answer.
    """

    entity: str
    start: int
    records: list[Record] = field(repr=False)
    body: bytes = field(repr=False)
    count_expected: int | None
    intuit_tid: str | None = None
    time: datetime | None = None


@dataclass(frozen=True)
class Changes:
    """What change-data-capture returned: live records and deleted ids by entity, the answer's time, whether it was cut.

    `saturated`: 1000 objects or more came back, so some may be missing and each entity needs a request of its own.
    """

    records: dict[str, list[Record]]
    deleted: dict[str, list[str]]
    time: datetime | None
    saturated: bool

    @property
    def is_empty(self) -> bool:
        """Return whether nothing changed."""
        return not any(self.records.values()) and not any(self.deleted.values())


def entity_pages(send: Send, realm: str, entity: str, page_size: int = LARGEST_PAGE) -> Iterator[Page]:
    """Yield every page of an entity, oldest record first; an entity the company lacks yields nothing.

    The next page is requested while the caller works on one. One COUNT(*) is requested if the first page may not
    be all. A page without rows is yielded if there are none at all, or fewer than were counted. If records are
    deleted meanwhile, a row at the edge of a page may be skipped: the caller has to find it. Raises as `send`.
    """
    if entity in SINGLETONS:
        reply = send(realm, _query(select(entity)))
        records = records_of(reply.document, entity)
        yield Page(entity, 1, records, reply.body, None, reply.intuit_tid, answered_at(reply))
        return
    try:
        reply = send(realm, _query(_statement(entity, 1, page_size)))
    except (Refused, NotFound):
        if entity in OPTIONAL:
            return
        raise
    expected: int | None = None
    start = 1
    with ThreadPoolExecutor(1, thread_name_prefix="page") as beside:
        while True:
            records = records_of(reply.document, entity)
            if start == 1 and _may_have_more(reply, len(records), page_size):
                expected = _counted(send, realm, entity)
            page = Page(entity, start, records, reply.body, expected, reply.intuit_tid, answered_at(reply))
            start += len(records)
            if not records or _is_last(start - 1, len(records), expected, page_size):
                yield page
                return
            following = beside.submit(send, realm, _query(_statement(entity, start, page_size)))
            yield page
            reply = following.result()


def _may_have_more(reply: Reply, returned: int, page_size: int) -> bool:
    """Return whether there may be more than the first page: it is full, or its count or roundness hints at it."""
    if returned == 0 or returned >= page_size:
        return returned > 0
    hint = _number(_query_response(reply.document).get("totalCount"))
    return returned % ROUND_NUMBER == 0 if hint is None else hint > returned


def _is_last(read: int, returned: int, expected: int | None, page_size: int) -> bool:
    """Return whether a page was the last: by the count if there is one, else by being short."""
    return returned < page_size if expected is None else read >= expected


def _counted(send: Send, realm: str, entity: str) -> int | None:
    return _number(_query_response(send(realm, _query(count(entity))).document).get("totalCount"))


def cdc_changes(send: Send, realm: str, entities: Sequence[str], since: datetime) -> Changes:
    """Return what changed in entities since an aware moment, at most 30 days back; one request."""
    params = {"entities": ",".join(entities), "changedSince": moment(since)}
    reply = send(realm, Request("GET", "cdc", params, "cdc"))
    document = reply.document
    by_key = {key: entity for entity in entities for key in _keys(entity)}
    records: dict[str, list[Record]] = {}
    deleted: dict[str, list[str]] = {}
    total = 0
    for key, changed in _cdc_parts(document):
        total += len(changed)
        entity = by_key.get(key.lower())
        if entity is None:
            continue
        records.setdefault(entity, []).extend(record for record in changed if not _is_deleted(record))
        deleted.setdefault(entity, []).extend(
            str(record.get("Id")) for record in changed if _is_deleted(record)
        )
    return Changes(records, deleted, answered_at(reply), total >= CDC_LIMIT)


def answered_at(reply: Reply) -> datetime | None:
    """Return the time of an answer by QuickBooks' own clock, None if it has none."""
    return _moment(reply.document.get("time"))


def created_at(record: Mapping[str, Any]) -> datetime | None:
    """Return when QuickBooks created a record, None if the record does not say."""
    meta = record.get("MetaData")
    return _moment(meta.get("CreateTime")) if isinstance(meta, Mapping) else None


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
    return (name, *EXTRA_KEYS.get(name, ()))


def _records(value: Any) -> list[Record]:
    values = value if isinstance(value, list) else [value]
    return [record for record in values if isinstance(record, dict)]


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
