"""A finding as a sentence."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from rowcol.domain.hygiene.rule import HIT, Rule
from rowcol.entities import label
from rowcol.money import exact_text
from rowcol.wording import date_text


def sentences(rule: Rule, hits: pd.DataFrame, parties: Iterable[Any], currencies: Iterable[Any]) -> list[str]:
    """Return each hit of a rule in one plain sentence, with its party's name and its client's currency."""
    names = [name for name in hits.columns if name == "amount_cents" or name not in HIT]
    absent = [None] * len(hits)
    record = (hits[name].tolist() if name in hits else absent for name in ("entity", "doc_number"))
    values = (hits[name].tolist() for name in names)
    return [
        _sentence(rule.says, names, *row) for row in zip(*record, parties, currencies, *values, strict=True)
    ]


def _sentence(
    says: str, names: list[str], entity: Any, number: Any, party: Any, currency: Any, *values: Any
) -> str:
    named = {name: _worded(name, value, str(currency)) for name, value in zip(names, values, strict=True)}
    kind = label(entity) if isinstance(entity, str) else ""
    record = f"{kind} {number}" if isinstance(number, str) and number.strip() else f"The {kind.lower()}"
    of_party = f" of {party}" if isinstance(party, str) else ""
    sentence = says.format(**named, what=record, whose=of_party, kind=kind, party=party)
    return sentence[:-1] if sentence.endswith("..") else sentence


def _worded(name: str, value: Any, currency: str) -> str:
    if pd.isna(value):
        return "nothing" if name.endswith("_cents") else "an unknown date"
    if name.endswith("_cents"):
        return exact_text(int(value), currency)
    if isinstance(value, pd.Timestamp):
        return date_text(value)
    return f"{int(value):,}" if isinstance(value, int | float) else str(value)
