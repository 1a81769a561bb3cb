"""What every test shares: databases of one thread, properties without a deadline and with the same examples each run."""

import gc

from hypothesis import HealthCheck, settings

from rowcol.store import database

database.THREADS = 1
"""A test's books are too small to share a query out: a second thread costs 8 % of the time. The servers that tests start
as processes of their own, and the benchmarks, run with the product's."""

settings.register_profile(
    "rowcol", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("rowcol")


def pytest_collection_finish() -> None:
    """Keep the collector away from what was imported: it is alive to the end, and large (5 to 9 % of the time)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
