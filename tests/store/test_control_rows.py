"""Control rows are kept apart: no statement touches them together with log and mirror, and only their modules touch them."""

import re
from pathlib import Path

import pytest

import rowcol.store
from rowcol.store.reads import statement

STORE = Path(rowcol.store.__file__).parent
SCHEMA = "\n".join(statement(name) for name in ("001_initial", "002_sent_mail"))
TABLES = set(re.findall(r"CREATE (?:TABLE|VIEW) (\w+)", SCHEMA))
RECORDS = {table for table in TABLES if table == "integration_log" or table.startswith("mirror_")}
CONTROL = TABLES - RECORDS
TYPED = {table.removeprefix("mirror_") for table in RECORDS}
TOUCHED = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|SELECT \* FROM)\s+\{?\{?(\w+)")
QUERIES = {path.stem: path.read_text(encoding="utf-8") for path in STORE.joinpath("sql").glob("[a-z]*.sql")}
MODULES = {str(path.relative_to(STORE)): path.read_text(encoding="utf-8") for path in STORE.rglob("*.py")}
CREATED = {name for text in MODULES.values() for name in re.findall(r"_create\(\"(\w+)\"", text)}
"""Temporary tables of records, each made by the statement of its name."""
NAMED = re.compile(r"(?:statement|_frame|_read|_create|_rows|_texts)\(\s*\"(\w+)\"")


def sides(text: str) -> set[str]:
    """Return which sides a statement touches: `control`, `records` or both."""
    touched = set(TOUCHED.findall(text))
    records = touched & (RECORDS | TYPED | CREATED) or re.search(
        r"(FROM|INTO|VIEW) \{*(mirror|known|earlier)_\{", text
    )
    return {side for side, touches in (("control", touched & CONTROL), ("records", records)) if touches}


def test_the_schema_has_both() -> None:
    assert {"grants", "entity_freshness", "decisions", "sent_mail", "webhook_marks", "api_calls"} <= CONTROL
    assert {"integration_log", "mirror_records", "mirror_lines"} <= RECORDS


@pytest.mark.parametrize("name", QUERIES)
def test_a_named_statement_touches_one_side(name: str) -> None:
    assert len(sides(QUERIES[name])) == 1


@pytest.mark.parametrize("name", MODULES)
def test_only_modules_of_control_touch_control_rows(name: str) -> None:
    if name == "migrations.py":
        return
    its_side = "control" if name.startswith("control/") else "records"
    named = [query for query in NAMED.findall(MODULES[name]) if query in QUERIES]
    assert sides(MODULES[name]) | {side for query in named for side in sides(QUERIES[query])} <= {its_side}


def test_every_named_statement_is_used() -> None:
    text = "\n".join(MODULES.values())
    assert [name for name in QUERIES if f'"{name}"' not in text] == []


def test_nothing_outside_the_store_has_a_statement_of_its_own() -> None:
    outside = [path for path in STORE.parent.rglob("*.py") if not path.is_relative_to(STORE)]
    assert [path.name for path in outside if sides(path.read_text(encoding="utf-8"))] == []
