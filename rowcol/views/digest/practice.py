"""The practice's own digest: who got worse and why, what to decide, what is not safe to discuss."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd

from rowcol.domain.comparison.changes import BACK_DATED, DELETED, OPENED, SINCE_CALL, VOIDED
from rowcol.entities import label
from rowcol.views.digest.inputs import DigestInputs
from rowcol.views.digest.parts import cash_then, customers, day_or_none, line_of, text, unsafe, whole
from rowcol.views.digest.records import (
    Altered,
    Below,
    Broken,
    Chase,
    Found,
    Freshness,
    Line,
    Lost,
    PracticeDigest,
    Reason,
    Scored,
    Stale,
    Task,
    ToDecide,
)
from rowcol.views.digest.week import week_of

ALTERED = (DELETED, VOIDED, BACK_DATED)
FIGURES = {"net_burn_runway_days": "net-burn runway", "buffer_days": "cash buffer"}
"""The runway a loss is measured by: the first of these that is defined at both ends."""
MOST_OF_IT = 0.5
"""A party is named as the reason where so much of a cause is its own."""
_RECORD = ["business_id", "entity", "qbo_id"]


def practice_digest(ground: DigestInputs, note: str = "") -> PracticeDigest:
    """Return the practice's digest of a week with a note at its top."""
    then = cash_then(ground)
    lines = {str(row["business_id"]): line_of(row, then) for row in ground.rows.to_dict("records")}
    lost = _lost(ground, lines)
    below = _below(ground, lines)
    to_decide = _to_decide(ground, lines)
    chase, found, altered = _chase(ground, lines), _found(ground, lines), _altered(ground, lines)
    tasks = _tasks(ground)
    fresh = _freshness(ground)
    told = {
        *(one.line.name for one in lost), *(one.line.name for one in below), *(one.line.name for one in to_decide),
        *(one.client for one in chase), *(one.client for one in found), *(one.client for one in altered),
        *(one.client for one in tasks), *(one.name for one in fresh.stale), *(one.name for one in fresh.broken),
    }  # fmt: skip
    return PracticeDigest(
        week=week_of(ground.as_of),
        as_of=ground.as_of,
        known_at=ground.known_at,
        zone=ground.zone,
        note=note,
        freshness=fresh,
        lines=tuple(lines.values()),
        lost=lost,
        below=below,
        to_decide=to_decide,
        chase=chase,
        found=found,
        altered=altered,
        scored=_scored(ground, lines),
        tasks=tasks,
        quiet=tuple(sorted(line.name for line in lines.values() if line.name not in told)),
    )


def _freshness(ground: DigestInputs) -> Freshness:
    rows = ground.rows
    ties = rows["tie_out"].value_counts()
    checks = ground.found.books.tie_outs
    differ = checks[checks["difference_cents"] != 0].groupby("business_id").size()
    return Freshness(
        clients=len(rows),
        stale=tuple(
            Stale(str(row["name"]), str(row["stale_reason"]), _moment(row["synced_at"]))
            for row in rows.to_dict("records")
            if unsafe(row)
        ),
        tied=int(ties.get("tied", 0)),
        broken=tuple(
            Broken(str(row["name"]), int(differ.get(row["business_id"], 0)))
            for row in rows.to_dict("records")
            if row["tie_out"] == "broken"
        ),
        unchecked=int(ties.get("unchecked", 0)),
    )


def _lost(ground: DigestInputs, lines: Mapping[str, Line]) -> tuple[Lost, ...]:
    """Return the clients that lost runway since the last call, the most days first."""
    changes = ground.changes
    days = dict(zip(changes.clients["business_id"], changes.clients["first_day"], strict=True))
    first, second = changes.first.figures, changes.second.figures
    found = []
    for business_id in first.index.intersection(second.index):
        for column, figure in FIGURES.items():
            was, now = whole(first.at[business_id, column]), whole(second.at[business_id, column])
            if was is not None and now is not None:
                since = day_or_none(days[business_id])
                if now < was and since is not None and business_id in lines:
                    reasons = _reasons(ground, str(business_id), column)
                    found.append(Lost(lines[business_id], figure, was, now, since, reasons))
                break
    return tuple(sorted(found, key=lambda one: (-one.days, one.line.name)))


def _reasons(ground: DigestInputs, business_id: str, figure: str) -> tuple[Reason, ...]:
    """Return the causes that took days away, the most first; without any, those that took money."""
    steps = ground.changes.steps
    mine = steps[steps["business_id"] == business_id]
    worse = mine[(mine[figure] < 0).fillna(False)].sort_values(figure, kind="stable")
    if worse.empty:
        worse = mine[(mine["cash_cents"] < 0).fillna(False)].sort_values("cash_cents", kind="stable")
    return tuple(
        Reason(
            _words(ground, business_id, row["cause"], row["words"]),
            whole(row["cash_cents"]),
            whole(row[figure]),
        )
        for row in worse.to_dict("records")
    )


def _words(ground: DigestInputs, business_id: str, cause: str, words: str) -> str:
    """Return a cause with the party that most of it is, where there is one."""
    causes = ground.changes.causes
    mine = causes[(causes["business_id"] == business_id) & (causes["cause"] == cause)]
    total = int(mine["amount_cents"].sum())
    parties = mine[mine["party_name"].notna()].groupby("party_name")["amount_cents"].sum()
    if parties.empty or total == 0:
        return words
    name = str(parties.abs().sort_index().idxmax())
    share = int(parties[name]) / total
    return f"{words}, most of it {name}" if share >= MOST_OF_IT else words


def _below(ground: DigestInputs, lines: Mapping[str, Line]) -> tuple[Below, ...]:
    outcome = ground.ahead.forecast.outcome
    rows = outcome[outcome["cash_out_on"].notna()].sort_values(["cash_out_on", "business_id"])
    return tuple(
        Below(
            lines[row["business_id"]],
            row["cash_out_on"].date(),
            int(row["reserve_cents"]),
            row["trough_on"].date(),
            int(row["trough_cents"]),
        )
        for row in rows.to_dict("records")
        if lines[row["business_id"]].status
    )


def _to_decide(ground: DigestInputs, lines: Mapping[str, Line]) -> tuple[ToDecide, ...]:
    """Return the clients with bills due, those that cannot pay them all first."""
    found = []
    for business_id, line in lines.items():
        desk = ground.desks[business_id]
        open_to_decide = desk.due[desk.due["free"]]
        if open_to_decide.empty:
            continue
        found.append(
            ToDecide(
                line,
                len(open_to_decide),
                int(open_to_decide["balance_cents"].sum()),
                max(line.cash_cents - desk.reserve_cents, 0),
                len(desk.safe.taken),
                desk.safe.sum_cents,
            )
        )
    return tuple(
        sorted(found, key=lambda one: (one.safe_cents - one.due_cents, -one.due_cents, one.line.name))
    )


def _chase(ground: DigestInputs, lines: Mapping[str, Line]) -> tuple[Chase, ...]:
    return tuple(
        Chase(
            client=lines[row["business_id"]].name,
            currency=lines[row["business_id"]].currency,
            customer=str(row["customer"]),
            invoices=int(row["invoices"]),
            owed_cents=int(row["owed_cents"]),
            expected_cents=int(row["expected_cents"]),
            days_past_due=int(row["days_past_due"]),
            expected_on=day_or_none(row["expected_on"]),
            promised_on=day_or_none(row["promised_on"]),
        )
        for row in customers(ground).to_dict("records")
    )


def _found(ground: DigestInputs, lines: Mapping[str, Line]) -> tuple[Found, ...]:
    """Return the findings opened since the last call, the most days of runway first."""
    changes = ground.changes.changes
    opened = changes[(changes["change"] == OPENED) & ~changes["field"].isin(SINCE_CALL)]
    keys = {_key(row) for row in opened.rename(columns={"field": "code"}).to_dict("records")}
    rows = ground.findings.sort_values(
        ["runway_effect_days", "amount_cents"], ascending=False, na_position="last", kind="stable"
    )
    return tuple(
        Found(
            client=lines[row["business_id"]].name,
            currency=lines[row["business_id"]].currency,
            severity=str(row["severity"]),
            message=str(row["message"]),
            amount_cents=int(row["amount_cents"]),
            runway_days=None if pd.isna(row["runway_effect_days"]) else float(row["runway_effect_days"]),
        )
        for row in rows.to_dict("records")
        if _key(row) in keys
    )


def _key(row: Mapping[object, object]) -> tuple[str, ...]:
    return tuple(text(row[name]) for name in ("business_id", "code", "entity", "qbo_id"))


def _altered(ground: DigestInputs, lines: Mapping[str, Line]) -> tuple[Altered, ...]:
    """Return what was deleted, voided or back-dated since the last call, the most money first."""
    changes = ground.changes.changes
    rows = changes[changes["change"].isin(ALTERED)]
    rows = rows.sort_values(
        ["amount_cents", *_RECORD], ascending=[False, True, True, True], na_position="last"
    )
    zone = ZoneInfo(ground.zone)
    return tuple(
        Altered(
            client=lines[row["business_id"]].name,
            currency=lines[row["business_id"]].currency,
            what=str(row["change"]),
            entity=_entity_words(str(row["entity"])),
            party=text(row["party"]),
            amount_cents=whole(row["amount_cents"]),
            on=None if pd.isna(row["changed_at"]) else row["changed_at"].tz_convert(zone).date(),
        )
        for row in rows.to_dict("records")
    )


def _scored(ground: DigestInputs, lines: Mapping[str, Line]) -> tuple[Scored, ...]:
    """Return last week's forecasts against what happened, those furthest off first, by their own size."""
    found: Iterable[Scored] = (
        Scored(
            lines[row["business_id"]].name, lines[row["business_id"]].currency, row["through"],
            int(row["expected_cents"]), int(row["happened_cents"]),
        )
        for row in ground.scores.to_dict("records")
    )  # fmt: skip
    return tuple(
        sorted(found, key=lambda one: (-abs(one.off_cents) / max(abs(one.expected_cents), 1), one.client))
    )


def _tasks(ground: DigestInputs) -> tuple[Task, ...]:
    return tuple(
        Task(
            client=str(row["client"]),
            what=str(row["what"]),
            owner=str(row["owner"]),
            due=day_or_none(row["due"]),
            overdue=bool(row["overdue"]),
            age_days=max((ground.known_at - row["added_at"].to_pydatetime()).days, 0),
        )
        for row in ground.follow_up.tasks.to_dict("records")
    )


def _moment(value: pd.Timestamp) -> datetime | None:
    return None if pd.isna(value) else value.to_pydatetime()


def _entity_words(entity: str) -> str:
    """Return what a record is called; the digest calls an expense by its wire name."""
    return entity if entity == "Purchase" else label(entity)
