"""The companies connected: who, since when, how fresh, and what is wrong."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

import pandas as pd

from rowcol.views.common.gather import Source, freshness_columns, freshness_of
from rowcol.views.common.records import Budget, ConnectionsView

COLUMNS = [
    "business_id", "realm_id", "name", "state", "reason", "connected_at", "synced_at", "stale", "stale_reason",
    "by_plan", "breaker",
]  # fmt: skip


class Circuit(Protocol):
    """The breaker of Intuit as a whole."""

    @property
    def state(self) -> str: ...
    @property
    def until(self) -> datetime | None: ...


def connections_view(
    source: Source,
    ended: Mapping[str, str],
    environment: str,
    unconfigured: tuple[str, ...],
    breaker: Callable[[str], str],
    intuit: Circuit,
    budget: Budget,
) -> ConnectionsView:
    """Return every company ever connected.

    `ended` says why a grant no longer works, `breaker` a realm's state, `intuit` that of Intuit as a whole.
    """
    with source.frames.open(source.frames.scope()) as reading:
        rows, runs = reading.companies(), reading.last_runs().set_index("business_id")
    fresh = [freshness_of(runs, business_id, source.now) for business_id in rows["business_id"]]
    gone = rows["disconnected_at"].notna()
    rows["reason"] = pd.Series(
        [ended.get(business_id, "") for business_id in rows["business_id"]], index=rows.index, dtype="object"
    )
    rows["state"] = (
        (rows["reason"] != "").map({True: "ended", False: "connected"}).where(~gone, "disconnected")
    )
    rows["connected_at"] = rows["connected_at"].dt.tz_localize("UTC")
    rows = rows.join(freshness_columns(fresh, rows.index))
    rows["breaker"] = pd.Series(
        [breaker(realm) for realm in rows["realm_id"]], index=rows.index, dtype="object"
    )
    order = rows.sort_values(["name", "business_id"], ignore_index=True)
    return ConnectionsView(order[COLUMNS], environment, unconfigured, budget, intuit.state, intuit.until)
