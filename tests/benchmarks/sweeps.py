"""Hold every property to all its examples; the test run itself takes a sample of each.

python -m tests.benchmarks.sweeps
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.kits.examples import SWEEP

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run the tests that ask for `examples`; the exit code is pytest's."""
    tests = sorted(path for path in (ROOT / "tests").rglob("test_*.py") if "(examples(" in _spaceless(path))
    command = [sys.executable, "-m", "pytest", "--durations=20", *map(str, tests)]
    return subprocess.run(command, cwd=ROOT, env=os.environ | {SWEEP: "1"}).returncode


def _spaceless(path: Path) -> str:
    return path.read_text(encoding="utf-8").replace("max_examples=", "(")


if __name__ == "__main__":
    sys.exit(main())
