"""Another process that works on a store."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

HOLD = """
import sys
from tests.kits.store import PracticeStore, Path
store = PracticeStore(Path(sys.argv[1]))
print("held", flush=True)
input()
"""


def in_another_process(code: str, *arguments: object) -> "subprocess.Popen[str]":
    """Run Python that may import this package's kit; its words go to a pipe."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


TRY = """
import sys
from rowcol.errors import StoreLocked
from rowcol.store.database import Database, Path
try:
    Database(Path(sys.argv[1])).close()
    print("opened")
except StoreLocked:
    print("locked")
"""


def opened_by_another_process(path: Path) -> bool:
    """Say whether another process can open a database now."""
    ran = in_another_process(TRY, path)
    output, _ = ran.communicate(timeout=60)
    return output.strip() == "opened"
