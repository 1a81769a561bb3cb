"""A backup is one encrypted file; a restore proves it before it replaces anything."""

import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from rowcol.errors import StoreDamaged, StoreError, StoreLocked, WrongKey
from rowcol.store.backup import read_backup, write_backup
from rowcol.store.reads import Scope
from rowcol.store.replay import verify
from tests.kits.processes import HOLD, in_another_process, opened_by_another_process
from tests.kits.records import bill, vendor
from tests.kits.store import PRACTICE, PracticeStore, ago

KEY = Fernet.generate_key().decode()
PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def backup(store: PracticeStore, tmp_path: Path) -> Path:
    """Give the backup of a store with one vendor and one bill of 80.00."""
    store.land_all([vendor("1", "Acme Confidential"), bill("1", ago(5), ago(1), 80, Id="801")])
    target = tmp_path / "practice.backup"
    assert write_backup(store.database, KEY, target, PASSPHRASE) == target.stat().st_size
    return target


def test_a_restored_database_is_the_one_that_was_backed_up_and_its_key_stands_beside_it(
    backup: Path, tmp_path: Path
) -> None:
    path = tmp_path / "elsewhere" / "rowcol.duckdb"
    assert read_backup(backup, path, PASSPHRASE) == 2
    key_file = path.with_name("rowcol.duckdb.key")
    assert key_file.read_text().strip() == KEY
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    restored = PracticeStore(path)
    assert restored.books().open_documents["balance_cents"].tolist() == [8_000]
    assert verify(restored.database, Scope(PRACTICE)).differences == ()
    restored.close()


def test_the_database_stays_locked_after_a_backup(store: PracticeStore, tmp_path: Path) -> None:
    """Reading the file beside DuckDB dropped this process's lock on it: two processes could write to one database."""
    assert not opened_by_another_process(store.database.path)
    write_backup(store.database, KEY, tmp_path / "practice.backup", PASSPHRASE)
    assert not opened_by_another_process(store.database.path)


def test_nothing_readable_is_in_a_backup(backup: Path) -> None:
    content = backup.read_bytes()
    assert b"Acme Confidential" not in content
    assert KEY.encode() not in content


def test_what_stood_there_before_is_kept_beside_it(backup: Path, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere" / "rowcol.duckdb"
    PracticeStore(path).close()
    path.with_name("rowcol.duckdb.key").write_text("older key")
    read_backup(backup, path, PASSPHRASE)
    assert path.with_name("rowcol.duckdb.before-restore").exists()
    assert path.with_name("rowcol.duckdb.key.before-restore").read_text() == "older key"


def test_a_wrong_passphrase_is_reported_and_replaces_nothing(backup: Path, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere" / "rowcol.duckdb"
    path.parent.mkdir()
    path.write_bytes(b"what was there")
    with pytest.raises(WrongKey, match="does not open with this passphrase"):
        read_backup(backup, path, "wrong")
    assert path.read_bytes() == b"what was there"
    assert [file.name for file in path.parent.iterdir()] == ["rowcol.duckdb"]


@pytest.mark.parametrize("kept", [0.2, 0.6, 0.999])
def test_a_file_cut_short_is_reported_and_replaces_nothing(backup: Path, tmp_path: Path, kept: float) -> None:
    content = backup.read_bytes()
    backup.write_bytes(content[: int(len(content) * kept)])
    path = tmp_path / "elsewhere" / "rowcol.duckdb"
    with pytest.raises((StoreDamaged, WrongKey)) as refused:
        read_backup(backup, path, PASSPHRASE)
    assert "\n" not in refused.value.line()
    assert list(path.parent.iterdir()) == []


def test_a_file_cut_off_between_two_parts_is_cut_short(backup: Path, tmp_path: Path) -> None:
    backup.write_bytes(b"".join(backup.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(StoreDamaged, match="was cut short"):
        read_backup(backup, tmp_path / "elsewhere" / "rowcol.duckdb", PASSPHRASE)


def test_parts_in_another_order_are_refused(backup: Path, tmp_path: Path) -> None:
    magic, salt, *parts = backup.read_bytes().splitlines(keepends=True)
    backup.write_bytes(b"".join([magic, salt, *reversed(parts)]))
    with pytest.raises(StoreDamaged, match="out of order"):
        read_backup(backup, tmp_path / "elsewhere" / "rowcol.duckdb", PASSPHRASE)


@pytest.mark.parametrize("content", [b"", b"dear diary", b"rowcol backup 1\n", b"rowcol backup 1\n!!\n"])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "other.file"
    source.write_bytes(content)
    with pytest.raises(StoreError) as refused:
        read_backup(source, tmp_path / "elsewhere" / "rowcol.duckdb", PASSPHRASE)
    assert "\n" not in refused.value.line()


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreDamaged, match="cannot be read"):
        read_backup(tmp_path / "none", tmp_path / "elsewhere" / "rowcol.duckdb", PASSPHRASE)


def test_a_backup_that_cannot_be_written_leaves_no_half_of_one(store: PracticeStore, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"):
        write_backup(store.database, KEY, tmp_path / "no" / "such" / "folder", PASSPHRASE)
    folder = tmp_path / "taken"
    folder.mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        write_backup(store.database, KEY, folder, PASSPHRASE)
    assert [file.name for file in tmp_path.iterdir() if file.name.startswith(".")] == []


def test_a_backup_whose_mirror_is_not_its_log_is_refused(store: PracticeStore, tmp_path: Path) -> None:
    store.land_all([bill("1", ago(5), ago(1), 80)])
    with store.database.write() as cursor:
        cursor.execute("UPDATE mirror_transactions SET balance_cents = 1")
    write_backup(store.database, KEY, tmp_path / "practice.backup", PASSPHRASE)
    with pytest.raises(StoreDamaged, match="not what its log says"):
        read_backup(tmp_path / "practice.backup", tmp_path / "elsewhere" / "rowcol.duckdb", PASSPHRASE)


def test_a_database_another_process_holds_is_not_restored_over(backup: Path, tmp_path: Path) -> None:
    path = tmp_path / "elsewhere" / "rowcol.duckdb"
    holder = in_another_process(HOLD, path)
    try:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreLocked, match=str(holder.pid)):
            read_backup(backup, path, PASSPHRASE)
    finally:
        holder.communicate("\n", timeout=20)
    assert not path.with_name("rowcol.duckdb.before-restore").exists()
