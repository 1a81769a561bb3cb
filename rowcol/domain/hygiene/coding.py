"""Rules on how purchases, journal entries and lines are coded, of the trailing 90 days."""

import pandas as pd

from rowcol.domain.books import BANK, CREDIT_CARD, DOCUMENT, in_home
from rowcol.domain.hygiene.evidence import RECENT_DAYS, Evidence
from rowcol.domain.hygiene.rule import HIGH, MEDIUM, NO_HITS, Rule, due_day, hits, letters

UNDECIDED = (
    "UNCATEGORIZEDINCOME", "UNCATEGORIZEDEXPENSE", "UNCATEGORIZEDASSET", "UNCATEGORISEDINCOME", "UNCATEGORISEDEXPENSE",
    "UNCATEGORISEDASSET", "ASKMYACCOUNTANT",
)  # fmt: skip
SUSPENSE = "SUSPENSE"
PAYEE_FROM_CENTS = 7_500
BANK_CHARGES = "BankCharges"
CHARGE_WORDS = ("BANKCHARGE", "BANKFEE", "BANKSERVICECHARGE")


def uncategorized_line(evidence: Evidence) -> pd.DataFrame:
    """Return records with a line on an account for what is not yet decided; one hit a record."""
    lines = evidence.books.dated(evidence.records.uncategorized_lines)
    if lines.empty:
        return hits(lines, 0)
    undecided = {name for name in lines["account_name"].unique() if _is_undecided(name)}
    past = ~(lines["txn_date"] > lines["as_of"])
    lines = lines[
        lines["account_name"].isin(undecided) & past & (_recent(lines) | lines["open"].astype(bool))
    ]
    lines = lines.assign(at_stake=lines["home_cents"].abs(), due=due_day(lines))
    if lines.empty:
        return NO_HITS
    groups = lines.groupby(DOCUMENT, sort=False)
    columns = [
        "account_name", "account_type", "txn_date", "due", "doc_number", "party_kind", "party_id", "party_name",
    ]  # fmt: skip
    records = groups[columns].first().join(groups["at_stake"].sum()).reset_index()
    return hits(records, records["at_stake"], account=records["account_name"], txn_date=records["txn_date"])


def purchase_no_payee(evidence: Evidence) -> pd.DataFrame:
    """Return purchases of 75 or more without a payee, unless all they say is a bank charge or a payment to an own card."""
    lines = evidence.books.dated(evidence.records.payeeless_lines)
    lines = lines[_recent(lines) & lines["total_cents"].ge(PAYEE_FROM_CENTS).fillna(False)]
    if lines.empty:
        return hits(lines, 0)
    names = {name: letters(name) for name in lines["account_name"].unique()}
    worded = {name for name, compared in names.items() if any(word in compared for word in CHARGE_WORDS)}
    charge = (lines["account_sub_type"] == BANK_CHARGES) | lines["account_name"].isin(worded)
    lines = lines.assign(counted=lines["amount_cents"] != 0)
    lines["other"] = lines["counted"] & ~charge.fillna(False) & ~_pays_card(lines)
    records = lines.groupby(DOCUMENT, sort=False, as_index=False).agg(
        other=("other", "any"), counted=("counted", "any"), total_cents=("total_cents", "first"),
        txn_date=("txn_date", "first"), doc_number=("doc_number", "first"), account_type=("account_type", "first"),
    )  # fmt: skip
    records = records[records["other"] | ~records["counted"]]
    return hits(records, records["total_cents"], txn_date=records["txn_date"])


def _pays_card(lines: pd.DataFrame) -> pd.Series:
    """Return which lines of purchases pay a card: bought onto it, or a credit on it that came from a bank account."""
    credit = lines["credit"].astype(bool)
    onto_card = ~credit & (lines["line_account_type"] == CREDIT_CARD)
    return onto_card | (
        credit & (lines["account_type"] == CREDIT_CARD) & (lines["line_account_type"] == BANK)
    )


def je_on_control(evidence: Evidence) -> pd.DataFrame:
    """Return journal entries with a line on A/P or A/R; high if one of those lines names no party."""
    lines = evidence.books.control_lines
    lines = evidence.books.dated(lines[lines["entity"] == "JournalEntry"])
    lines = lines[_recent(lines)]
    if lines.empty:
        return hits(lines, 0)
    at_stake = in_home(lines["amount_cents"], lines["exchange_rate"]).abs()
    lines = lines.assign(at_stake=at_stake, nobody=lines["party_id"].isna())
    groups = lines.groupby(DOCUMENT, sort=False)
    columns = ["account_type", "txn_date", "doc_number", "party_kind", "party_id", "party_name"]
    records = (
        groups[columns].first().join(groups["at_stake"].sum()).join(groups["nobody"].any()).reset_index()
    )
    severity = records["nobody"].map({True: HIGH, False: MEDIUM})
    lacks = records["nobody"].map({True: ", on a line without a name", False: ""})
    return hits(
        records, records["at_stake"], severity=severity, lacks=lacks, account=records["account_type"],
        txn_date=records["txn_date"],
    )  # fmt: skip


def _recent(rows: pd.DataFrame) -> pd.Series:
    return (rows["as_of"] - rows["txn_date"]).dt.days.between(0, RECENT_DAYS)


def _is_undecided(name: object) -> bool:
    compared = letters(name)
    return compared in UNDECIDED or SUSPENSE in compared


RULES = (
    Rule(
        code="UNCATEGORIZED_LINE", severity=HIGH, find=uncategorized_line,
        label="Uncategorized",
        says="{what}{whose} of {txn_date} has {amount_cents} on {account}.",
        why="Profit, taxes and burn are wrong by what nobody has decided.",
        what_to_do="Ask the client what it was for and choose the account.",
        question="What was it for?",
    ),
    Rule(
        code="PURCHASE_NO_PAYEE", severity=MEDIUM, find=purchase_no_payee,
        label="Expense without payee",
        says="{what} of {txn_date} over {amount_cents} names no payee.",
        why="Spending without a name hides duplicates, recurring costs and 1099 vendors.",
        what_to_do="Enter who was paid.",
        question="Who was paid, and what for?",
    ),
    Rule(
        code="JE_ON_CONTROL", severity=MEDIUM, find=je_on_control,
        label="Journal entry on A/P or A/R",
        says="{what} of {txn_date} posts {amount_cents} to {account}{lacks}.",
        why="What is posted by hand is in the total but in no bill or invoice: it is never paid, collected or aged right.",
        what_to_do="Replace it by a bill, invoice or credit, or apply it to the one it is meant for.",
        question="Who is it about, and what was it meant to correct?",
    ),
)  # fmt: skip
"""Purchases, journal entries and lines, by how they are coded."""
