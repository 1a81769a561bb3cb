"""Activity: what refreshes did, how fresh each part of the books is, and what changed in a record."""

from collections.abc import Iterator
from datetime import timedelta

import pandas as pd
import pytest
import streamlit as st

from rowcol.domain.current_decisions import no_decisions
from rowcol.entities import ENTITIES
from rowcol.store.control import control_rows
from rowcol.store.control.clients import business_id_of
from rowcol.store.control.freshness import move_cursors
from rowcol.store.control.runs import SyncRun, record_run
from rowcol.sync.policy import ensure_policies
from rowcol.ui.kit import navigation
from rowcol.views import activity
from tests.kits.pages.app import Open, words_on
from tests.kits.pages.services import Practice
from tests.kits.pages.views import NOW
from tests.kits.records import bill, vendor
from tests.kits.store import MEMORY, PracticeStore, gateway_over

LAKE, HILL = "9300000000000001", "9300000000000002"


class Logged(Practice):
    """A practice whose activity comes out of a real store; the rest of its pages are hand-built."""

    def __init__(self, store: PracticeStore) -> None:
        super().__init__(rows=[])
        self.store = store
        self.source = gateway_over(
            store.frames, lambda _: {}, lambda _: no_decisions(), NOW, "America/Los_Angeles"
        )

    def connect(self, realm: str, name: str) -> str:
        business_id = self.store.client(realm)
        with self.store.database.write() as cursor:
            self.store.clients.connect(control_rows(cursor), realm, name, NOW - timedelta(days=40))
        row = {"business_id": business_id, "name": name, "synced_at": NOW, "stale": False}
        self.rows.append(Practice().rows[0] | row)
        return business_id

    def run(self, realm: str, minutes_ago: float, outcome: str = "done", **more: object) -> None:
        ended = NOW - timedelta(minutes=minutes_ago)
        kept = SyncRun(
            self.store.client(realm), f"r{minutes_ago}", "refresh", ended - timedelta(seconds=2.46), ended, outcome,
            **more,
        )  # fmt: skip
        with self.store.database.write() as cursor:
            record_run(control_rows(cursor), self.store.advisor_id, kept)
            if outcome == "done":
                move_cursors(
                    control_rows(cursor), self.store.advisor_id, kept.business_id, ENTITIES, ended, ended
                )

    def activity_view(self, business_id: str | None, outcome: str) -> activity.ActivityView:
        return activity.activity_view(self.source, business_id, outcome)

    def every_run(self, business_id: str | None, outcome: str) -> pd.DataFrame:
        return activity.every_run(self.source, business_id, outcome)

    def find_records(self, business_id: str, entity: str, words: str) -> activity.RecordsFound:
        return activity.find_records(self.source, business_id, entity, words)

    def record_history(self, business_id: str, entity: str, qbo_id: str) -> activity.RecordHistory:
        return activity.record_history(self.source, business_id, entity, qbo_id)


@pytest.fixture
def logged(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> Iterator[Logged]:  # noqa: ARG001 - caches first
    """A store with two companies connected and nothing read."""
    from rowcol import wiring

    store = PracticeStore(MEMORY)
    ensure_policies(store.database, store.advisor_id)
    logged = Logged(store)
    logged.connect(LAKE, "Lakeside Dental")
    logged.connect(HILL, "Hill & Sons")
    monkeypatch.setattr(wiring, "services", lambda: logged)
    st.cache_resource.clear()
    yield logged
    store.close()


@pytest.fixture
def seeded(logged: Logged) -> Logged:
    """Both companies refreshed; one failed since; a bill changed twice and was deleted, a vendor came once."""
    logged.run(LAKE, 30, requests=14, rows_in=1200, rows_changed=7, rows_deleted=1)
    logged.run(LAKE, 4, requests=1, rows_in=3, rows_changed=3)
    logged.run(HILL, 200, requests=9)
    logged.run(
        HILL, 5, "throttled", reason="QuickBooks asked to come back later", hint="Nothing to do", retries=6
    )
    first = bill("7", "2026-11-01", "2026-12-01", "120.5", Id="501", DocNumber="A-1182")[1]
    store = logged.store
    store.land("Vendor", vendor("7", "*Norcal* Lumber")[1], realm=LAKE, at=NOW - timedelta(days=3))
    store.land("Bill", first, realm=LAKE, at=NOW - timedelta(days=2))
    changed = first | {"TotalAmt": "99.95", "DueDate": "2026-12-15", "SyncToken": "1"}
    store.land("Bill", changed, realm=LAKE, at=NOW - timedelta(days=1))
    store.delete("Bill", "501", realm=LAKE, at=NOW - timedelta(minutes=4))
    return logged


def lakeside(open_page: Open, tab: str = ""):
    at = open_page(navigation.ACTIVITY)
    at.selectbox[0].set_value(business_id_of("practice", LAKE)).run()
    return on_tab(at, tab) if tab else at


def on_tab(at, tab: str):
    at.session_state["activity_tabs"] = next(shown.label for shown in at.tabs if shown.label.startswith(tab))
    return at.run()


def test_without_clients_the_page_names_the_next_step(open_page: Open, logged: Logged) -> None:
    logged.rows = []
    for business_id in (logged.store.client(LAKE), logged.store.client(HILL)):
        with logged.store.database.write() as cursor:
            logged.store.clients.disconnect(control_rows(cursor), business_id, NOW)
    words = words_on(open_page(navigation.ACTIVITY))
    assert "No client connected yet" in words


@pytest.mark.usefixtures("logged")
def test_before_the_first_refresh_the_page_says_how_to_start(open_page: Open) -> None:
    at = open_page(navigation.ACTIVITY)
    assert "Nothing read from QuickBooks yet" in words_on(at)
    assert not at.dataframe


@pytest.mark.usefixtures("seeded")
def test_refreshes_are_listed_newest_first_with_what_they_did(open_page: Open) -> None:
    at = open_page(navigation.ACTIVITY)
    runs = at.dataframe[0].value
    assert list(runs["outcome"]) == ["● Done", "◆ Throttled", "● Done", "● Done"]
    assert list(runs["client"]) == ["Lakeside Dental", "Hill & Sons", "Lakeside Dental", "Hill & Sons"]
    assert runs.iloc[2][["requests", "retries", "rows_in", "rows_changed", "rows_deleted", "seconds"]].tolist() == [
        14, 0, 1200, 7, 1, 2.5,
    ]  # fmt: skip
    assert runs["retries"].iloc[1] == 6
    assert runs["why"].iloc[1] == "QuickBooks asked to come back later. Nothing to do"
    assert pd.isna(runs["why"].iloc[0])
    assert at.caption[0].value == (
        "2 clients · 4 refreshes, 1 of them not done · last good refresh 4 min ago · times in America/Los Angeles"
    )


def test_a_run_keeps_its_client_s_name_when_that_is_disconnected(open_page: Open, seeded: Logged) -> None:
    with seeded.store.database.write() as cursor:
        seeded.store.clients.disconnect(
            control_rows(cursor), business_id_of(seeded.store.advisor_id, HILL), NOW
        )
    st.cache_resource.clear()
    at = open_page(navigation.ACTIVITY)
    names = at.dataframe[0].value["client"]
    assert "Hill & Sons" in names.tolist()
    assert names.notna().all()


@pytest.mark.usefixtures("seeded")
def test_refreshes_are_narrowed_by_outcome_and_client(open_page: Open) -> None:
    at = open_page(navigation.ACTIVITY)
    at.pills(key="activity_outcome").set_value("throttled").run()
    assert list(at.dataframe[0].value["client"]) == ["Hill & Sons"]
    at.selectbox[0].set_value(business_id_of("practice", LAKE)).run()
    assert not at.dataframe
    assert "No refresh ended so" in words_on(at)
    at.pills(key="activity_outcome").set_value("all").run()
    assert len(at.dataframe[0].value) == 2
    assert at.caption[0].value.startswith("Lakeside Dental · 2 refreshes · ")


@pytest.mark.usefixtures("seeded")
def test_a_stale_client_is_shown_above_with_its_reason(open_page: Open) -> None:
    warning = open_page(navigation.ACTIVITY).warning[0].value
    assert r"Hill & Sons is not up to date".replace("&", r"\&") in warning
    assert "QuickBooks asked to come back later" in warning
    assert "3 h ago" in warning


@pytest.mark.usefixtures("seeded")
def test_freshness_names_each_part_of_the_books_stale_first(open_page: Open) -> None:
    at = on_tab(open_page(navigation.ACTIVITY), "Freshness")
    assert (
        next(tab.label for tab in at.tabs if tab.label.startswith("Freshness"))
        == "Freshness · 20 of 36 fresh"
    )
    rows = at.dataframe[0].value
    assert rows.iloc[0][["state", "client", "age"]].tolist() == ["◆ Stale", "Hill & Sons", "3 h"]
    lake = rows[(rows["client"] == "Lakeside Dental") & (rows["what"] == "Bill payments")].iloc[0]
    assert lake[["state", "age", "lives"]].tolist() == ["● Fresh", "4 min", "15 min"]
    assert set(rows["what"]) >= {"Company info", "Journal entries", "Sales receipts", "Vendors"}


@pytest.mark.usefixtures("seeded")
def test_the_log_is_searched_only_within_one_client(open_page: Open) -> None:
    at = on_tab(open_page(navigation.ACTIVITY), "Records")
    assert "Choose a client above" in words_on(at)


@pytest.mark.usefixtures("seeded")
def test_records_are_found_by_number_and_name(open_page: Open) -> None:
    at = lakeside(open_page, "Records")
    assert list(at.dataframe[0].value["what"]) == ["Bill", "Vendor"]
    at.text_input(key="record_search").input("a-1182").run()
    rows = at.dataframe[0].value
    assert rows.iloc[0][["state", "number", "amount", "versions"]].tolist() == [
        "✗ Deleted",
        "A-1182",
        99.95,
        3,
    ]
    at.text_input(key="record_search").input("norcal").run()
    assert list(at.dataframe[0].value["name"]) == ["*Norcal* Lumber"]
    at.text_input(key="record_search").input("zzz").run()
    assert "No record matches" in words_on(at)


def opened(open_page: Open, seeded: Logged, entity: str, qbo_id: str):
    at = lakeside(open_page, "Records")
    at.session_state["activity_record"] = (seeded.store.client(LAKE), entity, qbo_id)
    return at.run()


def frame_with(at, column: str) -> pd.DataFrame:
    return next(frame.value for frame in at.dataframe if column in frame.value.columns)


def test_a_record_shows_its_versions_and_what_changed(open_page: Open, seeded: Logged) -> None:
    at = opened(open_page, seeded, "Bill", "501")
    assert r"**Bill A\-1182** · 3 versions, newest first" in words_on(at)
    versions = frame_with(at, "fields")
    assert list(versions["version"]) == [3, 2, 1]
    assert list(versions["what"]) == ["✗ Deleted in QuickBooks", "Changed", "First seen"]
    assert versions["fields"].iloc[1] == "Total, Due date"
    at.selectbox(key="later_Bill_501_3").set_value(2).run()
    rows = frame_with(at, "before")
    assert rows[["field", "before", "after"]].values.tolist()[:2] == [
        ["Total", "120.5", "99.95"],
        ["Due date", "2026-12-01", "2026-12-15"],
    ]
    assert rows["field"].iloc[-1] == "Sync token"


def test_a_deletion_shows_what_was_lost_and_the_text_it_had(open_page: Open, seeded: Logged) -> None:
    at = opened(open_page, seeded, "Bill", "501")
    rows = frame_with(at, "before").set_index("field")
    assert rows.loc["Number", "before"] == "A-1182"
    assert rows["after"].isna().all()
    assert "Deleted in QuickBooks: nothing was sent." in words_on(at)
    assert '"DocNumber": "A-1182"' in at.code[0].value


def test_a_record_seen_once_says_so(open_page: Open, seeded: Logged) -> None:
    at = opened(open_page, seeded, "Vendor", "7")
    assert "Seen once: nothing has changed since." in words_on(at)
    assert r"**Vendor \*Norcal\* Lumber** · 1 version" in words_on(at)


def test_every_table_goes_out_as_a_file(open_page: Open, seeded: Logged) -> None:
    at = opened(open_page, seeded, "Bill", "501")
    assert len(at.get("download_button")) == 3
    assert len(on_tab(at, "Refreshes").get("download_button")) == 1
    assert len(on_tab(at, "Freshness").get("download_button")) == 1


def test_the_open_tab_stays_open_when_its_count_changes(open_page: Open, seeded: Logged) -> None:
    at = on_tab(open_page(navigation.ACTIVITY), "Freshness")
    seeded.run(HILL, 1)
    seeded.position += 1
    at.run()
    assert at.session_state["activity_tabs"] == "Freshness · 36 of 36 fresh"
