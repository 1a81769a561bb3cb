"""Rules on accounts: overdrawn banks, money never banked, clearing accounts that do not clear."""

import pandas as pd

from rowcol.domain.books import BANK
from rowcol.domain.hygiene.evidence import CLEARING_DAYS, Evidence, of_client
from rowcol.domain.hygiene.rule import HIGH, MEDIUM, NO_HITS, Rule, hits, letters
from rowcol.money import exact_text

WAITING_DAYS = 7
CLEARING_WORDS = ("CLEARING", "SUSPENSE", "OPENINGBALANCEEQUITY")
OPENING_BALANCE = "OpeningBalanceEquity"
PROFIT_AND_LOSS = ("Income", "Other Income", "Expense", "Other Expense", "Cost of Goods Sold")


def bank_negative(evidence: Evidence) -> pd.DataFrame:
    """Return Bank accounts and Undeposited Funds below 0 at the as-of date.

    An account without a rate is judged by its own balance; that amount cannot be at stake in home currency.
    """
    banks = evidence.derived.accounts.assign(account_type=BANK)
    unpriced = banks["missing"] & banks["own_cents"].lt(0).fillna(False)
    banks = banks[unpriced | (banks["balance_cents"] < 0)]
    funds = evidence.derived.funds
    rows = pd.concat([banks, funds[funds["balance_cents"] < 0]], ignore_index=True)
    if rows.empty:
        return NO_HITS
    home = of_client(rows, evidence.books.clients, "currency")
    own = rows["missing"].eq(True)
    amounts = zip(
        rows["own_cents"].where(own, rows["balance_cents"]), rows["currency"].where(own, home), strict=True
    )
    below = [exact_text(-int(cents), currency) for cents, currency in amounts]
    return _on_account(rows, rows["balance_cents"], below=below)


def undeposited_old(evidence: Evidence) -> pd.DataFrame:
    """Return Undeposited Funds above 0 whose oldest receipt not yet in a deposit waits for more than 7 days."""
    accounts = evidence.derived.funds
    accounts = accounts[accounts["balance_cents"] > 0]
    if accounts.empty or evidence.records.waiting_receipts.empty:
        return NO_HITS
    accounts = evidence.books.dated(accounts)
    receipts = evidence.records.waiting_receipts.rename(columns={"account_id": "put_into"})
    receipts = receipts[receipts["entity"].isin(["Payment", "SalesReceipt"])]
    columns = ["business_id", "put_into", "txn_date", "deposited_on"]
    waiting = accounts.merge(receipts[columns], on="business_id")
    waiting = waiting[~(waiting["deposited_on"] <= waiting["as_of"])]
    put_here = waiting["put_into"].isna() | (waiting["put_into"] == waiting["account_id"])
    waiting = waiting[put_here & ~(waiting["txn_date"] > waiting["as_of"])]
    oldest = waiting.groupby(["business_id", "account_id"])["txn_date"].min().rename("oldest").reset_index()
    accounts = accounts.merge(oldest, on=["business_id", "account_id"])
    accounts = accounts[(accounts["as_of"] - accounts["oldest"]).dt.days > WAITING_DAYS]
    return _on_account(accounts, accounts["balance_cents"], oldest=accounts["oldest"])


def clearing_nonzero(evidence: Evidence) -> pd.DataFrame:
    """Return clearing, suspense and Opening Balance Equity accounts not 0 at the end of any day from t-30 to t."""
    accounts = evidence.books.accounts
    accounts = accounts[accounts["active"].astype(bool) & accounts["balance_cents"].notna()]
    names = {name: letters(name) for name in accounts["name"].unique()}
    clearing = {name for name, compared in names.items() if any(word in compared for word in CLEARING_WORDS)}
    named = accounts["name"].isin(clearing) | (accounts["account_sub_type"] == OPENING_BALANCE)
    accounts = evidence.books.dated(accounts[named & ~accounts["account_type"].isin(PROFIT_AND_LOSS)])
    keys = ["business_id", "account_id"]
    postings = evidence.records.clearing_postings.merge(accounts[[*keys, "as_of"]], on=keys)
    after = postings[postings["txn_date"] > postings["as_of"]].groupby(keys)["debit_cents"].sum()
    rows = accounts.merge(after.rename("after").reset_index(), on=keys, how="left")
    rows["closing"] = rows["balance_cents"].astype("int64") - rows["after"].fillna(0).astype("int64")
    rows = rows[rows["closing"] != 0]
    if rows.empty:
        return NO_HITS
    back = rows[[*keys, "closing"]].merge(postings[postings["txn_date"] <= postings["as_of"]], on=keys)
    back = back[(back["as_of"] - back["txn_date"]).dt.days < CLEARING_DAYS]
    back = back.sort_values([*keys, "txn_date"], ascending=False)
    before = back["closing"] - back.groupby(keys)["debit_cents"].cumsum()
    zero = back[before == 0][keys].drop_duplicates().assign(cleared=True)
    rows = rows.merge(zero, on=keys, how="left")
    rows = rows[rows["cleared"].isna()]
    return _on_account(rows, rows["closing"])


def _on_account(
    accounts: pd.DataFrame, amount_cents: pd.Series, **columns: pd.Series | list[str]
) -> pd.DataFrame:
    rows = accounts.assign(entity="Account", qbo_id=accounts["account_id"])
    return hits(rows, amount_cents, account=rows["name"], **columns)


RULES = (
    Rule(
        code="BANK_NEGATIVE", severity=HIGH, find=bank_negative,
        label="Account below zero",
        says="{account} is {below} below zero.",
        why="Either the bank is overdrawn, or a payment or a deposit is in the books twice or too early.",
        what_to_do=(
            "Compare the account with the bank's statement; in Undeposited Funds look for a deposit without its payment."
        ),
        question="Is the account overdrawn at the bank?",
    ),
    Rule(
        code="UNDEPOSITED_OLD", severity=HIGH, find=undeposited_old,
        label="Old undeposited funds",
        says="{account} holds {amount_cents}; the oldest payment put there on {oldest} is in no deposit yet.",
        why="The money is in the bank long since and counted twice, or it never got there.",
        what_to_do="Record the deposits as they stand on the bank's statement.",
        question="When did this money reach the bank?",
    ),
    Rule(
        code="CLEARING_NONZERO", severity=MEDIUM, find=clearing_nonzero,
        label="Clearing account not cleared",
        says=f"{{account}} stands at {{amount_cents}} and was not zero for {CLEARING_DAYS} days running.",
        why="What stays on a clearing account was never brought where it belongs.",
        what_to_do="Find the entries behind the balance and move them to their accounts.",
        question="Do you know what is left there?",
    ),
)  # fmt: skip
"""Accounts."""
