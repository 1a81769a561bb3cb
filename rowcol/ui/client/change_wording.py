"""How changes are worded for an accountant; pure, without Streamlit."""

import re

from rowcol.domain.changes import Item, Path, field_words
from rowcol.ui.kit.finding_wording import KIND_WORDS

CHANGE_WORDS = {
    "added": "Added", "paid": "Paid", "edited": "Edited", "back-dated": "Back-dated", "voided": "Voided",
    "deleted": "Deleted", "re-opened": "Re-opened", "balance": "Balance", "finding opened": "Finding opened",
    "finding closed": "Finding closed",
}  # fmt: skip
_PART = re.compile(r"(?P<name>[^.\[\]]+)(?:\[(?P<item>[^\]]*)\])?")


def field_text(field: object) -> str:
    """Return a field as read: `Line 1 · Account` for its path, a finding's kind for its code, nothing for none."""
    if not isinstance(field, str):
        return ""
    if field in KIND_WORDS:
        return KIND_WORDS[field]
    path: Path = ()
    for part in _PART.finditer(field):
        path += (part["name"],) if part["item"] is None else (part["name"], Item(part["item"]))
    return field_words(path)
