"""Whole entities: every row once, few requests, and no silence about a row that did not come."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from rowcol.errors import Refused, UsageError
from rowcol.qbo.client import Reply, Request
from rowcol.qbo.pages import Page, cdc_changes, entity_pages
from tests.kits.servers.scripted import REALM, answer

PAGING = re.compile(r"STARTPOSITION (\d+) MAXRESULTS (\d+)$")


class Book:
    """One entity's rows, answered the way QuickBooks pages them."""

    def __init__(self, rows: int, **quirks: Any) -> None:
        self.ids = [str(number) for number in range(rows)]
        self.key: str = quirks.get("key", "Bill")
        self.cap: int = quirks.get("cap", 1000)
        self.total_count: bool = quirks.get("total_count", False)
        self.after_each: Callable[[Book], None] = quirks.get("after_each", lambda _: None)
        self.statements: list[str] = []

    def send(self, _realm: str, request: Request) -> Reply:
        statement = request.params["query"]
        self.statements.append(statement)
        response = self._count() if "COUNT(*)" in statement else self._rows(statement)
        document = {"QueryResponse": response, "time": "2026-11-20T12:00:00.1-08:00"}
        self.after_each(self)
        return Reply(document, json.dumps(document).encode(), "tid-1", 1)

    def _count(self) -> dict[str, Any]:
        return {"totalCount": len(self.ids)}

    def _rows(self, statement: str) -> dict[str, Any]:
        paging = PAGING.search(statement)
        start, limit = (int(paging[1]), int(paging[2])) if paging else (1, 100)
        ids = self.ids[start - 1 : start - 1 + min(limit, self.cap)]
        if not ids:
            return {}
        response: dict[str, Any] = {
            self.key: [{"Id": i} for i in ids], "startPosition": start, "maxResults": len(ids)
        }  # fmt: skip
        return {**response, "totalCount": len(self.ids)} if self.total_count else response


def read(book: Book, entity: str = "Bill") -> list[Page]:
    return list(entity_pages(book.send, REALM, entity))


def ids_in(pages: list[Page]) -> list[str]:
    return [record["Id"] for page in pages for record in page.records]


@pytest.mark.parametrize(
    ("rows", "requests"), [(0, 1), (1, 1), (999, 1), (1000, 2), (1001, 3), (2000, 3), (20_000, 21)]
)
def test_every_row_comes_once_with_at_most_one_request_more_than_pages(rows, requests):
    book = Book(rows)
    assert ids_in(read(book)) == book.ids
    assert len(book.statements) == requests


def test_pages_are_requested_in_the_order_of_creation_which_no_edit_moves():
    book = Book(1001)
    read(book)
    assert book.statements == [
        "SELECT * FROM Bill ORDERBY MetaData.CreateTime STARTPOSITION 1 MAXRESULTS 1000",
        "SELECT COUNT(*) FROM Bill",
        "SELECT * FROM Bill ORDERBY MetaData.CreateTime STARTPOSITION 1001 MAXRESULTS 1000",
    ]


def test_name_lists_are_read_and_counted_with_their_inactive_members():
    book = Book(1000, key="Vendor")
    read(book, "Vendor")
    assert all(" Vendor WHERE Active IN (true, false)" in statement for statement in book.statements)
    assert len(book.statements) == 2


def test_a_page_carries_where_it_starts_what_was_counted_and_its_own_bytes():
    pages = read(Book(1500))
    assert [(page.start, len(page.records), page.count_expected) for page in pages] == [
        (1, 1000, 1500),
        (1001, 500, 1500),
    ]
    assert json.loads(pages[1].body)["QueryResponse"]["Bill"] == pages[1].records
    assert {page.intuit_tid for page in pages} == {"tid-1"}


@pytest.mark.parametrize("quirks", [{"cap": 100}, {"cap": 500}, {"cap": 40, "total_count": True}])
def test_a_server_with_smaller_pages_than_requested_still_gives_every_row(quirks):
    book = Book(1234, **quirks)
    assert ids_in(read(book)) == book.ids


def test_a_total_count_on_ordinary_pages_costs_nothing():
    book = Book(700, total_count=True)
    assert ids_in(read(book)) == book.ids
    assert len(book.statements) == 1


def test_a_row_deleted_while_reading_leaves_one_skipped_between_two_pages_and_a_last_page_without_rows():
    def delete_first_once(book: Book) -> None:
        if len(book.statements) == 2:
            del book.ids[0]

    book = Book(2500, after_each=delete_first_once)
    pages = read(book)
    assert set(book.ids) - set(ids_in(pages)) == {"1000"}
    assert [(page.start, len(page.records)) for page in pages] == [
        (1, 1000),
        (1001, 1000),
        (2001, 499),
        (2500, 0),
    ]
    assert {page.count_expected for page in pages} == {2500}


def test_a_row_added_while_reading_is_no_fault():
    def add(book: Book) -> None:
        book.ids.append(f"new-{len(book.statements)}")

    assert len(ids_in(read(Book(1500, after_each=add)))) >= 1500


@pytest.mark.parametrize("entity", ["CompanyInfo", "Preferences"])
def test_a_company_s_single_records_are_requested_plainly(entity):
    book = Book(1, key=entity)
    assert ids_in(read(book, entity)) == ["0"]
    assert [statement.split() for statement in book.statements] == [["SELECT", "*", "FROM", entity]]


@pytest.mark.parametrize("key", ["bill", "BILL", "Bill"])
def test_the_entity_is_found_by_name_in_any_case(key):
    assert len(ids_in(read(Book(3, key=key)))) == 3


def test_card_payments_come_under_either_of_their_names():
    assert len(ids_in(read(Book(2, key="CreditCardPaymentTxn"), "CreditCardPayment"))) == 2


def test_another_entity_s_rows_are_never_taken():
    assert ids_in(read(Book(3, key="BillPayment"))) == []


def refusal(code: str):
    return answer({"Fault": {"Error": [{"Message": "no", "code": code}]}}, 400)


@pytest.mark.parametrize("code", ["4000", "4001", "500", "610", "2020"])
def test_a_company_without_card_payments_has_none(client, scripted, code):
    scripted.answers(refusal(code))
    assert list(entity_pages(client.send, REALM, "CreditCardPayment")) == []


def test_any_other_entity_refused_is_an_error(client, scripted):
    scripted.answers(refusal("4001"))
    with pytest.raises(Refused):
        list(entity_pages(client.send, REALM, "Bill"))


def test_a_book_read_over_http_is_whole(client, scripted):
    scripted.answers(
        answer({"QueryResponse": {"Bill": [{"Id": str(i)} for i in range(1000)]}}),
        answer({"QueryResponse": {"totalCount": 1002}}),
        answer(b"", 503),
        answer({"QueryResponse": {"Bill": [{"Id": "1000"}, {"Id": "1001"}]}}),
    )
    assert len(set(ids_in(list(entity_pages(client.send, REALM, "Bill"))))) == 1002


SINCE = datetime(2026, 11, 19, 8, tzinfo=timezone(timedelta(hours=-8)))


def changes(client, scripted, document):
    scripted.answers(answer(document))
    return cdc_changes(client.send, REALM, ["Bill", "Customer", "CreditCardPayment"], SINCE)


def test_changes_come_by_entity_live_and_deleted_apart(client, scripted):
    feed = changes(
        client,
        scripted,
        {
            "CDCResponse": [
                {
                    "QueryResponse": [
                        {"customer": [{"Id": "63"}], "startPosition": 1, "maxResults": 1},
                        {},
                        {
                            "Bill": [{"Id": "34"}, {"domain": "QBO", "status": "Deleted", "Id": "979"}],
                            "maxResults": 2,
                        },
                        {"CreditCardPaymentTxn": [{"Id": "8"}]},
                        {"Estimate": [{"Id": "1"}]},
                    ]
                }
            ],
            "time": "2015-12-23T12:56:06.19-08:00",
        },
    )
    assert feed.records == {
        "Customer": [{"Id": "63"}], "Bill": [{"Id": "34"}], "CreditCardPayment": [{"Id": "8"}]
    }  # fmt: skip
    assert feed.deleted == {"Customer": [], "Bill": ["979"], "CreditCardPayment": []}
    assert feed.time == datetime(2015, 12, 23, 20, 56, 6, 190_000, tzinfo=UTC)
    assert not feed.saturated
    assert "entities=Bill%2CCustomer%2CCreditCardPayment" in scripted.seen[0].path
    assert "changedSince=2026-11-19T08%3A00%3A00-08%3A00" in scripted.seen[0].path


@pytest.mark.parametrize(
    "document",
    [
        {"CDCResponse": [{"QueryResponse": [{}]}], "time": "2019-03-13T10:24:05.179-07:00"},
        {"CDCResponse": [{}]},
        {"CDCResponse": []},
        {"CDCResponse": [{"QueryResponse": None}], "time": None},
    ],
)
def test_nothing_changed_comes_in_many_shapes(client, scripted, document):
    feed = changes(client, scripted, document)
    assert (feed.records, feed.deleted, feed.saturated) == ({}, {}, False)


def test_an_answer_without_changes_is_requested_again(client, scripted):
    scripted.answers(answer({"time": "2019-03-13T10:24:05.179-07:00"}), answer({}))
    bills = {"CDCResponse": [{"QueryResponse": [{"Bill": [{"Id": "1"}]}]}]}
    scripted.answers(answer(bills))
    feed = cdc_changes(client.send, REALM, ["Bill"], datetime(2026, 11, 19, 8, tzinfo=UTC))
    assert (feed.records, len(scripted.seen)) == ({"Bill": [{"Id": "1"}]}, 3)


def test_a_thousand_objects_of_all_entities_together_are_a_cut_answer(client, scripted):
    bills, customers = [{"Id": str(i)} for i in range(600)], [{"Id": str(i)} for i in range(400)]
    parts = [{"Bill": bills}, {"Customer": customers}]
    assert changes(client, scripted, {"CDCResponse": [{"QueryResponse": parts}]}).saturated


def test_a_fault_inside_a_change_reply_is_raised(client, scripted):
    part = {"Fault": {"Error": [{"code": "4001", "Message": "bad date"}]}}
    with pytest.raises(Refused, match="bad date"):
        changes(client, scripted, {"CDCResponse": [{"QueryResponse": [part]}]})


def test_changes_since_a_time_without_an_offset_are_not_requested(client):
    with pytest.raises(UsageError, match="Pacific"):
        cdc_changes(client.send, REALM, ["Bill"], datetime(2026, 11, 19))  # noqa: DTZ001 - the point
