"""Change-data-capture at its edges: cut answers, a month away, lost cursors, deletes, voids and refused entities."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest

from rowcol.entities import ENTITIES
from rowcol.sandbox.run import RunningSandbox, running_sandbox
from tests.kits.clock import FrozenClock, unlimited
from tests.kits.company_sync import (
    REALM,
    Bookkeeper,
    CompanySync,
    agency,
    company_of_bills,
    company_sync,
    mirrored,
    product,
    requests_of,
    served,
)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def bills(clock: FrozenClock) -> Iterator[RunningSandbox]:
    """1,500 bills of one vendor: more than a page, and more than one answer of changes holds."""
    with running_sandbox([company_of_bills(1500)], clock=clock, throttle=False) as running:
        yield running


@pytest.fixture
def fewer(clock: FrozenClock) -> Iterator[RunningSandbox]:
    """450 bills of one vendor: enough to be counted by time."""
    with running_sandbox([company_of_bills(450)], clock=clock, throttle=False) as running:
        yield running


@pytest.fixture
def books(clock: FrozenClock) -> Iterator[RunningSandbox]:
    """A small agency."""
    with running_sandbox([agency()], clock=clock, throttle=False) as running:
        yield running


@pytest.fixture
def company(tmp_path: Path, books: RunningSandbox, clock: FrozenClock) -> Iterator[CompanySync]:
    """The agency, read once; an hour has passed."""
    with company_sync(tmp_path, books, clock=clock) as company:
        company.sync()
        company.requests()
        clock.forward(hours=1)
        yield company


def test_more_than_a_thousand_changes_are_read_entity_by_entity(
    tmp_path: Path, bills: RunningSandbox, clock: FrozenClock
):
    with company_sync(tmp_path, bills, clock=clock) as company:
        company.sync()
        people = Bookkeeper(bills)
        clock.forward(hours=1)
        for bill in people.records("Bill")[:700]:
            people.save("Bill", {**bill, "PrivateNote": "Imported"})
        for number in range(400):
            people.save("Vendor", {"Id": str(9000 + number), "DisplayName": f"New {number}", "Active": True})
        people.delete("Bill", "2400")
        company.requests()
        landed = company.sync()
        targets = company.requests()
        assert [target.split("?")[0].rpartition("/")[2] for target in targets] == ["cdc"] * (
            1 + len(ENTITIES)
        )
        assert (landed.deleted, company.at_rest()) == (1, True)
        company.sync()
        assert len(company.requests()) > 1, "the overlap still holds the 1,100 changes"
        clock.forward(minutes=10)
        company.sync()
        clock.forward(minutes=10)
        company.requests()
        company.sync()
        assert len(company.requests()) == 1


def test_an_entity_that_alone_has_a_thousand_changes_is_read_whole(
    tmp_path: Path, bills: RunningSandbox, clock: FrozenClock
):
    with company_sync(tmp_path, bills, clock=clock) as company:
        company.sync()
        people, versions = Bookkeeper(bills), company.versions_logged()
        clock.forward(hours=1)
        for bill in people.records("Bill")[:1000]:
            people.save("Bill", {**bill, "PrivateNote": "Imported"})
        for number in (2100, 2200, 2300, 2400):
            people.delete("Bill", str(number))
        clock.forward(seconds=1)
        company.requests()
        landed = company.sync()
        targets = company.requests()
        cdc = [target for target in targets if "/cdc?" in target]
        whole = [target for target in targets if "/query?" in target and "FROM Bill " in f"{target} "]
        # All at once, each alone, and once more for what changed while two pages were read.
        assert len(cdc) == 1 + len(ENTITIES) + 1
        # Two pages, their count, and one count of the four that no page had.
        assert len(targets) - len(cdc) == 4
        assert len(whole) == 3
        assert (landed.deleted, company.at_rest()) == (4, True)
        moved = company.versions_logged() - versions - 1000 - 4
        assert moved == 2, "the deletes moved the vendor's balance and the payables, nothing else was logged"


def test_after_a_month_away_changes_and_deletes_are_found_and_nothing_unchanged_is_read(
    tmp_path: Path, fewer: RunningSandbox, clock: FrozenClock
):
    with company_sync(tmp_path, fewer, clock=clock) as company:
        company.sync()
        clock.forward(days=20)
        people = Bookkeeper(fewer)
        for number in range(20):
            people.edit("Bill", str(1000 + 20 * number), PrivateNote="Edited meanwhile")
        for number in range(3):
            people.delete("Bill", str(1013 + 140 * number))
        template = people.records("Bill")[0]
        for number in range(5):
            fields = {key: template[key] for key in ("VendorRef", "Line", "TxnDate", "TotalAmt")}
            people.create("Bill", **fields, DocNumber=f"N-{number}")
        clock.forward(days=25)
        company.requests()
        landed = company.sync()
        targets = [unquote(target) for target in company.requests()]
        assert not [target for target in targets if "/cdc" in target]
        # 20 edits, 5 new bills, the vendor and the payables that their amounts moved.
        assert landed.rows_in == landed.changed == 20 + 5 + 2
        assert landed.deleted == 3
        selects = [target for target in targets if "SELECT *" in target]
        assert len(selects) == len(ENTITIES)
        assert all("MetaData.LastUpdatedTime >=" in target for target in selects)
        # Each delete costs at most 2 counts a halving of 450, down to its id.
        assert len(targets) - len(selects) <= len(ENTITIES) + 3 * 2 * 9
        assert company.at_rest()
        clock.forward(minutes=15)
        company.sync()
        (only,) = company.requests()
        assert "/cdc?" in only


def test_a_record_made_meanwhile_and_edited_just_now_does_not_hide_a_deleted_one(
    tmp_path: Path, fewer: RunningSandbox, clock: FrozenClock
):
    with company_sync(tmp_path, fewer, clock=clock) as company:
        company.sync()
        people = Bookkeeper(fewer)
        existing = people.records("Bill")[200]
        clock.forward(days=45)
        people.delete("Bill", "1350")
        people.save(
            "Bill", {**existing, "Id": "5000"}
        )  # CreateTime of a bill in the middle, updated this second
        company.sync()
        assert company.at_rest()


def test_a_lost_cursor_costs_one_request_and_reads_nothing_again(
    tmp_path: Path, books: RunningSandbox, clock: FrozenClock
):
    with product(tmp_path, books, clock=clock, rate_limiter=unlimited()) as services:
        services.refresh()
        with services.database.write() as cursor:
            cursor.execute("DELETE FROM entity_freshness WHERE entity IN ('Bill', 'Account', 'Purchase')")
        clock.forward(minutes=15)
        people = Bookkeeper(books)
        people.delete("Bill", people.unlinked("Bill")[0]["Id"])
        books.state.stats.clear()
        (outcome,) = services.refresh()
        assert requests_of(books, REALM) == {"cdc": 1}
        # The vendor's and the payables' balances moved with the bill.
        assert (outcome.rows_deleted, outcome.rows_changed) == (1, 2)
        (client,) = services.clients.all()
        assert mirrored(services.database, client.business_id) == served(books.companies[REALM])
        assert services.verify().differences == ()


def test_all_cursors_lost_after_a_month_reads_nothing_again_either(
    tmp_path: Path, books: RunningSandbox, clock: FrozenClock
):
    with product(tmp_path, books, clock=clock, rate_limiter=unlimited()) as services:
        services.refresh()
        with services.database.write() as cursor:
            cursor.execute("DELETE FROM entity_freshness")
        clock.forward(days=40)
        people = Bookkeeper(books)
        people.delete("Invoice", people.unlinked("Invoice")[0]["Id"])
        (outcome,) = services.refresh()
        assert (outcome.ok, outcome.rows_deleted, outcome.rows_in) == (True, 1, 2)
        (client,) = services.clients.all()
        assert mirrored(services.database, client.business_id) == served(books.companies[REALM])


def test_an_entity_cut_off_in_its_first_reading_is_read_again_whole(
    tmp_path: Path, bills: RunningSandbox, clock: FrozenClock
):
    with company_sync(tmp_path, bills, clock=clock, page_size=400) as company:
        bills.faults(
            {"kind": "fault", "match": "STARTPOSITION 801", "times": None, "status": 400, "code": "500"}
        )
        with pytest.raises(Exception, match="code 500"):
            company.sync()
        assert len([key for key in company.content() if key[0] == "Bill"]) == 800
        assert "Bill" not in company.cursors()
        bills.faults()
        company.sync()
        assert company.at_rest()


def test_a_void_stays_a_record_and_a_delete_does_not(company: CompanySync, books: RunningSandbox):
    people = Bookkeeper(books)
    voided, deleted = (invoice["Id"] for invoice in people.unlinked("Invoice")[:2])
    people.void("Invoice", voided)
    people.delete("Invoice", deleted)
    assert company.sync().deleted == 1
    assert company.at_rest()
    with company.database.read() as cursor:
        rows = cursor.execute(
            "SELECT qbo_id, voided, total_cents, balance_cents FROM mirror_invoices WHERE qbo_id IN (?, ?)",
            [voided, deleted],
        ).fetchall()
        history = cursor.execute(
            "SELECT qbo_id, operation, raw IS NULL FROM integration_log WHERE entity = 'Invoice'"
            " AND qbo_id IN (?, ?) ORDER BY log_position",
            [voided, deleted],
        ).fetchall()
    assert rows == [(voided, True, 0, 0)]
    assert sorted(history) == sorted(
        [
            (voided, "upsert", False),
            (voided, "upsert", False),
            (deleted, "upsert", False),
            (deleted, "delete", True),
        ]
    )


def test_a_record_deleted_and_made_again_under_its_id_is_one_record_with_three_versions(
    company: CompanySync, books: RunningSandbox, clock: FrozenClock
):
    people = Bookkeeper(books)
    record = people.unlinked("Bill")[0]
    people.delete("Bill", record["Id"])
    company.sync()
    assert ("Bill", record["Id"]) not in company.content()
    clock.forward(minutes=5)
    people.save("Bill", record)
    company.sync()
    assert company.at_rest()
    with company.database.read() as cursor:
        operations = cursor.execute(
            "SELECT list(operation ORDER BY log_position) FROM integration_log"
            " WHERE entity = 'Bill' AND qbo_id = ?", [record["Id"]],
        ).fetchone()  # fmt: skip
    assert operations == (["upsert", "delete", "upsert"],)


def test_a_company_that_refuses_credit_card_payments_costs_one_request_too(
    tmp_path: Path, clock: FrozenClock
):
    realm = str(int(REALM) + 77)  # what a company lacks is remembered by realm
    with (
        running_sandbox([agency(realm)], clock=clock, throttle=False) as sandbox,
        company_sync(tmp_path, sandbox, realm, clock=clock) as company,
    ):
        sandbox.faults({"kind": "fault", "match": "CreditCardPayment", "times": None, "code": "4001"})
        company.sync()
        sinces = []
        for expected in (2, 1, 1):
            clock.forward(minutes=15)
            company.requests()
            company.sync()
            targets = company.requests()
            assert len(targets) == expected
            sinces.append(targets[-1].partition("changedSince=")[2].partition("&")[0])
        assert len(set(sinces)) == 3, "each cycle asks from where the last one ended"
        Bookkeeper(sandbox, realm).edit(
            "Vendor", Bookkeeper(sandbox, realm).records("Vendor")[0]["Id"], CompanyName="Renamed"
        )
        clock.forward(minutes=15)
        company.sync()
        assert company.at_rest()


def test_a_change_in_the_very_second_of_the_cursor_is_seen(company: CompanySync, books: RunningSandbox):
    people = Bookkeeper(books)
    company.sync()
    bill = people.unlinked("Bill")[0]["Id"]
    for note in ("first", "second"):
        people.edit("Bill", bill, PrivateNote=note)  # the clock stands still
        company.sync()
        assert company.content()["Bill", bill]["PrivateNote"] == note
        assert company.at_rest()


def test_balances_follow_a_payment_made_in_quickbooks(company: CompanySync, books: RunningSandbox):
    people = Bookkeeper(books)
    bill = next(record for record in people.unlinked("Bill") if record["Balance"] > 60)
    token = {record["Name"]: record["SyncToken"] for record in people.records("Account")}["Checking"]
    before = _balances(company)
    people.pay_bill(bill["Id"], 60.0)
    landed = company.sync()
    after = _balances(company)
    assert {name: after[name] - before[name] for name in after if after[name] != before[name]} == {
        "Checking": -6000, "Accounts Payable (A/P)": 6000, bill["VendorRef"]["name"]: -6000,
        f"Bill {bill['Id']}": -6000,
    }  # fmt: skip
    assert landed.changed == 5, "the payment, the bill, its vendor, and two accounts"
    assert {record["Name"]: record["SyncToken"] for record in people.records("Account")}["Checking"] == token
    assert company.at_rest()


def _balances(company: CompanySync) -> dict[str, int]:
    with company.database.read() as cursor:
        rows = cursor.execute(
            "SELECT name, balance_cents FROM mirror_balances WHERE balance_cents IS NOT NULL"
            " UNION ALL SELECT name, balance_cents FROM mirror_parties WHERE entity = 'Vendor'"
            " UNION ALL SELECT 'Bill ' || qbo_id, balance_cents FROM mirror_bills"
        ).fetchall()
    return dict(rows)


def test_a_vendor_made_inactive_stays_and_is_known_to_be_inactive(
    company: CompanySync, books: RunningSandbox
):
    people = Bookkeeper(books)
    vendor = people.records("Vendor")[2]
    people.edit("Vendor", vendor["Id"], Active=False)
    assert (company.sync().deleted, company.at_rest()) == (0, True)
    with company.database.read() as cursor:
        rows = cursor.execute(
            "SELECT name, active FROM mirror_parties WHERE entity = 'Vendor' AND qbo_id = ?", [vendor["Id"]]
        ).fetchall()
    assert rows == [(f"{vendor['DisplayName']} (deleted)", False)]


@pytest.mark.parametrize("ahead", [timedelta(minutes=10), timedelta(minutes=-10)], ids=["fast", "slow"])
def test_a_clock_of_ours_that_is_wrong_loses_no_change(
    tmp_path: Path, books: RunningSandbox, clock: FrozenClock, ahead: timedelta
):
    people = Bookkeeper(books)
    with company_sync(tmp_path, books, clock=lambda: clock.now + ahead) as company:
        company.sync()
        for away in (timedelta(minutes=1), timedelta(days=40), timedelta(minutes=1)):
            people.edit("Bill", people.records("Bill")[0]["Id"], PrivateNote=f"before {away}")
            clock.now += away
            people.edit("Bill", people.records("Bill")[1]["Id"], PrivateNote=f"after {away}")
            company.sync()
            assert company.at_rest()
