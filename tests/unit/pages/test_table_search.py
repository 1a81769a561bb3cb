"""Search in tables: every word, in any order and case, and nothing to search in is no error."""

import pandas as pd

from rowcol.ui.kit.tables import has_words
from rowcol.ui.tray.table import SEARCHED, matching

NAMES = pd.Series(["Norcal Lumber", "PG&E", "Lumber of Norway"])


def test_every_word_must_be_there_in_any_order_and_case() -> None:
    assert has_words(NAMES, "lumber NOR").tolist() == [True, False, True]
    assert has_words(NAMES, "lumber cal").tolist() == [True, False, False]
    assert has_words(NAMES, " ").tolist() == [True, True, True]


def test_a_sign_of_a_pattern_is_a_letter_like_any_other() -> None:
    assert has_words(pd.Series(["a.b", "axb", "(a"]), "a.b").tolist() == [True, False, False]
    assert has_words(pd.Series(["a.b", "axb", "(a"]), "(").tolist() == [False, False, True]


def test_searching_among_no_findings_finds_none() -> None:
    findings = pd.DataFrame([dict.fromkeys(SEARCHED, "x")]).assign(severity="high", code="BILL_ANCIENT")
    assert matching(findings, "x", "low", []).empty
    assert len(matching(findings, "X", "high", [])) == 1
