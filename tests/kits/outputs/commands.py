"""What `rowcol report` prints, as figures."""

import csv
import json
from datetime import date
from io import StringIO
from typing import Any

import pandas as pd

from rowcol.cli import run
from rowcol.cli.output import Console
from rowcol.domain.aging import OVERDUE
from rowcol.wiring import Services
from tests.kits.outputs.pages import (
    MONEY,
    SAID,
    Figures,
    finding_figures,
    listed_figures,
    week_figures,
)
from tests.kits.outputs.printed import COUNTS, read_back


def clients_report(services: Services, as_of: date | None, form: str) -> Figures:
    """Return what `rowcol report clients` prints as JSON or CSV."""
    return {
        (row["business_id"], name): row[name]
        for row in reported(services, "clients", as_of, form)
        for name in (*MONEY, *COUNTS, *SAID)
    }


def commands(services: Services, as_of: date | None) -> Figures:
    """Return what the reports print as JSON."""
    by_realm = {client.realm_id: client.business_id for client in services.clients.connected(None)}
    figures = clients_report(services, as_of, "json")
    for side in ("ap", "ar"):
        for row in reported(services, f"aging-{side}", as_of):
            key = (f"aging-{side}", row["party_id"])
            figures[by_realm[row["realm_id"]], key] = tuple(row[name] for name in (*OVERDUE, "total_cents"))
    for name, kind in (("bills", "bill"), ("collections", "invoice")):
        rows = pd.DataFrame(reported(services, name, as_of))
        for realm, client in by_realm.items():
            mine = rows[rows["realm_id"] == realm] if len(rows) else rows
            total = int(mine["balance_cents"].sum()) if len(mine) else 0
            figures |= listed_figures(client, kind, mine, total)
    findings = pd.DataFrame(reported(services, "tray", as_of))
    weeks = pd.DataFrame(reported(services, "forecast", as_of))
    for realm, client in by_realm.items():
        figures |= finding_figures(client, findings[findings["realm_id"] == realm])
        figures |= week_figures(client, weeks[weeks["realm_id"] == realm])
    return figures


def reported(services: Services, name: str, as_of: date | None, form: str = "json") -> list[dict[str, Any]]:
    """Return the rows of a report as a command prints them, its values read back as `plain_value` has them."""
    out = StringIO()
    console = Console(out, StringIO())
    days = () if as_of is None else ("--as-of", as_of.isoformat())
    assert run(("report", name, "--format", form, *days), lambda: services, console) == 0
    text = out.getvalue()
    rows = json.loads(text) if form == "json" else list(csv.DictReader(StringIO(text)))
    return [{key: read_back(key, value) for key, value in row.items()} for row in rows]
