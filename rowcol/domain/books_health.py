"""One number for the state of a client's books, made of three parts that can each be looked at.

Score, 0 to 100 = the points of the parts that could be measured, over their most, x 100, rounded half up:

- **Records**, 50 points: 50 x (1 - w / 20), never below 0. w = weighted findings per 100 documents dated in the trailing
  365 days (fewer than 100 count as 100); a blocking finding weighs 5, high 3, medium 1, low 0.5.
- **Ties to QuickBooks**, 25 points: all if the last check tied, none if it differed; not measured before a check.
- **Up to date**, 25 points: all while the newest bank movement is at most 3 days old, then falling evenly to none at
  14 days, when the books count as stale; none without any movement.

Findings set aside by the advisor do not count. Good is 85 and above, fair 60 and above, poor below.
"""

from collections.abc import Mapping
from dataclasses import dataclass

WEIGHTS = {"blocking": 5.0, "high": 3.0, "medium": 1.0, "low": 0.5}
RECORDS_MOST, TIES_MOST, FRESH_MOST = 50, 25, 25
WORST_PER_HUNDRED = 20.0
FEWEST_DOCUMENTS = 100
FRESH_DAYS, STALE_DAYS = 3, 14
GOOD, FAIR = 85, 60


@dataclass(frozen=True)
class HealthPart:
    """One part of the score; `points` None if it could not be measured. `basis` says what it rests on."""

    name: str
    points: float | None
    most: int
    basis: str


@dataclass(frozen=True)
class BooksHealth:
    """The score (None: no part could be measured), its word, and its parts."""

    score: int | None
    word: str
    parts: tuple[HealthPart, ...]


def books_health(
    findings: Mapping[str, int], documents: int, tie_out: str, days_since_movement: int | None
) -> BooksHealth:
    """Return the health of one client's books.

    `findings`: severity -> how many; `documents`: those dated in the trailing 365 days; `tie_out`: `tied`, `broken` or
    `unchecked`; `days_since_movement`: age of the newest bank movement up to the as-of date, None if there is none.
    """
    parts = (_records(findings, documents), _ties(tie_out), _fresh(days_since_movement))
    measured = [(part.points, part.most) for part in parts if part.points is not None]
    if not measured:
        return BooksHealth(None, "not measured", parts)
    score = int(sum(points for points, _ in measured) / sum(most for _, most in measured) * 100 + 0.5)
    return BooksHealth(score, "good" if score >= GOOD else "fair" if score >= FAIR else "poor", parts)


def _records(findings: Mapping[str, int], documents: int) -> HealthPart:
    if documents <= 0:
        return HealthPart("Records", None, RECORDS_MOST, "no document in the past year")
    weight = sum(WEIGHTS[severity] * count for severity, count in findings.items())
    points = RECORDS_MOST * max(1 - weight * 100 / max(documents, FEWEST_DOCUMENTS) / WORST_PER_HUNDRED, 0.0)
    counts = ", ".join(f"{findings[name]} {name}" for name in WEIGHTS if findings.get(name)) or "none"
    return HealthPart(
        "Records", points, RECORDS_MOST, f"findings: {counts}; {documents:,} documents in a year"
    )


def _ties(tie_out: str) -> HealthPart:
    texts = {"tied": "every total is QuickBooks' own", "broken": "totals differ from QuickBooks'"}
    points = {"tied": float(TIES_MOST), "broken": 0.0}.get(tie_out)
    return HealthPart("Ties to QuickBooks", points, TIES_MOST, texts.get(tie_out, "not checked yet"))


def _fresh(days: int | None) -> HealthPart:
    if days is None:
        return HealthPart("Up to date", 0.0, FRESH_MOST, "no bank movement at all")
    late = min(max(days - FRESH_DAYS, 0), STALE_DAYS - FRESH_DAYS)
    points = FRESH_MOST * (1 - late / (STALE_DAYS - FRESH_DAYS))
    age = "today" if days == 0 else "1 day old" if days == 1 else f"{days} days old"
    return HealthPart("Up to date", points, FRESH_MOST, f"newest bank movement {age}")
