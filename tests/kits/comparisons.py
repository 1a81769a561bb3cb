"""Books of two moments: then, a week ago, when the last call was; and now."""

from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from rowcol.clock import Moment
from rowcol.domain.calls import CallsByClient
from rowcol.domain.clients import ClientSettings
from rowcol.domain.comparison.changes import record_changes
from rowcol.domain.current_decisions import no_decisions
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.views.common.changes import Changes, Since, changes_between
from tests.kits.records import Pair
from tests.kits.store import NOW, PracticeStore, gateway_over

THEN = NOW - timedelta(days=7)
"""The first moment: what was landed up to it was known."""
SINCE = NOW - timedelta(days=1)
"""When what changed since is landed."""
OLD = datetime(2026, 9, 1, tzinfo=NOW.tzinfo)
ZONE = "America/Los_Angeles"
ORDER = ["changed_at", "entity", "qbo_id"]

Row = tuple[str, str, str, str | None, str | None, str | None, int | None]


def source(
    store: PracticeStore, calls: CallsByClient | None = None, **settings: ClientSettings
) -> QuickBooksGateway:
    """Return the gateway that gives the views of a store."""
    return gateway_over(
        store.frames, lambda _: settings, lambda _: no_decisions(), NOW, ZONE, lambda _: calls or {}
    )


def land(store: PracticeStore, *records: Pair, at: datetime = THEN) -> None:
    """Land records of any entities at a moment."""
    for entity, record in records:
        store.land(entity, record, at=at)


def changed(pair: Pair, **fields: Any) -> Pair:
    """Return a later version of a record."""
    return pair[0], {**pair[1], **fields}


def compared(
    store: PracticeStore, since: Since = THEN, known_at: datetime | None = None, as_of: date | None = None
) -> Changes:
    """Return what changed in all clients since then."""
    return changes_between(source(store), None, since, Moment(as_of, known_at))


def record_rows(store: PracticeStore, since: datetime = THEN) -> list[Row]:
    """Return the changed records of a store's one client, without the figures and findings of either moment."""
    business_id = store.client()
    with store.frames.open(store.frames.scope((business_id,)), None) as reading:
        touched, *_ = reading.changed_since({business_id: since})
        parties = reading.parties()
    moment = pd.Timestamp(since)
    client = pd.DataFrame(
        {
            "business_id": [business_id],
            "currency": ["USD"],
            "called_at": [moment.tz_convert("UTC").tz_localize(None).as_unit("us")],
            "call_day": [pd.Timestamp(moment.tz_convert(ZONE).date()).as_unit("us")],
        }
    )
    return _plain(record_changes(touched, parties, client).sort_values(ORDER, ignore_index=True))


def change_rows(changes: Changes) -> list[Row]:
    """Return the changes of records: change, entity, id, field, before, after, cents."""
    return _plain(changes.changes[~changes.changes["change"].str.startswith("finding")])


def _plain(rows: pd.DataFrame) -> list[Row]:
    columns = ["change", "entity", "qbo_id", "field", "before", "after", "amount_cents"]
    plain = rows[columns].astype("object").where(rows[columns].notna(), None)
    return list(plain.itertuples(index=False, name=None))
