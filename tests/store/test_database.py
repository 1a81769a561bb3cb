"""One file, one process, one writer; what goes wrong is one clear line, and nothing is half-written."""

import threading
from pathlib import Path

import pytest

from rowcol.errors import StoreDamaged, StoreError, StoreFull, StoreLocked
from rowcol.store.database import Database
from rowcol.store.migrations import STEPS, keep_copy, migrate, open_database
from rowcol.store.reads import Scope
from rowcol.store.replay import verify
from tests.kits.processes import HOLD, in_another_process
from tests.kits.records import bill
from tests.kits.store import PRACTICE, TODAY, PracticeStore, ago


def test_a_file_another_process_holds_is_refused_by_that_process_id(tmp_path: Path) -> None:
    path = tmp_path / "rowcol.duckdb"
    holder = in_another_process(HOLD, path)
    try:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(StoreLocked) as refused:
            Database(path)
        assert refused.value.message == f"The database {path} is held by process {holder.pid}"
        assert refused.value.hint
    finally:
        holder.communicate("\n", timeout=20)
    Database(path).close()


def test_a_file_that_is_no_database_is_damaged_and_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "rowcol.duckdb"
    path.write_text("dear diary " * 1000)
    with pytest.raises(StoreDamaged, match="cannot be opened"):
        Database(path)
    assert path.read_text().startswith("dear diary")


def test_a_folder_that_cannot_be_made_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreDamaged, match="The folder of"):
        Database(tmp_path / "file" / "deeper" / "rowcol.duckdb")


def test_a_step_is_taken_once_and_recorded_once(tmp_path: Path) -> None:
    path = tmp_path / "rowcol.duckdb"
    for taken in (list(STEPS), [], []):
        database = Database(path)
        assert migrate(database) == taken
        with database.read() as cursor:
            recorded = cursor.execute(
                "SELECT step, count(*) FROM migrations GROUP BY step ORDER BY step"
            ).fetchall()
        database.close()
        assert recorded == [(step, 1) for step in sorted(STEPS)]


def of_former_version(path: Path) -> None:
    """Make a database as it was before step 003, with records that this step reads more out of."""
    store = PracticeStore(path)
    note = {"PrivateNote": "Voided: kept", "SyncToken": "2"}
    store.land(
        "Bill",
        {"Id": "1", "TotalAmt": 100, "Balance": 100},
        {"Id": "2", "TotalAmt": 50, "Balance": 50, **note},
    )
    into = {"Deposit": 50, "DepositToAccountRef": {"value": "9"}}
    store.land("Invoice", {"Id": "3", "TotalAmt": 80, "Balance": 30, **into})
    with store.database.write() as cursor:
        for column in ("open_cents", "deposit_account_id", "deposit_cents"):
            cursor.execute(f"ALTER TABLE mirror_transactions DROP COLUMN {column}")
        cursor.execute("UPDATE mirror_transactions SET voided = TRUE WHERE qbo_id = '2'")
        cursor.execute("DROP TABLE mirror_exchange_rates")
        cursor.execute("DELETE FROM migrations WHERE step = '003_books_at_t'")
    store.database.close()


def test_an_upgrade_reads_the_mirror_again_from_the_log(tmp_path: Path) -> None:
    path = tmp_path / "rowcol.duckdb"
    of_former_version(path)
    database = open_database(path)
    assert verify(database, Scope(PRACTICE)).differences == ()
    with database.read() as cursor:
        rows = cursor.execute(
            "SELECT qbo_id, voided, open_cents, deposit_account_id, deposit_cents FROM mirror_transactions ORDER BY qbo_id"
        ).fetchall()
    database.close()
    assert rows == [("1", False, 10000, None, 0), ("2", False, 5000, None, 0), ("3", False, 3000, "9", 5000)]


def test_an_upgrade_first_keeps_the_files_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "rowcol.duckdb"
    of_former_version(path)
    before = path.read_bytes()
    (tmp_path / "rowcol.duckdb.key").write_text("the key")
    open_database(path).close()
    open_database(path).close()
    (copy,) = tmp_path.glob("rowcol.duckdb.before-003_books_at_t-*[0-9]")
    key = copy.with_name(copy.name + ".key")
    assert copy.read_bytes() == before
    assert key.read_text() == "the key"
    assert {file.stat().st_mode & 0o777 for file in (copy, key)} == {0o600}
    assert not list(tmp_path.glob("*.part"))


def test_a_new_database_and_one_up_to_date_need_no_copy(tmp_path: Path) -> None:
    path = tmp_path / "rowcol.duckdb"
    open_database(path).close()
    open_database(path).close()
    assert not list(tmp_path.glob("*before*"))


def test_a_copy_is_never_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "rowcol.duckdb"
    path.write_text("first")
    monkeypatch.setattr("rowcol.store.migrations._STAMP", "always the same")
    copy = keep_copy(path, "003")
    path.write_text("second")
    with pytest.raises(StoreError, match="cannot be written before the upgrade"):
        keep_copy(path, "003")
    assert copy.read_text() == "first"


def test_a_database_of_a_newer_version_is_refused_and_left_alone(store: PracticeStore) -> None:
    with store.database.write() as cursor:
        cursor.execute("INSERT INTO migrations VALUES ('999_teleport', now()::TIMESTAMP)")
    with pytest.raises(StoreDamaged, match=r"newer RowCol \(step 999_teleport\)"):
        migrate(store.database)


def test_an_exception_undoes_all_of_a_transaction_and_the_next_one_works(store: PracticeStore) -> None:
    def cut_off() -> None:
        with store.database.write() as cursor:
            cursor.execute("INSERT INTO practices VALUES ('a', 'A', now()::TIMESTAMP)")
            raise KeyError

    with pytest.raises(KeyError):
        cut_off()
    with store.database.write() as cursor:
        cursor.execute("INSERT INTO practices VALUES ('b', 'B', now()::TIMESTAMP)")
    with store.database.read() as cursor:
        assert cursor.execute("SELECT advisor_id FROM practices").fetchall() == [("b",)]


def test_a_statement_the_database_refuses_is_one_line(store: PracticeStore) -> None:
    with pytest.raises(StoreError) as refused, store.database.read() as cursor:
        cursor.execute("SELECT * FROM no_such_table")
    assert "\n" not in refused.value.line()


def test_readers_never_see_half_a_page_nor_an_empty_one_while_a_writer_writes(store: PracticeStore) -> None:
    """On one shared connection, concurrent reads once silently came back empty."""
    pages, size = 12, 40
    store.land("Bill", *(bill("1", ago(3), ago(1), 1)[1] for _ in range(size)))
    counts: list[int] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            with store.frames.open(store.frames.scope()) as reading:
                counts.append(len(reading.open_documents(TODAY)))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(pages - 1):
        store.land("Bill", *(bill("1", ago(3), ago(1), 1)[1] for _ in range(size)))
    stop.set()
    for reader in readers:
        reader.join()
    assert len(counts) > 3
    assert {count % size for count in counts} == {0}
    assert min(counts) >= size
    assert len(store.books().open_documents) == pages * size


def test_writers_take_turns(store: PracticeStore) -> None:
    def land(number: int) -> None:
        for _ in range(4):
            store.land("Bill", *(bill("1", ago(3), ago(1), 1)[1] for _ in range(5)), realm=f"{number}")

    for number in range(3):
        store.client(f"{number}")
    writers = [threading.Thread(target=land, args=(number,)) for number in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with store.database.read() as cursor:
        positions = [row[0] for row in cursor.execute("SELECT log_position FROM integration_log").fetchall()]
    assert len(positions) == len(set(positions)) == 60


FILL = """
import resource, sys
from tests.kits.store import PracticeStore, Path, ago
from tests.kits.records import bill
store = PracticeStore(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, resource.RLIM_INFINITY))
pages = 0
try:
    while pages < 100:
        store.land("Bill", *(bill("1", ago(3), ago(1), 1, PrivateNote=f"{pages}-{n}-" + "x" * 3000)[1] for n in range(50)))
        pages += 1
except Exception as error:
    print(type(error).__name__, pages, error.line(), sep="|")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.land("Bill", bill("1", ago(3), ago(1), 1)[1])
print("landed")
"""


def test_a_full_disk_is_one_line_nothing_is_half_written_and_work_goes_on_once_there_is_room(
    tmp_path: Path,
) -> None:
    path = tmp_path / "rowcol.duckdb"
    answer, _ = in_another_process(FILL, path).communicate(timeout=60)
    refused, landed = answer.splitlines()
    kind, pages, line = refused.split("|")
    assert kind == StoreFull.__name__
    assert line.startswith(f"The disk that holds {path} is full. Free some space")
    assert landed == "landed"
    store = PracticeStore(path)
    result = verify(store.database, Scope(PRACTICE))
    assert (result.records, result.differences) == (int(pages) * 50 + 1, ())
    store.close()
