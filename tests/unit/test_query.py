"""Query text as QuickBooks reads it."""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rowcol.errors import UsageError
from rowcol.qbo.query import count, literal, select


def test_a_page_of_bills_since_a_moment():
    pacific = timezone(timedelta(hours=-8))
    statement = select(
        "Bill",
        where=[
            ("MetaData.LastUpdatedTime", ">=", datetime(2026, 11, 1, tzinfo=pacific)),
            ("TotalAmt", ">", Decimal("12.50")),
            ("VendorRef", "IN", ["46", "47"]),
        ],
        order_by="MetaData.LastUpdatedTime",
        start=1001,
        limit=1000,
    )
    assert statement == (
        "SELECT * FROM Bill WHERE MetaData.LastUpdatedTime >= '2026-11-01T00:00:00-08:00' AND TotalAmt > '12.50' "
        "AND VendorRef IN ('46', '47') ORDERBY MetaData.LastUpdatedTime STARTPOSITION 1001 MAXRESULTS 1000"
    )


@pytest.mark.parametrize("entity", ["Account", "Vendor", "Customer"])
def test_name_lists_include_their_inactive_members(entity):
    rest = f"FROM {entity} WHERE Active IN (true, false)"
    assert select(entity) == "SELECT * " + rest
    assert count(entity) == "SELECT COUNT(*) " + rest


def test_a_query_about_active_members_stays_as_given():
    assert select("Vendor", where=[("Active", "=", True)]) == "SELECT * FROM Vendor WHERE Active = true"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("O'Neil", r"'O\'Neil'"),
        ("back\\slash", r"'back\\slash'"),
        ("\\'", r"'\\\''"),
        ("Café", "'Café'"),
        (7, "'7'"),
        (False, "false"),
        (date(2026, 11, 20), "'2026-11-20'"),
        (datetime(2026, 11, 20, 12, 0, 1, 999, tzinfo=UTC), "'2026-11-20T12:00:01+00:00'"),
    ],
)
def test_values_are_quoted_and_escaped(value, text):
    assert literal(value) == text


@given(st.text(st.characters(max_codepoint=255)))
def test_no_value_ends_its_own_quotes(text):
    inside = literal(text)[1:-1]
    assert "'" not in re.sub(r"\\.", "", inside, flags=re.DOTALL)
    assert re.sub(r"\\(.)", r"\1", inside, flags=re.DOTALL) == text


@pytest.mark.parametrize("value", ["it’s", "2019–2020", "名前"])
def test_letters_quickbooks_cannot_read_are_refused_before_it_does(value):
    with pytest.raises(UsageError, match="Latin-1"):
        literal(value)


@pytest.mark.parametrize(
    "statement",
    [
        lambda: select("Bill", start=0),
        lambda: select("Bill", limit=1001),
        lambda: select("Bill", limit=0),
        lambda: select("Bill; DROP"),
        lambda: select("Bill", order_by="TxnDate DESC, 1"),
        lambda: select("Bill", where=[("TxnDate", "!=", "2026-01-01")]),
        lambda: select("Bill", where=[("TxnDate or 1", "=", "2026-01-01")]),
        lambda: select("Bill", where=[("Id", "=", ["1", "2"])]),
        lambda: literal(datetime(2026, 11, 20)),  # noqa: DTZ001 - the point
    ],
)
def test_what_the_language_cannot_say_is_refused(statement):
    with pytest.raises(UsageError):
        statement()
