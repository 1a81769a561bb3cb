"""A finding as a sentence."""

from typing import Any

import pandas as pd

from rowcol.domain.hygiene.rule import HIT, Rule
from rowcol.entities import label
from rowcol.money import exact_text
from rowcol.wording import date_text

_NOT_IN_TEXT = {*HIT, "currency", "party"} - {"amount_cents"}


def sentences(rule: Rule, found: pd.DataFrame) -> list[str]:
    """Return each hit of a rule in one plain sentence; `found` has party and the client's currency beside `HIT`."""
    names = [name for name in found.columns if name not in _NOT_IN_TEXT]
    columns = ["entity", "doc_number", "party", "currency", *names]
    rows = found[columns].astype("object").itertuples(index=False, name=None)
    return [_sentence(rule.says, names, *row) for row in rows]


def _sentence(
    says: str, names: list[str], entity: Any, number: Any, party: Any, currency: Any, *values: Any
) -> str:
    named = {name: _worded(name, value, str(currency)) for name, value in zip(names, values, strict=True)}
    kind = label(entity) if isinstance(entity, str) else ""
    what = f"{kind} {number}" if isinstance(number, str) and number.strip() else f"The {kind.lower()}"
    whose = f" of {party}" if isinstance(party, str) else ""
    told = says.format(**named, what=what, whose=whose, kind=kind, party=party)
    return told[:-1] if told.endswith("..") else told


def _worded(name: str, value: Any, currency: str) -> str:
    if pd.isna(value):
        return "nothing" if name.endswith("_cents") else "an unknown date"
    if name.endswith("_cents"):
        return exact_text(int(value), currency)
    if isinstance(value, pd.Timestamp):
        return date_text(value)
    return f"{int(value):,}" if isinstance(value, int | float) else str(value)
