"""Tables leave as CSV that a spreadsheet opens exactly and safely."""

import csv
import io
from datetime import UTC, date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rowcol.delivery.csv import safe_text, to_csv
from rowcol.ui.client.tie_out import CLUE_FILE, TOTALS_FILE
from rowcol.ui.client.working_capital import FILE as WORKING_FILE
from rowcol.ui.kit.follow_up import QUESTION_FILE, TASK_FILE
from rowcol.ui.tray.table import DISMISSED_FILE, FINDING_FILE


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_money_leaves_as_decimals_with_two_places_under_the_name_without_cents() -> None:
    frame = pd.DataFrame({"name": ["Acme", "Zed"], "cash_cents": pd.array([4_120_855, -5], dtype="Int64")})
    assert cells(to_csv(frame)) == [["name", "cash"], ["Acme", "41208.55"], ["Zed", "-0.05"]]


def test_headers_pick_order_and_name_the_columns() -> None:
    frame = pd.DataFrame({"a": [1], "b_cents": [250], "c": ["left out"]})
    assert cells(to_csv(frame, {"b_cents": "balance", "a": "number"})) == [
        ["balance", "number"],
        ["2.50", "1"],
    ]


def test_what_is_missing_is_an_empty_cell() -> None:
    frame = pd.DataFrame(
        {"a_cents": pd.array([None], dtype="Int64"), "b": [None], "c": [pd.NaT], "d": [float("nan")]}
    )
    assert cells(to_csv(frame))[1] == ["", "", "", ""]


def test_dates_moments_and_marks_are_plain_text() -> None:
    frame = pd.DataFrame(
        {
            "due": [date(2026, 11, 20)],
            "at": [datetime(2026, 11, 20, 17, 4, 5, 999, tzinfo=UTC)],
            "stale": [True],
            "marks": [("stale books", "=bad")],
        }
    )
    assert cells(to_csv(frame))[1] == ["2026-11-20", "2026-11-20T17:04:05+00:00", "yes", "stale books; =bad"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝"])
def test_text_that_a_spreadsheet_would_run_begins_with_an_apostrophe(start: str) -> None:
    assert safe_text(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


def test_a_negative_amount_stays_a_number() -> None:
    assert cells(to_csv(pd.DataFrame({"net_cents": [-100]})))[1] == ["-1.00"]


def test_the_file_opens_in_excel_as_utf_8() -> None:
    data = to_csv(pd.DataFrame({"name": ["Müller & Søn"]}))
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith("Müller & Søn\r\n".encode())


@given(st.lists(st.text(), min_size=1))
def test_every_text_comes_back_as_it_was_but_for_the_apostrophe(texts: list[str]) -> None:
    back = [
        row[0] if row else ""
        for row in cells(to_csv(pd.DataFrame({"text": pd.Series(texts, dtype="object")})))
    ]
    assert [text.removeprefix("'") for text in back[1:]] == [text.removeprefix("'") for text in texts]
    assert not any(text.startswith(("=", "+", "-", "@", "\t", "\r")) for text in back)


NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "Zoë 株式会社 – ½"]


@pytest.mark.parametrize(
    ("headers", "texts"),
    [
        (FINDING_FILE, ("client", "party", "message")),
        (DISMISSED_FILE, ("client", "party", "reason", "by")),
        (QUESTION_FILE, ("client", "text", "about", "answer")),
        (TASK_FILE, ("client", "what", "owner")),
        (TOTALS_FILE, ("client", "party")),
        (CLUE_FILE, ("says", "doc_number")),
        (WORKING_FILE, ("client", "largest_customer")),
    ],
)
def test_no_cell_of_the_tray_s_tables_can_run_and_unicode_stays(
    headers: dict[str, str], texts: tuple[str, ...]
) -> None:
    frame = pd.DataFrame({name: pd.Series([None] * len(NASTY), dtype="object") for name in headers})
    for name in texts:
        frame[name] = NASTY
    rows = cells(to_csv(frame, headers))
    for name in texts:
        at = list(headers).index(name)
        assert [row[at] for row in rows[1:]] == [
            "'=1+1",
            "'+1",
            "'-1",
            "'@SUM(A1)",
            "'\t=1",
            "Zoë 株式会社 – ½",
        ]
