"""Change-data-capture and batch."""

from rowcol.sandbox.company import Company
from tests.kits.clock import NOON, FrozenClock
from tests.kits.sandbox_client import Application
from tests.kits.small_company import REALM, bill


def changes(application: Application, entities: str, since: str) -> list[dict]:
    answer = application.get("cdc", entities=entities, changedSince=since)
    assert answer.status_code == 200, answer.text
    return answer.json()["CDCResponse"][0]["QueryResponse"]


def test_changes_come_by_entity_by_time_and_deletions_last(
    application: Application, books: Company, clock: FrozenClock
) -> None:
    books.put("Bill", bill("104", "1", "2026-11-01", "2026-12-01", 10.0, 10.0), clock())
    books.drop("Bill", "104", clock())
    clock.forward(seconds=10)
    books.put("Bill", books.of("Bill")["102"], clock())
    clock.forward(seconds=10)
    books.put("Bill", books.of("Bill")["101"], clock())
    bills, vendors = changes(application, "bill,VENDOR", "2026-11-20T20:00:00Z")
    assert [(row["Id"], row.get("status")) for row in bills["Bill"]] == [
        ("102", None),
        ("101", None),
        ("104", "Deleted"),
    ]
    assert bills["Bill"][0]["VendorRef"] == {"value": "2"}
    assert bills["Bill"][2] == {
        "domain": "QBO",
        "status": "Deleted",
        "Id": "104",
        "MetaData": {"LastUpdatedTime": "2026-11-20T12:00:00-08:00"},
    }
    assert (bills["startPosition"], bills["maxResults"]) == (1, 3)
    assert vendors == {}


def test_nothing_changed_is_one_empty_object(application: Application) -> None:
    assert changes(application, "Bill,Invoice", "2026-11-20T12:30:00-08:00") == [{}]


def test_changed_since_without_offset_is_pacific(application: Application, books: Company) -> None:
    books.put("Bill", books.of("Bill")["101"], NOON)
    assert len(changes(application, "Bill", "2026-11-20T12:00:00")[0]["Bill"]) == 1
    assert changes(application, "Bill", "2026-11-20T20:00:00") == [{}]


def test_a_thousand_objects_is_all_there_is_and_deletions_fall_off_first(
    application: Application, books: Company, clock: FrozenClock
) -> None:
    for number in range(2000, 2999):
        books.put("Bill", bill(str(number), "1", "2026-10-01", "2026-10-31", 10.0, 10.0), clock())
    books.drop("Bill", "101", clock())
    books.drop("Bill", "102", clock())
    books.put("Vendor", books.of("Vendor")["1"], clock())
    bills, vendors = changes(application, "Bill,Vendor", "2026-11-20T12:00:00-08:00")
    assert (len(bills["Bill"]), bills["Bill"][-1]["status"]) == (1000, "Deleted")
    assert vendors == {}


def test_what_cdc_cannot_tell_is_refused(application: Application) -> None:
    old = application.get("cdc", entities="Bill", changedSince="2026-10-20T00:00:00Z")
    assert application.fault(old)[:2] == (400, "4001")
    for entities, since in (("TaxCode", "2026-11-20T00:00:00Z"), ("", "2026-11-20"), ("Bill", "")):
        assert application.get("cdc", entities=entities, changedSince=since).status_code == 400


def test_batch_items_stand_alone_under_http_200(application: Application) -> None:
    items = [
        {"bId": "count", "Query": "SELECT COUNT(*) FROM Bill"},
        {"bId": "wrong", "Query": "SELECT nothing"},
        {"bId": "new", "operation": "create", "Vendor": {"DisplayName": "Fresh"}},
        {"bId": "twice", "operation": "create", "Vendor": {"DisplayName": "FRESH"}},
        {
            "bId": "void",
            "operation": "update",
            "optionsData": "void",
            "Invoice": {"Id": "112", "SyncToken": "0"},
        },
        {"bId": "gone", "operation": "delete", "Bill": {"Id": "101", "SyncToken": "0"}},
    ]
    answer = application.post("batch", {"BatchItemRequest": items})
    assert answer.status_code == 200
    replies = {reply["bId"]: reply for reply in answer.json()["BatchItemResponse"]}
    assert replies["count"]["QueryResponse"] == {"totalCount": 2}
    assert replies["wrong"]["Fault"]["Error"][0]["code"] == "4000"
    assert replies["new"]["Vendor"]["SyncToken"] == "0"
    assert replies["twice"]["Fault"]["Error"][0]["code"] == "6240"
    assert (replies["void"]["Invoice"]["TotalAmt"], replies["void"]["Invoice"]["PrivateNote"]) == (
        0,
        "Voided",
    )
    assert replies["gone"]["Bill"] == {"status": "Deleted", "domain": "QBO", "Id": "101"}


def test_a_batch_holds_thirty_items(application: Application) -> None:
    items = [{"bId": str(number), "Query": "SELECT COUNT(*) FROM Bill"} for number in range(31)]
    assert application.post("batch", {"BatchItemRequest": items[:30]}).status_code == 200
    assert application.fault(application.post("batch", {"BatchItemRequest": items}))[:2] == (400, "1040")
    assert application.post("batch", {}).status_code == 400


def test_a_raw_edit_moves_the_time_and_nothing_else(application: Application, clock: FrozenClock) -> None:
    clock.forward(minutes=1)
    edited = application.session.post(
        f"{application.sandbox.url}/sandbox/edit",
        json={"realm": REALM, "entity": "Bill", "record": {"Id": "101", "DueDate": "2026-12-24"}},
    )
    assert edited.json()["MetaData"]["LastUpdatedTime"] == "2026-11-20T12:01:00-08:00"
    assert application.record("Bill", "101")["DueDate"] == "2026-12-24"
    assert application.record("Bill", "101")["TotalAmt"] == 300.0
    application.session.post(
        f"{application.sandbox.url}/sandbox/edit", json={"realm": REALM, "entity": "Bill", "delete": "101"}
    )
    assert changes(application, "Bill", "2026-11-20T12:00:30-08:00")[0]["Bill"][0]["status"] == "Deleted"
