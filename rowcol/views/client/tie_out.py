"""The tie-out of one client: every total beside QuickBooks' own, what changed since, and what may explain a difference."""

from dataclasses import dataclass, replace
from datetime import date, datetime

import pandas as pd

from rowcol.clock import NOW, Moment
from rowcol.domain.aging import aged
from rowcol.domain.bank import account_movements
from rowcol.domain.books import Books
from rowcol.domain.tie_out.clues import CLUE_COLUMNS, clues
from rowcol.domain.tie_out.totals import SUBJECTS
from rowcol.domain.window import checked_positions
from rowcol.gateways.client_books import ClientBooks
from rowcol.gateways.quickbooks import QuickBooksGateway
from rowcol.views.common.columns import Stated
from rowcol.views.common.links import record_url

TOTALS = ["subject", "party_id", "party", "ours_cents", "qbo_cents", "difference_cents"]
CHANGES = [
    "entity", "qbo_id", "doc_number", "txn_date", "party_name", "total_cents", "changed_at", "deleted", "url",
]  # fmt: skip


@dataclass(frozen=True)
class TieOutView:
    """The last check of one client; `checked_at` and `report_date` None if there is none to be shown.

    As of another day than the client's own today only a check of that day is shown; `other_day` is then the day of the
    last check, None if that is the one shown or none was made.
    `totals`: subject (`ap`, `ar`, `bank`), party_id, party, ours_cents, qbo_cents, difference_cents; differences
    first, the largest of them on top. `changed`: the transactions that changed after the books were read for the
    check: entity, qbo_id, doc_number, txn_date, party_name, total_cents, changed_at (UTC), deleted, url, newest first.
    `clues`: for each difference (subject, party_id) what may explain it: clue, says, entity, qbo_id, doc_number,
    txn_date, amount_cents, url. `refused`: why a report could not be read, if the state is `unchecked`.
    """

    business_id: str
    name: str
    currency: str
    state: str
    known_at: datetime
    checked_at: datetime | None
    report_date: date | None
    totals: pd.DataFrame
    changed: pd.DataFrame
    clues: pd.DataFrame
    refused: str
    as_of: date
    reconstructed: bool
    other_day: date | None = None

    @property
    def stated(self) -> Stated:
        """Of which day and knowledge these figures are, for a file."""
        return Stated(self.known_at, self.as_of, self.reconstructed)


def tie_out_view(gateway: QuickBooksGateway, business_id: str, moment: Moment = NOW) -> TieOutView:
    """Return the last check of one client as of and as known at a moment. Raises UnknownClient."""
    with gateway.open((business_id,), moment) as books:
        return _view(books, business_id, gateway.link_host)


def _view(books: ClientBooks, business_id: str, link_host: str) -> TieOutView:
    client = books.clients.iloc[0]
    checks, report_reads = books.tie_outs, books.books.report_reads
    other_days = books.books.tie_outs if checks.empty else checks.iloc[:0]
    checked_at = None if checks.empty else checks["checked_at"].iloc[0]
    changed = _changed(books, client["realm_id"], link_host)
    return TieOutView(
        business_id,
        client["name"],
        client["currency"],
        books.tie_out[business_id],
        books.known_at,
        None if checked_at is None else checked_at.tz_localize("UTC").to_pydatetime(),
        None if checked_at is None else pd.Timestamp(checks["report_date"].iloc[0]).date(),
        _totals(checks),
        changed[CHANGES],
        _clues(replace(books.books, tie_outs=checks), changed, client["realm_id"], link_host),
        _refused(report_reads),
        client["as_of"].date(),
        bool(client["reconstructed"]),
        None if other_days.empty else pd.Timestamp(other_days["report_date"].iloc[0]).date(),
    )


def _changed(books: ClientBooks, realm_id: str, link_host: str) -> pd.DataFrame:
    """Return the transactions that changed after the books were read for the check, newest first."""
    positions = checked_positions(books.books.report_reads, books.tie_outs)
    rows = books.reading.changed_records(positions)
    urls = [
        None if gone else record_url(link_host, realm_id, entity, qbo_id)
        for entity, qbo_id, gone in rows[["entity", "qbo_id", "deleted"]].itertuples(index=False, name=None)
    ]
    rows = rows.assign(url=pd.Series(urls, index=rows.index, dtype="object"))
    rows["changed_at"] = rows["changed_at"].dt.tz_localize("UTC")
    return rows


def _totals(checks: pd.DataFrame) -> pd.DataFrame:
    rows = checks[checks["subject"].isin(list(SUBJECTS))]
    rows = rows.assign(size=rows["difference_cents"].abs())
    order = rows.sort_values(["size", "subject", "party"], ascending=[False, True, True])
    return order[TOTALS].reset_index(drop=True)


def _clues(books: Books, changed: pd.DataFrame, realm_id: str, link_host: str) -> pd.DataFrame:
    """Return what may explain the differences, from the books as of the day of the check."""
    if not (books.tie_outs["difference_cents"] != 0).any():
        return pd.DataFrame(columns=[*CLUE_COLUMNS, "url"])
    day = pd.Timestamp(books.tie_outs["report_date"].iloc[0])
    then = replace(books, clients=books.clients.assign(as_of=day))
    rows = clues(then, aged(then), account_movements(then), changed)
    urls = [
        record_url(link_host, realm_id, entity, qbo_id)
        for entity, qbo_id in rows[["entity", "qbo_id"]].itertuples(index=False, name=None)
    ]
    return rows.assign(url=pd.Series(urls, index=rows.index, dtype="object"))


def _refused(report_reads: pd.DataFrame) -> str:
    """Return why the newest reading of a report was refused, '' if it was not."""
    reads = report_reads[report_reads["report"].isin(list(SUBJECTS.values()))]
    newest = reads.sort_values("read_at").tail(1)
    reason = newest["refused_because"].iloc[0] if len(newest) else None
    return str(reason) if isinstance(reason, str) else ""
