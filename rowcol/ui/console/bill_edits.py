"""From edited cells in the table of bills to decisions; pure, without Streamlit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from rowcol.decisions.payables import DISPUTED, MUST, NORMAL, ON_HOLD, WAIT
from rowcol.money import cents
from rowcol.ui.kit.wording import known
from rowcol.wording import days

PRIORITY_LABELS = {MUST: "▲ must pay", NORMAL: "normal", WAIT: "▽ can wait"}
HOLD_LABELS = {"": "–", ON_HOLD: "‖ on hold", DISPUTED: "✗ disputed"}
GROUP_LABELS = {"overdue": "▲ Overdue", "urgent": "◆ Urgent", "upcoming": "○ Upcoming", "later": "· Later"}
EDITABLE = ("pay", "pay_on", "amount", "priority", "held")


@dataclass(frozen=True)
class BillEdit:
    """One edited row. `plan`: (day, amount in cents or None for all), False to take it out, None if unchanged."""

    qbo_id: str
    plan: tuple[date, int | None] | bool | None = None
    held: str | None = None
    priority: str | None = None


def bill_grid(bills: pd.DataFrame) -> pd.DataFrame:
    """Return a console's bills as its table shows them, amounts in units, labels for codes.

    Columns: pay, pay_on, amount, when, vendor, doc_number, due_date, balance, priority, held, effect (days), url.
    """
    planned = bills["pay_on"].notna()
    amount = pd.to_numeric(bills["planned_cents"], errors="coerce").astype("float64") / 100
    grid = pd.DataFrame(
        {
            "pay": planned.astype(bool),
            "pay_on": bills["pay_on"].dt.date.where(planned, None),
            "amount": amount.where(planned),
            "when": [
                when(group, late) for group, late in zip(bills["group"], bills["days_past_due"], strict=True)
            ],
            "vendor": bills["vendor"],
            "doc_number": bills["doc_number"],
            "due_date": pd.to_datetime(bills["due_date"]).dt.date,
            "balance": bills["balance_cents"].astype("float64") / 100,
            "priority": bills["priority"].map(PRIORITY_LABELS),
            "held": bills["held"].map(HOLD_LABELS),
            "effect": bills["runway_days_effect"].astype("float64"),
            "url": bills["url"],
        }
    )
    return grid.astype({"pay_on": "object"}).reset_index(drop=True)


def when(group: str, days_past_due: Any) -> str:
    """Return how near a bill is: `▲ 12 days overdue`, `◆ due in 3 days`, `◆ due today`."""
    mark = GROUP_LABELS[group][0]
    if not known(days_past_due):
        return f"{mark} no due date"
    late = int(days_past_due)
    if late > 0:
        return f"{mark} {days(late)} overdue"
    return f"{mark} due today" if late == 0 else f"{mark} due in {days(-late)}"


def edits_of(
    grid: pd.DataFrame, qbo_ids: Sequence[str], edited: Mapping[int, Mapping[str, Any]], pay_day: date
) -> tuple[BillEdit, ...]:
    """Return the edits that differ from what is stored.

    `edited` as the editor keeps it: row number -> column -> value, of every edit since it was drawn. `pay_day` is
    when a bill that is ticked is paid. `grid` is what is stored now, its rows the bills of `qbo_ids`.
    """
    edits = []
    for number, cells in edited.items():
        row = grid.iloc[int(number)]
        new = {
            name: value
            for name, value in cells.items()
            if name in EDITABLE and not _same(name, row[name], value)
        }
        if new:
            edits.append(_edit(qbo_ids[int(number)], row, new, pay_day))
    return tuple(edits)


def stray(grid: pd.DataFrame, edited: Mapping[int, Mapping[str, Any]]) -> bool:
    """Return whether an edited cell shows something other than what is stored."""
    return any(
        not _same(name, grid.iloc[int(number)][name], value)
        for number, cells in edited.items()
        for name, value in cells.items()
        if name in EDITABLE
    )


def _edit(qbo_id: str, row: "pd.Series[Any]", new: Mapping[str, Any], pay_day: date) -> BillEdit:
    labels = {label: code for code, label in HOLD_LABELS.items()}
    priorities = {label: code for code, label in PRIORITY_LABELS.items()}
    return BillEdit(
        qbo_id,
        plan=_plan(row, new, pay_day),
        held=labels[new["held"] or HOLD_LABELS[""]] if "held" in new else None,
        priority=priorities[new["priority"] or PRIORITY_LABELS[NORMAL]] if "priority" in new else None,
    )


def _plan(
    row: "pd.Series[Any]", new: Mapping[str, Any], pay_day: date
) -> tuple[date, int | None] | bool | None:
    if not {"pay", "pay_on", "amount"} & new.keys():
        return None
    if new.get("pay") is False or ("pay_on" in new and new["pay_on"] is None):
        return False
    day = _day(new["pay_on"]) if "pay_on" in new else _day(row["pay_on"]) or pay_day
    amount = new["amount"] if "amount" in new else row["amount"]
    return day or pay_day, cents(f"{float(amount):.2f}") if known(amount) else None


def _day(value: Any) -> date | None:
    if not known(value):
        return None
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def _same(name: str, stored: Any, value: Any) -> bool:
    if name == "pay":
        return bool(stored) is bool(value)
    if name == "pay_on":
        return _day(stored) == _day(value)
    if name == "amount":
        return (known(stored), known(value)) == (False, False) or (
            known(stored) and known(value) and float(stored) == float(value)
        )
    return bool((value or HOLD_LABELS[""]) == stored)
