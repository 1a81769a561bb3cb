"""Books of two moments: then, a week ago, when the last call was; and now."""

from datetime import date, datetime, timedelta
from typing import Any

from rowcol.clock import Moment
from rowcol.domain.calls import CallsByClient
from rowcol.domain.clients import ClientSettings
from rowcol.domain.current_decisions import no_decisions
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.views.common.changes import Changes, Since, changes_between
from tests.kits.records import Pair
from tests.kits.store import NOW, House, gateway_over

THEN = NOW - timedelta(days=7)
"""The first moment: what was landed up to it was known."""
SINCE = NOW - timedelta(days=1)
"""When what changed since is landed."""
OLD = datetime(2026, 9, 1, tzinfo=NOW.tzinfo)
ZONE = "America/Los_Angeles"

Row = tuple[str, str, str, str | None, str | None, str | None, int | None]


def source(house: House, held: CallsByClient | None = None, **settings: ClientSettings) -> QuickBooksGateway:
    """Return where the views of a house come from."""
    return gateway_over(
        house.frames, lambda _: settings, lambda _: no_decisions(), NOW, ZONE, lambda _: held or {}
    )


def land(house: House, *records: Pair, at: datetime = THEN) -> None:
    """Land records of any entities at a moment."""
    for entity, record in records:
        house.land(entity, record, at=at)


def changed(pair: Pair, **fields: Any) -> Pair:
    """Return a later version of a record."""
    return pair[0], {**pair[1], **fields}


def compared(
    house: House, since: Since = THEN, known_at: datetime | None = None, as_of: date | None = None
) -> Changes:
    """Return what changed in all clients since then."""
    return changes_between(source(house), None, since, Moment(as_of, known_at))


def told(found: Changes) -> list[Row]:
    """Return what was told of records: change, entity, id, field, before, after, cents."""
    rows = found.changes[~found.changes["change"].str.startswith("finding")]
    columns = ["change", "entity", "qbo_id", "field", "before", "after", "amount_cents"]
    plain = rows[columns].astype("object").where(rows[columns].notna(), None)
    return list(plain.itertuples(index=False, name=None))
