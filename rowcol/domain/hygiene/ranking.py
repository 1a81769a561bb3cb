"""What comes first: money times nearness, and how many days of runway the money is."""

import pandas as pd

from rowcol.domain.hygiene.rule import SEVERITIES, id_order

HALVED_AFTER_DAYS = 7
"""Money due so many days ahead weighs half of what is overdue or due today; twice as many, a third; and so on."""
NO_DAY_WEIGHT = 0.5
"""Money without a due date weighs as if due in `HALVED_AFTER_DAYS`."""


def nearness(days_until_due: pd.Series) -> pd.Series:
    """Return the weight of each finding's money: 1 due or overdue, falling with the days ahead; NA has no day."""
    ahead = days_until_due.clip(lower=0)
    return (HALVED_AFTER_DAYS / (HALVED_AFTER_DAYS + ahead)).fillna(NO_DAY_WEIGHT)


def ranked(findings: pd.DataFrame) -> pd.DataFrame:
    """Return findings by amount_cents times nearness, the largest first; ties by severity, then by name."""
    days = (findings["near_on"] - findings["as_of"]).dt.days.astype("float64")
    order = findings.assign(
        weight=findings["amount_cents"] * nearness(days),
        grade=findings["severity"].map({name: grade for grade, name in enumerate(SEVERITIES)}),
        order=id_order(findings["qbo_id"]),
    ).sort_values(
        ["weight", "grade", "business_id", "code", "entity", "order"],
        ascending=[False, True, True, True, True, True],
        na_position="last",
    )
    return order.drop(columns=["weight", "grade", "order"]).reset_index(drop=True)


def runway_effect_days(business_ids: pd.Series, amount_cents: pd.Series, figures: pd.DataFrame) -> pd.Series:
    """Return amounts in days of runway to one decimal, half up (Float64).

    By daily net burn, by daily outflow where the client is cash-generative; NA where nothing flows out.
    `figures` (index business_id) have outflow_cents, inflow_cents and days.
    """
    net = figures["outflow_cents"] - figures["inflow_cents"]
    burned = net.where(net > 0, figures["outflow_cents"])
    burned = business_ids.map(burned).astype("Float64")
    days = business_ids.map(figures["days"]).astype("Float64")
    tenths = (amount_cents.astype("Float64") * days * 10 / burned.where(burned > 0)) + 0.5
    return tenths // 1 / 10
