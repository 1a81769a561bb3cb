"""The practice's own digest: who got worse and why, what to decide, what is not safe to discuss."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import pandas as pd

from rowcol.domain.comparison.changes import BACK_DATED, DELETED, OPENED, SINCE_CALL, VOIDED
from rowcol.entities import label
from rowcol.views.digest.client import client_digests
from rowcol.views.digest.inputs import DigestInputs
from rowcol.views.digest.parts import cash_then, customers, day_or_none, line_of, text, unsafe, whole
from rowcol.views.digest.records import (
    AlteredRecord,
    BelowReserve,
    BillsToDecide,
    ClientLine,
    CustomerToChase,
    Digest,
    Freshness,
    NewFinding,
    PracticeDigest,
    Reason,
    ScoredForecast,
    ShorterRunway,
    StaleClient,
    Task,
    UntiedClient,
)

ALTERED = (DELETED, VOIDED, BACK_DATED)
FIGURES = {"net_burn_runway_days": "net-burn runway", "buffer_days": "cash buffer"}
"""The runway a loss is measured by: the first of these that is defined at both ends."""
LONGEST_RUNWAY = 365
"""A client whose runway is longer, in days, is nobody to worry about, however much of it was lost."""
MOST_OF_IT = 0.5
"""A party is named as the reason if at least this share of a cause is its own."""
_RECORD = ["business_id", "entity", "qbo_id"]


def digest(
    inputs: DigestInputs,
    notes: Mapping[str, str] | None = None,
    next_calls: Mapping[str, date] | None = None,
) -> Digest:
    """Return the digests of a week: the practice's own, and one a client.

    `notes` stand at the top, by business id, '' for the practice's own; `next_calls` too.
    """
    texts = notes or {}
    return Digest(practice_digest(inputs, texts.get("", "")), client_digests(inputs, texts, next_calls or {}))


def practice_digest(inputs: DigestInputs, note: str = "") -> PracticeDigest:
    """Return the practice's digest of a week with a note at its top."""
    then = cash_then(inputs)
    lines = {str(row["business_id"]): line_of(row, then) for row in inputs.rows.to_dict("records")}
    lost = _lost(inputs, lines)
    below = _below(inputs, lines)
    to_decide = _to_decide(inputs, lines)
    chase, altered = _chase(inputs, lines), _altered(inputs, lines)
    new_findings = _new_findings(inputs, lines)
    tasks = _tasks(inputs, lines)
    fresh = _freshness(inputs)
    mentioned = {
        *(row.line.name for row in lost), *(row.line.name for row in below), *(row.line.name for row in to_decide),
        *(row.client for row in chase), *(row.client for row in new_findings), *(row.client for row in altered),
        *(row.client for row in tasks), *(row.name for row in fresh.stale), *(row.name for row in fresh.broken),
    }  # fmt: skip
    return PracticeDigest(
        week=inputs.week,
        as_of=inputs.day,
        known_at=inputs.known_at,
        zone=inputs.zone,
        note=note,
        freshness=fresh,
        lines=tuple(lines.values()),
        lost=lost,
        below=below,
        to_decide=to_decide,
        chase=chase,
        found=new_findings,
        altered=altered,
        scored=_scored(inputs, lines),
        tasks=tasks,
        quiet=tuple(
            sorted(
                (line for line in lines.values() if line.name not in mentioned), key=lambda line: line.name
            )
        ),
    )


def _freshness(inputs: DigestInputs) -> Freshness:
    rows = inputs.rows
    ties = rows["tie_out"].value_counts()
    checks = inputs.books.tie_outs
    differ = checks[checks["difference_cents"] != 0].groupby("business_id").size()
    return Freshness(
        clients=len(rows),
        stale=tuple(
            StaleClient(str(row["name"]), str(row["stale_reason"]), _moment(row["synced_at"]), row["as_of"])
            for row in rows.to_dict("records")
            if unsafe(row)
        ),
        tied=int(ties.get("tied", 0)),
        broken=tuple(
            UntiedClient(str(row["name"]), int(differ.get(row["business_id"], 0)), row["as_of"])
            for row in rows.to_dict("records")
            if row["tie_out"] == "broken"
        ),
        unchecked=int(ties.get("unchecked", 0)),
    )


def _lost(inputs: DigestInputs, lines: Mapping[str, ClientLine]) -> tuple[ShorterRunway, ...]:
    """Return the clients that lost runway since the last call, as `in_danger_first`."""
    changes = inputs.changes
    days = dict(zip(changes.clients["business_id"], changes.clients["first_day"], strict=True))
    first, second = changes.first.figures, changes.second.figures
    lost = []
    for business_id in first.index.intersection(second.index):
        for column, figure in FIGURES.items():
            was, now = whole(first.at[business_id, column]), whole(second.at[business_id, column])
            if was is not None and now is not None:
                since = day_or_none(days[business_id])
                if now < was and since is not None and business_id in lines:
                    reasons = _reasons(inputs, str(business_id), column)
                    lost.append(ShorterRunway(lines[business_id], figure, was, now, since, reasons))
                break
    return in_danger_first(lost)


def in_danger_first(lost: Iterable[ShorterRunway]) -> tuple[ShorterRunway, ...]:
    """Return lost runways, the nearest cash-out first; of those beyond 13 weeks the shortest runway.

    One of more than `LONGEST_RUNWAY` days is left out.
    """
    listed = (loss for loss in lost if loss.now_days <= LONGEST_RUNWAY)
    order = sorted(
        listed, key=lambda loss: (loss.line.cash_out_on or date.max, loss.now_days, loss.line.name)
    )
    return tuple(order)


def _reasons(inputs: DigestInputs, business_id: str, figure: str) -> tuple[Reason, ...]:
    """Return the causes that took days away, the most first; without any, those that took money."""
    steps = inputs.changes.steps
    client_steps = steps[steps["business_id"] == business_id]
    worse = client_steps[(client_steps[figure] < 0).fillna(False)].sort_values(figure, kind="stable")
    if worse.empty:
        worse = client_steps[(client_steps["cash_cents"] < 0).fillna(False)].sort_values(
            "cash_cents", kind="stable"
        )
    return tuple(
        Reason(
            _words(inputs, business_id, row["cause"], row["words"]),
            whole(row["cash_cents"]),
            whole(row[figure]),
        )
        for row in worse.to_dict("records")
    )


def _words(inputs: DigestInputs, business_id: str, cause: str, words: str) -> str:
    """Return a cause with the party that most of it is, if there is one."""
    causes = inputs.changes.causes
    rows = causes[(causes["business_id"] == business_id) & (causes["cause"] == cause)]
    total = int(rows["amount_cents"].sum())
    parties = rows[rows["party_name"].notna()].groupby("party_name")["amount_cents"].sum()
    if parties.empty or total == 0:
        return words
    name = str(parties.abs().sort_index().idxmax())
    share = int(parties[name]) / total
    return f"{words}, most of it {name}" if share >= MOST_OF_IT else words


def _below(inputs: DigestInputs, lines: Mapping[str, ClientLine]) -> tuple[BelowReserve, ...]:
    outcome = inputs.forecast.outcome
    rows = outcome[outcome["cash_out_on"].notna()].sort_values(["cash_out_on", "business_id"])
    return tuple(
        BelowReserve(
            lines[row["business_id"]],
            row["cash_out_on"].date(),
            int(row["reserve_cents"]),
            row["trough_on"].date(),
            int(row["trough_cents"]),
        )
        for row in rows.to_dict("records")
        if lines[row["business_id"]].status
    )


def _to_decide(inputs: DigestInputs, lines: Mapping[str, ClientLine]) -> tuple[BillsToDecide, ...]:
    """Return the clients with bills due, those that cannot pay them all first."""
    to_decide = []
    for business_id, line in lines.items():
        bills = inputs.due_bills[business_id]
        open_to_decide = bills.due[bills.due["free"]]
        if open_to_decide.empty:
            continue
        to_decide.append(
            BillsToDecide(
                line,
                len(open_to_decide),
                int(open_to_decide["balance_cents"].sum()),
                max(line.cash_cents - bills.reserve_cents, 0),
                len(bills.safe.taken),
                bills.safe.sum_cents,
            )
        )
    return tuple(
        sorted(
            to_decide,
            key=lambda client: (client.safe_cents - client.due_cents, -client.due_cents, client.line.name),
        )
    )


def _chase(inputs: DigestInputs, lines: Mapping[str, ClientLine]) -> tuple[CustomerToChase, ...]:
    return tuple(
        CustomerToChase(
            client=lines[row["business_id"]].name,
            currency=lines[row["business_id"]].currency,
            customer=str(row["customer"]),
            invoices=int(row["invoices"]),
            owed_cents=int(row["owed_cents"]),
            expected_cents=int(row["expected_cents"]),
            days_past_due=int(row["days_past_due"]),
            expected_on=day_or_none(row["expected_on"]),
            promised_on=day_or_none(row["promised_on"]),
            as_of=lines[row["business_id"]].as_of,
        )
        for row in customers(inputs).to_dict("records")
    )


def _new_findings(inputs: DigestInputs, lines: Mapping[str, ClientLine]) -> tuple[NewFinding, ...]:
    """Return the findings opened since the last call, in the order of the tray."""
    changes = inputs.changes.changes
    opened = changes[(changes["change"] == OPENED) & ~changes["field"].isin(SINCE_CALL)]
    keys = {_key(row) for row in opened.rename(columns={"field": "code"}).to_dict("records")}
    return tuple(
        NewFinding(
            client=lines[row["business_id"]].name,
            currency=lines[row["business_id"]].currency,
            severity=str(row["severity"]),
            message=str(row["message"]),
            amount_cents=int(row["amount_cents"]),
            runway_days=None if pd.isna(row["runway_effect_days"]) else float(row["runway_effect_days"]),
            as_of=lines[row["business_id"]].as_of,
        )
        for row in inputs.findings.to_dict("records")
        if _key(row) in keys
    )


def _key(row: Mapping[object, object]) -> tuple[str, ...]:
    return tuple(text(row[name]) for name in ("business_id", "code", "entity", "qbo_id"))


def _altered(inputs: DigestInputs, lines: Mapping[str, ClientLine]) -> tuple[AlteredRecord, ...]:
    """Return what was deleted, voided or back-dated since the last call, the most money first."""
    changes = inputs.changes.changes
    rows = changes[changes["change"].isin(ALTERED)]
    rows = rows.sort_values(
        ["amount_cents", *_RECORD], ascending=[False, True, True, True], na_position="last"
    )
    return tuple(
        AlteredRecord(
            client=lines[row["business_id"]].name,
            currency=lines[row["business_id"]].currency,
            what=str(row["change"]),
            entity=_entity_words(str(row["entity"])),
            party=text(row["party"]),
            amount_cents=whole(row["amount_cents"]),
            on=_day_there(row["changed_at"], inputs.zones[row["business_id"]]),
            as_of=lines[row["business_id"]].as_of,
        )
        for row in rows.to_dict("records")
    )


def _scored(inputs: DigestInputs, lines: Mapping[str, ClientLine]) -> tuple[ScoredForecast, ...]:
    """Return last week's forecasts against what happened, those furthest off first, by their own size."""
    scored: Iterable[ScoredForecast] = (
        ScoredForecast(
            lines[row["business_id"]].name, lines[row["business_id"]].currency, row["through"],
            int(row["expected_cents"]), int(row["happened_cents"]), lines[row["business_id"]].as_of,
        )
        for row in inputs.scores.to_dict("records")
    )  # fmt: skip
    return tuple(
        sorted(
            scored,
            key=lambda score: (-abs(score.off_cents) / max(abs(score.expected_cents), 1), score.client),
        )
    )


def _tasks(inputs: DigestInputs, lines: Mapping[str, ClientLine]) -> tuple[Task, ...]:
    return tuple(
        Task(
            client=str(row["client"]),
            what=str(row["what"]),
            owner=str(row["owner"]),
            due=day_or_none(row["due"]),
            overdue=bool(row["overdue"]),
            age_days=max((inputs.known_at - row["added_at"].to_pydatetime()).days, 0),
            as_of=lines[row["business_id"]].as_of,
        )
        for row in inputs.follow_up.tasks.to_dict("records")
    )


def _moment(value: pd.Timestamp) -> datetime | None:
    return None if pd.isna(value) else value.to_pydatetime()


def _day_there(at: pd.Timestamp, zone: str) -> date | None:
    """Return a moment as a day on a client's own calendar."""
    return None if pd.isna(at) else at.tz_convert(zone).date()


def _entity_words(entity: str) -> str:
    """Return what a record is called; the digest calls an expense by its wire name."""
    return entity if entity == "Purchase" else label(entity)
