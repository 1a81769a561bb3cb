"""Whom to chase, for how much, how late against their own habit, and what to write to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rowcol.money import exact_text
from rowcol.wording import letter_date

CUSTOMER_COLUMNS = [
    "party_id", "customer", "email", "phone", "invoices", "owed_cents", "days_past_due", "habit", "learned_from",
    "beyond_habit", "expected_on", "promised_on", "next_on", "note",
]  # fmt: skip


def with_contacts(invoices: pd.DataFrame, promises: pd.DataFrame, contacts: pd.DataFrame) -> pd.DataFrame:
    """Return one client's invoices with promised_on (NaT: none), next_on and note of their customer ('': none)."""
    days = promises.drop_duplicates("qbo_id", keep="last").set_index("qbo_id")["promised_on"]
    rows = invoices.assign(promised_on=pd.to_datetime(days.reindex(invoices["qbo_id"]).to_numpy()))
    last = contacts[contacts["note"] != ""].drop_duplicates("customer_id").set_index("customer_id")["note"]
    next_on = _next_contacts(contacts).reindex(rows["party_id"])
    note = last.astype("object").reindex(rows["party_id"]).fillna("")
    return rows.assign(next_on=pd.to_datetime(next_on.to_numpy()), note=note.to_numpy(dtype="object"))


def _next_contacts(contacts: pd.DataFrame) -> pd.Series:
    """Return customer -> day of the next contact: the newest one set, unless a note was made on that day or after."""
    noted_on = pd.to_datetime(contacts["decided_at"].dt.tz_localize(None).dt.normalize())
    newest = noted_on.groupby(contacts["customer_id"]).max()
    planned = contacts[contacts["next_on"].notna()].assign(made=noted_on).drop_duplicates("customer_id")
    planned = planned.set_index("customer_id")
    later = newest.reindex(planned.index)
    is_open = (later == planned["made"]) | (later < planned["next_on"])
    days: pd.Series = planned.loc[is_open, "next_on"]
    return days


def customers_of(invoices: pd.DataFrame) -> pd.DataFrame:
    """Return `CUSTOMER_COLUMNS`, the most owed first, of invoices as `with_contacts` has them.

    `days_past_due` of its oldest; `beyond_habit` = that less the customer's habit; `expected_on` the earliest of its
    invoices, `promised_on` too; `note` the last one, '' before any. A customer without an id is one row for all.
    """
    if invoices.empty:
        return pd.DataFrame(columns=CUSTOMER_COLUMNS)
    keyed = invoices.assign(party_id=invoices["party_id"].fillna(""))
    rows = keyed.groupby("party_id", sort=False).agg(
        customer=("customer", "first"), email=("email", _first_known), phone=("phone", _first_known),
        invoices=("qbo_id", "size"), owed_cents=("balance_cents", "sum"), days_past_due=("days_past_due", "max"),
        habit=("habit", "first"), learned_from=("learned_from", "first"), expected_on=("expected_on", "min"),
        promised_on=("promised_on", "min"), next_on=("next_on", "first"), note=("note", "first"),
    ).reset_index()  # fmt: skip
    rows["beyond_habit"] = rows["days_past_due"] - rows["habit"]
    order = rows.sort_values(["owed_cents", "customer"], ascending=[False, True], ignore_index=True)
    return order[CUSTOMER_COLUMNS]


def _first_known(values: pd.Series) -> str:
    return next((str(value) for value in values if value), "")


@dataclass(frozen=True)
class Reminder:
    """A message to a customer, ready to be copied."""

    subject: str
    text: str


def reminder(client: str, customer: str, invoices: pd.DataFrame, currency: str) -> Reminder:
    """Return a polite reminder of invoices: qbo_id, doc_number, txn_date, due_date, balance_cents, credit_cents."""
    rows: Sequence[dict[Any, Any]] = invoices.sort_values(["due_date", "qbo_id"]).to_dict("records")
    lines = [_line(row, currency) for row in rows]
    single = len(lines) == 1
    total = sum(int(row["balance_cents"]) for row in rows)
    numbers = [number for number in map(_number, rows) if number]
    subject = (
        f"Invoice {numbers[0]}"
        if single and numbers
        else f"{'Invoice' if single else 'Invoices'} from {client}"
    )
    paragraphs = [
        f"Hello {customer},",
        f"According to our records {'this invoice is' if single else 'these invoices are'} still open:",
        "\n".join(lines),
        "" if single else f"Together they come to {exact_text(total, currency)}.",
        "If your payment is already on its way, thank you, and please disregard this message. If something about "
        f"{'it' if single else 'them'} is unclear or does not look right, just reply and we will sort it out.",
        "Otherwise, could you let us know on which day we may expect your payment?",
        f"Kind regards\n{client}",
    ]
    return Reminder(f"{subject}: a friendly reminder", "\n\n".join(part for part in paragraphs if part))


def _line(row: dict[Any, Any], currency: str) -> str:
    number = f"Invoice {_number(row)}".strip()
    due = f", due {_day(row['due_date'])}" if pd.notna(row["due_date"]) else ""
    credit = int(row["credit_cents"])
    less = f" (after your credit of {exact_text(credit, currency)})" if credit else ""
    return (
        f"- {number} of {_day(row['txn_date'])}{due}: {exact_text(int(row['balance_cents']), currency)}{less}"
    )


def _number(row: dict[Any, Any]) -> str:
    return "" if pd.isna(row["doc_number"]) else str(row["doc_number"])


def _day(value: Any) -> str:
    if pd.isna(value):
        return "unknown date"
    return letter_date(pd.Timestamp(value).date())
