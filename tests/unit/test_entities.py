"""The table of entities: each is named, linked and described in one place."""

import re
from pathlib import Path

import pytest

from rowcol.entities import BY_NAME, ENTITIES, LINKED_AS, TRANSACTIONS, label, plural

SOURCE = Path(__file__).parents[2] / "rowcol"


def test_every_entity_stands_in_the_table_once() -> None:
    assert len(set(ENTITIES)) == len(ENTITIES) == 18
    assert [name for name in ENTITIES if name in TRANSACTIONS] == list(TRANSACTIONS)
    assert not set(LINKED_AS) & set(ENTITIES)


@pytest.mark.parametrize("name", [name for name in ENTITIES if " " in label(name)])
def test_an_english_name_of_two_words_stands_nowhere_else(name: str) -> None:
    quoted = re.compile(rf"[\"']({label(name)}|{plural(name)})[\"']", re.IGNORECASE)
    files = [path for path in SOURCE.rglob("*.py") if "sandbox" not in path.parts]
    naming = [path.name for path in files if quoted.search(path.read_text(encoding="utf-8"))]
    assert naming == ["entities.py"]


def test_what_the_table_does_not_hold_is_called_as_it_is() -> None:
    assert (label("TaxRate"), plural("TaxRate")) == ("TaxRate", "TaxRate")
    assert (label("BillPayment"), plural("JournalEntry")) == ("Bill payment", "journal entries")


def test_all_but_credit_memos_can_name_a_bank_account() -> None:
    assert [name for name in TRANSACTIONS if not BY_NAME[name].moves_cash] == ["CreditMemo"]
