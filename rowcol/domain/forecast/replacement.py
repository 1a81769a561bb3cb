"""Which recurring payments come another way already: entered ahead, as a bill, or as a dated commitment.

Source: docs/definitions.md, 13-week forecast (recurring, replaced).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rowcol.domain.account_classes import KINDS, account_classes
from rowcol.domain.books import DOCUMENT, Books
from rowcol.domain.forecast.recurring import ACCOUNT, BILLS_WITHIN, PAYEE, SERIES
from rowcol.domain.forecast.result import (
    DAYS,
    EXCLUDED,
    ITEM_COLUMNS,
    PLACED,
    REPLACED_BY_BILL,
    REPLACED_BY_COMMITMENT,
    REPLACED_BY_MOVEMENT,
)

MATCH_COLUMNS = {
    "business_id": "object", "reason": "object", "entity": "object", "qbo_id": "object", "account_id": "object",
    "kind": "object", "on": "datetime64[us]", "days_apart": "int64", "series": "int64", "occurrence": "int64",
    "due_on": "datetime64[us]",
}  # fmt: skip
OLDEST_MATCH_DAYS = 47
"""Days before the as-of date before which no bill is due that may stand for an occurrence: 1.5 of the longest interval."""
COMMITMENT = "Commitment"
"""The `entity` of a match of a commitment; its `qbo_id` is the commitment's id."""
SOURCE = ["business_id", "entity", "qbo_id", "account_id", "kind"]
"""What names the part of a movement, a bill or a commitment that may stand for an occurrence."""
_ORDER = ["days_apart", "due_on", "on", "reason", "qbo_id", "series"]


@dataclass(frozen=True)
class Replacement:
    """`items`: the occurrences due in the 13 weeks (`ITEM_COLUMNS`), those replaced excluded with the reason.

    `by`: the matches that hold (`MATCH_COLUMNS`), one for each occurrence replaced.
    """

    items: pd.DataFrame
    by: pd.DataFrame


def possible_matches(
    books: Books, coming: pd.DataFrame, outs: pd.DataFrame, payables: pd.DataFrame, bill_lines: pd.DataFrame
) -> pd.DataFrame:
    """Return which occurrences a movement entered ahead, or a bill if it is placed, may stand for (`MATCH_COLUMNS`).

    A movement: to the same payee from the same account, its part in the series' class at least half the amount. A bill:
    of the same payee, its part in the class within 10 % of the amount, by its effective due date. Both at most half an
    interval from the occurrence's own day. `coming` as `occurrences`, `outs` as `outflows`, `bill_lines` the store's read.
    """
    if coming.empty:
        return no_matches()
    bills = _bill_parts(books, payables[payables["party_id"].isin(coming["party_id"])], bill_lines)
    ahead = _pairs(coming, outs[outs["on"] > outs["as_of"]], SERIES)
    ahead = ahead[2 * ahead["out_cents"] >= -ahead["amount_cents"]]
    billed = _pairs(coming, bills, [*PAYEE, "kind"])
    amount = -billed["amount_cents"]
    billed = billed[(billed["out_cents"] - amount).abs() * BILLS_WITHIN <= amount]
    parts = [ahead.assign(reason=REPLACED_BY_MOVEMENT), billed.assign(reason=REPLACED_BY_BILL)]
    return pd.concat([_near(pairs) for pairs in parts], ignore_index=True)


def _bill_parts(books: Books, payables: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Return what open bills are for, class by class: `PAYEE`, entity, qbo_id, kind, out_cents (total), on (due).

    As payments of bills they are settlement whole; by their lines financing and investing, and operating the rest, as a
    payment to the payee without a bill would be. `lines` as the store's `bill_lines`.
    """
    bills = payables.loc[payables["entity"] == "Bill", [*PAYEE, "entity", "qbo_id", "due_on"]]
    totals = books.open_documents.loc[books.open_documents["total_cents"].notna(), [*DOCUMENT, "total_cents"]]
    bills = bills.merge(totals.rename(columns={"total_cents": "out_cents"}), on=DOCUMENT)
    bills = bills.rename(columns={"due_on": "on"}).astype({"out_cents": "int64"})
    apart = _apart(books, lines)
    keys = ["business_id", "qbo_id"]
    sums = apart.groupby(keys)["home_cents"].sum().reindex(pd.MultiIndex.from_frame(bills[keys]))
    rest = bills["out_cents"] - sums.fillna(0).to_numpy(dtype="int64")
    special = bills.merge(apart, on=keys)
    parts = [
        bills.assign(kind="settlement"),
        bills.assign(kind="operating", out_cents=rest),
        special.assign(out_cents=special["home_cents"]).drop(columns="home_cents"),
    ]
    return pd.concat(parts, ignore_index=True)


def _apart(books: Books, lines: pd.DataFrame) -> pd.DataFrame:
    """Return what of bills is financing or investing: business_id, qbo_id, kind, home_cents."""
    if lines.empty:
        return lines[["business_id", "qbo_id", "home_cents"]].assign(kind="")
    accounts = account_classes(books)
    kinds = np.array(KINDS, dtype=object)[
        accounts.kind[accounts.find(lines["business_id"], lines["account_id"])]
    ]
    rows = lines.assign(kind=kinds)[np.isin(kinds, ("financing", "investing"))]
    return rows.groupby(["business_id", "qbo_id", "kind"])["home_cents"].sum().reset_index()


def operating_ahead(books: Books, movements: pd.DataFrame) -> pd.DataFrame:
    """Return the operating parts of movements entered ahead and dated in the 13 weeks (`SOURCE`, operating_cents)."""
    coming = pd.to_datetime(movements["txn_date"]) > books.clients["as_of"].min()
    rows = books.dated(movements[coming & (movements["operating_cents"] != 0)])
    days = (pd.to_datetime(rows["txn_date"]) - rows["as_of"]).dt.days
    return rows[(days > 0) & (days < DAYS)].assign(kind="operating")[[*SOURCE, "operating_cents"]]


def commitment_matches(coming: pd.DataFrame, commitments: pd.DataFrame) -> pd.DataFrame:
    """Return which occurrences a commitment may stand for: of the payee it names, by id or name (`MATCH_COLUMNS`).

    It has the class of whatever its payee is paid; money set aside has no payee. `commitments` as `COMMITMENT_COLUMNS`.
    """
    naming = commitments[commitments["replaces"] != ""]
    if naming.empty or coming.empty:
        return no_matches()
    naming = naming.assign(payee=naming["replaces"].str.casefold())
    paid = coming[(coming["party_kind"] != ACCOUNT) & coming["business_id"].isin(naming["business_id"])]
    by_id, by_name = (
        paid.assign(payee=paid[name].str.casefold()).merge(
            naming[["business_id", "payee", "on", "commitment_id"]], on=["business_id", "payee"]
        )
        for name in ("party_id", "party")
    )
    pairs = pd.concat([by_id, by_name]).drop_duplicates(["commitment_id", "occurrence"], ignore_index=True)
    return _near(
        pairs.assign(entity=COMMITMENT, qbo_id=pairs["commitment_id"], reason=REPLACED_BY_COMMITMENT)
    )


def bills_placed(matches: pd.DataFrame, paid: pd.DataFrame) -> pd.DataFrame:
    """Return the matches without those of bills that are not placed in the 13 weeks; `paid` as `payments` returns it."""
    of_bill = (matches["reason"] == REPLACED_BY_BILL).to_numpy()
    if not of_bill.any():
        return matches
    keys = ["business_id", "entity", "qbo_id"]
    placed = pd.MultiIndex.from_frame(paid.loc[paid["state"] == PLACED, keys])
    return matches[~of_bill | pd.MultiIndex.from_frame(matches[keys]).isin(placed)]


def no_matches() -> pd.DataFrame:
    """Return a frame of matches without rows."""
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in MATCH_COLUMNS.items()})


def replaced(coming: pd.DataFrame, matches: pd.DataFrame) -> Replacement:
    """Return what of the occurrences still comes, and what replaces the rest.

    Each part of a movement, bill or commitment stands for one occurrence of a series, the nearest, of two as near the
    earlier; each occurrence is replaced once.
    """
    if matches.empty:
        return Replacement(
            coming.loc[coming["state"] == PLACED, list(ITEM_COLUMNS)].astype(ITEM_COLUMNS), matches
        )
    matches = matches.sort_values(_ORDER, ignore_index=True)
    holding, sources, occurrences = [], set(), set()
    columns = [matches[name].tolist() for name in (*SOURCE, "series", "occurrence")]
    for place, (*source, occurrence) in enumerate(zip(*columns, strict=True)):
        if tuple(source) not in sources and occurrence not in occurrences:
            holding.append(place)
            sources.add(tuple(source))
            occurrences.add(occurrence)
    by = matches.iloc[holding].reset_index(drop=True)
    reasons = coming["occurrence"].map(dict(zip(by["occurrence"], by["reason"], strict=True)))
    gone = reasons.notna()
    items = coming.assign(
        state=coming["state"].where(~gone, EXCLUDED), reason=reasons.where(gone, ""),
        basis=coming["basis"].where(~gone, ""), expected_on=coming["expected_on"].where(~gone),
        late_on=coming["late_on"].where(~gone),
    )  # fmt: skip
    return Replacement(items.loc[coming["state"] == PLACED, list(ITEM_COLUMNS)].astype(ITEM_COLUMNS), by)


def _pairs(coming: pd.DataFrame, sources: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    names = [*dict.fromkeys([*SERIES, "series", "occurrence", "due_on", "interval", "amount_cents"])]
    columns = [*keys, "entity", "qbo_id", "out_cents", "on"]
    return coming[names].merge(sources[columns], on=keys)


def _near(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs at most half an interval apart as matches."""
    apart = (pairs["on"] - pairs["due_on"]).abs().dt.days
    rows = pairs.assign(days_apart=apart)[2 * apart <= pairs["interval"]]
    return rows[list(MATCH_COLUMNS)].astype(MATCH_COLUMNS)
