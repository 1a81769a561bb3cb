"""Cash, card debt and Undeposited Funds, in home cents. Source: docs/definitions.md, Cash."""

import pandas as pd

from rowcol.domain.books import BANK, CREDIT_CARD, UNDEPOSITED_FUNDS, Books, in_home
from rowcol.domain.rates import priced
from rowcol.money import coded_text

KEYS = ["business_id", "account_id"]


def held_accounts(books: Books) -> pd.DataFrame:
    """Return active bank accounts, cards and Undeposited Funds, priced (`priced`) and with what was posted to them.

    Also with the columns of `Books.posted`, 0 if nothing was posted.
    """
    accounts = books.accounts
    held = accounts["account_type"].isin((BANK, CREDIT_CARD)) | (
        accounts["account_sub_type"] == UNDEPOSITED_FUNDS
    )
    rows = priced(books, accounts[held & accounts["active"]])
    sums = books.posted.reindex(pd.MultiIndex.from_frame(rows[KEYS])).fillna(0).astype("int64")
    return rows.assign(**{name: sums[name].to_numpy() for name in sums.columns})


def bank_accounts(books: Books, held: pd.DataFrame) -> pd.DataFrame:
    """Return active Bank accounts at the as-of date; `held` as `held_accounts` returns them.

    Columns: business_id, account_id, name, currency, own_cents (CurrentBalance in that currency, NA if it was not sent),
    balance_cents (home), excluded, missing (no balance was sent, or no rate is known: counted as nothing and named).

    By CurrentBalance less what is dated after the as-of date; by the base balance sheet and what was posted or entered
    since, if the account is foreign, or if the as-of date has passed and the sheet is of that date.
    """
    rows = held[held["account_type"] == BANK].reset_index(drop=True)
    settled = rows["book_cents"] - rows["later_cents"]
    passed = books.clients["business_id"][books.clients["as_of"] < books.clients["today"]]
    of_the_day = rows["business_id"].isin(passed) & ~rows["business_id"].isin(unread(books))
    by_sheet = rows["sheet_cents"].notna() & (rows["foreign"] | of_the_day)
    since = rows["entered_cents"] - rows["later_cents"] + rows["after_sheet_cents"]
    sheet = rows["sheet_cents"].fillna(0).astype("int64") + since
    rows["missing"] &= ~by_sheet
    rows["own_cents"] = rows["balance_cents"]
    rows["balance_cents"] = settled.mask(by_sheet, sheet).mask(rows["missing"], 0)
    pairs = zip(rows["business_id"], rows["account_id"], strict=True)
    excluded = [pair in books.excluded_accounts for pair in pairs]
    rows["excluded"] = pd.Series(excluded, index=rows.index, dtype="bool")
    return rows[[*KEYS, "name", "currency", "own_cents", "balance_cents", "excluded", "missing"]]


def cash(accounts: pd.DataFrame) -> pd.Series:
    """Return cash per client (index business_id): `bank_accounts` that are not excluded, summed."""
    return accounts[~accounts["excluded"]].groupby("business_id")["balance_cents"].sum()


def unread(books: Books) -> list[str]:
    """Return the clients whose as-of date has passed and whose balance sheet of that date is not at hand.

    Their cash is rolled back from today's, so activity that no record shows may be in it.
    """
    passed = books.clients[books.clients["as_of"] < books.clients["today"]]
    of_the_day = books.sheet_days(passed["business_id"]) == passed["as_of"]
    return list(passed["business_id"][~of_the_day])


def cards(books: Books, held: pd.DataFrame) -> pd.DataFrame:
    """Return active Credit Card accounts at the as-of date; `held` as `held_accounts` returns them.

    Columns: business_id, account_id, name, currency, own_cents, owed_cents (home; negative: the card is in credit),
    missing (as in `bank_accounts`). The base balance sheet decides amount and sign: what is owed there, less the change of
    CurrentBalance since (plus it, if the balance had the sheet's own sign then), with what is dated after the as-of date
    taken off. Without a sheet, or with one that shows nothing of the card, a
    negative CurrentBalance is owed.
    """
    rows = held[held["account_type"] == CREDIT_CARD].reset_index(drop=True)
    sheet = rows["sheet_cents"].fillna(0).astype("int64")
    with_sheet = sheet != 0
    known = rows["balance_cents"].notna() & (~rows["foreign"] | rows["exchange_rate"].notna())
    then = _then(books, rows)
    change = (rows["book_cents"] - then).where(known, rows["entered_cents"])
    same_sign = (sheet - then - rows["after_sheet_cents"]).abs() < (
        sheet + then - rows["after_sheet_cents"]
    ).abs()
    by_sheet = sheet - change.mask(same_sign & known, -change) - rows["after_sheet_cents"]
    rows["missing"] &= ~with_sheet
    owed = by_sheet.where(with_sheet, -rows["book_cents"]) + rows["later_cents"]
    rows["owed_cents"] = owed.mask(rows["missing"], 0)
    rows["own_cents"] = rows["balance_cents"]
    return rows[[*KEYS, "name", "currency", "own_cents", "owed_cents", "missing"]]


def card_debt(accounts: pd.DataFrame) -> pd.DataFrame:
    """Return what is owed on `cards` and the credit that other cards hold, never deducted from it; index business_id.

    Columns: card_debt_cents, card_credit_cents; both 0 or more.
    """
    owed = accounts["owed_cents"]
    sides = pd.DataFrame({"card_debt_cents": owed.clip(lower=0), "card_credit_cents": (-owed).clip(lower=0)})
    return sides.groupby(accounts["business_id"]).sum()


def funds_accounts(held: pd.DataFrame) -> pd.DataFrame:
    """Return the accounts of Undeposited Funds at the as-of date, of `held_accounts`.

    Columns: business_id, account_id, name, account_type, balance_cents (home): CurrentBalance less what was put there or
    taken out after the as-of date.
    """
    rows = held[held["account_sub_type"] == UNDEPOSITED_FUNDS]
    rows = rows.assign(balance_cents=rows["book_cents"] - rows["later_cents"])
    return rows[[*KEYS, "name", "account_type", "balance_cents"]]


def undeposited(funds: pd.DataFrame) -> pd.Series:
    """Return `funds_accounts` summed per client (index business_id): money received and not yet banked, never cash."""
    return funds.groupby("business_id")["balance_cents"].sum()


def unpriced(*accounts: pd.DataFrame) -> pd.Series:
    """Return what is counted as nothing of `bank_accounts` and `cards`, per client a tuple of texts (index business_id).

    Each names the account with its own amount: `Euro account EUR 1,234.50`; accounts that the advisor excluded are not
    among them, clients without any have no row.
    """
    texts: dict[str, list[str]] = {}
    for rows in accounts:
        left_out = rows["missing"] & ~rows["excluded"] if "excluded" in rows else rows["missing"]
        named = rows.loc[left_out, ["business_id", "name", "currency", "own_cents"]]
        for business_id, name, currency, cents in named.itertuples(index=False, name=None):
            amount = "(no balance was sent)" if pd.isna(cents) else coded_text(int(cents), currency)
            texts.setdefault(business_id, []).append(f"{name} {amount}")
    return pd.Series({business_id: tuple(lines) for business_id, lines in texts.items()}, dtype="object")


def _then(books: Books, rows: pd.DataFrame) -> pd.Series:
    """Return the CurrentBalance of cards as known when their base sheet was read, in home cents at the present rate."""
    if books.cards_before.empty:
        return rows["book_cents"]
    before = books.cards_before.set_index(KEYS)["balance_cents"]
    before = before.reindex(pd.MultiIndex.from_frame(rows[KEYS])).array
    cents = pd.Series(before, index=rows.index, dtype="Int64").fillna(rows["balance_cents"]).fillna(0)
    return in_home(cents, rows["exchange_rate"])
