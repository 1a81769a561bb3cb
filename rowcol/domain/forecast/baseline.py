"""Everyday money in and out by day: the averages, less what comes in their place on a day of its own.

Source: docs/definitions.md, 13-week forecast (baseline; recurring: taken off).
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from rowcol.domain.forecast.days import Cents, spread, taken_off
from rowcol.domain.forecast.replacement import COMMITMENT, SOURCE
from rowcol.domain.forecast.result import DAYS

PAYROLL, TAX, CARD = ("payroll", "payroll tax"), ("sales tax",), ("card",)
"""Kinds of commitments by what they are taken off; a quarterly estimate and other payments are taken off nothing."""


def baseline(
    clients: pd.DataFrame, card_payments: pd.DataFrame, ahead: pd.DataFrame, committed: pd.DataFrame, by: pd.DataFrame
) -> tuple[Cents, Cents]:  # fmt: skip
    """Return everyday money in and out, each clients x 91 in cents, what is taken off it gone.

    `clients` have as_of, days and the averages. Taken off are commitments that replace no occurrence, then operating parts
    of movements entered ahead that replace none: earliest day first, no day below 0; what comes after the 13
    weeks is not. `card_payments` and `ahead` as `ForecastInputs`, `committed` as `current_commitments`, `by` as
    `Replacement`.
    """
    client = pd.Series(np.arange(len(clients)), index=clients["business_id"])
    days, now = clients["days"].to_numpy(dtype=np.int64), np.zeros(len(clients), dtype=np.int64)
    into, out, unlisted, payroll, tax = (
        spread(clients[name].to_numpy(dtype=np.int64), days, now)
        for name in (
            "baseline_in_cents", "baseline_out_cents", "unlisted_out_cents", "payroll_out_cents", "tax_out_cents",
        )
    )  # fmt: skip
    replacing = by.loc[by["entity"] == COMMITMENT, ["business_id", "qbo_id"]]
    left = committed[~_among(committed[["business_id", "commitment_id"]], replacing)]
    left = left[(left["on"] - left["as_of"]).dt.days < DAYS]
    for kinds, own in ((PAYROLL, payroll), (TAX, tax)):
        off = taken_off(np.minimum(own + unlisted, out), _sums(left[left["kind"].isin(kinds)], client))
        unlisted = unlisted - np.clip(off - own, 0, None)
        out = out - off
    cards = left[left["kind"].isin(CARD)]
    if len(cards):
        out = out - np.minimum(_off_cards(card_payments, cards, client, days), out)
    rest = ahead[~_among(ahead[SOURCE], by[SOURCE])]
    signed = rest["operating_cents"]
    out = out - taken_off(out, _sums(rest.assign(amount_cents=-signed.clip(upper=0)), client))
    into = into - taken_off(into, _sums(rest.assign(amount_cents=signed.clip(lower=0)), client))
    return into, out


def _off_cards(payments: pd.DataFrame, cards: pd.DataFrame, client: "pd.Series[int]", days: Cents) -> Cents:
    """Return what card commitments take off the payments to their card; one that names no card, off those to any."""
    of = client.reindex(payments["business_id"]).to_numpy(dtype=np.int64)
    daily = spread(
        payments["out_cents"].to_numpy(dtype=np.int64), days[of], np.zeros(len(of), dtype=np.int64)
    )
    keys = ["business_id", "account_id"]
    named = cards.groupby(keys)["amount_cents"].sum().reindex(pd.MultiIndex.from_frame(payments[keys]))
    off = taken_off(daily, named.fillna(0).to_numpy(dtype=np.int64))
    all_off, left = np.zeros((2, len(client), DAYS), dtype=np.int64)
    np.add.at(all_off, of, off)
    np.add.at(left, of, daily - off)
    return all_off + taken_off(left, _sums(cards[cards["account_id"] == ""], client))


def _sums(rows: pd.DataFrame, client: "pd.Series[int]") -> Cents:
    """Return `amount_cents` summed for each client, in their order."""
    sums = np.zeros(len(client), dtype=np.int64)
    np.add.at(
        sums, client.reindex(rows["business_id"]).to_numpy(dtype=np.int64), rows["amount_cents"].to_numpy()
    )
    return sums


def _among(rows: pd.DataFrame, others: pd.DataFrame) -> npt.NDArray[np.bool_]:
    if others.empty or rows.empty:
        return np.zeros(len(rows), dtype=bool)
    return pd.MultiIndex.from_frame(rows).isin(pd.MultiIndex.from_frame(others))
