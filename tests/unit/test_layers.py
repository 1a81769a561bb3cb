"""The layers of docs/architecture.md, held by machines."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
FAR_ROOMS = ("streamlit", "requests", "duckdb")


def test_the_figures_load_neither_screen_nor_rail_nor_store() -> None:
    code = (
        "import importlib, pkgutil, sys, rowcol.domain as d\n"
        "names = [m.name for m in pkgutil.walk_packages(d.__path__, 'rowcol.domain.')]\n"
        "[importlib.import_module(name) for name in names]\n"
        f"print(len(names), sorted(set({FAR_ROOMS!r}) & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr
    modules, loaded = ran.stdout.split(maxsplit=1)
    assert int(modules) >= 10
    assert loaded.strip() == "[]"


def test_every_contract_of_the_architecture_is_kept() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([linter, "--no-cache"], capture_output=True, text=True, cwd=ROOT)
    assert ran.returncode == 0, ran.stdout
    assert "0 broken" in ran.stdout
