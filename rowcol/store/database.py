"""One DuckDB file: one writer at a time, a cursor of its own for every call."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from rowcol.errors import StoreDamaged, StoreError, StoreFull, StoreLocked

Cursor = duckdb.DuckDBPyConnection

_FULL = ("no space left", "disk is full", "out of disk", "quota exceeded", "file too large")
"""Messages of the system if nothing more can be written: a full disk, a quota, or a limit on one file."""
CHECKPOINT_AFTER = "256MB"
"""How much is written before a checkpoint rewrites it: a small limit has a first refresh written several times."""
THREADS = 1
"""Threads that share one query. A second costs a tenth to a sixth of the processor time of a view, which other
pages and refreshes wait for; it would bring the first list of 100 clients a fifth sooner on an idle machine
(`benchmarks.pages`)."""
_HOLDER = re.compile(r"held in (?P<program>.+?) \(PID (?P<pid>\d+)\)")


def naive(moment: datetime) -> datetime:
    """Return a moment as the store keeps it: UTC without a zone."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def aware(moment: datetime | None) -> datetime | None:
    """Return a stored moment with its zone."""
    return None if moment is None else moment.replace(tzinfo=UTC)


def refusal(error: duckdb.Error, path: Path) -> StoreError:
    """Return a DuckDB failure as the advisor should read it."""
    text = str(error)
    if "lock" in text.lower() and "could not set" in text.lower():
        holder = _HOLDER.search(text)
        who = f"process {holder['pid']}" if holder else "another process"
        return StoreLocked(
            f"The database {path} is held by {who}",
            "Stop that process, or do this from the running dashboard",
        )
    if any(sign in text.lower() for sign in _FULL):
        return StoreFull(f"The disk that holds {path} is full")
    if isinstance(error, duckdb.IOException | duckdb.SerializationException | duckdb.InternalException):
        return StoreDamaged(
            f"The database {path} cannot be opened or read ({type(error).__name__})",
            "Check the path and its permissions in ROWCOL_DATABASE, or restore a backup",
        )
    return StoreError(f"The database refused a statement ({type(error).__name__}: {text.splitlines()[0]})")


class Database:
    """The store's file, opened once by one process.

    `read()` gives a cursor of its own, safe beside others; `write()` the single writer's transaction,
    committed at its end and undone by any exception. Errors: StoreLocked, StoreFull, StoreDamaged.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.commits = 0
        """How many transactions were committed: while it is unchanged, so is every read."""
        self._writer = threading.RLock()
        self._connection = self._open()

    def _open(self) -> Cursor:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = duckdb.connect(str(self.path), config={"threads": THREADS, "memory_limit": "2GB"})
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(f"SET wal_autocheckpoint = '{CHECKPOINT_AFTER}'")
        except duckdb.Error as error:
            raise refusal(error, self.path) from error
        except OSError as error:
            raise StoreDamaged(
                f"The folder of {self.path} cannot be used ({error.strerror})",
                "Choose another ROWCOL_DATABASE",
            ) from error
        return connection

    @contextmanager
    def read(self) -> Iterator[Cursor]:
        """Yield a cursor for one read."""
        cursor = self._connection.cursor()
        try:
            yield cursor
        except duckdb.Error as error:
            raise refusal(error, self.path) from error
        finally:
            cursor.close()

    @contextmanager
    def write(self) -> Iterator[Cursor]:
        """Yield the writer's cursor inside one transaction."""
        with self._writer, self.read() as cursor:
            cursor.execute("BEGIN TRANSACTION")
            try:
                yield cursor
                cursor.execute("COMMIT")
                self.commits += 1
            except BaseException:
                _undo(cursor)
                raise

    def copy_to(self, target: Path) -> None:
        """Write all that is committed into a new database file.

        By DuckDB itself: had this process opened its file once more, closing that would drop the lock on it.
        """
        with self._writer, self.read() as cursor:
            cursor.execute(f"ATTACH '{_quoted(target)}' AS copied")
            try:
                cursor.execute(f'COPY FROM DATABASE "{_name(cursor)}" TO copied')
            finally:
                cursor.execute("DETACH copied")

    def close(self) -> None:
        """Close the file; what is committed stays."""
        with self._writer:
            self._connection.close()


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _name(cursor: Cursor) -> str:
    row = cursor.execute("SELECT current_database()").fetchone()
    return str(row[0] if row else "").replace('"', '""')


def _undo(cursor: Cursor) -> None:
    """Roll back if the transaction is still open; a failed COMMIT has closed it already."""
    try:
        cursor.execute("ROLLBACK")
    except duckdb.TransactionException:
        return
