"""Run companies through the product and print each figure that differs from the oracle's.

    python -m tests.oracle.compare --seeds 1-20 --port 8391
    python -m tests.oracle.compare tests/cases/*.json --as-of 0

One sandbox and one database serve a whole batch. Exit code 1 if a figure differs.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.oracle.books import Books, Json, Settings, books_of
from tests.oracle.figures import Figures, figures
from tests.oracle.fold import BUCKETS, aging, ledger
from tests.oracle.product import CommandError, Product, serve
from tests.oracle.random_books import TODAY, company

REPORTS = ("clients", "aging-ap", "aging-ar", "bills", "collections", "forecast", "detail")
DAYS = (0, 10, -7, -45, -200)
WEEK = ("opening", "receipts", "payments", "baseline_in", "baseline_out", "recurring_out", "debt_service",
        "new_business_in", "new_business_out", "closing", "committed_closing")  # fmt: skip
CLIENT = ("cash_cents", "card_debt_cents", "ar_cents", "ar_overdue_cents", "ap_cents", "ap_overdue_cents", "buffer_days",
          "net_burn_runway_days", "cash_out_date", "status")  # fmt: skip
LISTED = {
    "bills": ("due_date", "days_past_due", "group", "balance_cents", "runway_days_effect"),
    "collections": ("due_date", "days_past_due", "balance_cents", "expected_date"),
}
FUNDS = "undeposited"


@dataclass(frozen=True)
class Difference:
    """One figure that differs: of a realm at a date, the oracle's and the product's value."""

    realm: str
    t: date
    figure: str
    oracle: Any
    product: Any

    def __str__(self) -> str:
        """Return one line."""
        return f"{self.realm} {self.t} {self.figure}: oracle {self.oracle}, product {self.product}"


def product_figures(rows: dict[str, list[Json]]) -> Figures:
    """Return the product's figures of one company under the oracle's names."""
    found: Figures = {f"clients//{name}": row[name] for row in rows["clients"] for name in CLIENT}
    for report in ("aging-ap", "aging-ar"):
        for row in rows[report]:
            values = {name: row[f"{name}_cents"] for name in (*BUCKETS, "total")}
            party = row["party_id"] or "No name"
            found |= {
                f"{report}/{party}/{name}": value for name, value in values.items() if any(values.values())
            }
    for report, names in LISTED.items():
        found |= {f"{report}/{row['qbo_id']}/{name}": row[name] for row in rows[report] for name in names}
    for number, row in enumerate(sorted(rows["forecast"], key=lambda each: str(each["week_start"])), 1):
        found |= {f"forecast/week {number:02}/{name}_cents": row[f"{name}_cents"] for name in WEEK}
    return found | detail_figures(rows["detail"])


def detail_figures(rows: list[Json]) -> Figures:
    """Return the items of `forecast --detail`: of one document sorted in a list, movements and series summed."""
    lists: dict[str, list[list[Any]]] = defaultdict(list)
    sums: dict[str, int] = defaultdict(int)
    for row in rows:
        line, day, cents = str(row["line"]), row["expected_on"], row["amount_cents"]
        name = f"{row['entity']} {row['qbo_id']}"
        if line.startswith(("receipts", "payments")):
            lists[f"item/{name}"].append([row["state"], day, cents, row["reason"]])
        elif line == FUNDS:
            lists[f"funds/{name if row['qbo_id'] else 'unexplained'}"].append([row["state"], day, cents])
        elif row["state"] == "placed":
            key = (
                f"booked/{name} on {day}" if line == "booked" else f"series/{line} {row['party_id']} on {day}"
            )
            sums[key] += cents
    found: Figures = {f"detail/{name}": sorted(each, key=str) for name, each in lists.items()}
    return found | {f"detail/{name}": value for name, value in sums.items() if value}


def differences(realm: str, t: date, oracle: Figures, product: Figures) -> list[Difference]:
    """Return what differs; a figure only one side has differs from `absent`."""
    names = sorted(oracle.keys() | product.keys())
    pairs = ((name, oracle.get(name, "absent"), product.get(name, "absent")) for name in names)
    return [Difference(realm, t, name, ours, theirs) for name, ours, theirs in pairs if ours != theirs]


def check(
    product: Product, companies: list[tuple[Json, Settings]], dates: Iterable[date]
) -> list[Difference]:
    """Compare every company at every date."""
    books = {raw["realm"]: books_of(exact(raw), settings) for raw, settings in companies}
    found = [
        Difference(realm, date.min, "failed//sync", "done", why) for realm, why in product.failures.items()
    ]
    for t in dates:
        rows: dict[str, dict[str, list[Json]]] = {realm: {} for realm in books}
        for name in REPORTS:
            found += read_report(product, name, t, rows)
        for realm, each in books.items():
            if len(rows[realm]) == len(REPORTS):
                found += differences(realm, t, figures(each, t), product_figures(rows[realm]))
    return found + tie_out(product, books)


def read_report(
    product: Product, name: str, t: date, rows: dict[str, dict[str, list[Json]]]
) -> list[Difference]:
    """Read one report of every company into `rows`; if it fails, ask for each company and return what failed."""
    try:
        answer = product.report(name, t)
    except CommandError:
        return [failure for realm in rows for failure in read_one(product, name, t, realm, rows[realm])]
    for realm, own in rows.items():
        own[name] = [row for row in answer if row["realm_id"] == realm]
    return []


def read_one(
    product: Product, name: str, t: date, realm: str, own: dict[str, list[Json]]
) -> list[Difference]:
    """Read one report of one company; return the failure, if there is one."""
    try:
        own[name] = product.report(name, t, realm)
    except CommandError as failure:
        return [Difference(realm, t, f"failed//{name}", "rows", str(failure))]
    return []


def tie_out(product: Product, books: dict[str, Books]) -> list[Difference]:
    """Compare the oracle's aging of the day of the check with the sandbox's own, as `tie-out` reports it."""
    found = []
    for row in product.report("tie-out"):
        if row["subject"] in ("ap", "ar"):
            each = books[row["realm_id"]]
            t = datetime.fromisoformat(row["checked_at"]).astimezone(each.zone).date()
            rows = {
                party[1] if party else None: sums
                for party, sums in aging(ledger(each, row["subject"]), t).items()
            }
            ours = rows.get(row["party_id"], {}).get("total", 0)
            if ours != row["qbo_cents"]:
                name = f"tie-out/{row['subject']} {row['party_id']}"
                found.append(Difference(row["realm_id"], t, name, ours, row["qbo_cents"]))
    return found


def exact(raw: Json) -> Json:
    """Return the company as the wire carries it, numbers as decimals."""
    read: Json = json.loads(json.dumps(raw, default=float), parse_float=Decimal)
    return read


def summary(found: list[Difference]) -> str:
    """Return how many figures of each kind differ, and in how many companies."""
    counts: Counter[str] = Counter()
    companies: dict[str, set[str]] = defaultdict(set)
    for each in found:
        report, row, *rest = each.figure.split("/")
        kind = f"{report} {row.split(' ')[0]}" if report in ("detail", "tie-out") else f"{report} {rest[-1]}"
        counts[kind] += 1
        companies[kind].add(each.realm)
    return "\n".join(
        f"{count:6} in {len(companies[kind]):3} companies: {kind}" for kind, count in counts.most_common()
    )


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, help="company files")
    parser.add_argument("--seeds", help="seeds of random companies, such as 1-20")
    parser.add_argument("--port", type=int, default=8391)
    parser.add_argument("--today", type=date.fromisoformat, default=TODAY, help="the product's day")
    parser.add_argument("--as-of", default=",".join(map(str, DAYS)), help="days from today, such as 0,10,-45")
    parser.add_argument("--batch", type=int, default=20, help="companies in one database")
    return parser.parse_args()


def main() -> int:
    """Compare what was asked for, batch by batch."""
    asked = arguments()
    companies: list[tuple[Json, Settings]] = [
        (json.loads(file.read_text()), Settings()) for file in asked.files
    ]
    if asked.seeds:
        first, _, last = asked.seeds.partition("-")
        companies += [company(seed, asked.today) for seed in range(int(first), int(last or first) + 1)]
    dates = [asked.today + timedelta(days=int(n)) for n in asked.as_of.split(",")]
    found: list[Difference] = []
    for start in range(0, len(companies), asked.batch):
        batch = companies[start : start + asked.batch]
        with tempfile.TemporaryDirectory() as folder, serve(batch, Path(folder), asked.port) as product:
            some = check(product, batch, dates)
        print(*some, sep="\n", flush=True)
        found += some
    print(
        f"{len(found)} differences in {len(companies)} companies", summary(found), sep="\n", file=sys.stderr
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
