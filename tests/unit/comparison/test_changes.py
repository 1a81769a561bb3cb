"""What changed between two versions of a record."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rowcol.domain.changes import differences

BILL: dict[str, Any] = {
    "Id": "101",
    "SyncToken": "0",
    "DocNumber": "A-1182",
    "VendorRef": {"value": "7", "name": "Norcal Lumber"},
    "TotalAmt": 120.5,
    "Line": [
        {"Id": "1", "Amount": 100.5, "AccountBasedExpenseLineDetail": {"AccountRef": {"value": "30", "name": "Rent"}}},
        {"Id": "2", "Amount": 20, "AccountBasedExpenseLineDetail": {"AccountRef": {"value": "31", "name": "Fuel"}}},
    ],
    "MetaData": {"LastUpdatedTime": "2026-11-13T09:00:00-08:00"},
}  # fmt: skip


def rows(
    before: dict[str, Any] | None, after: dict[str, Any] | None
) -> list[tuple[str, str | None, str | None]]:
    return [(change.field, change.before, change.after) for change in differences(before, after)]


def test_a_changed_amount_is_shown_as_sent() -> None:
    assert rows(BILL, BILL | {"TotalAmt": 1234567.89}) == [("Total", "120.5", "1234567.89")]


def test_the_same_amount_written_otherwise_is_no_change() -> None:
    assert rows({"TotalAmt": 120}, {"TotalAmt": 120.0}) == []


def test_a_reference_is_shown_by_its_name_then_its_id() -> None:
    after = BILL | {"VendorRef": {"name": "PG&E", "value": "8"}}
    assert rows(BILL, after) == [("Vendor", "Norcal Lumber", "PG&E"), ("Vendor id", "7", "8")]


def test_what_quickbooks_keeps_for_itself_comes_last() -> None:
    after = {"SyncToken": "1", **{key: BILL[key] for key in BILL if key != "SyncToken"}}
    after |= {"MetaData": {"LastUpdatedTime": "2026-11-20T09:00:00-08:00"}, "DueDate": "2026-12-01"}
    changes = differences(BILL, after)
    assert [(change.field, change.housekeeping) for change in changes] == [
        ("Due date", False),
        ("Sync token", True),
        ("Last saved in QuickBooks", True),
    ]


def test_a_line_put_in_between_leaves_the_others_alone() -> None:
    first, second = BILL["Line"]
    after = BILL | {"Line": [first, {"Id": "9", "Amount": 5.25}, second]}
    assert rows(BILL, after) == [("Line 9 · Id", None, "9"), ("Line 9 · Amount", None, "5.25")]


def test_an_account_of_a_line_is_named_without_its_wrapping() -> None:
    detail = {"AccountRef": {"value": "30", "name": "Repairs"}}
    line = BILL["Line"][0] | {"AccountBasedExpenseLineDetail": detail}
    (change,) = differences(BILL, BILL | {"Line": [line, BILL["Line"][1]]})
    assert (change.field, change.before, change.after) == ("Line 1 · Account", "Rent", "Repairs")
    assert change.path == "Line[1].AccountBasedExpenseLineDetail.AccountRef.name"


def test_a_payment_linked_to_a_bill_is_shown_by_its_kind_and_id() -> None:
    after = BILL | {"LinkedTxn": [{"TxnId": "55", "TxnType": "BillPaymentCheck"}]}
    assert rows(BILL, after)[0] == ("Linked transaction BillPaymentCheck 55 · Transaction id", None, "55")


def test_lines_without_id_are_named_by_their_place() -> None:
    assert rows({"Line": [{"Amount": 1}, {"Amount": 2}]}, {"Line": [{"Amount": 1}, {"Amount": 3}]}) == [
        ("Line #2 · Amount", "2", "3")
    ]


def test_order_alone_is_no_change() -> None:
    assert rows(BILL, BILL | {"Line": BILL["Line"][::-1]}) == []


def test_a_deleted_record_loses_every_field() -> None:
    changes = rows(BILL, None)
    assert ("Number", "A-1182", None) in changes
    assert len(changes) == 15
    assert all(after is None for _, _, after in changes)


def test_values_that_read_alike_are_distinguished() -> None:
    assert rows({"Active": True, "Note": None}, {"Active": 1, "Note": ""}) == [
        ("Active", "yes", "1"),
        ("Note", "null", '""'),
    ]
    assert rows({"DocNumber": 7}, {"DocNumber": "7"}) == [("Number", "7", '"7"')]


def test_two_items_of_one_id_are_both_compared() -> None:
    before = {"Line": [{"Id": "1", "Amount": 1}, {"Id": "1", "Amount": 2}]}
    after = {"Line": [{"Id": "1", "Amount": 1}, {"Id": "1", "Amount": 5}]}
    assert rows(before, after) == [("Line 1 #2 · Amount", "2", "5")]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=12,
)
RECORDS = st.dictionaries(st.sampled_from(["Id", "Line", "MetaData", "VendorRef", "", "x"]), JSON, max_size=4)


@given(RECORDS, RECORDS)
def test_any_two_records_compare_the_same_from_both_sides(
    first: dict[str, Any], second: dict[str, Any]
) -> None:
    forth, back = differences(first, second), differences(second, first)
    assert {(row.path, row.before, row.after) for row in forth} == {
        (row.path, row.after, row.before) for row in back
    }
    assert all(row.before != row.after for row in forth)
    assert differences(first, first) == []


@given(RECORDS, st.text(min_size=1, max_size=3))
def test_one_more_field_is_one_more_row(record: dict[str, Any], value: str) -> None:
    (change,) = differences(record, record | {"PrivateNote": value})
    assert (change.field, change.before, change.after) == ("Memo", None, value)
