"""Evidence for hygiene rules, made of records in memory: the rules are pure, and so is what they are tested on.

Only what rules on documents, parties, coding and credits look at is filled in; what the store selects for them is
tested with the store (tests/store/test_hygiene_reads.py).
"""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

import pandas as pd

from rowcol.domain.books import DOCUMENT, Books, Superseded
from rowcol.domain.clients import client_frame
from rowcol.domain.current_decisions import DISMISSAL_COLUMNS, empty
from rowcol.domain.derived import derive
from rowcol.domain.hygiene.evidence import Evidence, Records, build_evidence, open_documents
from rowcol.domain.hygiene.findings import check, describe
from rowcol.store.typed import arrows
from tests.kits.records import Pair
from tests.kits.store import NOW, TODAY

CLIENT, ZONE = "client", "America/Los_Angeles"
UNDECIDED = "UNCATEGORI|ACCOUNTANT|SUSPENSE"
BY_HAND = ("JournalEntry", "Deposit", "Purchase", "Bill", "VendorCredit")
_COMPANY = {"business_id": CLIENT, "name": "Client", "home_currency": None, "time_zone": None}
_NAMES = {"entity": "party_kind", "qbo_id": "party_id"}
_PAYER = {"amount_cents": "paid_cents", "txn_date": "paid_on", "created_at": "paid_created_at"}
_ACCOUNT = {"qbo_id": "account_id", "name": "account_name"}
_EMPTY = {
    "funds_taken": [*DOCUMENT, "txn_date", "taken_cents", "held_cents"],
    "first_dates": ["business_id", "first_date"],
    "rates": ["business_id", "currency", "txn_date", "exchange_rate", "quoted"],
    "base_sheets": ["business_id", "report_date", "books_position"],
    "cards_before": ["business_id", "account_id", "balance_cents"],
    "balance_postings": [*DOCUMENT, "account_id", "txn_date", "debit_cents", "state"],
    "bank_sheets": ["business_id", "report_date", "account_id", "amount_cents"],
    "report_reads": ["business_id", "report", "report_date", "read_at", "books_position", "refused_because"],
    "tie_outs": ["business_id", "subject", "difference_cents", "report_date", "checked_at"],
}


class RecordedBooks:
    """The records of one client, the newest version of each."""

    def __init__(self, records: Iterable[Pair] = ()) -> None:
        self._records: dict[tuple[str, str], dict[str, Any]] = {}
        self.land_all(records)

    def land_all(self, records: Iterable[Pair]) -> None:
        """Add records, or put later versions of them in place."""
        self._records.update({(entity, str(record["Id"])): record for entity, record in records})

    def evidence(self) -> Evidence:
        """Return what the rules look at, as of TODAY."""
        keyed = [("practice", CLIENT, *key, record) for key, record in self._records.items()]
        tables = {
            name: table.to_pandas(date_as_object=False).drop(columns="advisor_id")
            for name, table in arrows(keyed, ("transactions", "lines", "balances", "parties")).items()
        }
        books = _books(**tables)
        derived = derive(books)
        figures = pd.DataFrame(
            {"outflow_cents": 0, "inflow_cents": 0, "days": 90, "marks": [()], "last_movement": pd.NaT},
            index=pd.Index([CLIENT], name="business_id"),
        )
        opened = open_documents(derived)[DOCUMENT]
        return build_evidence(derived, figures, {}, _records(opened, **tables), empty(DISMISSAL_COLUMNS))

    def findings(self, *codes: str) -> pd.DataFrame:
        """Return the findings of some codes."""
        return describe(check(self.evidence(), codes))

    def findings_of(self, code: str) -> set[tuple[str | None, str | None]]:
        """Return the records (entity, id) a code is found on."""
        rows = self.findings(code)
        return set(zip(rows["entity"], rows["qbo_id"], strict=True))

    def only(self, code: str) -> dict[str, Any]:
        """Return the one finding of a code."""
        (row,) = self.findings(code).to_dict("records")
        return {str(name): value for name, value in row.items()}


def _books(
    transactions: pd.DataFrame, lines: pd.DataFrame, balances: pd.DataFrame, parties: pd.DataFrame
) -> Books:
    current = transactions[~transactions["voided"].astype(bool)].rename(
        columns={"account_id": "header_account_id"}
    )
    clients = client_frame(pd.DataFrame([_COMPANY]), {}, NOW, TODAY, ZONE)
    nothing = {name: pd.DataFrame(columns=columns) for name, columns in _EMPTY.items()}
    bank_documents, bank_lines = transactions.iloc[:0], lines.iloc[:0]
    superseded = Superseded(pd.DataFrame(columns=DOCUMENT), bank_documents, bank_lines)
    return Books(
        clients=clients,
        accounts=balances.rename(columns={"qbo_id": "account_id"}),
        parties=parties.rename(columns=_NAMES),
        open_documents=_open_documents(current),
        applications=_applications(current, lines),
        control_lines=_control_lines(current, lines, balances),
        bank_documents=bank_documents,
        bank_lines=bank_lines,
        since_window=superseded,
        **nothing,
    )


def _open_documents(current: pd.DataFrame) -> pd.DataFrame:
    entity, balance = current["entity"], current["balance_cents"]
    return current[
        entity.isin(("Bill", "Invoice")) & (balance > 0)
        | entity.isin(("VendorCredit", "CreditMemo")) & (balance != 0)
        | entity.isin(("Payment", "BillPayment"))
    ]


def _applications(current: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    payers = current[current["entity"].isin(("BillPayment", "Payment"))].rename(columns=_PAYER)
    applied = lines[lines["linked_id"].notna()].drop(columns=["party_kind", "party_id", "party_name"])
    applied = applied.assign(linked_entity=applied["linked_type"])
    columns = [*DOCUMENT, "party_kind", "party_id", "currency", *_PAYER.values()]
    keys = ["business_id", "linked_entity", "linked_id"]
    linked = current[[*DOCUMENT, "txn_date", "created_at"]].set_axis(
        [*keys, "linked_on", "linked_created_at"], axis=1
    )
    return applied.merge(payers[columns], on=DOCUMENT).merge(linked, on=keys, how="left")


def _control_lines(current: pd.DataFrame, lines: pd.DataFrame, balances: pd.DataFrame) -> pd.DataFrame:
    """Return the lines entered by hand on A/P and A/R accounts, with their document's header."""
    header = current[
        [
            *DOCUMENT,
            "txn_date",
            "created_at",
            "doc_number",
            "credit",
            "exchange_rate",
            "party_kind",
            "party_id",
            "party_name",
        ]
    ]
    header = header.rename(columns={
        "party_kind": "header_kind", "party_id": "header_party_id", "party_name": "header_party_name",
    })  # fmt: skip
    control = lines.merge(balances[["qbo_id", "account_type"]].rename(columns=_ACCOUNT), on="account_id")
    control = control[
        control["account_type"].isin(("Accounts Payable", "Accounts Receivable"))
        & control["entity"].isin(BY_HAND) & control["linked_id"].isna() & (control["amount_cents"] != 0)
    ]  # fmt: skip
    return control.merge(header, on=DOCUMENT)


def _records(
    opened: pd.DataFrame,
    transactions: pd.DataFrame,
    lines: pd.DataFrame,
    balances: pd.DataFrame,
    parties: pd.DataFrame,
) -> Records:
    current = transactions[~transactions["voided"].astype(bool)]
    coded = lines.merge(
        balances[["qbo_id", "name", "account_type", "account_sub_type"]].rename(columns=_ACCOUNT),
        on="account_id", how="left",
    )  # fmt: skip
    header = current[[*DOCUMENT, "doc_number", "txn_date", "due_date", "total_cents", "currency"]]
    emailed = current[(current["entity"] == "Invoice") & (current["email_status"] == "EmailSent")]
    emailed = emailed.assign(emailed_on=emailed["delivered_at"].dt.normalize().fillna(emailed["txn_date"]))
    emailed = emailed[emailed["emailed_on"] <= pd.Timestamp(TODAY)]
    active = parties[parties["active"].astype(bool)].rename(columns=_NAMES)
    payeeless = current[(current["entity"] == "Purchase") & current["party_id"].isna()]
    paid_from = balances.rename(columns={"qbo_id": "account_id"})[["account_id", "account_type"]]
    payeeless = payeeless.merge(paid_from, on="account_id", how="left")
    payeeless = payeeless[
        [*DOCUMENT, "doc_number", "txn_date", "total_cents", "credit", "account_type"]
    ].merge(
        coded.rename(columns={"account_type": "line_account_type"})[
            [
                *DOCUMENT,
                "line_number",
                "amount_cents",
                "account_name",
                "line_account_type",
                "account_sub_type",
            ]
        ],
        on=DOCUMENT,
        how="left",
    )
    undecided = coded[
        coded["account_name"].str.upper().str.contains(UNDECIDED, regex=True, na=False).astype(bool)
    ]
    party = current[[*DOCUMENT, "party_kind", "party_id", "party_name"]]
    columns = [*DOCUMENT, "line_number", "home_cents", "account_name", "account_type"]
    undecided = undecided[columns].merge(header, on=DOCUMENT)
    undecided = undecided.merge(opened.assign(open=True), on=DOCUMENT, how="left")
    undecided["open"] = undecided["open"].notna()
    filled: dict[str, pd.DataFrame] = {
        "documents": _documents(current, lines),
        "outside_payments": _outside(current.merge(opened, on=DOCUMENT), current, coded, header),
        "payeeless_lines": payeeless.assign(amount_cents=payeeless["amount_cents"].fillna(0)),
        "uncategorized_lines": undecided.merge(party, on=DOCUMENT),
        "namesakes": active,
        "last_emailed": emailed.groupby("business_id", as_index=False).agg(emailed_on=("emailed_on", "max")),
    }
    nothing: dict[str, pd.DataFrame] = {
        field.name: pd.DataFrame(columns=DOCUMENT) for field in fields(Records)
    }
    nothing["new_vendor_bills"] = pd.DataFrame(columns=["business_id"])
    return Records(**{**nothing, **filled})


def _documents(current: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Return every bill and invoice: the store leaves out those no rule can find anything on."""
    rows = current[current["entity"].isin(("Bill", "Invoice"))]
    charged = set(
        lines.loc[lines["amount_cents"].fillna(0) != 0, ["entity", "qbo_id"]].itertuples(
            index=False, name=None
        )
    )
    payments = lines[(lines["entity"] == "Payment") & (lines["linked_type"] == "Invoice")]
    paid = set(payments["linked_id"])
    linked = rows["linked"].str.contains("Payment:", na=False).astype(bool)
    keys = list(rows[["entity", "qbo_id"]].itertuples(index=False, name=None))
    return rows.assign(
        charged=[key in charged for key in keys],
        has_payment=(rows["entity"] == "Invoice") & (rows["qbo_id"].isin(paid) | linked),
    )


def _outside(
    opened: pd.DataFrame, current: pd.DataFrame, coded: pd.DataFrame, header: pd.DataFrame
) -> pd.DataFrame:
    """Return the purchases, sales receipts and deposit lines of the party and amount of an open document."""
    dated = current[current["txn_date"].notna()]
    spent = dated[
        (dated["entity"] == "Purchase") & (dated["party_kind"] == "Vendor") & ~dated["credit"].astype(bool)
    ]
    sold = dated[dated["entity"] == "SalesReceipt"]
    banked = coded[
        (coded["entity"] == "Deposit") & (coded["party_kind"] == "Customer") & coded["linked_id"].isna()
        & (coded["account_type"] != "Accounts Receivable")
    ].merge(header[[*DOCUMENT, "txn_date", "doc_number", "currency"]], on=DOCUMENT)  # fmt: skip
    columns = [
        *DOCUMENT,
        "line_number",
        "txn_date",
        "doc_number",
        "currency",
        "party_id",
        "amount_cents",
        "settles",
    ]
    parts = [
        spent.assign(line_number=0, settles="Bill"),
        sold.assign(line_number=0, settles="Invoice"),
        banked.assign(settles="Invoice"),
    ]
    rows = pd.concat([part[columns] for part in parts], ignore_index=True)
    wanted = opened[opened["party_id"].notna()]
    wanted = wanted.rename(columns={"entity": "settles"})[
        ["settles", "party_id", "amount_cents"]
    ].drop_duplicates()
    return rows[rows["txn_date"].notna()].merge(wanted, on=["settles", "party_id", "amount_cents"])
