"""What the advisor decided, laid onto the bills: priority, hold and plan, a bill's own over its vendor's."""

import pandas as pd

from rowcol.domain.current_decisions import CurrentDecisions, left_of_plan

NORMAL = "normal"


def advised(bills: pd.DataFrame, advice: CurrentDecisions, as_of: pd.Timestamp) -> pd.DataFrame:
    """Return bills of one client with priority, held (`hold`, `dispute` or ''), pay_on and planned_cents beside them.

    `bills`: qbo_id, party_id, balance_cents. `pay_on` NaT and `planned_cents` NA where no plan stands: none was made,
    its day has passed, or what it was to pay was paid. A vendor's hold covers its bills; a bill's own names it first.
    """
    plans = advice.plans.drop_duplicates("qbo_id", keep="last").set_index("qbo_id")
    found = plans[["pay_on", "amount_cents", "open_cents"]].reindex(bills["qbo_id"]).set_index(bills.index)
    left = left_of_plan(found["amount_cents"], found["open_cents"], bills["balance_cents"])
    stands = (found["pay_on"] >= as_of) & (left > 0)
    return bills.assign(
        priority=_own_or_vendors(bills, advice.priorities, "priority").fillna(NORMAL),
        held=_own_or_vendors(bills, advice.holds, "state").fillna(""),
        pay_on=pd.to_datetime(found["pay_on"].where(stands)),
        planned_cents=left.astype("Int64").where(stands),
    )


def _own_or_vendors(bills: pd.DataFrame, said: pd.DataFrame, column: str) -> pd.Series:
    own, vendors = (
        said[said["scope"] == scope].set_index("subject_id")[column] for scope in ("bill", "vendor")
    )
    found = bills["qbo_id"].map(own).astype("object")
    return found.where(found.notna(), bills["party_id"].map(vendors).astype("object"))
