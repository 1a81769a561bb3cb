"""How many examples a property is held to: a seeded sample in every run, all of them in `tests/benchmarks/sweeps.py`."""

import os

SWEEP = "TESTS_SWEEP"
"""Set in the environment for the whole number."""
SHARE = 3
"""A run takes one example of three; the same ones each time, since the profile is derandomized."""


def examples(whole: int) -> int:
    """Return how many of a property's examples this run takes."""
    return whole if os.environ.get(SWEEP) else -(-whole // SHARE)
