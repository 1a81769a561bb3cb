"""Definitions.md, Hygiene findings: what changed since the last call, and findings on the company itself."""

from datetime import timedelta

import pandas as pd
import pytest

from rowcol.store.control.checks import TieOutRow
from tests.kits.findings import created_ago, findings_of, named, only, refreshed, tray
from tests.kits.records import (
    EXPENSE,
    INCOME,
    Pair,
    applied,
    bill,
    credit,
    customer,
    debit,
    invoice,
    journal,
    payment,
    purchase,
    spent,
    vendor,
)  # fmt: skip
from tests.kits.store import NOW, TODAY, PracticeStore, ago

LONG_AGO = NOW - timedelta(days=100)
LAST_WEEK = NOW - timedelta(days=6)


@pytest.fixture(autouse=True)
def parties(store: PracticeStore) -> None:
    store.land_all([vendor("1", "Acme"), vendor("3", "Gamma"), customer("2", "Beta")])


def old_bill(amount: int = 100, days_ago: int = 60, vendor_id: str = "1", **more: object) -> Pair:
    fields = {"Line": [spent(amount)], "MetaData": created_ago(days_ago), **more}
    return bill(vendor_id, ago(days_ago), ago(days_ago - 30), amount, **fields)


def test_a_record_deleted_since_the_call_is_found_with_what_it_said(store: PracticeStore) -> None:
    refreshed(store, 100)
    store.land("Bill", old_bill(240, Id="77", DocNumber="NF-6")[1], at=LONG_AGO)
    store.land("Bill", old_bill(Id="78")[1], at=LONG_AGO)
    store.delete("Bill", "78", at=NOW - timedelta(days=8))
    store.delete("Bill", "77", at=LAST_WEEK)
    row = only(store, "DELETED_SINCE")
    assert (row["qbo_id"], row["amount_cents"], row["party"]) == ("77", 24000, "Acme")
    assert (
        row["message"]
        == "Bill NF-6 of Acme of 21 Sep 2026 over $240.00 was found deleted in QuickBooks on 14 Nov 2026."
    )
    assert row["first_seen"] == pd.Timestamp(LAST_WEEK.replace(tzinfo=None))


def test_a_record_that_came_back_is_not_deleted(store: PracticeStore) -> None:
    refreshed(store, 100)
    record = old_bill(Id="77")[1]
    store.land("Bill", record, at=LONG_AGO)
    store.delete("Bill", "77", at=LAST_WEEK)
    store.land("Bill", record, at=NOW)
    assert findings_of(store, "DELETED_SINCE") == set()


def test_a_held_call_moves_the_day_from_which_deletions_count(store: PracticeStore) -> None:
    refreshed(store, 100)
    store.land("Bill", old_bill(Id="77")[1], at=LONG_AGO)
    store.delete("Bill", "77", at=LAST_WEEK)
    called = {store.client(): NOW - timedelta(days=3)}
    assert findings_of(store, "DELETED_SINCE", calls=called) == set()
    assert findings_of(store, "DELETED_SINCE", calls={store.client(): NOW - timedelta(days=30)}) == {
        ("Bill", "77")
    }


@pytest.mark.parametrize(("dated", "flagged"), [(37, True), (36, False)])
def test_a_record_entered_30_days_before_the_call_is_backdated(
    store: PracticeStore, dated: int, flagged: bool
) -> None:
    refreshed(store, 100)
    late = bill("1", ago(dated), ago(0), 1380, MetaData=created_ago(2), DocNumber="CF-90")
    store.land_all([late])
    assert findings_of(store, "BACKDATED") == (named(late) if flagged else set())


def test_what_was_entered_before_the_call_is_not_backdated(store: PracticeStore) -> None:
    refreshed(store, 100)
    store.land_all([bill("1", ago(90), ago(60), 10, MetaData=created_ago(8))])
    assert findings_of(store, "BACKDATED") == set()


def test_a_first_import_backdates_nothing(store: PracticeStore) -> None:
    store.land_all([bill("1", ago(90), ago(60), 10, MetaData=created_ago(1))])
    refreshed(store, 0)
    assert findings_of(store, "BACKDATED") == set()


CHANGES = {
    "the total": {"TotalAmt": 120},
    "the party": {"VendorRef": {"value": "3"}},
    "the date, back": {"TxnDate": ago(70)},
    "the date, into the open period": {"TxnDate": ago(3)},
    "a line's amount": {"Line": [spent(60), spent(40)]},
    "a line's account": {"Line": [spent(100, INCOME)]},
}
HARMLESS = {
    "its balance": {"Balance": 10},
    "its links": {"LinkedTxn": [{"TxnId": "9", "TxnType": "BillPaymentCheck"}]},
    "its e-mail status": {"EmailStatus": "EmailSent"},
    "its note": {"PrivateNote": "called them"},
    "a line's text": {"Line": [{**spent(100), "Description": "paper"}]},
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_the_past_is_found(store: PracticeStore, change: str) -> None:
    refreshed(store, 100)
    record = old_bill(Id="77")[1]
    store.land("Bill", record, at=LONG_AGO)
    store.land("Bill", {**record, **CHANGES[change]}, at=LAST_WEEK)
    assert findings_of(store, "BACKDATED") == {("Bill", "77")}


@pytest.mark.parametrize("change", HARMLESS)
def test_a_change_that_moves_no_figure_of_the_past_is_not(store: PracticeStore, change: str) -> None:
    refreshed(store, 100)
    record = old_bill(Id="77")[1]
    store.land("Bill", record, at=LONG_AGO)
    store.land("Bill", {**record, **HARMLESS[change]}, at=LAST_WEEK)
    assert findings_of(store, "BACKDATED") == set()


def test_a_payment_applied_elsewhere_is_a_change_of_links_alone(store: PracticeStore) -> None:
    refreshed(store, 100)
    first, second = invoice("2", ago(80), ago(50), 40), invoice("2", ago(80), ago(50), 60)
    paid = payment(
        "2", ago(60), 100, applied(40, "Invoice", first[1]["Id"]), UnappliedAmt=60, MetaData=created_ago(60)
    )[1]
    store.land("Payment", paid, at=LONG_AGO)
    links = [*paid["Line"], applied(60, "Invoice", second[1]["Id"])]
    store.land("Payment", {**paid, "Line": links, "UnappliedAmt": 0}, at=LAST_WEEK)
    assert findings_of(store, "BACKDATED") == set()


def test_a_change_of_the_open_period_or_before_the_call_is_not_backdated(store: PracticeStore) -> None:
    refreshed(store, 100)
    recent, earlier = old_bill(Id="77", days_ago=20)[1], old_bill(Id="78")[1]
    store.land("Bill", recent, earlier, at=LONG_AGO)
    store.land("Bill", {**earlier, "TotalAmt": 5}, at=NOW - timedelta(days=8))
    store.land("Bill", {**recent, "TotalAmt": 120}, at=LAST_WEEK)
    assert findings_of(store, "BACKDATED") == set()


def test_a_journal_entry_recoded_in_the_past_says_what_changed(store: PracticeStore) -> None:
    refreshed(store, 100)
    record = journal(
        ago(60), debit(50, EXPENSE), credit(50, INCOME), DocNumber="ADJ-1", Id="77", MetaData=created_ago(60)
    )[1]
    store.land("JournalEntry", record, at=LONG_AGO)
    store.land("JournalEntry", {**record, "Line": [debit(50, INCOME), credit(50, INCOME)]}, at=LAST_WEEK)
    assert only(store, "BACKDATED")["message"].startswith(
        "Journal entry ADJ-1 of 21 Sep 2026 had its lines changed on 14 Nov"
    )


def test_what_a_changed_total_puts_at_stake_is_the_difference(store: PracticeStore) -> None:
    refreshed(store, 100)
    record = old_bill(Id="77")[1]
    store.land("Bill", record, at=LONG_AGO)
    store.land("Bill", {**record, "TotalAmt": 130}, at=LAST_WEEK)
    assert only(store, "BACKDATED")["amount_cents"] == 3000


@pytest.mark.parametrize(("days", "flagged"), [(14, False), (15, True)])
def test_books_are_stale_without_a_movement_for_14_days(
    store: PracticeStore, days: int, flagged: bool
) -> None:
    refreshed(store)
    store.land_all([purchase(ago(days), spent(10)), purchase(ago(-3), spent(10))])
    assert findings_of(store, "BOOKS_STALE") == ({(None, None)} if flagged else set())


def test_books_never_read_are_not_stale_but_not_refreshed(store: PracticeStore) -> None:
    assert findings_of(store, "BOOKS_STALE") == set()
    assert only(store, "SYNC_STALE")["message"] == "The books are not fresh: Not refreshed yet."


def test_a_tie_out_that_differs_by_a_cent_is_broken(store: PracticeStore) -> None:
    store.check(TODAY, [TieOutRow("ap", "1", "Acme", 100, 99), TieOutRow("ar", "2", "Beta", 50, 50)])
    row = only(store, "TIE_OUT_BROKEN")
    assert (row["amount_cents"], row["entity"], row["qbo_id"]) == (1, None, None)
    assert row["message"] == "Our totals differ from QuickBooks' own reports by $0.01 in 1 place."
    assert row["first_seen"] == pd.Timestamp(NOW.replace(tzinfo=None))


def test_a_tie_out_that_is_tied_or_could_not_be_read_is_not_broken(store: PracticeStore) -> None:
    store.check(TODAY, [TieOutRow("ap", "1", "Acme", 100, 100)])
    assert findings_of(store, "TIE_OUT_BROKEN") == set()
    store.check(TODAY, [TieOutRow("unreadable", None, "", 0, 0)], at=NOW + timedelta(minutes=1))
    assert findings_of(store, "TIE_OUT_BROKEN") == set()


SYNC = ["SYNC_STALE", "SYNC_THROTTLED", "SYNC_FAILED", "AUTH_EXPIRED"]


@pytest.mark.parametrize(
    ("outcome", "code"),
    [("throttled", "SYNC_THROTTLED"), ("failed", "SYNC_FAILED"), ("reconnect", "AUTH_EXPIRED")],
)
def test_the_last_refresh_that_failed_is_shown_with_its_reason(
    store: PracticeStore, outcome: str, code: str
) -> None:
    refreshed(store, 1)
    refreshed(store, 0, outcome, "It answered 503")
    rows = tray(store, *SYNC)
    assert rows["code"].tolist() == [code]
    assert "It answered 503." in rows["message"].iloc[0]


def test_a_client_refreshed_since_has_no_sync_finding(store: PracticeStore) -> None:
    refreshed(store, 1, "failed", "It answered 503")
    refreshed(store, 0)
    assert tray(store, *SYNC).empty


def test_a_mirror_older_than_its_time_to_live_is_stale(store: PracticeStore) -> None:
    refreshed(store, 1)
    assert tray(store, *SYNC)["code"].tolist() == ["SYNC_STALE"]
