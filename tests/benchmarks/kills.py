"""kill -9 at 50 random moments of a refresh: what each left behind, and how long the next refresh took.

    python -m tests.benchmarks.kills            50 kills
    python -m tests.benchmarks.kills --tiny     3 kills, to see that it runs

Ends with an error at the first store that does not verify, or that lost, doubled or invented a record.
"""

import argparse
import random
import statistics
import tempfile
from pathlib import Path

from rowcol.sandbox.run import running_sandbox
from tests.benchmarks.measuring import print_table
from tests.kits.killed_run import Killed, kill_one, victim_books

KILLS, TINY = 50, 3
FRESH_EVERY = 5


def main() -> None:
    """Kill and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tiny", action="store_true", help="three kills")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    chosen = parser.parse_args()
    chance = random.Random(chosen.seed)
    with (
        running_sandbox([victim_books()], throttle=False) as sandbox,
        tempfile.TemporaryDirectory() as folder,
    ):
        killed: list[Killed] = []
        for number in range(TINY if chosen.tiny else KILLS):
            place = Path(folder) / str(number // FRESH_EVERY)
            place.mkdir(exist_ok=True)
            killed.append(kill_one(place, sandbox, chance))
    _print(killed, chosen.seed)


def _print(killed: list[Killed], seed: int) -> None:
    healed = [run.healed_in for run in killed]
    rows = [
        ("kills", len(killed), KILLS),
        ("met a first reading half-way", sum(run.half_way for run in killed), ">= 1"),
        (
            "steps of progress before the kill",
            f"{min(o.steps for o in killed)} to {max(o.steps for o in killed)}",
            "",
        ),
        ("refresh after the kill, median seconds", f"{statistics.median(healed):.2f}", ""),
        ("refresh after the kill, longest", f"{max(healed):.2f}", ""),
        ("records lost, doubled or invented", 0, 0),
    ]
    print_table(f"kill -9 in the middle of a refresh, seed {seed}", ("what", "found", "limit"), rows)


if __name__ == "__main__":
    main()
