"""A month of refreshes of a 61 MB company of which 2 % changes daily: the log's size, and the time of --known-at.

    python -m tests.benchmarks.growth           74,000 records, 30 days of 13 changing cycles
    python -m tests.benchmarks.growth --tiny    a hundredth of the size, to see that it runs

Records land as a cycle lands them; nothing is requested. A client's page as known at a past moment is read in a
process of its own.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rowcol.store.database import Database
from rowcol.store.frames import Frames
from rowcol.store.log import Landing, Positions, last_position, versions
from rowcol.store.mirror import known_hashes, land
from rowcol.store.reads import Scope
from rowcol.store.replay import verify
from tests.benchmarks.books import LARGE, Sizes, company
from tests.benchmarks.measuring import measured, print_table
from tests.benchmarks.seeding import seeded
from tests.kits.store import PRACTICE

DAYS, CYCLES = 30, 13
CHANGING = 0.02
REALM = "9130000000000001"
TINY = Sizes(40, 200, 200, 300, 0, 0, 0, 0, 0)
START = datetime(2026, 10, 20, 12, tzinfo=UTC)
KINDS = ("Bill", "Invoice", "Payment")

Record = dict[str, Any]
Stopwatch = Callable[[Callable[[], Any]], Any]


@dataclass(frozen=True)
class Size:
    """What the store takes on disk, how many versions its log holds, and how many of them repeat the one before."""

    file_mb: float
    versions: int
    repeated: int
    raw_mb: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tiny", action="store_true", help="a hundredth of the size")
    sizes = TINY if parser.parse_args().tiny else LARGE
    records = company(REALM, sizes, START.date())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "growth.duckdb"
        seeded(path, {REALM: records}, START)
        rows = [_row("after the first reading", _size(path))]
        began = time.perf_counter()
        changed = _month(path, records)
        lived = time.perf_counter() - began
        rows.append(_row(f"after {DAYS} days", _size(path)))
        header = (
            "the store",
            "file MB",
            "versions",
            "repeated",
            "JSON in the log, MB",
            "bytes of file a version",
        )
        print_table(
            f"{changed} changes in {DAYS} days, {CYCLES} cycles a day; {lived:.0f} s to land", header, rows
        )
        _print_known_at(path)


def replay(stopwatch: Stopwatch, path: Path, known_at: datetime | None) -> int:
    """Open the store and read what a client's page reads, as known at a moment; return how many open documents."""
    database = Database(path)
    frames = Frames(database, PRACTICE)

    def page() -> int:
        with frames.open(frames.scope(), known_at) as reading:
            return len(reading.open_documents((known_at or datetime.now(UTC)).date()))

    rows: int = stopwatch(page)
    database.close()
    return rows


def verified(stopwatch: Stopwatch, path: Path) -> int:
    """Replay the whole log against the mirror; return how many differences there are."""
    database = Database(path)
    differences = len(stopwatch(lambda: verify(database, Scope(PRACTICE))).differences)
    database.close()
    return differences


def _month(path: Path, records: dict[str, list[Record]]) -> int:
    """Land 30 days of cycles in which 2 % of the documents change each day, among as many that did not."""
    chance, database, changed = random.Random(1), Database(path), 0
    with database.read() as cursor:
        positions = Positions(last_position(cursor))
        (business_id,) = cursor.execute("SELECT business_id FROM businesses").fetchone() or ("",)
    share = CHANGING / CYCLES
    for number in range(DAYS * CYCLES):
        at = START + timedelta(days=number // CYCLES, minutes=13 * (1 + number % CYCLES))
        with database.write() as cursor:
            landing = Landing(PRACTICE, business_id, f"run-{number}", at)
            for entity in KINDS:
                count = round(share * len(records[entity]) + chance.random() - 0.5)
                places = chance.sample(range(len(records[entity])), 2 * count)
                for place in places[:count]:
                    records[entity][place] = _edited(records[entity][place], at, chance)
                came = versions(records[entity][place] for place in places)
                known = known_hashes(
                    cursor, *landing.client_key, entity, [version.qbo_id for version in came]
                )
                first = positions.take(max(len(came), 1), at)
                changed += land(cursor, landing, entity, came, known, first).changed
    database.close()
    return changed


def _edited(record: Record, at: datetime, chance: random.Random) -> Record:
    meta = {**record["MetaData"], "LastUpdatedTime": at.isoformat()}
    balance = round(chance.uniform(0, 9000), 2)
    return {**record, "SyncToken": str(int(record["SyncToken"]) + 1), "MetaData": meta, "Balance": balance}


def _size(path: Path) -> Size:
    database = Database(path)
    with database.read() as cursor:
        cursor.execute("CHECKPOINT")
        row = cursor.execute(
            "SELECT count(*), count(*) FILTER (content_hash = before), coalesce(sum(strlen(raw)), 0) FROM (SELECT *,"
            " lag(content_hash) OVER (PARTITION BY entity, qbo_id ORDER BY log_position) AS before"
            " FROM integration_log)"
        ).fetchone()
    database.close()
    records, repeated, raw = row or (0, 0, 0)
    return Size(path.stat().st_size / 1e6, records, repeated, raw / 1e6)


def _row(name: str, size: Size) -> tuple[str, ...]:
    each = 1e6 * size.file_mb / max(1, size.versions)
    return (
        name,
        f"{size.file_mb:.1f}",
        str(size.versions),
        str(size.repeated),
        f"{size.raw_mb:.1f}",
        f"{each:.0f}",
    )


def _print_known_at(path: Path) -> None:
    moments = {
        "the mirror of now": None,
        "known at the first evening": START + timedelta(hours=8),
        "known at the middle of the month": START + timedelta(days=15),
        "known at the end": START + timedelta(days=DAYS),
    }
    rows = []
    for name, moment in moments.items():
        run = measured(replay, path, moment)
        rows.append((name, f"{run.wall:.2f}", f"{run.cpu:.2f}", f"{run.peak_mb:.0f}", run.result))
    checked = measured(verified, path)
    rows.append(
        ("verify", f"{checked.wall:.2f}", f"{checked.cpu:.2f}", f"{checked.peak_mb:.0f}", checked.result)
    )
    print_table("One client's page", ("as of", "seconds", "processor", "peak MB", "open documents"), rows)


if __name__ == "__main__":
    main()
