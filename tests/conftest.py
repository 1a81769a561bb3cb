"""What every test shares: properties are held to no clock, for machines are noisy, and give the same examples each run."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "rowcol", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("rowcol")
