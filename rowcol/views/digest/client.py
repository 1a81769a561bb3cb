"""One client's own digest: half a page in plain words."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from rowcol.domain.account_classes import class_notes
from rowcol.domain.books import party_names
from rowcol.domain.burn import INCOMPLETE, STALE_BOOKS
from rowcol.views.digest.inputs import DigestInputs, DueBills
from rowcol.views.digest.parts import (
    Row,
    cash_then,
    customers,
    day_or_none,
    left_out_of,
    text,
    unsafe,
    whole,
)
from rowcol.views.digest.records import Bill, ClientDigest, Debtor, Flow, Week
from rowcol.wording import listed

MOST_CHASED = 5
MOST_FLOWS = 3
DAYS_BACK = 7
"""How many days back money is listed if no call was held."""
MARK_SENTENCES = {
    INCOMPLETE: "Part of what your bank did, such as payroll, could not be read: how long the cash lasts leaves it out.",
    STALE_BOOKS: "Nothing was entered on a bank account for more than two weeks, so these figures are behind.",
}
TYPED = "The weeks ahead start from the bank balance you gave us today."


def client_digests(
    inputs: DigestInputs, notes: Mapping[str, str], next_calls: Mapping[str, date]
) -> dict[str, ClientDigest]:
    """Return every client's digest of a week, by business id, as are the notes at their tops and the next calls."""
    then = cash_then(inputs)
    first_days = dict(
        zip(inputs.changes.clients["business_id"], inputs.changes.clients["first_day"], strict=True)
    )
    owing = customers(inputs)
    flows = _flows(inputs, first_days)
    digests = [
        _client(
            inputs,
            row,
            then.get(str(row["business_id"])),
            day_or_none(first_days.get(row["business_id"])),
            owing[owing["business_id"] == row["business_id"]],
            flows[flows["business_id"] == row["business_id"]],
        )
        for row in inputs.rows.to_dict("records")
    ]
    return {
        digest.business_id: replace(
            digest, note=notes.get(digest.business_id, ""), next_call=next_calls.get(digest.business_id)
        )
        for digest in digests
    }


def _client(
    inputs: DigestInputs, row: Row, then: int | None, since: date | None, owing: pd.DataFrame, flows: pd.DataFrame
) -> ClientDigest:  # fmt: skip
    business_id = str(row["business_id"])
    known, due_bills = row["status"] is not None, inputs.due_bills[business_id]
    as_of: date = row["as_of"]
    compared = then is not None and since is not None and since < as_of
    pay_now, can_wait = _bills(due_bills, as_of) if known else ((), ())
    questions = inputs.follow_up.questions
    return ClientDigest(
        business_id=business_id,
        name=str(row["name"]),
        currency=str(row["currency"]),
        week=inputs.week,
        as_of=as_of,
        known_at=inputs.known_at,
        zone=inputs.zones[business_id],
        note="",
        figures_known=known,
        stale=unsafe(row),
        stale_reason=text(row["stale_reason"]),
        synced_at=None if pd.isna(row["synced_at"]) else row["synced_at"].to_pydatetime(),
        since=since if compared else None,
        cash_cents=int(row["cash_cents"]) if known else 0,
        cash_then_cents=then if known and compared else None,
        buffer_days=whole(row["buffer_days"]),
        reserve_cents=due_bills.reserve_cents,
        tight_on=day_or_none(row["cash_out_date"]),
        weeks=_weeks(inputs, business_id) if known else (),
        came_in=_largest(flows[flows["amount_cents"] > 0]) if known else (),
        went_out=_largest(flows[flows["amount_cents"] < 0]) if known else (),
        pay_now=pay_now,
        can_wait=can_wait,
        chase=_debtors(owing) if known else (),
        chase_cents=int(owing["owed_cents"].sum()) if known else 0,
        questions=tuple(questions["text"][questions["business_id"] == business_id]),
        next_call=None,
        incomplete=_incomplete(inputs, row) if known else (),
        reconstructed=bool(row["reconstructed"]),
    )


def _weeks(inputs: DigestInputs, business_id: str) -> tuple[Week, ...]:
    weeks = inputs.forecast.weeks
    rows = weeks[weeks["business_id"] == business_id]
    return tuple(
        Week(start.date(), int(closing))
        for start, closing in rows[["week_start", "closing_cents"]].itertuples(index=False, name=None)
    )


def _flows(inputs: DigestInputs, first_days: Mapping[str, pd.Timestamp]) -> pd.DataFrame:
    """Return business_id, party, amount_cents: what moved the accounts that count as cash since the last call.

    Of the days after the call's up to the client's as-of date; what went from one account to another is not in it.
    """
    counted = inputs.cash_accounts[["business_id", "account_id"]]
    moved = inputs.books.dated(inputs.movements.merge(counted, on=["business_id", "account_id"]))
    back = moved["as_of"] - pd.Timedelta(days=DAYS_BACK)
    since = pd.to_datetime(moved["business_id"].map(first_days)).fillna(back)
    on = pd.to_datetime(moved["txn_date"])
    moved = moved[(on > since) & (on <= moved["as_of"])]
    rows = moved.assign(party=party_names(moved, inputs.books.parties))
    rows["amount_cents"] = rows["amount_cents"] - rows["internal_cents"]
    sums = rows.groupby(["business_id", "party"])["amount_cents"].sum().reset_index()
    return sums[sums["amount_cents"] != 0]


def _largest(flows: pd.DataFrame) -> tuple[Flow, ...]:
    order = flows.assign(size=flows["amount_cents"].abs()).sort_values(
        ["size", "party"], ascending=[False, True]
    )
    return tuple(
        Flow(str(party), int(cents))
        for party, cents in order.head(MOST_FLOWS)[["party", "amount_cents"]].itertuples(
            index=False, name=None
        )
    )


def _bills(due_bills: DueBills, as_of: date) -> tuple[tuple[Bill, ...], tuple[Bill, ...]]:
    """Return the due bills to pay this week, and those that had better wait; held and disputed ones are in neither.

    To pay: planned for one of these seven days, else safe to pay.
    """
    due = due_bills.due[due_bills.due["held"] == ""]
    planned = due["pay_on"] < pd.Timestamp(as_of + timedelta(days=DAYS_BACK))
    now = planned | (due["free"] & due["qbo_id"].isin(due_bills.safe.taken))
    amounts = due["balance_cents"].where(due["free"], due["planned_cents"]).astype("int64")
    rows = due.assign(amount=amounts)
    return _listed(rows[now]), _listed(rows[~now])


def _listed(rows: pd.DataFrame) -> tuple[Bill, ...]:
    return tuple(
        Bill(str(row["vendor"]), text(row["doc_number"]), day_or_none(row["due_date"]), int(row["amount"]))
        for row in rows.to_dict("records")
    )


def _debtors(owing: pd.DataFrame) -> tuple[Debtor, ...]:
    order = owing.sort_values(["owed_cents", "customer"], ascending=[False, True])
    return tuple(
        Debtor(str(row["customer"]), int(row["owed_cents"]), int(row["days_past_due"]), int(row["invoices"]))
        for row in order.head(MOST_CHASED).to_dict("records")
    )


def _incomplete(inputs: DigestInputs, row: Row) -> tuple[str, ...]:
    """Return what the figures lack or leave out, as sentences."""
    outcome = inputs.forecast.outcome
    typed = outcome["opening_typed"][outcome["business_id"] == row["business_id"]].any()
    sentences = [MARK_SENTENCES[mark] for mark in row["marks"] if mark in MARK_SENTENCES]
    sentences += [f"{sentence}." for sentence in left_out_of(row).sentences()]
    noted = class_notes(inputs.books, row["business_id"])
    if noted:
        sentences.append(f"In these figures {listed(noted)}.")
    return (*sentences, *((TYPED,) if typed else ()))
