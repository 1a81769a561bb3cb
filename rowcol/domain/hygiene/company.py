"""Findings on the company itself: are the books kept, do they tie, could they be read."""

import pandas as pd

from rowcol.domain.burn import STALE_BOOKS, STALE_DAYS
from rowcol.domain.hygiene.evidence import Evidence, of_client
from rowcol.domain.hygiene.rule import HIGH, NO_HITS, Find, Rule, hits
from rowcol.domain.tie_out.totals import SUBJECTS, checks_of_day, states
from rowcol.wording import date_text


def books_stale(evidence: Evidence) -> pd.DataFrame:
    """Return clients, once refreshed, without a bank movement in the last 14 days."""
    figures = evidence.figures
    refreshed = {
        business: fresh.synced_at.replace(tzinfo=None)
        for business, fresh in evidence.fresh.items()
        if fresh.synced_at is not None
    }
    stale = pd.Series([STALE_BOOKS in marks for marks in figures["marks"]], index=figures.index, dtype=bool)
    rows = figures[stale & figures.index.isin(list(refreshed))]
    if rows.empty:
        return NO_HITS
    rows = rows.reset_index()[["business_id", "last_movement"]]
    last = pd.to_datetime(rows["last_movement"])
    texts = [_movement(moment) for moment in last]
    since = (last + pd.Timedelta(days=STALE_DAYS + 1)).fillna(rows["business_id"].map(refreshed))
    return hits(rows, 0, seen_at=since, version=_as_number(last), last=texts)


def _movement(moment: pd.Timestamp) -> str:
    if pd.isna(moment):
        return "no bank movement in the months read"
    return f"no bank movement after {date_text(moment)}"


def _as_number(moments: pd.Series) -> pd.Series:
    """Return moments as whole microseconds, 0 for none."""
    return moments.astype("datetime64[us]").astype("int64").where(moments.notna(), 0)


def tie_out_broken(evidence: Evidence) -> pd.DataFrame:
    """Return clients whose last tie-out differs by a cent or more; as of a past day only one of that day counts."""
    checks = checks_of_day(evidence.books)
    broken = [business for business, state in states(checks).items() if state == "broken"]
    if not broken:
        return NO_HITS
    rows = checks[
        checks["business_id"].isin(broken)
        & checks["subject"].isin(list(SUBJECTS))
        & (checks["difference_cents"] != 0)
    ]
    rows = rows.assign(off=rows["difference_cents"].abs())
    rows = rows.groupby("business_id", as_index=False).agg(
        off=("off", "sum"), places=("off", "size"), checked_at=("checked_at", "first")
    )
    places = rows["places"].map(lambda count: "1 place" if count == 1 else f"{count} places")
    return hits(rows, rows["off"], seen_at=rows["checked_at"], version=rows["off"], places=places)


def refresh_ended(outcome: str) -> Find:
    """Return the rule that finds clients whose last refresh ended with `outcome`."""

    def find(evidence: Evidence) -> pd.DataFrame:
        runs = evidence.records.runs
        rows = runs[runs["outcome"] == outcome]
        if rows.empty:
            return NO_HITS
        reason = (
            rows["reason"].astype("object").where(rows["reason"].astype("str") != "", "no reason was given")
        )
        return hits(
            rows, 0, seen_at=rows["finished_at"], version=_as_number(rows["synced_at"]),
            reason=reason.astype("str").str.rstrip("."),
        )  # fmt: skip

    return find


def sync_stale(evidence: Evidence) -> pd.DataFrame:
    """Return clients whose mirror is older than their own schedule lets it be though nothing failed, or was never filled."""
    old = {business: fresh for business, fresh in evidence.fresh.items() if fresh.overdue}
    if not old:
        return NO_HITS
    rows = pd.DataFrame({"business_id": list(old)}, dtype="object")
    ended = [fresh.synced_at.replace(tzinfo=None) if fresh.synced_at else None for fresh in old.values()]
    seen = pd.Series(ended, index=rows.index, dtype="datetime64[us]")
    connected = of_client(rows, evidence.books.clients, "connected_at")
    reasons = [fresh.reason for fresh in old.values()]
    return hits(rows, 0, seen_at=seen.fillna(connected), version=_as_number(seen), reason=reasons)


_OLD = "Everything shown is as old as the last refresh that worked."

RULES = (
    Rule(
        code="BOOKS_STALE", severity=HIGH, find=books_stale,
        label="Books not kept up",
        says=f"There is {{last}}: nothing was entered for more than {STALE_DAYS} days.",
        why="Cash and runway are those of an earlier day.",
        what_to_do="Ask the client to bring the bank feed up to date.",
        question="When will the bank feed be brought up to date?",
    ),
    Rule(
        code="TIE_OUT_BROKEN", severity=HIGH, find=tie_out_broken,
        label="Not tied to QuickBooks",
        says="Our totals differ from QuickBooks' own reports by {amount_cents} in {places}.",
        why="A figure on these pages is not the one QuickBooks shows.",
        what_to_do="Open the tie-out, look at the records named there, and refresh the client in full.",
        question="Was anything changed in QuickBooks today?",
    ),
    Rule(
        code="SYNC_STALE", severity=HIGH, find=sync_stale,
        label="Not fresh",
        says="The books are not fresh: {reason}.",
        why=_OLD,
        what_to_do="Refresh the client.",
        question="Is QuickBooks open to you?",
    ),
    Rule(
        code="SYNC_THROTTLED", severity=HIGH, find=refresh_ended("throttled"),
        label="QuickBooks asked to wait",
        says="QuickBooks asked to wait at the last refresh: {reason}.",
        why=_OLD,
        what_to_do="Refresh again in a few minutes.",
        question="Is QuickBooks open to you?",
    ),
    Rule(
        code="SYNC_FAILED", severity=HIGH, find=refresh_ended("failed"),
        label="Refresh failed",
        says="The last refresh failed: {reason}.",
        why=_OLD,
        what_to_do="Refresh again; if it fails once more, the Connections page says what to do.",
        question="Is QuickBooks open to you?",
    ),
    Rule(
        code="AUTH_EXPIRED", severity=HIGH, find=refresh_ended("reconnect"),
        label="Connection ended",
        says="QuickBooks no longer lets RowCol in: {reason}.",
        why=_OLD,
        what_to_do="Reconnect the company on the Connections page.",
        question="May we connect to your QuickBooks again?",
    ),
)  # fmt: skip
"""The company itself."""
