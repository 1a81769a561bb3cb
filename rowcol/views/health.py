"""The state of the house as plain values: store, tokens, freshness, breakers, schedule and the month's reads."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from rowcol.views.common.records import Budget, ConnectionsView


def health_state(
    view: ConnectionsView, budget: Budget, scheduler: Mapping[str, object], database: Path, log_position: int
) -> dict[str, object]:
    """Return the state for a person or a program; `breaker` is that of Intuit as a whole, `clients` have their own.

    A client's `connection` is `connected`, `ended` or `disconnected`; moments are ISO text, None where there is none.
    """
    return {
        "database": str(database),
        "database_bytes": database.stat().st_size if database.exists() else 0,
        "log_position": log_position,
        "environment": view.environment,
        "breaker": view.intuit,
        "breaker_until": None if view.intuit_until is None else view.intuit_until.isoformat(),
        "scheduler": dict(scheduler),
        "budget": {
            "used": budget.used,
            "limit": budget.limit,
            "forecast": budget.forecast,
            "slowed": budget.slowed,
            "words": budget.words(),
        },
        "clients": [
            {
                "realm_id": row["realm_id"],
                "name": row["name"],
                "connection": row["state"],
                "reason": row["reason"] or row["stale_reason"],
                "synced_at": None if pd.isna(row["synced_at"]) else row["synced_at"].isoformat(),
                "stale": bool(row["stale"]),
                "breaker": row["breaker"],
            }
            for row in view.rows.to_dict("records")
        ],
    }
