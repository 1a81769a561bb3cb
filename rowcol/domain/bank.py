"""Bank movements: what each transaction did to each Bank account, classified by its other side.

Source: docs/definitions.md, Bank movements and burn. A movement is one signed change of one Bank account by one
transaction. The other side of a header account's movement is the lines, each with its sign; of a line
account's movement, the header; of a journal entry's, the lines of the opposite sign (a debit is paid for by
the credits). If these differ in kind the movement is split pro rata, to the cent.
"""

from dataclasses import replace

import pandas as pd

from rowcol.domain.books import DOCUMENT, Books, Superseded
from rowcol.domain.window import sheet_positions

KINDS = ["internal", "settlement", "financing", "operating"]
MOVEMENT_COLUMNS = [
    *DOCUMENT, "txn_date", "account_id", "amount_cents", *(f"{kind}_cents" for kind in KINDS),
    "party_kind", "party_id", "party_name",
]  # fmt: skip
FINANCING_SUB_TYPES = (
    "LoanPayable", "LineOfCredit", "ShortTermBorrowings", "CurrentPortionOfObligationsUnderFinanceLeases",
)  # fmt: skip

_HEADER_SIGN = {"Purchase": -1, "BillPayment": -1, "RefundReceipt": -1, "Transfer": -1, "CreditCardPayment": -1,
                "Payment": 1, "SalesReceipt": 1}  # fmt: skip
"""What the header account gains when the amount is positive; a Purchase marked Credit is the other way round."""
_LINE_SIGN = {"Purchase": 1, "Bill": 1, "Deposit": -1, "VendorCredit": -1}
"""What a line's account gains (a debit) when its amount is positive; a journal line says it itself."""
_IMPLIED = {"Payment": "settlement", "BillPayment": "settlement", "Bill": "settlement", "VendorCredit": "settlement",
            "SalesReceipt": "operating", "RefundReceipt": "operating"}  # fmt: skip
"""The kind of the other side of documents whose lines are not bank postings."""
_MOVEMENT = ["document", "account_id"]
_POSTING = [*_MOVEMENT, "business_id", "entity"]
_SETTLING_LINKS = ("Bill", "Invoice", "Payment")


def bank_movements(books: Books) -> pd.DataFrame:
    """Return every movement (`MOVEMENT_COLUMNS`) of the documents read; the four kinds add up to the amount."""
    documents = (
        books.bank_documents.sort_values(DOCUMENT, ignore_index=True).rename_axis("document").reset_index()
    )
    postings = None if documents.empty else _postings(books, documents)
    if postings is None or postings.empty:
        return pd.DataFrame(columns=MOVEMENT_COLUMNS)
    on_bank = postings[postings["bank"]].groupby(_MOVEMENT, as_index=False)
    bank = on_bank.agg(amount_cents=("debit_cents", "sum"), header=("header", "any"))
    bank = bank[bank["amount_cents"] != 0]
    split = bank.merge(_other_side(bank, postings), on=_MOVEMENT, how="left")
    for kind in KINDS:
        split[kind] = split[kind].fillna(0).astype("int64") if kind in split else 0
    headers = documents[["document", *DOCUMENT, "txn_date", "party_kind", "party_id", "party_name"]]
    return _shared(split).merge(headers, on="document")[MOVEMENT_COLUMNS]


def _postings(books: Books, documents: pd.DataFrame) -> pd.DataFrame:
    """Return both sides of each document that touches a bank: `_POSTING`, debit_cents, header, bank, kind.

    `document` is the document's place among `documents`, one number to join by in place of its three names.
    """
    settles = documents["linked"].str.contains(r"(?:^|,)(?:Bill|Invoice):", regex=True, na=False)
    documents = documents.assign(
        settles=settles & documents["entity"].isin(["Purchase", "Deposit", "Transfer"])
    )
    lines = books.bank_lines.merge(documents[["document", *DOCUMENT, "credit", "settles"]], on=DOCUMENT)
    parts = [
        _line_postings(lines),
        _header_postings(documents, lines),
        _second_accounts(documents),
        _implied(documents),
    ]
    postings = pd.concat([part for part in parts if not part.empty] or parts[:1], ignore_index=True)
    accounts = books.accounts[["business_id", "account_id", "account_type", "account_sub_type"]]
    postings = postings.merge(accounts, on=["business_id", "account_id"], how="left")
    postings["bank"] = postings["account_type"] == "Bank"
    postings["kind"] = postings["kind"].fillna(_kind_of_account(postings))
    return postings


def _kind_of_account(postings: pd.DataFrame) -> pd.Series:
    """Return what kind of other side an account is."""
    types, sub_types = postings["account_type"], postings["account_sub_type"]
    kind = pd.Series("operating", index=postings.index, dtype="object")
    kind[types.isin(["Accounts Payable", "Accounts Receivable"])] = "settlement"
    kind[types.isin(["Equity", "Long Term Liability"])] = "financing"
    kind[(types == "Other Current Liability") & sub_types.isin(FINANCING_SUB_TYPES)] = "financing"
    kind[(types == "Bank") | (sub_types == "UndepositedFunds")] = "internal"
    return kind


def _line_postings(lines: pd.DataFrame) -> pd.DataFrame:
    sign = lines["entity"].map(_LINE_SIGN).astype("Float64")
    sign = sign.where(~(lines["credit"].astype(bool) & (lines["entity"] == "Purchase")), -sign)
    sign = sign.where(lines["entity"] != "JournalEntry", (lines["posting"] == "Debit") * 2.0 - 1.0)
    kind = pd.Series(None, index=lines.index, dtype="object")
    kind[lines["settles"] | lines["linked_type"].isin(_SETTLING_LINKS)] = "settlement"
    debit = lines["home_cents"].fillna(0).astype("int64") * sign.astype("int64")
    return lines[_POSTING].assign(debit_cents=debit, header=False, kind=kind)


def _header_postings(documents: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Return the header account's posting; a Deposit's is its lines less cash back, as they stand."""
    deposits = documents[documents["entity"] == "Deposit"]
    sums = lines[lines["entity"] == "Deposit"].groupby("document")["home_cents"].sum().rename("debit_cents")
    deposits = deposits.merge(sums, on="document", how="left")
    deposits["debit_cents"] = deposits["debit_cents"].fillna(0).astype("int64") - deposits["cash_back_cents"]
    rest = documents[documents["entity"].isin(list(_HEADER_SIGN))]
    sign = rest["entity"].map(_HEADER_SIGN).astype("int64")
    sign = sign.where(~(rest["credit"].astype(bool) & (rest["entity"] == "Purchase")), -sign)
    rest = rest.assign(debit_cents=rest["total_cents"].fillna(0).astype("int64") * sign)
    columns = [*_POSTING, "debit_cents"]
    return pd.concat([deposits[columns], rest[columns]], ignore_index=True).assign(header=True, kind=None)


def _second_accounts(documents: pd.DataFrame) -> pd.DataFrame:
    """Return the postings to the account a transfer or card payment goes to, and of cash taken back from a deposit."""
    to = documents[documents["other_account_id"].notna()]
    to = to.assign(account_id=to["other_account_id"], debit_cents=to["total_cents"].fillna(0).astype("int64"))
    back = documents[documents["cash_back_cents"] != 0]
    back = back.assign(account_id=back["cash_back_account_id"], debit_cents=back["cash_back_cents"])
    columns = [*_POSTING, "debit_cents"]
    return pd.concat([to[columns], back[columns]], ignore_index=True).assign(header=False, kind=None)


def _implied(documents: pd.DataFrame) -> pd.DataFrame:
    """Return the control or income side of documents that state it by what they are."""
    rows = documents[documents["entity"].isin(list(_IMPLIED))]
    sign = (
        rows["entity"]
        .map({"BillPayment": 1, "RefundReceipt": 1, "VendorCredit": 1})
        .fillna(-1)
        .astype("int64")
    )
    return rows[["document", "business_id", "entity"]].assign(
        account_id=None,
        debit_cents=rows["total_cents"].fillna(0).astype("int64") * sign,
        header=rows["entity"].isin(["Bill", "VendorCredit"]),
        kind=rows["entity"].map(_IMPLIED),
    )


def _other_side(bank: pd.DataFrame, postings: pd.DataFrame) -> pd.DataFrame:
    """Return for each movement the weight of each kind on its other side, positive if it explains the movement."""
    pairs = bank.merge(postings, on="document", suffixes=("", "_other"))
    apart = ~(pairs["bank"] & (pairs["account_id_other"] == pairs["account_id"]))
    weight = pairs["debit_cents"].where(pairs["amount_cents"] < 0, -pairs["debit_cents"])
    journal = pairs["entity"] == "JournalEntry"
    belongs = (journal & (weight > 0)) | (~journal & (pairs["header"] != pairs["header_other"]))
    pairs = pairs.assign(weight=weight)[apart & belongs & (weight != 0)]
    return pairs.groupby([*_MOVEMENT, "kind"])["weight"].sum().unstack("kind").reset_index()


def _shared(split: pd.DataFrame) -> pd.DataFrame:
    """Turn the weights of each kind into signed shares of the movement that add up to it exactly."""
    whole = split[KINDS].sum(axis=1)
    mixed = ((split[KINDS] != 0).sum(axis=1) > 1) & (whole != 0)
    for kind in KINDS:
        split[f"{kind}_cents"] = split["amount_cents"].where(~mixed & (split[kind] != 0) & (whole != 0), 0)
    split.loc[whole == 0, "operating_cents"] = split["amount_cents"]
    if mixed.any():
        rows = split.loc[mixed, ["amount_cents", *KINDS]].to_numpy().tolist()
        split.loc[mixed, [f"{kind}_cents" for kind in KINDS]] = [pro_rata(row[0], row[1:]) for row in rows]
    return split


def pro_rata(amount: int, weights: list[int]) -> list[int]:
    """Share whole cents out by signed weights that do not add up to zero; cumulative rounding keeps the sum exact."""
    total = abs(sum(weights))
    sign = 1 if sum(weights) > 0 else -1
    so_far, given, shares = 0, 0, []
    for weight in weights:
        so_far += sign * weight
        upto = (2 * abs(amount) * so_far + total) // (2 * total)
        shares.append(upto - given)
        given = upto
    return shares if amount >= 0 else [-share for share in shares]


def movements_as_read(books: Books, movements: pd.DataFrame, since: Superseded) -> pd.DataFrame:
    """Return the movements as they were known when a report was read.

    Documents changed since then count in their version of that time, so that a bill entered after a sheet
    was read is no unlisted activity.
    """
    if since.changed.empty:
        return movements
    before = bank_movements(replace(books, bank_documents=since.documents, bank_lines=since.lines))
    marked = movements.merge(since.changed, on=DOCUMENT, how="left", indicator="changed")
    return pd.concat([movements[(marked["changed"] == "left_only").to_numpy()], before], ignore_index=True)


def unlisted(books: Books, movements: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    """Return bank activity no entity shows: business_id, account_id, amount_cents, for each window.

    amount = BalanceSheet(t-1) - BalanceSheet(day before the window) - movements in the window (docs/definitions.md),
    all as known when the two were read. `windows`: business_id, start, end (both included). A client whose two
    reports are not both at hand has no rows; `unreadable` names it.
    """
    sheets = books.bank_sheets.assign(report_date=pd.to_datetime(books.bank_sheets["report_date"]))
    banks = books.accounts[books.accounts["account_type"] == "Bank"][["business_id", "account_id"]]
    readable = windows[~windows["business_id"].isin(unreadable(books, windows))]
    rows = banks.merge(readable, on="business_id")
    keys = ["business_id", "account_id"]
    if rows.empty:
        return rows[keys].assign(amount_cents=pd.Series(dtype="int64"))
    for name, day in (("closing", rows["end"]), ("opening", rows["start"] - pd.Timedelta(days=1))):
        at = rows.assign(report_date=day).merge(sheets, on=[*keys, "report_date"], how="left")
        rows[name] = at["amount_cents"].fillna(0).astype("int64").to_numpy()
    inside = movements_as_read(books, movements, books.since_window).merge(windows, on="business_id")
    dates = pd.to_datetime(inside["txn_date"])
    inside = inside[(dates >= inside["start"]) & (dates <= inside["end"])]
    listed = inside.groupby(keys)["amount_cents"].sum().rename("listed").reset_index()
    rows = rows.merge(listed, on=keys, how="left")
    rows["amount_cents"] = rows["closing"] - rows["opening"] - rows["listed"].fillna(0).astype("int64")
    return rows[rows["amount_cents"] != 0][[*keys, "amount_cents"]].reset_index(drop=True)


def unreadable(books: Books, windows: pd.DataFrame) -> list[str]:
    """Return the clients whose bank activity is incomplete: their two balance sheets are not both at hand."""
    at_hand = sheet_positions(books.report_reads, windows)
    return [business_id for business_id in windows["business_id"] if business_id not in at_hand]
