"""kill -9 in the middle of a refresh costs nothing but time."""

import random
from pathlib import Path

from rowcol.sandbox.run import running_sandbox
from tests.kits.killed_run import kill_one, victim_books

KILLS = 4
"""`tests.benchmarks.kills` makes 50."""
SEED = 20261120
FRESH_EVERY = 2


def test_kills_at_seeded_moments_lose_and_double_nothing(tmp_path: Path):
    """Every second victim starts with an empty store; the others go on with what the killed ones left."""
    chance = random.Random(SEED)
    with running_sandbox([victim_books()], throttle=False) as sandbox:
        folder, killed = tmp_path, []
        for number in range(KILLS):
            if number % FRESH_EVERY == 0:
                folder = tmp_path / str(number)
                folder.mkdir()
            killed.append(kill_one(folder, sandbox, chance))
    assert any(run.half_way for run in killed), f"no kill met a first reading half-way: {killed}"
