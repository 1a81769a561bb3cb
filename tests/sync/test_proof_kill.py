"""kill -9 in the middle of a refresh costs nothing but time."""

import random
from pathlib import Path

from rowcol.sandbox.run import running_sandbox

from .proof_kill import kill_one, victim_books

KILLS = 10
FRESH_EVERY = 3


def test_ten_kills_at_seeded_moments_lose_and_double_nothing(tmp_path: Path):
    """Every third victim starts with an empty store; the others go on with what the killed ones left."""
    chance = random.Random(20261120)
    with running_sandbox([victim_books()], throttle=False) as sandbox:
        folder, left_rows = tmp_path, []
        for number in range(KILLS):
            if number % FRESH_EVERY == 0:
                folder = tmp_path / str(number)
                folder.mkdir()
            left_rows.append(kill_one(folder, sandbox, chance).rows)
    assert any(0 < rows < 1000 for rows in left_rows), f"no kill met a first reading half-way: {left_rows}"
