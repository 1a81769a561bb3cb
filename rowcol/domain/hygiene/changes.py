"""Rules on what changed behind the advisor's back since the last weekly call."""

import pandas as pd

from rowcol.domain.books import DOCUMENT
from rowcol.domain.hygiene.evidence import Evidence, local_days
from rowcol.domain.hygiene.rule import HIGH, MONEY_ACCOUNTS, NO_HITS, Rule, due_day, hits

BACK_DAYS = 30
_PARTS = {
    "date": ["txn_date"], "total": ["amount_cents"], "party": ["party_kind", "party_id"], "lines": ["lines"],
}  # fmt: skip
"""What of a record counts as changed, by the word the finding uses."""


def deleted_since(evidence: Evidence) -> pd.DataFrame:
    """Return records deleted in QuickBooks since the last call."""
    if evidence.records.deletions.empty:
        return NO_HITS
    rows = _of_clients(evidence, evidence.records.deletions)
    rows = rows.assign(due=due_day(rows), account_type=_account_type(evidence, rows))
    return hits(
        rows, rows["total_cents"], txn_date=rows["txn_date"],
        deleted_on=local_days(rows, "deleted_at", evidence.books.clients),
    )  # fmt: skip


def backdated(evidence: Evidence) -> pd.DataFrame:
    """Return records entered since the last call into days 30 or more before it, or changed there."""
    parts = [part for part in (_entered(evidence), _changed(evidence)) if not part.empty]
    return pd.concat(parts, ignore_index=True).drop_duplicates(DOCUMENT) if parts else NO_HITS


def _entered(evidence: Evidence) -> pd.DataFrame:
    if evidence.records.back_entries.empty:
        return NO_HITS
    rows = _since_call(evidence, evidence.records.back_entries)
    rows = rows[(rows["created_at"] >= rows["called_at"]) & _before(rows, "txn_date")]
    rows = rows.assign(due=due_day(rows), account_type=_account_type(evidence, rows))
    return hits(
        rows, rows["total_cents"], txn_date=rows["txn_date"], did="was entered",
        done_on=local_days(rows, "created_at", evidence.books.clients),
    )  # fmt: skip


def _changed(evidence: Evidence) -> pd.DataFrame:
    if evidence.records.revisions.empty:
        return NO_HITS
    rows = _since_call(evidence, evidence.records.revisions)
    gone = evidence.records.deletions[DOCUMENT].assign(gone=True)
    rows = rows.merge(gone, on=DOCUMENT, how="left")
    changed = pd.DataFrame(
        {
            word: pd.concat([_differs(rows, column) for column in columns], axis=1).any(axis=1)
            for word, columns in _PARTS.items()
        }
    )
    back = _before(rows, "txn_date") | _before(rows, "txn_date_before")
    rows = rows.assign(parts=[_worded(flags) for flags in changed.itertuples(index=False, name=None)])
    rows = rows[back & changed.any(axis=1) & rows["gone"].isna()]
    moved = (rows["total_cents"].fillna(0) - rows["total_cents_before"].fillna(0)).abs()
    at_stake = moved.where(moved > 0, rows["total_cents"])
    rows = rows.assign(at_stake=at_stake).drop_duplicates(DOCUMENT, keep="last")
    rows = rows.assign(due=due_day(rows), account_type=_account_type(evidence, rows))
    return hits(
        rows, rows["at_stake"], txn_date=rows["txn_date"], did="had its " + rows["parts"].astype("str") + " changed",
        done_on=local_days(rows, "observed_at", evidence.books.clients),
    )  # fmt: skip


def _account_type(evidence: Evidence, rows: pd.DataFrame) -> pd.Series:
    """Return the type of an account of each journal entry, of one in `MONEY_ACCOUNTS` if it has one; None for others.

    `rows` have `lines`: the account of each first, then `:`.
    """
    of = evidence.books.accounts
    kinds = dict(zip(zip(of["business_id"], of["account_id"], strict=True), of["account_type"], strict=True))
    types: list[str | None] = []
    for business, entity, lines in rows[["business_id", "entity", "lines"]].itertuples(
        index=False, name=None
    ):
        posted = [kinds.get((business, line.split(":")[0])) for line in lines.split()]
        account_types = posted if entity == "JournalEntry" else []
        types.append(min(account_types, key=lambda kind: kind not in MONEY_ACCOUNTS, default=None))
    return pd.Series(types, index=rows.index, dtype="object")


def _differs(rows: pd.DataFrame, column: str) -> pd.Series:
    now, before = rows[column], rows[f"{column}_before"]
    same = (now == before).fillna(False).astype(bool) | (now.isna() & before.isna())
    return ~same


def _worded(flags: tuple[bool, ...]) -> str:
    return " and ".join(word for word, changed in zip(_PARTS, flags, strict=True) if changed)


def _before(rows: pd.DataFrame, column: str) -> pd.Series:
    return (rows["call_day"] - rows[column]).dt.days >= BACK_DAYS


def _since_call(evidence: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with called_at and call_day (on the client's calendar); clients without a call have none."""
    calls = evidence.records.calls
    calls = calls.assign(call_day=local_days(calls, "called_at", evidence.books.clients))
    return rows.merge(calls, on="business_id")


def _of_clients(evidence: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["business_id"].isin(evidence.books.clients["business_id"])]


RULES = (
    Rule(
        code="DELETED_SINCE", severity=HIGH, find=deleted_since,
        label="Deleted since the last call",
        says="{what}{whose} of {txn_date} over {amount_cents} was found deleted in QuickBooks on {deleted_on}.",
        why="What was agreed in the last call no longer stands in the books, and nobody may have noticed.",
        what_to_do="Ask who deleted it and why; QuickBooks' audit log has it.",
        question="Who deleted it, and why?",
    ),
    Rule(
        code="BACKDATED", severity=HIGH, find=backdated,
        label="Backdated since the last call",
        says="{what}{whose} of {txn_date} {did} on {done_on}, long after its date; {amount_cents} is at stake.",
        why="Figures already reported, taxes among them, have changed.",
        what_to_do="Ask what it was for; move it to the open period, or tell who relies on the old figures.",
        question="Who entered it, and why with that date?",
    ),
)  # fmt: skip
"""What changed since the last call."""
