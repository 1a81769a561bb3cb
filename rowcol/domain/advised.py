"""What the advisor decided, laid onto the bills: priority, hold and plan, a bill's own over its vendor's."""

import pandas as pd

from rowcol.domain.advice import Advice

NORMAL = "normal"


def advised(bills: pd.DataFrame, advice: Advice) -> pd.DataFrame:
    """Return bills of one client with priority, held (`hold`, `dispute` or ''), pay_on and planned_cents beside them.

    `bills`: qbo_id, party_id, balance_cents. `pay_on` NaT and `planned_cents` NA where there is no plan;
    planned_cents is never more than the balance. A vendor's hold covers its bills; a bill's own names it first.
    """
    plans = advice.plans.set_index("qbo_id")
    found = plans[["pay_on", "amount_cents"]].reindex(bills["qbo_id"]).set_index(bills.index)
    pay_on = found["pay_on"]
    part = found["amount_cents"].astype("Int64").fillna(bills["balance_cents"])
    planned = part.clip(upper=bills["balance_cents"]).where(pay_on.notna())
    return bills.assign(
        priority=_own_or_vendors(bills, advice.priorities, "priority").fillna(NORMAL),
        held=_own_or_vendors(bills, advice.holds, "state").fillna(""),
        pay_on=pd.to_datetime(pay_on),
        planned_cents=planned.astype("Int64"),
    )


def _own_or_vendors(bills: pd.DataFrame, said: pd.DataFrame, column: str) -> pd.Series:
    own, vendors = (
        said[said["scope"] == scope].set_index("subject_id")[column] for scope in ("bill", "vendor")
    )
    found = bills["qbo_id"].map(own).astype("object")
    return found.where(found.notna(), bills["party_id"].map(vendors).astype("object"))
