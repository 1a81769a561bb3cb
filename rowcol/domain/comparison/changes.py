"""What changed between two moments, in the records and in the findings."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pandas as pd

from rowcol.domain.books import DOCUMENT
from rowcol.domain.comparison.fields import edits
from rowcol.entities import CHARGES
from rowcol.money import decimal_text

ADDED, PAID, EDITED, BACK_DATED = "added", "paid", "edited", "back-dated"
VOIDED, DELETED, RE_OPENED, BALANCE = "voided", "deleted", "re-opened", "balance"
CHANGE_COLUMNS = [
    "business_id", "change", "entity", "qbo_id", "party", "field", "before", "after", "amount_cents", "changed_at",
]  # fmt: skip
BACK_DAYS = 30
_KINDS = {
    **dict.fromkeys(CHANGE_COLUMNS, "object"), "amount_cents": "Int64", "changed_at": "datetime64[us]",
}  # fmt: skip
_MOVED = ("lines", "party_kind", "party_id", "txn_date", "amount_cents")
"""What of an old record must change for it to count as back-dated. Source: docs/definitions.md, BACKDATED."""


class Change(NamedTuple):
    """One thing that changed in a record."""

    change: str
    field: str | None
    before: str | None
    after: str | None
    amount_cents: int | None


def change_frame(rows: list[dict[str, Any]] | pd.DataFrame) -> pd.DataFrame:
    """Return rows as a list of changes (`CHANGE_COLUMNS`); missing texts are None."""
    frame = pd.DataFrame(rows, columns=CHANGE_COLUMNS, dtype="object").astype(_KINDS)
    texts = [name for name, kind in _KINDS.items() if kind == "object"]
    return frame.assign(**{name: frame[name].where(frame[name].notna(), None) for name in texts})


def record_changes(touched: pd.DataFrame, parties: pd.DataFrame, since: pd.DataFrame) -> pd.DataFrame:
    """Return what changed in the records that were touched (`CHANGE_COLUMNS`), one row a change.

    `touched` is the store's `record_changes`, `parties` its read of that name, `since` business_id, currency
    (home), called_at (UTC), call_day (that moment on the client's calendar). Net between the two moments: what came
    and went counts as deleted, what came and was voided as both, its total before not being known at either moment.

    `amount_cents`, home: of what was added, back-dated, voided or deleted the total (of an account its balance); of
    `paid` and `re-opened` what was settled, or is open again; of `edited` by how much the total changed, else the
    total; of `balance` after less before. NA if there is none, and for an account of another currency.
    """
    rows = touched.merge(since, on="business_id")
    rows["party"] = _parties(rows, parties)
    return change_frame(
        [
            {
                "business_id": row.business_id, "entity": row.entity, "qbo_id": row.qbo_id, "party": row.party,
                "changed_at": row.changed_at, **change._asdict(),
            }
            for row in rows.itertuples(index=False)
            for change in _record_changes(row)
        ]
    )  # fmt: skip


def _record_changes(row: Any) -> Iterator[Change]:
    if not row.exists:
        yield Change(DELETED, None, None, None, _amount(row, before=row.existed))
    elif not row.existed:
        yield from _added(row)
    elif row.entity == "Account":
        yield from _account(row)
    elif row.voided is True and row.voided_before is not True:
        yield Change(
            VOIDED,
            "TotalAmt",
            _money(row.amount_cents_before),
            _money(row.amount_cents),
            _amount(row, before=True),
        )
    else:
        yield from _changed(row)


def _added(row: Any) -> Iterator[Change]:
    """Yield the changes of a record that was not there: re-opened if it had been deleted, else added."""
    account = row.entity == "Account" and not _foreign(row)
    amount = _whole(row.open_cents) if account else _amount(row)
    yield Change(RE_OPENED if row.known else ADDED, None, None, None, amount)
    if row.voided is True:
        yield Change(VOIDED, "TotalAmt", None, _money(row.amount_cents), None)
    if row.entity in CHARGES and not row.voided and _settled(row) > 0:
        yield Change(PAID, "Balance", _money(row.amount_cents), _money(row.open_cents), _settled_home(row))
    entered = not pd.isna(row.created_at) and row.created_at >= row.called_at
    if entered and _old(row.txn_date, row):
        yield Change(BACK_DATED, "TxnDate", None, _day(row.txn_date), _amount(row))


def _account(row: Any) -> Iterator[Change]:
    then, now = _whole(row.open_cents_before), _whole(row.open_cents)
    if then != now:
        texts = _money(row.open_cents_before), _money(row.open_cents)
        yield Change(BALANCE, "CurrentBalance", *texts, None if _foreign(row) else now - then)
    for edit in edits(row.record_before, row.record):
        yield Change(EDITED, edit.field, edit.before, edit.after, None)


def _changed(row: Any) -> Iterator[Change]:
    moved = _whole(row.total_cents) - _whole(row.total_cents_before)
    restored = row.voided_before is True and row.voided is not True
    if restored:
        texts = _money(row.amount_cents_before), _money(row.amount_cents)
        yield Change(RE_OPENED, "TotalAmt", *texts, _amount(row))
    if row.entity in CHARGES:
        settled = _settled(row) - _settled(row, "_before")
        at_home = abs(_settled_home(row) - _settled_home(row, "_before"))
        if settled:
            texts = _money(row.open_cents_before), _money(row.open_cents)
            yield Change(PAID if settled > 0 else RE_OPENED, "Balance", *texts, at_home)
    for edit in [] if restored else edits(row.record_before, row.record):
        yield Change(EDITED, edit.field, edit.before, edit.after, moved or _amount(row))
    old = _old(row.txn_date, row) or _old(row.txn_date_before, row)
    if old and any(_differs(row, name) for name in _MOVED):
        dates = _day(row.txn_date_before), _day(row.txn_date)
        yield Change(BACK_DATED, "TxnDate", *dates, abs(moved) or _amount(row))


def _foreign(row: Any) -> bool:
    currency = row.record.get("CurrencyRef")
    return isinstance(currency, dict) and currency.get("value", row.currency) != row.currency


def _settled(row: Any, when: str = "") -> int:
    """Return what was paid on a bill or invoice, in its own currency."""
    return _whole(getattr(row, f"amount_cents{when}")) - _whole(getattr(row, f"open_cents{when}"))


def _settled_home(row: Any, when: str = "") -> int:
    return _whole(getattr(row, f"total_cents{when}")) - _whole(getattr(row, f"home_open_cents{when}"))


def _amount(row: Any, *, before: bool = False) -> int | None:
    amount = row.total_cents_before if before else row.total_cents
    return None if pd.isna(amount) else int(amount)


def _old(day: Any, row: Any) -> bool:
    return not pd.isna(day) and (row.call_day - day).days >= BACK_DAYS


def _differs(row: Any, name: str) -> bool:
    now, before = getattr(row, name), getattr(row, f"{name}_before")
    return not (pd.isna(now) and pd.isna(before)) and bool(pd.isna(now) or pd.isna(before) or now != before)


def _whole(amount: Any) -> int:
    return 0 if pd.isna(amount) else int(amount)


def _money(amount: Any) -> str | None:
    return None if pd.isna(amount) else decimal_text(int(amount))


def _day(day: Any) -> str | None:
    return None if pd.isna(day) else day.date().isoformat()


def _parties(rows: pd.DataFrame, parties: pd.DataFrame) -> pd.Series:
    """Return the name of each record's party: as in the client's list, else as in its document."""
    keys = ["business_id", "party_kind", "party_id"]
    named = {
        key: name
        for *key_parts, name in parties[[*keys, "name"]].itertuples(index=False, name=None)
        for key in [tuple(key_parts)]
    }
    party_keys = rows[keys].itertuples(index=False, name=None)
    listed = pd.Series([named.get(key) for key in party_keys], index=rows.index, dtype="object")
    return (
        listed.fillna(rows["party_name"])
        .fillna(rows["name"])
        .astype("object")
        .where(lambda names: names.notna(), None)
    )


OPENED, CLOSED = "finding opened", "finding closed"
SINCE_CALL = ("DELETED_SINCE", "BACKDATED")
"""Findings that look back to the last call alone: the next call closes them, no person did."""
_KEY = ["business_id", "code", "entity", "qbo_id"]


def finding_changes(then: pd.DataFrame, now: pd.DataFrame, touched: pd.DataFrame) -> pd.DataFrame:
    """Return the findings of now that were not there then, and the other way round (`CHANGE_COLUMNS`).

    `then`, `now`: business_id, code, entity, qbo_id, party, amount_cents, message. `field` is the code, `before` and
    `after` the message, `amount_cents` what is at stake. changed_at: when the record's change was logged; missing
    if the record is as it was and time alone opened or closed the finding. `touched`: `DOCUMENT` and changed_at.
    """
    closed = _not_in(then[~then["code"].isin(SINCE_CALL)], now)
    opened = _not_in(now, then)
    rows = pd.concat(
        [
            opened.assign(change=OPENED, after=opened["message"]),
            closed.assign(change=CLOSED, before=closed["message"]),
        ],
        ignore_index=True,
    ).assign(field=lambda rows: rows["code"])
    rows = rows.merge(
        touched[[*DOCUMENT, "changed_at"]].astype({"qbo_id": "object"}), on=DOCUMENT, how="left"
    )
    return change_frame(rows.reindex(columns=CHANGE_COLUMNS))


def _not_in(rows: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    here, there = (pd.MultiIndex.from_frame(frame[_KEY].fillna("")) for frame in (rows, known))
    return rows[~here.isin(there)]
