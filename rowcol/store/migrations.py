"""The schema's history: each step and its record in one transaction."""

from pathlib import Path

from rowcol.errors import StoreDamaged, StoreError
from rowcol.store.database import Cursor, Database
from rowcol.store.reads import statement

STEPS = ("001_initial", "002_sent_mail")
_RECORD = "CREATE TABLE IF NOT EXISTS migrations (step VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL)"


def migrate(database: Database) -> list[str]:
    """Bring the database to the newest schema and return the steps taken.

    Raises StoreDamaged if the database was made by a newer RowCol.
    """
    with database.write() as cursor:
        cursor.execute(_RECORD)
        done = {step for (step,) in cursor.execute("SELECT step FROM migrations").fetchall()}
    unknown = done - set(STEPS)
    if unknown:
        raise StoreDamaged(
            f"The database was made by a newer RowCol (step {max(unknown)})",
            "Update RowCol, then start it again",
        )
    missing = [step for step in STEPS if step not in done]
    for step in missing:
        with database.write() as cursor:
            _apply(cursor, step)
    return missing


def _apply(cursor: Cursor, step: str) -> None:
    for part in statement(step).split(";\n"):
        if part.strip():
            cursor.execute(part)
    cursor.execute("INSERT INTO migrations VALUES (?, now()::TIMESTAMP)", [step])


def open_database(path: Path) -> Database:
    """Open a database and bring its schema up to date. Raises StoreError; then nothing stays open."""
    database = Database(path)
    try:
        migrate(database)
    except StoreError:
        database.close()
        raise
    return database
