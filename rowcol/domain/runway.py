"""One client, one row: cash, what is owed, burn and the runways. Source: docs/definitions.md, Runway."""

import pandas as pd

from rowcol.domain import burn as burning
from rowcol.domain.aging import totals
from rowcol.domain.cash import card_debt, cash, undeposited, unpriced, unread
from rowcol.domain.derived import DerivedBooks

SUMS = ["ar_cents", "ar_overdue_cents", "ap_cents", "ap_overdue_cents"]


def figures(derived: DerivedBooks) -> pd.DataFrame:
    """Return every client's figures, indexed by business_id.

    Columns: cash_cents, undeposited_cents, card_debt_cents, card_credit_cents, `SUMS`, reserve_cents, start, end, days,
    outflow_cents, inflow_cents, unlisted_cents, buffer_days and net_burn_runway_days (Int64, NA if
    undefined), cash_generative, status, marks (tuple), unpriced (tuple of texts: accounts that count as nothing, each
    with its own amount).
    """
    books = derived.books
    rows = books.clients.set_index("business_id")[["as_of", "reserve_cents"]]
    sums = {"cash_cents": cash(derived.accounts), "undeposited_cents": undeposited(derived.funds)}
    sums |= {str(name): column for name, column in card_debt(derived.cards).items()}
    rows = rows.join(pd.DataFrame(sums)).join(totals(derived.items)).join(burning.burn(derived))
    for column in [*sums, *SUMS]:
        rows[column] = rows[column].fillna(0).astype("int64")
    net = rows["outflow_cents"] - rows["inflow_cents"]
    rows["buffer_days"] = _days(rows["cash_cents"], rows["outflow_cents"], rows["days"])
    rows["net_burn_runway_days"] = _days(rows["cash_cents"], net, rows["days"])
    rows["cash_generative"] = rows["net_burn_runway_days"].isna()
    judged = zip(rows["cash_cents"], rows["reserve_cents"], rows["buffer_days"], strict=True)
    rows["status"] = [burning.status(int(c), int(r), None if pd.isna(b) else int(b)) for c, r, b in judged]
    left_out = unpriced(derived.accounts, derived.cards)
    rows["unpriced"] = [left_out.get(business_id, ()) for business_id in rows.index]
    rows["incomplete"] |= rows.index.isin(unread(books))
    stale = ~(rows["last_movement"] >= rows["as_of"] - pd.Timedelta(days=burning.STALE_DAYS))
    rows["marks"] = [
        tuple(mark for mark, holds in ((burning.STALE_BOOKS, old), (burning.INCOMPLETE, cut)) if holds)
        for old, cut in zip(stale, rows["incomplete"], strict=True)
    ]
    return rows


def with_cash_out(rows: pd.DataFrame, outcome: pd.DataFrame) -> pd.DataFrame:
    """Return figures with `cash_out_on` (NaT: beyond 13 weeks) of the forecast's `outcome`, and `status` by it.

    The status goes by what the forecast opens with, a typed bank balance included.
    """
    ahead_of = outcome.set_index("business_id").reindex(rows.index)
    cash_out = pd.to_datetime(ahead_of["cash_out_on"])
    ahead = (cash_out - rows["as_of"]).dt.days
    judged = zip(ahead_of["opening_cents"], rows["reserve_cents"], ahead, strict=True)
    status = [burning.status_ahead(int(c), int(r), None if pd.isna(d) else int(d)) for c, r, d in judged]
    return rows.assign(cash_out_on=cash_out, status=status)


def runway_effect_days(business_ids: pd.Series, amount_cents: pd.Series, figures: pd.DataFrame) -> pd.Series:
    """Return amounts in days of runway to one decimal, half up (Float64).

    By daily net burn, by daily outflow if the client is cash-generative; NA if nothing flows out.
    `figures` (index business_id) have outflow_cents, inflow_cents and days.
    """
    net = figures["outflow_cents"] - figures["inflow_cents"]
    burned = net.where(net > 0, figures["outflow_cents"])
    burned = business_ids.map(burned).astype("Float64")
    days = business_ids.map(figures["days"]).astype("Float64")
    tenths = (amount_cents.astype("Float64") * days * 10 / burned.where(burned > 0)) + 0.5
    return tenths // 1 / 10


def _days(cash_cents: pd.Series, burned_cents: pd.Series, days: pd.Series) -> pd.Series:
    rows = zip(cash_cents, burned_cents, days, strict=True)
    values = [burning.days_of_cash(int(balance), int(burned), int(over)) for balance, burned, over in rows]
    return pd.Series(values, index=cash_cents.index, dtype="Int64")
