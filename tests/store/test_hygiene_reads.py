"""The reads behind the findings that look into the log: which client's rows, of which moment, and what two versions held."""

from collections.abc import Iterator
from datetime import timedelta

import pandas as pd
import pytest

from tests.kits.records import applied, bill, payment, spent
from tests.kits.store import MEMORY, NOW, TODAY, PracticeStore, ago

DAY = timedelta(days=1)
BEFORE, CALL = NOW - 9 * DAY, NOW - 7 * DAY


@pytest.fixture
def store() -> Iterator[PracticeStore]:
    store = PracticeStore(MEMORY)
    yield store
    store.close()


def read(store: PracticeStore, name: str) -> pd.DataFrame:
    with store.frames.open(store.frames.scope()) as reading:
        frame: pd.DataFrame = getattr(reading, name)({store.client(): CALL})
    return frame


def test_a_revision_stands_beside_the_version_before(store: PracticeStore) -> None:
    record = bill("1", ago(60), ago(30), 100, Id="7", Line=[spent(60), spent(40)])[1]
    store.land("Bill", record, at=BEFORE)
    store.land("Bill", {**record, "TotalAmt": 90, "Line": [spent(50), spent(40)]}, at=NOW - DAY)
    (row,) = read(store, "revisions").to_dict("records")
    assert (row["amount_cents_before"], row["amount_cents"]) == (10000, 9000)
    assert (row["lines_before"], row["lines"]) == ("60:None:4000 60:None:6000", "60:None:4000 60:None:5000")


def test_lines_that_only_link_are_not_shown(store: PracticeStore) -> None:
    record = payment("2", ago(60), 100, applied(100, "Invoice", "5"), Id="7")[1]
    store.land("Payment", record, at=BEFORE)
    store.land("Payment", {**record, "Line": [applied(100, "Invoice", "6")]}, at=NOW - DAY)
    rows = read(store, "revisions")
    assert rows[["lines_before", "lines"]].to_numpy().tolist() == [["", ""]]


def test_versions_alike_in_all_that_counts_are_not_revisions(store: PracticeStore) -> None:
    record = bill("1", ago(60), ago(30), 100, Id="7")[1]
    store.land("Bill", record, at=BEFORE)
    store.land("Bill", {**record, "Balance": 0}, at=NOW - DAY)
    assert read(store, "revisions").empty


def test_a_deletion_shows_the_last_version(store: PracticeStore) -> None:
    record = bill("1", ago(60), ago(30), 100, Id="7")[1]
    store.land("Bill", record, at=BEFORE)
    store.land("Bill", {**record, "TotalAmt": 90}, at=NOW - 2 * DAY)
    store.delete("Bill", "7", at=NOW - DAY)
    (row,) = read(store, "deletions").to_dict("records")
    assert (row["total_cents"], row["deleted_at"]) == (9000, pd.Timestamp((NOW - DAY).replace(tzinfo=None)))


def test_the_log_of_another_practice_is_never_read(store: PracticeStore) -> None:
    other = PracticeStore(MEMORY, "another practice", store.database)
    record = bill("1", ago(60), ago(30), 100, Id="7")[1]
    for id_ in ("7", "8"):
        other.land("Bill", {**record, "Id": id_}, at=BEFORE)
        store.land("Bill", {**record, "Id": id_}, at=BEFORE)
    other.land("Bill", {**record, "TotalAmt": 1}, at=NOW - DAY)
    other.delete("Bill", "8", at=NOW - DAY)
    with store.frames.open(store.frames.scope()) as reading:
        everyone = {store.client(): CALL, other.client(): CALL}
        assert reading.revisions(everyone).empty
        assert reading.deletions(everyone).empty
        assert reading.backdated_documents(everyone).empty
    wanted = pd.DataFrame({"business_id": [other.client()], "entity": ["Bill"], "qbo_id": ["7"]})
    assert store.frames.newest_versions(wanted, None).empty


def test_what_was_logged_is_read_as_of_a_moment(store: PracticeStore) -> None:
    record = bill("1", ago(60), ago(30), 100, Id="7")[1]
    store.land("Bill", record, at=BEFORE)
    store.land("Bill", {**record, "TotalAmt": 90}, at=NOW - DAY)
    wanted = pd.DataFrame({"business_id": [store.client()], "entity": ["Bill"], "qbo_id": ["7"]})
    moments = [store.frames.newest_versions(wanted, at)["logged_at"].iloc[0] for at in (CALL, None)]
    assert moments == [pd.Timestamp(at.replace(tzinfo=None)) for at in (BEFORE, NOW - DAY)]


def test_a_view_reads_nothing_that_is_committed_after_it_began(store: PracticeStore) -> None:
    store.land(*bill("1", ago(60), ago(30), 100, Id="7"))
    with store.frames.open(store.frames.scope()) as reading:
        before = reading.open_documents(TODAY)
        store.land(*bill("1", ago(9), ago(3), 40, Id="8"))
        pd.testing.assert_frame_equal(reading.open_documents(TODAY), before)
        assert list(reading.first_dates()["first_date"]) == [pd.Timestamp(ago(60))]
    with store.frames.open(store.frames.scope()) as reading:
        assert list(reading.open_documents(TODAY)["qbo_id"]) == ["7", "8"]
