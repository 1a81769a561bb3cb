"""Rows that move while pages are read: nothing is lost, and nothing that exists is taken for deleted."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest

from rowcol.errors import Unavailable
from rowcol.qbo.client import Reply, Request
from rowcol.sandbox.run import RunningSandbox, running_sandbox
from rowcol.sync.deletions import MirrorRecord, deleted
from rowcol.sync.reconcile import ranges
from tests.kits.clock import NOON, FrozenClock
from tests.kits.company_sync import REALM, Bookkeeper, CompanySync, company_of_bills, company_sync

BILLS = 23
PAGE = 5
DIFFERENT = pytest.mark.parametrize("full_before", [False, True], ids=["first reading", "full reading"])


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def sandbox(clock: FrozenClock) -> Iterator[RunningSandbox]:
    with running_sandbox([company_of_bills(BILLS)], clock=clock, throttle=False) as running:
        yield running


@pytest.fixture
def company(tmp_path: Path, sandbox: RunningSandbox, clock: FrozenClock) -> Iterator[CompanySync]:
    """A client's sync that reads five records a page."""
    with company_sync(tmp_path, sandbox, clock=clock, page_size=PAGE) as running:
        yield running


def meddle(
    company: CompanySync, clock: FrozenClock, times: int, before: str, deed: Callable[[], object]
) -> None:
    """Do a deed at QuickBooks before each of the first requests for bills that hold a text; every request takes a second."""
    send, left = company.qbo.send, [times]

    def interrupted(realm: str, request: Request) -> Reply:
        clock.forward(seconds=1)
        statement = request.params.get("query", "")
        if left[0] and "FROM Bill" in statement and before in statement:
            left[0] -= 1
            deed()
            clock.forward(seconds=1)
        return send(realm, request)

    company.context = replace(company.context, send=interrupted)


def replaced(people: Bookkeeper) -> None:
    """Delete the oldest bill and enter one like it: the number of bills stays."""
    oldest = people.records("Bill")[0]
    people.delete("Bill", oldest["Id"])
    people.create("Bill", **{key: oldest[key] for key in ("VendorRef", "Line", "TxnDate", "TotalAmt")})


@DIFFERENT
@pytest.mark.parametrize("before", ["COUNT(*)", "STARTPOSITION 6", "STARTPOSITION 11", "STARTPOSITION 21"])
def test_a_bill_deleted_behind_the_reader_costs_no_other_bill(
    company: CompanySync, sandbox: RunningSandbox, clock: FrozenClock, before: str, full_before: bool
):
    if full_before:
        company.sync()
        clock.forward(minutes=15)
    people = Bookkeeper(sandbox)
    meddle(company, clock, 1, before, lambda: replaced(people))
    company.sync(full=True)
    company.sync()  # for the balances that moved after they were read
    assert company.at_rest()
    with company.database.read() as cursor:
        gone = cursor.execute(
            "SELECT qbo_id FROM integration_log WHERE operation = 'delete' AND entity = 'Bill'"
        ).fetchall()
        edits = cursor.execute(
            "SELECT count(*) FROM integration_log WHERE operation = 'upsert' AND entity = 'Bill'"
        ).fetchone()
    assert gone == [("1000",)], "only what was deleted was ever said to be"
    assert edits == (BILLS + 1,), "and every other bill was logged once"


def test_a_full_page_that_a_deletion_made_the_only_one_is_not_taken_for_all(
    tmp_path: Path, sandbox: RunningSandbox, clock: FrozenClock
):
    """22 of 23 bills came; then one of them was deleted, so that QuickBooks counted 22."""
    people = Bookkeeper(sandbox)
    with company_sync(tmp_path, sandbox, clock=clock, page_size=BILLS - 1) as company:
        meddle(company, clock, 1, "COUNT(*)", lambda: people.delete("Bill", "1000"))
        company.sync()
        company.sync()
        assert company.at_rest()


def test_an_edit_behind_the_reader_is_in_the_mirror_when_the_reading_ends(
    company: CompanySync, sandbox: RunningSandbox, clock: FrozenClock
):
    people = Bookkeeper(sandbox)
    meddle(company, clock, 3, "STARTPOSITION", lambda: people.edit("Bill", "1001", DocNumber="Edited"))
    company.sync()
    assert company.at_rest()


@DIFFERENT
def test_deletions_that_do_not_end_fail_no_refresh_and_read_no_page_twice(
    company: CompanySync, sandbox: RunningSandbox, clock: FrozenClock, full_before: bool
):
    if full_before:
        company.sync()
        clock.forward(minutes=15)
    people = Bookkeeper(sandbox)
    company.requests()
    meddle(company, clock, 99, "", lambda: replaced(people))
    company.sync(full=True)
    selects = [unquote(target) for target in company.requests() if "FROM Bill" in unquote(target)]
    pages = [target for target in selects if "STARTPOSITION" in target and "WHERE" not in target]
    assert len(pages) == len(set(pages)) == BILLS // PAGE + 2, "the last page had nothing"
    assert "Bill" in company.cursors()
    meddle(company, clock, 0, "", lambda: None)
    company.sync()
    assert company.at_rest()


def test_an_import_of_one_second_that_drifts_is_read_again(tmp_path: Path, clock: FrozenClock):
    """23 bills created in one second: what was skipped between two pages may be any of them."""
    imported = company_of_bills(BILLS)
    for id_, bill in imported.of("Bill").items():
        imported.entities["Bill"][id_] = {**bill, "MetaData": imported.of("Bill")["1000"]["MetaData"]}
    with (
        running_sandbox([imported], clock=clock, throttle=False) as sandbox,
        company_sync(tmp_path, sandbox, clock=clock, page_size=PAGE) as company,
    ):
        people = Bookkeeper(sandbox)
        meddle(company, clock, 1, "STARTPOSITION 11", lambda: people.delete("Bill", "1000"))
        company.sync()
        targets = [unquote(target) for target in company.requests()]
        assert (
            sum("FROM Bill ORDERBY MetaData.CreateTime STARTPOSITION 1 " in target for target in targets) == 2
        )
        company.sync()
        assert company.at_rest()


def test_records_that_do_not_say_when_they_were_created_are_read_again(
    company: CompanySync, sandbox: RunningSandbox
):
    people, send, left = Bookkeeper(sandbox), company.qbo.send, [1]

    def timeless(realm: str, request: Request) -> Reply:
        statement = request.params.get("query", "")
        if "FROM Bill" in statement and "STARTPOSITION 11" in statement and left[0]:
            left[0] = 0
            people.delete("Bill", "1000")
        reply = send(realm, request)
        for bill in reply.document.get("QueryResponse", {}).get("Bill", []):
            del bill["MetaData"]["CreateTime"]
        return reply

    company.context = replace(company.context, send=timeless)
    company.sync()
    assert {id_ for entity, id_ in company.content() if entity == "Bill"} == set(
        sandbox.companies[REALM].of("Bill")
    )


def test_records_that_are_counted_and_never_come_are_reported_and_move_no_cursor(company: CompanySync):
    send = company.qbo.send

    def boastful(realm: str, request: Request) -> Reply:
        reply = send(realm, request)
        if "COUNT(*) FROM Bill" in (request.params.get("query") or str(request.body)):
            reply.document["QueryResponse"]["totalCount"] += 3
        return reply

    company.context = replace(company.context, send=boastful)
    with pytest.raises(Unavailable, match="3 of the Bill records did not come, in 3 readings"):
        company.sync()
    assert "Bill" not in company.cursors(), "a reading that may lack a bill moves no cursor"
    company.context = replace(company.context, send=send)
    company.sync()
    assert company.at_rest()


def test_the_edges_of_pages_are_joined_where_they_touch():
    a, b, c, d = (NOON.replace(second=second) for second in (1, 2, 3, 4))
    assert ranges([(a, b), (b, c), (d, d)]) == [(a, c), (d, d)]
    assert ranges([(c, d), (a, d)]) == [(a, d)]
    assert ranges([(None, a), (a, None), (c, b)]) == [], "no times, or not in order: nothing is known"


def counted_at(existing: set[str]) -> tuple[Callable[[list[MirrorRecord]], int], list[int]]:
    """Return a count of the ranges counted and their lengths."""
    lengths: list[int] = []

    def count(part: list[MirrorRecord]) -> int:
        lengths.append(len(part))
        if len(part) > 100:  # by time, as QuickBooks counts: all that was created between first and last
            first, last = part[0].created_at, part[-1].created_at
            assert first is not None
            assert last is not None
            return sum(first <= record.created_at <= last for record in ALL if record.qbo_id in existing)
        return sum(record.qbo_id in existing for record in part)

    return count, lengths


ALL = [MirrorRecord(str(number), NOON.replace(second=0 if number < 200 else 1)) for number in range(201)]


def test_an_import_of_one_second_hides_no_deletion():
    """200 records of one second and one of the next: the only place to divide is before the last."""
    count, lengths = counted_at({record.qbo_id for record in ALL} - {"7"})
    assert deleted(ALL, count) == ["7"]
    assert lengths[:2] == [201, 200]


def test_what_counts_full_is_counted_once_and_what_is_all_gone_is_not_divided():
    count, lengths = counted_at({record.qbo_id for record in ALL})
    assert (deleted(ALL, count), lengths) == ([], [201])
    count, lengths = counted_at(set())
    assert (len(deleted(ALL, count)), lengths) == (201, [201])
