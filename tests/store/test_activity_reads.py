"""What the Activity page reads: refreshes, freshness by entity, and the log searched record by record."""

import json
from datetime import datetime, timedelta

import pandas as pd
import pytest

from rowcol.entities import ENTITIES
from rowcol.store.activity_reads import ActivityReads
from rowcol.store.control import control_rows
from rowcol.store.control.freshness import clear_stale_marks, mark_stale, move_cursors
from rowcol.store.control.runs import SyncRun, record_run
from rowcol.sync.policy import ensure_policies
from tests.kits.records import bill, customer, vendor
from tests.kits.store import MEMORY, NOW, PracticeStore

OTHER_REALM = "4620816365201690999"


@pytest.fixture
def store():
    store = PracticeStore(MEMORY)
    store.client()
    yield store
    store.close()


def run(
    store: PracticeStore, minutes_ago: int, outcome: str = "done", realm: str | None = None, **more: int
) -> None:
    ended = NOW - timedelta(minutes=minutes_ago)
    business_id = store.client(realm) if realm else store.client()
    kept = SyncRun(
        business_id, f"r{minutes_ago}", "refresh", ended - timedelta(seconds=2.5), ended, outcome, **more
    )
    with store.database.write() as cursor:
        record_run(control_rows(cursor), store.advisor_id, kept)


def read(
    store: PracticeStore,
    ask,
    *,
    known_at: datetime | None = None,
    business_ids: tuple[str, ...] | None = None,
):
    with store.frames.open(store.frames.scope(business_ids), known_at) as reading:
        assert isinstance(reading, ActivityReads)
        return ask(reading)


def matches(store: PracticeStore, words: str, entities=ENTITIES, most: int = 50) -> tuple[pd.DataFrame, int]:
    return read(store, lambda reading: reading.search_records(store.client(), entities, words, most))


def test_refreshes_come_newest_first_with_their_seconds(store: PracticeStore) -> None:
    run(store, 30, requests=14, rows_in=120, rows_changed=7, rows_deleted=2)
    run(store, 5, "throttled", retries=4)
    runs = read(store, lambda reading: reading.sync_runs())
    assert list(runs["outcome"]) == ["throttled", "done"]
    assert list(runs["seconds"]) == [2.5, 2.5]
    assert list(runs["retries"]) == [4, 0]
    assert runs.iloc[1][["requests", "rows_in", "rows_changed", "rows_deleted"]].tolist() == [14, 120, 7, 2]
    assert runs["finished_at"].iloc[0] == NOW - timedelta(minutes=5)


def test_refreshes_are_narrowed_by_client_outcome_and_number(store: PracticeStore) -> None:
    run(store, 30)
    run(store, 20, "failed")
    run(store, 10, realm=OTHER_REALM)
    assert len(read(store, lambda reading: reading.sync_runs("done"))) == 2
    assert len(read(store, lambda reading: reading.sync_runs(), business_ids=(store.client(),))) == 2
    assert list(read(store, lambda reading: reading.sync_runs(most=1))["run_id"]) == ["r10"]
    assert read(store, lambda reading: reading.run_outcomes()) == {"done": 2, "failed": 1}


def test_freshness_names_every_entity_of_the_policy_read_or_not(store: PracticeStore) -> None:
    ensure_policies(store.database, store.advisor_id)
    store.land("Bill", bill("7", "2026-11-01", "2026-12-01", 10)[1], bill("7", "2026-11-01", None, 20)[1])
    with store.database.write() as cursor:
        move_cursors(control_rows(cursor), store.advisor_id, store.client(), ["Bill"], NOW, NOW)
    rows = read(store, lambda reading: reading.entity_freshness()).set_index("entity")
    assert len(rows) == len(ENTITIES)
    assert rows.loc["Bill", ["refreshed_at", "fresh_seconds", "records"]].tolist() == [NOW, 900, 2]
    assert pd.isna(rows.loc["Invoice", "refreshed_at"])
    assert rows.loc["CompanyInfo", "fresh_seconds"] == 24 * 3600


def test_an_entity_a_webhook_named_is_marked_until_it_is_read(store: PracticeStore) -> None:
    ensure_policies(store.database, store.advisor_id)
    client = store.client()

    def marked() -> list[str]:
        rows = read(store, lambda reading: reading.entity_freshness())
        return rows["entity"][rows["marked"]].tolist()

    assert marked() == []
    with store.database.write() as cursor:
        mark_stale(control_rows(cursor), store.advisor_id, {(client, "Bill"), (client, "Vendor")}, NOW)
    assert marked() == ["Bill", "Vendor"]
    with store.database.write() as cursor:
        clear_stale_marks(control_rows(cursor), store.advisor_id, client, NOW)
        mark_stale(control_rows(cursor), store.advisor_id, {(client, "Vendor")}, NOW + timedelta(seconds=1))
    assert marked() == ["Vendor"]


def test_a_record_is_found_by_id_number_or_name(store: PracticeStore) -> None:
    lumber = {"value": "7", "name": 'Norcal "Lumber" Ltd'}
    record = bill("7", "2026-11-01", "2026-12-01", "120.5", Id="501", DocNumber="A-1182", VendorRef=lumber)[1]
    store.land("Bill", record, bill("8", "2026-11-02", None, 5, Id="502")[1])
    store.land("Customer", customer("9", "Élan Studio")[1])
    for words in ("501", "a-118", 'norcal "LUMBER"'):
        rows, count = matches(store, words)
        assert (list(rows["qbo_id"]), count) == (["501"], 1)
    assert rows.iloc[0][["number", "name", "amount_cents", "state", "versions"]].tolist() == [
        "A-1182", 'Norcal "Lumber" Ltd', 12050, "current", 1,
    ]  # fmt: skip
    assert list(matches(store, "ÉLAN")[0]["entity"]) == ["Customer"]
    assert matches(store, "no such thing")[1] == 0


def test_words_elsewhere_in_a_record_do_not_find_it(store: PracticeStore) -> None:
    store.land("Vendor", vendor("7", "Norcal", Notes="see Zebra")[1])
    assert matches(store, "zebra")[1] == 0


def test_a_record_is_found_by_what_it_was_called_before(store: PracticeStore) -> None:
    store.land("Vendor", vendor("7", "Norcal Lumber")[1])
    store.land("Vendor", vendor("7", "Pacific Timber")[1], at=NOW + timedelta(minutes=5))
    rows, _ = matches(store, "norcal")
    assert rows.iloc[0][["name", "versions"]].tolist() == ["Pacific Timber", 2]


def test_deleted_and_voided_records_are_shown_as_such(store: PracticeStore) -> None:
    gone = bill("7", "2026-11-01", None, 10, Id="601", DocNumber="G-1")[1]
    void = bill("7", "2026-11-01", None, 0, Id="602", DocNumber="V-1", PrivateNote="Voided")[1]
    store.land("Bill", gone, void)
    store.delete("Bill", "601", at=NOW + timedelta(minutes=5))
    rows, _ = matches(store, "-1")
    assert dict(zip(rows["qbo_id"], rows["state"], strict=True)) == {"601": "deleted", "602": "voided"}
    assert rows.set_index("qbo_id").loc["601", ["number", "versions"]].tolist() == ["G-1", 2]


def test_records_come_newest_in_the_log_first_and_are_counted_beyond_the_limit(store: PracticeStore) -> None:
    for number in range(5):
        store.land("Vendor", vendor(str(number), f"Vendor {number}")[1], at=NOW + timedelta(minutes=number))
    rows, count = matches(store, "", most=2)
    assert (list(rows["qbo_id"]), count) == (["4", "3"], 5)
    assert matches(store, "", entities=["Customer"])[1] == 0


def test_the_versions_of_a_record_come_newest_first_up_to_its_deletion(store: PracticeStore) -> None:
    first = bill("7", "2026-11-01", None, 10, Id="701")[1]
    store.land("Bill", first)
    store.land("Bill", first | {"TotalAmt": "12.50"}, at=NOW + timedelta(minutes=13))
    store.delete("Bill", "701", at=NOW + timedelta(minutes=26))
    rows, count = read(store, lambda reading: reading.record_versions(store.client(), "Bill", "701", 10))
    assert (list(rows["state"]), count) == (["deleted", "current", "current"], 3)
    assert [None if raw is None else json.loads(raw)["TotalAmt"] for raw in rows["raw"]] == [
        None,
        "12.50",
        10,
    ]
    assert rows["seen_at"].iloc[1] == NOW + timedelta(minutes=13)
    assert list(rows["intuit_tid"]) == ["tid-1"] * 3


def test_a_past_moment_knows_nothing_later(store: PracticeStore) -> None:
    run(store, 30)
    store.land("Vendor", vendor("7", "Norcal")[1])
    before = NOW - timedelta(hours=1)
    assert read(store, lambda reading: reading.sync_runs(), known_at=before).empty
    versions = read(
        store, lambda reading: reading.record_versions(store.client(), "Vendor", "7", 10), known_at=before
    )
    assert versions[1] == 0


def test_another_practice_sees_none_of_it(store: PracticeStore) -> None:
    run(store, 5)
    store.land("Vendor", vendor("7", "Norcal")[1])
    other = PracticeStore(MEMORY, "another", store.database)
    assert read(other, lambda reading: reading.sync_runs()).empty
    assert read(other, lambda reading: reading.search_records(store.client(), ENTITIES, "", 10))[1] == 0
    assert read(other, lambda reading: reading.record_versions(store.client(), "Vendor", "7", 10))[1] == 0
    assert read(other, lambda reading: reading.entity_freshness()).empty
