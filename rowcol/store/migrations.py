"""The schema's history: each step and its record in one transaction."""

import errno
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from rowcol.errors import StoreDamaged, StoreError, StoreFull
from rowcol.store.database import Cursor, Database
from rowcol.store.mirror import insert
from rowcol.store.reads import Scope, statement
from rowcol.store.replay import replayed

STEPS = ("001_initial", "002_sent_mail", "003_books_at_t")
REBUILT = {"003_books_at_t": ("transactions",)}
"""Step -> the typed tables whose rows it reads again from the log, because more is read out of a record now."""
_RECORD = "CREATE TABLE IF NOT EXISTS migrations (step VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL)"
_STAMP = "%Y%m%dT%H%M%S.%f"


def migrate(database: Database) -> list[str]:
    """Bring the database to the newest schema and return the steps taken.

    Raises StoreDamaged if the database was made by a newer RowCol.
    """
    missing = _missing(database)
    for step in missing:
        with database.write() as cursor:
            _apply(cursor, step)
    return missing


def open_database(path: Path) -> Database:
    """Open a database and bring its schema up to date. Raises StoreError; then nothing stays open.

    Before the first step of an upgrade, `keep_copy` keeps the files as they are.
    """
    database = Database(path)
    try:
        missing = _missing(database)
        if missing and missing[0] != STEPS[0]:
            database.close()
            keep_copy(path, missing[0])
            database = Database(path)
        migrate(database)
    except StoreError:
        database.close()
        raise
    return database


def keep_copy(path: Path, step: str) -> Path:
    """Copy a closed database, its log (.wal) and its key beside it, for the owner alone, and return the copy's path.

    The name is dated, `<database>.before-<step>-<UTC time>`, and never overwritten; the three together open as a
    database. The database comes last: if it is there, the copy is whole. Raises StoreFull, StoreError.
    """
    copy = path.with_name(f"{path.name}.before-{step}-{datetime.now(UTC).strftime(_STAMP)}")
    try:
        for suffix in (".key", ".wal", ""):
            source = path.with_name(path.name + suffix)
            if source.exists():
                _copy_once(source, copy.with_name(copy.name + suffix))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull(
                f"The disk that holds {path} has no room for a copy before the upgrade"
            ) from error
        raise StoreError(
            f"{copy} cannot be written before the upgrade ({error.strerror})",
            "Check the permissions of its folder",
        ) from error
    return copy


def _copy_once(source: Path, target: Path) -> None:
    """Copy a file for its owner alone; the target appears whole or not at all, and one that exists stays."""
    draft = target.with_name(target.name + ".part")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as out, source.open("rb") as content:
            shutil.copyfileobj(content, out)
            out.flush()
            os.fsync(out.fileno())
        os.link(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def _missing(database: Database) -> list[str]:
    """Return the steps not yet taken. Raises StoreDamaged if the database knows steps that this RowCol does not."""
    with database.write() as cursor:
        cursor.execute(_RECORD)
        done = {step for (step,) in cursor.execute("SELECT step FROM migrations").fetchall()}
    unknown = done - set(STEPS)
    if unknown:
        raise StoreDamaged(
            f"The database was made by a newer RowCol (step {max(unknown)})",
            "Update RowCol, then start it again",
        )
    return [step for step in STEPS if step not in done]


def _apply(cursor: Cursor, step: str) -> None:
    for part in statement(step).split(";\n"):
        if part.strip():
            cursor.execute(part)
    if step in REBUILT:
        _rebuild(cursor, REBUILT[step])
    cursor.execute("INSERT INTO migrations VALUES (?, now()::TIMESTAMP)", [step])


def _rebuild(cursor: Cursor, tables: tuple[str, ...]) -> None:
    """Read typed tables again from the log, one client at a time."""
    clients = cursor.execute("SELECT DISTINCT advisor_id, business_id FROM mirror_records").fetchall()
    for table in tables:
        cursor.execute(f"DELETE FROM mirror_{table}")
    for advisor_id, business_id in clients:
        rows = replayed(cursor, Scope(advisor_id, (business_id,)), tables)
        for table in tables:
            insert(cursor, f"mirror_{table}", rows[table])
