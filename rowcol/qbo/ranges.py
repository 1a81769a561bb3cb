"""Ranges of an entity: what changed between two moments, and how many records there are."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rowcol.errors import NotFound, Refused, Unavailable
from rowcol.qbo.client import Request, Send
from rowcol.qbo.pages import OPTIONAL, Page, answered_at, records_of
from rowcol.qbo.query import LARGEST_PAGE, Condition, count, select

UPDATED = "MetaData.LastUpdatedTime"
CREATED = "MetaData.CreateTime"


def changed_pages(
    send: Send, realm: str, entity: str, since: datetime, page_size: int = LARGEST_PAGE
) -> Iterator[Page]:
    """Yield the records changed from `since` (aware, included) to now, the longest unchanged first.

    Each page starts at the time at which the last one ended, so that an edit made meanwhile hides no row;
    rows of one second may come twice. There is always a page, if only an empty one, for its time. Raises as
    `send`; an entity that the company lacks yields nothing.
    """
    start = 1
    while True:
        statement = select(
            entity, where=[(UPDATED, ">=", since)], order_by=UPDATED, start=start, limit=page_size
        )
        try:
            reply = send(realm, Request("GET", "query", {"query": statement}, "query"))
        except (Refused, NotFound):
            if entity in OPTIONAL:
                return
            raise
        records = records_of(reply.document, entity)
        yield Page(entity, start, records, reply.body, None, reply.intuit_tid, time=answered_at(reply))
        if len(records) < page_size:
            return
        last = _updated(records[-1])
        start = start + len(records) if last <= since else 1
        since = max(since, last)


def created_page(
    send: Send, realm: str, entity: str, first: datetime, last: datetime, page_size: int = LARGEST_PAGE
) -> Page:
    """Return the records created from one second to another, both included, in one answer.

    A full page may not be all of them. Raises as `send`.
    """
    statement = select(entity, where=created_between(first, last), order_by=CREATED, start=1, limit=page_size)
    reply = send(realm, Request("GET", "query", {"query": statement}, "query"))
    records = records_of(reply.document, entity)
    return Page(entity, 1, records, reply.body, None, reply.intuit_tid, answered_at(reply))


def count_records(send: Send, realm: str, entity: str, where: Sequence[Condition] = ()) -> int:
    """Return how many records meet the conditions, inactive ones included; raises as `send`."""
    request = Request("GET", "query", {"query": count(entity, where=where)}, "query")
    try:
        return int(send(realm, request).document["QueryResponse"]["totalCount"])
    except (KeyError, TypeError, ValueError):
        raise Unavailable(f"QuickBooks did not say how many {entity} records there are") from None


def created_between(first: datetime, last: datetime) -> list[Condition]:
    """Return the conditions for records created from one second to another, both included."""
    return [(CREATED, ">=", first), (CREATED, "<=", last)]


def _updated(record: dict[str, object]) -> datetime:
    meta = record.get("MetaData")
    try:
        return datetime.fromisoformat(str(meta["LastUpdatedTime"] if isinstance(meta, dict) else None))
    except (KeyError, ValueError):
        raise Unavailable("QuickBooks sent a record that does not say when it last changed") from None
