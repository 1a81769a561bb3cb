"""What every test shares: properties without a deadline, for machines are noisy, and with the same examples each run."""

import gc

from hypothesis import HealthCheck, settings

settings.register_profile(
    "rowcol", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("rowcol")


def pytest_collection_finish() -> None:
    """Keep the collector away from what was imported: it is alive to the end, and large (5 to 9 % of the time)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
