"""Database and key in one encrypted file; a restore proves itself before it replaces anything."""

import base64
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from rowcol.errors import StoreDamaged, StoreError, StoreFull, WrongKey
from rowcol.store.control import control_rows
from rowcol.store.control.clients import practices
from rowcol.store.database import Database
from rowcol.store.migrations import migrate
from rowcol.store.reads import Scope
from rowcol.store.replay import verify

MAGIC = b"rowcol backup 1\n"
CHUNK = 8_000_000
SCRYPT = {"length": 32, "n": 2**15, "r": 8, "p": 1}
_KEY, _DATA, _END = b"K", b"D", b"E"


def write_backup(database: Database, key: str, target: Path, passphrase: str) -> int:
    """Write an encrypted backup and return its size in bytes; the target appears whole or not at all.

    Raises StoreFull, StoreError.
    """
    draft = target.with_name(f".{target.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=database.path.parent, prefix=".backup-") as folder:
            copy = Path(folder) / "copy.duckdb"
            database.copy_to(copy)
            _seal(copy, draft, key, passphrase)
        draft.replace(target)
    except OSError as error:
        draft.unlink(missing_ok=True)
        if error.errno == 28:
            raise StoreFull(f"The disk that holds {target} is full") from error
        raise StoreError(f"{target} cannot be written ({error.strerror})", "Name another file") from error
    return target.stat().st_size


def read_backup(source: Path, database: Path, passphrase: str) -> int:
    """Put a backup in place of a database and its key, once it opens and verifies; return its records.

    The former files are moved beside it, with names ending in `.before-restore`. Raises WrongKey (passphrase),
    StoreDamaged (cut short, or mirror and log differ), StoreLocked (a process holds the database).
    """
    database.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=database.parent, prefix=".restore-") as folder:
        fresh = Path(folder) / "restored.duckdb"
        key = _unpacked(source, fresh, passphrase)
        records = _proven(fresh)
        if database.exists():
            Database(database).close()
        _replace(fresh, key, database)
    return records


def _seal(source: Path, draft: Path, key: str, passphrase: str) -> None:
    salt = os.urandom(16)
    cipher = _cipher(passphrase, salt)
    with source.open("rb") as plain, draft.open("wb") as out:
        out.write(MAGIC + base64.urlsafe_b64encode(salt) + b"\n")
        for number, part in enumerate(_parts(key, plain)):
            out.write(cipher.encrypt(number.to_bytes(8, "big") + part) + b"\n")
        out.flush()
        os.fsync(out.fileno())


def _parts(key: str, source: BinaryIO) -> Iterator[bytes]:
    yield _KEY + key.encode()
    while chunk := source.read(CHUNK):
        yield _DATA + chunk
    yield _END


def _unpacked(source: Path, fresh: Path, passphrase: str) -> str:
    """Write the backup's database to `fresh` and return its key."""
    key, kind = "", b""
    try:
        with source.open("rb") as lines, fresh.open("wb") as out:
            if lines.readline() != MAGIC:
                raise StoreDamaged(
                    f"{source} is not a RowCol backup", "Name a file that `rowcol backup` wrote"
                )
            cipher = _cipher(passphrase, base64.urlsafe_b64decode(lines.readline().strip()))
            for number, line in enumerate(lines):
                part = cipher.decrypt(line.strip())
                if part[:8] != number.to_bytes(8, "big"):
                    raise StoreDamaged(f"{source} is out of order", "Take another backup")
                kind, content = part[8:9], part[9:]
                if kind == _KEY:
                    key = content.decode()
                elif kind == _DATA:
                    out.write(content)
    except InvalidToken:
        raise WrongKey(
            f"{source} does not open with this passphrase", "Try the passphrase it was made with"
        ) from None
    except (OSError, ValueError) as error:
        raise StoreDamaged(f"{source} cannot be read ({error})", "Name another file") from error
    if kind != _END:
        raise StoreDamaged(f"{source} was cut short", "Take another backup")
    return key


def _proven(path: Path) -> int:
    database = Database(path)
    try:
        migrate(database)
        with database.read() as cursor:
            advisors = practices(control_rows(cursor))
        results = [verify(database, Scope(practice)) for practice in advisors]
    finally:
        database.close()
    if any(result.differences for result in results):
        raise StoreDamaged("The backup's mirror is not what its log says", "Take another backup")
    return sum(result.records for result in results)


def _replace(fresh: Path, key: str, database: Path) -> None:
    key_file = database.with_name(database.name + ".key")
    for path in (database, key_file):
        if path.exists():
            shutil.move(path, path.with_name(path.name + ".before-restore"))
    fresh.replace(database)
    descriptor = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(key + "\n")


def _cipher(passphrase: str, salt: bytes) -> Fernet:
    derived = Scrypt(salt=salt, **SCRYPT).derive(passphrase.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
