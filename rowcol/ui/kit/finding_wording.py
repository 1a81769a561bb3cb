"""How findings are worded for an accountant: severities and kinds; pure, without Streamlit."""

from rowcol.domain.hygiene.findings import RULES
from rowcol.entities import label

SEVERITY_WORDS = {"blocking": "■ Blocking", "high": "▲ High", "medium": "◆ Medium", "low": "○ Low"}
SEVERITY_HELP = (
    "Blocking: the record is kept out of the console until it is mended. Else: how far it bends the figures."
)


def kind_words(code: str) -> str:
    """Return what a kind of finding is called; an unknown code as it is."""
    return RULES[code].label if code in RULES else code


def record_words(entity: object, number_or_id: str, party: object) -> str:
    """Return a record in words: `bill 501 of Acme`; empty where there is no record."""
    if not isinstance(entity, str) or not entity:
        return ""
    whose = f" of {party}" if isinstance(party, str) and party else ""
    return f"{label(entity).lower()} {number_or_id}{whose}"
