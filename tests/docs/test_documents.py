"""The documents name what the product has: a setting, command, report, column, finding or exit code left out fails."""

import argparse
import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from rowcol.cli import DONE, NOT_DONE, WRONG_USE
from rowcol.cli.parser import build
from rowcol.domain.aging import AMOUNTS
from rowcol.domain.hygiene.findings import RULES
from rowcol.domain.hygiene.rule import BLOCKING
from rowcol.entities import BY_NAME, Entity
from rowcol.settings import PREFIX, Settings
from rowcol.views.common.ready import BILLS, COLLECTIONS
from rowcol.views.reports import CHANGES, CLIENTS, DETAIL, FORECAST, ITEMS, PAYMENTS, REPORTS, TIE_OUT, TRAY

ROOT = Path(__file__).resolve().parents[2]
CHANGELOG = ROOT / "CHANGELOG.md"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
DEFINITIONS = (ROOT / "docs/definitions.md").read_text(encoding="utf-8")
QUICKBOOKS = (ROOT / "docs/quickbooks.md").read_text(encoding="utf-8")
AGING = ["realm_id", "party_id", "party", *AMOUNTS]
COLUMNS = {
    "clients": CLIENTS, "aging-ap": AGING, "aging-ar": AGING, "tie-out": TIE_OUT, "tray": TRAY, "bills": BILLS,
    "collections": COLLECTIONS, "payments": PAYMENTS, "forecast": FORECAST, DETAIL: ITEMS, "changes": CHANGES,
}  # fmt: skip
PROBLEMS = 1
AGREED = {"streamlit", "pandas", "plotly", "requests", "requests-oauthlib", "duckdb", "tenacity", "pytest"}
"""Packages that need no reason; any other has its row in the decision on packages."""
MOST_FILES = {
    "A hygiene rule": 1, "A column of the client list": 2, "A report": 2, "A page": 5,
    "A QuickBooks entity that counts": 12,
}  # fmt: skip
"""How many product files a change touches at most."""
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
PLACE = re.compile(r"(?:rowcol|tests|pages|docs|data|\.ci|\.streamlit)/[\w./*-]*")
NAMED = re.compile(r"^(rowcol/[\w./]+\.py)::([\w.]+)$")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def commands(parser: argparse.ArgumentParser, words: str = "rowcol") -> Iterator[tuple[str, set[str]]]:
    """Yield each command that runs, such as `rowcol client set`, and its options."""
    inner = [argument for argument in parser._actions if isinstance(argument, argparse._SubParsersAction)]
    for action in inner:
        for name, command in action.choices.items():
            yield from commands(command, f"{words} {name}")
    if not inner:
        options = {option for argument in parser._actions for option in argument.option_strings}
        yield words, options - {"-h", "--help"}


def section(text: str, title: str) -> str:
    """Return the text under the heading that names `title` in code, up to the next heading."""
    parts = re.split(r"^(#+ .+)$", text, flags=re.MULTILINE)
    return "".join(
        body for heading, body in zip(parts[1::2], parts[2::2], strict=True) if f"`{title}`" in heading
    )


def anchors(text: str) -> set[str]:
    """Return the names by which the headings of a document are linked."""
    titles = HEADING.findall(FENCE.sub("", text))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def defined_in(path: Path) -> set[str]:
    """Return the functions and classes of a module, and methods as `Class.method`."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, kinds):
            inner = node.body if isinstance(node, ast.ClassDef) else []
            names |= {
                node.name,
                *(f"{node.name}.{member.name}" for member in inner if isinstance(member, kinds)),
            }
    return names


@pytest.mark.parametrize("setting", [f"{PREFIX}{name.upper()}" for name in Settings.model_fields])
def test_every_setting_is_named(setting: str) -> None:
    assert f"| `{setting}` |" in OPERATIONS


@pytest.mark.parametrize(("command", "options"), list(commands(build())))
def test_every_command_and_its_options_are_named(command: str, options: set[str]) -> None:
    assert f"`{command}" in OPERATIONS
    assert [option for option in sorted(options) if option not in OPERATIONS] == []


def test_every_report_has_its_columns_here() -> None:
    assert COLUMNS.keys() == REPORTS.keys()


@pytest.mark.parametrize("report", REPORTS)
def test_every_column_of_a_report_is_named_under_it(report: str) -> None:
    text = section(OPERATIONS, report)
    assert [column for column in COLUMNS[report] if f"`{column}`" not in text] == []


@pytest.mark.parametrize("code", RULES)
def test_every_finding_is_named_with_its_severity(code: str) -> None:
    severity = "B" if RULES[code].severity == BLOCKING else RULES[code].severity
    assert re.search(rf"^\| {code} \| .+ \| {severity} \|$", DEFINITIONS, re.MULTILINE)


@pytest.mark.parametrize("code", [DONE, PROBLEMS, WRONG_USE, NOT_DONE])
def test_every_exit_code_is_named(code: int) -> None:
    assert f"\n| {code} | " in OPERATIONS


@pytest.mark.parametrize("entity", BY_NAME.values(), ids=lambda entity: entity.name)
def test_every_entity_that_is_read_is_named_as_its_table_has_it(entity: Entity) -> None:
    row = re.search(rf"^\| `{entity.name}` \|[^|]+\| ([^|]+) \| ([^|]+) \|$", QUICKBOOKS, re.MULTILINE)
    assert row is not None
    cash, page = row.groups()
    assert (cash != "–", page) == (entity.moves_cash, f"`{entity.page}`" if entity.page else "–")


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lost = []
    for link in LINK.findall(FENCE.sub("", text)):
        target, _, anchor = link.partition("#")
        if link.startswith(("http://", "https://")):
            continue
        linked = (path.parent / target).resolve() if target else path
        there = linked.exists() and linked.is_relative_to(ROOT)
        if not there or (anchor and anchor not in anchors(linked.read_text(encoding="utf-8"))):
            lost.append(link)
    assert lost == []


@pytest.mark.parametrize(
    "path", [path for path in DOCUMENTS if path != CHANGELOG], ids=lambda path: str(path.relative_to(ROOT))
)
def test_every_place_in_the_repository_that_is_named_exists(path: Path) -> None:
    named = {
        place for code in CODE.findall(path.read_text(encoding="utf-8")) for place in PLACE.findall(code)
    }
    places = [place.rstrip(".") for place in sorted(named) if "NNNN" not in place]
    assert [place for place in places if not place.startswith("data/") and not any(ROOT.glob(place))] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_function_that_is_named_is_defined_there(path: Path) -> None:
    named = [
        match.groups()
        for code in CODE.findall(path.read_text(encoding="utf-8"))
        if (match := NAMED.match(code))
    ]
    assert [f"{file}::{name}" for file, name in named if name not in defined_in(ROOT / file)] == []


@pytest.mark.parametrize("recipe", MOST_FILES)
def test_a_recipe_names_its_files_and_no_more_than_allowed(recipe: str) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    body = re.search(rf"^### {recipe}: (\d+) files?$(.*?)^##", text, re.MULTILINE | re.DOTALL)
    assert body is not None
    files = re.findall(r"^- `((?:rowcol|pages)/\S+)`", body[2], re.MULTILINE)
    assert len(set(files)) == int(body[1]) <= MOST_FILES[recipe]


def test_every_package_beyond_the_agreed_ones_has_its_reason() -> None:
    reasons = (ROOT / "docs/decisions/0014-packages-beyond-the-agreed-list.md").read_text(encoding="utf-8")
    run_time, development = reasons.split("And for development:")
    packages, tools = (
        {re.split(r"[\[<>=~! ]", requirement)[0] for requirement in listed} - AGREED
        for listed in (PROJECT["dependencies"], PROJECT["optional-dependencies"]["dev"])
    )
    assert [name for name in sorted(packages) if f"| {name} |" not in run_time] == []
    assert [name for name in sorted(tools) if name not in development] == []


def test_the_changelog_begins_with_the_version_of_the_project() -> None:
    changelog = CHANGELOG.read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+)", changelog, re.MULTILINE)[0] == PROJECT["version"]
    assert set(re.findall(r"^### (.+)$", changelog, re.MULTILINE)) == {"Added", "Changed", "Fixed"}
