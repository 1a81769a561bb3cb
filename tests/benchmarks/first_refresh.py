"""The first full refresh of one large company: 74,000 records, 61 MB of JSON.

    python -m tests.benchmarks.first_refresh               all of it, with the throttle lifted
    python -m tests.benchmarks.first_refresh --throttled   also with 150 ms latency and the throttle on (10 s)
    python -m tests.benchmarks.first_refresh --tiny        a hundredth of the size, to see that it runs

Each line runs in a process of its own against a server that sends prepared bytes from another one, whose time
is not counted. Measure on two quiet cores; on a busy machine trust the ratio and the processor time.
"""

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import orjson
import pyarrow as pa
from pydantic import SecretStr
from quickbooks import QuickBooks
from quickbooks.objects import Bill, Customer, Invoice, Payment, Vendor
from requests_oauthlib import OAuth2Session

from rowcol.settings import Settings
from rowcol.wiring import Services
from tests.benchmarks.books import LARGE, Sizes
from tests.benchmarks.measuring import Measured, measured, print_table
from tests.benchmarks.serving import PAGE, REALM, Prepared, RequestCounts, serving
from tests.kits.clock import unlimited

SECONDS, MEGABYTES = 5.0, 500
RATIO = 0.65
LATENCY = 0.15
PAGES_A_SECOND, SLACK = 10, 1.2
TINY = Sizes(40, 200, 200, 300, 0, 0, 0, 0, 0)
ENTITIES = {"Bill": Bill, "Invoice": Invoice, "Payment": Payment, "Vendor": Vendor, "Customer": Customer}

Stopwatch = Callable[[Callable[[], Any]], Any]


def refresh(stopwatch: Stopwatch, url: str, folder: str, throttled: bool) -> dict[str, Any]:
    """Refresh the company with the product, log and mirror written; return rows, requests and the error if any."""
    settings = Settings(
        database=Path(folder) / "first.duckdb", qbo_client_id="id", qbo_client_secret=SecretStr("secret"), qbo_api_url=url,
        qbo_token_url=f"{url}/token", qbo_revoke_url=f"{url}/revoke", qbo_authorize_url=f"{url}/authorize",
    )  # fmt: skip
    services = Services(settings, rate_limiter=None if throttled else unlimited())
    services.connect(REALM, "refresh")
    outcome = stopwatch(services.refresh)[0]
    differences = len(services.verify().differences)
    services.stop()
    return {
        "rows": outcome.rows_in,
        "requests": outcome.requests,
        "error": outcome.message,
        "differences": differences,
    }


def python_quickbooks(stopwatch: Stopwatch, url: str) -> int:
    """Read the same pages into python-quickbooks' objects; return how many came."""
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    client = QuickBooks(company_id=REALM, minorversion=75)
    client.api_url_v3 = client.sandbox_api_url_v3 = f"{url}/v3"
    client.session = OAuth2Session("id", token={"access_token": "access", "refresh_token": "refresh"})
    return int(stopwatch(lambda: sum(_read_all(kind, client) for kind in ENTITIES.values())))


def parse_and_insert(stopwatch: Stopwatch, sizes: Sizes, folder: str) -> int:
    """Parse the same bodies and insert id and text, a transaction a page: the floor under any mirror."""
    bodies = Prepared(sizes).pages
    connection = duckdb.connect(str(Path(folder) / "floor.duckdb"), config={"threads": 2})
    connection.execute("CREATE TABLE log (entity VARCHAR, qbo_id VARCHAR, raw VARCHAR)")
    return int(
        stopwatch(lambda: sum(_insert(connection, entity, body) for (entity, _), body in bodies.items()))
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--throttled", action="store_true", help="also with latency and the throttle on")
    parser.add_argument("--tiny", action="store_true", help="a hundredth of the size")
    chosen = parser.parse_args()
    sizes = TINY if chosen.tiny else LARGE
    with tempfile.TemporaryDirectory() as folder, serving(sizes) as (url, pipe):
        ours = measured(refresh, url, _new_folder(folder, "ours"), False)
        pipe.send("asked")
        served: RequestCounts = pipe.recv()
        peer = measured(python_quickbooks, url)
        floor = measured(parse_and_insert, sizes, _new_folder(folder, "floor"))
    _print_speed(ours, peer, floor)
    _print_requests(sizes, ours, served)
    if chosen.throttled:
        _throttled(sizes)


def _throttled(sizes: Sizes) -> None:
    with tempfile.TemporaryDirectory() as folder, serving(sizes, LATENCY) as (url, pipe):
        ours = measured(refresh, url, folder, True)
        pipe.send("asked")
        served: RequestCounts = pipe.recv()
    limit = SLACK * served.total / PAGES_A_SECOND
    rows = [
        (
            "seconds",
            f"{ours.wall:.1f}",
            f"<= {limit:.1f} (1.2 x {served.total} requests / {PAGES_A_SECOND} a second)",
        ),
        ("most in any second at the server", served.most_in_a_second, f"<= {PAGES_A_SECOND}"),
    ]
    print_table(f"With {LATENCY * 1000:.0f} ms latency and the throttle on", ("what", "ours", "limit"), rows)


def _print_speed(ours: Measured, peer: Measured, floor: Measured) -> None:
    def row(name: str, taken: Measured, ratio: str, limit: str) -> tuple[str, ...]:
        return name, f"{taken.wall:.2f}", f"{taken.cpu:.2f}", f"{taken.peak_mb:.0f}", ratio, limit

    rows = [
        row("first refresh, log and mirror written", ours, "", f"{SECONDS:.0f} s, {MEGABYTES} MB"),
        row("python-quickbooks into memory", peer, f"{ours.wall / peer.wall:.2f}", f"{RATIO}"),
        row("parse and insert alone", floor, f"{ours.wall / floor.wall:.2f}", ""),
    ]
    header = ("what", "seconds", "processor", "peak MB", "ours / this", "limit")
    print_table("First full refresh, throttle lifted", header, rows)
    result = ours.result
    print(
        f"{result['rows']} rows; {result['differences']} differences between log and mirror; {result['error'] or 'no error'}"
    )


def _print_requests(sizes: Sizes, ours: Measured, served: RequestCounts) -> None:
    pages = {"Bill": sizes.bills, "Invoice": sizes.invoices, "Payment": sizes.payments, "Vendor": sizes.names // 2,
             "Customer": sizes.names // 2}  # fmt: skip
    rows = [
        (entity, served.requests.get(entity, 0), -(-count // PAGE), f"<= {-(-count // PAGE) + 1}")
        for entity, count in pages.items()
    ]
    rest = {name: count for name, count in served.requests.items() if name not in pages}
    rows.append(("others", sum(rest.values()), len(rest), ""))
    print_table(
        f"Requests ({ours.result['requests']} counted by us)", ("entity", "requests", "pages", "limit"), rows
    )


def _new_folder(folder: str, name: str) -> str:
    path = Path(folder) / name
    path.mkdir()
    return str(path)


def _read_all(kind: Any, client: QuickBooks) -> int:
    kept: list[Any] = []
    while True:
        text = f"SELECT * FROM {kind.qbo_object_name} STARTPOSITION {len(kept) + 1} MAXRESULTS {PAGE}"
        objects = kind.query(text, qb=client)
        kept.extend(objects)
        if len(objects) < PAGE:
            return len(kept)


def _insert(connection: duckdb.DuckDBPyConnection, entity: str, body: bytes) -> int:
    records = orjson.loads(body)["QueryResponse"][entity]
    rows = pa.table(
        {
            "qbo_id": [record["Id"] for record in records],
            "raw": [orjson.dumps(record).decode() for record in records],
        }
    )
    connection.register("incoming", rows)
    connection.execute("BEGIN TRANSACTION")
    connection.execute("INSERT INTO log SELECT ?, qbo_id, raw FROM incoming", [entity])
    connection.execute("COMMIT")
    connection.unregister("incoming")
    return len(records)


if __name__ == "__main__":
    main()
