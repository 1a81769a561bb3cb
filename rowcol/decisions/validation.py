"""What an advisor typed, as it is kept: one line, not empty, of a length that fits."""

from rowcol.errors import UsageError

LONGEST = 1_000
LONGEST_NAME = 80


def said(text: str, what: str, longest: int = LONGEST) -> str:
    """Return a text with the space around it gone. Raises UsageError where it is empty or too long."""
    kept = text.strip()
    if not kept:
        raise UsageError(f"Nothing was written for {what}", "Write it, then save again")
    if len(kept) > longest:
        raise UsageError(f"{what.capitalize()} is longer than {longest:,} characters", "Shorten it")
    return kept


def named_person(name: str, what: str = "your name") -> str:
    """Return a person's name on one line. Raises UsageError where it is empty or too long."""
    return " ".join(said(name, what, LONGEST_NAME).split())
