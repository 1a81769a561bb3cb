"""Versions of records: what is kept of them, and what distinguishes them."""

import json

import orjson

from rowcol.store.log import deletion, version, versions


def test_a_version_keeps_every_field_known_or_not() -> None:
    record = {
        "Id": "1",
        "TotalAmt": 1.1,
        "NewFieldOf2031": {"deep": [1, None, "ü"]},
        "EmailStatus": "Telepathy",
    }
    assert orjson.loads(version("1", record).raw) == record


def test_two_versions_differ_exactly_where_their_content_does() -> None:
    first, same = version("1", {"Id": "1", "Balance": 5}), version("1", {"Id": "1", "Balance": 5})
    other = version("1", {"Id": "1", "Balance": 5.01})
    assert first == same
    assert first.content_hash != other.content_hash


def test_a_deletion_is_empty() -> None:
    assert (deletion("1").raw, deletion("1").content_hash) == ("", "")


def test_of_an_id_that_occurs_twice_the_last_counts_and_records_without_one_are_left_out() -> None:
    result = versions([{"Id": "1", "A": 1}, {"A": 2}, {"Id": None}, {"Id": "1", "A": 3}, {"Id": 2}])
    assert [(item.qbo_id, json.loads(item.raw).get("A")) for item in result] == [("1", 3), ("2", None)]


def test_what_json_cannot_carry_back_is_kept_as_text() -> None:
    """Half a surrogate pair, an integer beyond 64 bits and endless nesting once ended the refresh."""
    nested: object = "bottom"
    for _ in range(400):
        nested = [nested]
    result = version("1", {"Id": "1", "Memo": "half \ud83d", "Number": 10**30, "Nested": nested})
    kept = orjson.loads(result.raw)
    assert (kept["Memo"], kept["Number"]) == ("half ?", "1" + "0" * 30)
    assert kept == result.record, "what is logged is what the figures are read from"


def test_an_id_with_half_a_character_is_still_an_id() -> None:
    assert [item.qbo_id for item in versions([{"Id": "a\ud800"}])] == ["a?"]
