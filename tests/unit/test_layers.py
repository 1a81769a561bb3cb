"""The layers of docs/architecture.md, held by machines."""

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
FORBIDDEN = ("streamlit", "requests", "duckdb")


def test_the_figures_load_neither_streamlit_nor_requests_nor_duckdb() -> None:
    code = (
        "import importlib, pkgutil, sys, rowcol.domain as d\n"
        "names = [m.name for m in pkgutil.walk_packages(d.__path__, 'rowcol.domain.')]\n"
        "[importlib.import_module(name) for name in names]\n"
        f"print(len(names), sorted(set({FORBIDDEN!r}) & set(sys.modules)))"
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


def test_every_page_is_in_the_contracts_that_keep_pages_apart() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = {contract["name"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}
    folders = {path.name for path in (ROOT / "rowcol" / "ui").iterdir() if (path / "__init__.py").exists()}
    pages = {f"rowcol.ui.{name}" for name in folders - {"kit", "state"}}
    assert set(contracts["No page's folder imports another page's"]["modules"]) == pages
    assert set(contracts["What pages share imports no page"]["forbidden_modules"]) == pages
    modules = {path.stem for path in (ROOT / "rowcol" / "views").iterdir() if path.name[0] not in "_."}
    views = {f"rowcol.views.{name}" for name in modules - {"common", "reports"}}
    assert set(contracts["No page's view models import another page's"]["modules"]) == views
