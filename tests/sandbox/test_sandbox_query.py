"""The query language over HTTP: what it finds and what it refuses."""

import pytest

from rowcol.sandbox.company import Company
from tests.kits.clock import NOON
from tests.kits.sandbox_client import Application
from tests.kits.small_company import bill


def test_a_page_says_where_it_starts_and_how_much_it_holds(application: Application) -> None:
    page = application.query("SELECT * FROM Bill STARTPOSITION 2 MAXRESULTS 5")
    assert [row["Id"] for row in page["Bill"]] == ["102"]
    assert (page["startPosition"], page["maxResults"]) == (2, 1)
    assert "totalCount" not in page


def test_nothing_found_leaves_the_entity_out(application: Application) -> None:
    assert application.query("SELECT * FROM Bill WHERE TotalAmt > '9000'") == {}
    assert application.query("SELECT * FROM Transfer") == {}


def test_count_gives_the_total_alone(application: Application) -> None:
    assert application.query("SELECT COUNT(*) FROM Invoice") == {"totalCount": 2}
    assert application.query("select count(*) from vendor") == {"totalCount": 2}


def test_keywords_entities_fields_and_values_are_read_in_any_case(application: Application) -> None:
    assert application.ids("select * from VENDOR where displayname = 'o\\'neil LUMBER'") == ["1"]


def test_lists_hide_what_is_inactive_unless_requested(application: Application) -> None:
    assert application.ids("SELECT * FROM Vendor") == ["1", "2"]
    assert application.ids("SELECT * FROM Vendor WHERE Active IN (true, false)") == ["1", "2", "3"]
    assert application.ids("SELECT * FROM Vendor WHERE Active = false") == ["3"]
    assert application.ids("SELECT * FROM Vendor WHERE Id = '3'") == []


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("TotalAmt >= '300' AND TotalAmt < '500'", ["101"]),
        ("Balance > '0'", ["101", "102"]),
        ("VendorRef = '2'", ["102"]),
        ("DueDate <= CURRENT_DATE", ["101"]),
        ("DueDate > '2026-10-21T23:00:00-08:00'", ["102"]),
        ("DocNumber LIKE 'a%'", ["101"]),
        ("DocNumber = ' '", ["102"]),
        ("Id IN ('102', '999', '101')", ["101", "102"]),
    ],
)
def test_terms_of_where(application: Application, where: str, ids: list[str]) -> None:
    assert application.ids("SELECT * FROM Bill WHERE " + where) == ids


def test_a_time_without_offset_is_read_as_pacific(application: Application, books: Company) -> None:
    books.put("Bill", books.of("Bill")["102"], NOON)  # 12:00 Pacific, 20:00 UTC
    changed = "SELECT * FROM Bill WHERE MetaData.LastUpdatedTime >= '{}'"
    assert application.ids(changed.format("2026-11-20T12:00:00")) == ["102"]
    assert application.ids(changed.format("2026-11-20T12:00:01")) == []
    assert application.ids(changed.format("2026-11-20T20:00:00Z")) == ["102"]
    assert application.ids(changed.format("2026-11-20T15:00:00-05:00")) == ["102"]


def test_an_offset_whose_plus_was_not_encoded_is_refused(application: Application) -> None:
    answer = application.session.get(
        application.url(
            "query?query=SELECT * FROM Bill WHERE MetaData.LastUpdatedTime > '2026-11-20T12:00:00+01:00'"
        )
    )
    assert application.fault(answer)[:2] == (400, "4001")


def test_order_by_several_keys_and_both_spellings(application: Application, books: Company) -> None:
    books.put("Bill", bill("103", "1", "2026-10-31", "2026-11-30", 500.0, 500.0), NOON)
    assert application.ids("SELECT * FROM Bill ORDERBY TotalAmt DESC, TxnDate, DocNumber") == [
        "102",
        "103",
        "101",
    ]
    assert application.ids("SELECT * FROM Bill ORDER BY MetaData.LastUpdatedTime DESC") == [
        "103",
        "102",
        "101",
    ]
    assert application.ids("SELECT * FROM Bill ORDERBY Id DESC") == ["103", "102", "101"]


def test_a_hundred_rows_come_by_default_and_a_thousand_at_most(
    application: Application, books: Company
) -> None:
    for number in range(2000, 3200):
        books.put("Bill", bill(str(number), "1", "2026-10-01", "2026-10-31", 10.0, 10.0), NOON)
    assert len(application.query("SELECT * FROM Bill")["Bill"]) == 100
    assert len(application.query("SELECT * FROM Bill MAXRESULTS 5000")["Bill"]) == 1000
    application.sandbox.switch(max_results="fault", total_count=True)
    assert application.fault(application.get("query", query="SELECT * FROM Bill MAXRESULTS 1001"))[:2] == (
        400,
        "4001",
    )
    assert application.query("SELECT * FROM Bill STARTPOSITION 1001 MAXRESULTS 1000")["totalCount"] == 1202


@pytest.mark.parametrize(
    ("statement", "code", "detail"),
    [
        ("SELECT Id FROM Bill", "4000", 'Encountered " <IDENTIFIER> "Id "" at line 1, column 8'),
        ("SELECT * FROM Bill WHERE Id = '1' OR Id = '2'", "4000", "<IDENTIFIER>"),
        ("SELECT * FROM Bill WHERE TotalAmt != '3'", "4000", "Lexical error at line 1, column 35"),
        ("SELECT * FROM Bill WHERE TotalAmt > 300", "4000", "<INTEGER>"),
        ("SELECT * FROM Vendor WHERE DisplayName = 'O''Neil'", "4000", "<STRING>"),
        ("SELECT * FROM Vendor WHERE DisplayName = 'O\u2019Neil'", "4000", "\\u2019"),
        ("SELECT * FROM Bill MAXRESULTS 10 STARTPOSITION 1", "4000", "<IDENTIFIER>"),
        ("SELECT * FROM Bill WHERE", "4000", "<EOF>"),
        ("SELECT * FROM Ledger", "4001", "Metadata not found for Entity: Ledger"),
        ("SELECT * FROM Bill WHERE Id > '5'", "4001", "Operator > is not supported for property 'Id'"),
        ("SELECT * FROM Bill WHERE PrivateNote = 'x'", "4001", "property 'PrivateNote' is not queryable"),
        ("SELECT * FROM Payment WHERE TotalAmt > '1'", "4001", "property 'TotalAmt' is not queryable"),
        ("SELECT * FROM Bill ORDERBY Balance", "4001", "property 'Balance' is not queryable"),
        ("SELECT * FROM Bill STARTPOSITION 0", "4001", "value 0 is too small. Min allowed value is 1"),
        ("SELECT * FROM Bill WHERE TotalAmt = 'abc'", "4001", "value abc is not a number"),
    ],
)
def test_refusals(application: Application, statement: str, code: str, detail: str) -> None:
    status, said_code, said_detail = application.fault(application.get("query", query=statement))
    assert (status, said_code) == (400, code)
    assert detail in said_detail


def test_a_statement_can_be_posted_as_application_text(application: Application) -> None:
    statement, kind = b"SELECT * FROM Bill WHERE Id = '101'", {"Content-Type": "application/text"}
    as_text = application.session.post(application.url("query"), data=statement, headers=kind)
    assert [row["Id"] for row in as_text.json()["QueryResponse"]["Bill"]] == ["101"]
    as_json = application.session.post(
        application.url("query"), data=statement, headers={"Content-Type": "text/csv"}
    )
    assert application.fault(as_json)[:2] == (400, "500")


def test_company_info_and_preferences_are_made_up_where_a_file_has_none(application: Application) -> None:
    info = application.query("SELECT * FROM CompanyInfo")
    assert (info["CompanyInfo"][0]["CompanyName"], info["maxResults"]) == ("Harbour & Pine Studio", 1)
    assert application.get("companyinfo/4620816365201690220").json()["CompanyInfo"] == info["CompanyInfo"][0]
    preferences = application.get("preferences").json()["Preferences"]
    assert preferences["CurrencyPrefs"] == {
        "MultiCurrencyEnabled": False,
        "HomeCurrency": {"value": "USD"},
    }


def test_reading_by_id_gives_the_record_or_610(application: Application) -> None:
    answer = application.get("bill/101")
    assert answer.json()["Bill"]["TotalAmt"] == 300.0
    assert answer.json()["time"] == "2026-11-20T12:00:00.000-08:00"
    assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"
    assert answer.headers["intuit_tid"].startswith("1-")
    assert application.fault(application.get("bill/777"))[:2] == (400, "610")
    assert application.fault(application.get("ledger/1"))[:2] == (400, "500")


def test_card_payments_can_answer_under_their_longer_name(application: Application, books: Company) -> None:
    books.put("CreditCardPayment", {"Id": "301", "SyncToken": "0", "Amount": 20.0}, NOON)
    assert next(iter(application.query("SELECT * FROM CreditCardPayment"))) == "CreditCardPayment"
    application.sandbox.switch(card_payment_key="CreditCardPaymentTxn")
    assert next(iter(application.query("SELECT * FROM CreditCardPayment"))) == "CreditCardPaymentTxn"
