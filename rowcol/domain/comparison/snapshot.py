"""The figures of clients at a moment: what a comparison with another moment is made from, and what a call keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rowcol.domain.burn import operating
from rowcol.domain.derived import DerivedBooks
from rowcol.domain.forecast.result import FLOWS, Forecast

PARTS = (
    "vendors_out_cents", "other_out_cents", "unlisted_out_cents",
    "customers_in_cents", "other_in_cents", "unlisted_in_cents",
)  # fmt: skip
"""What the operating flows of the window are made of; the first three add up to the outflow, the rest to the inflow."""
MONEY = ("cash_cents", "ar_cents", "ar_overdue_cents", "ap_cents", "ap_overdue_cents", "reserve_cents")
ACCOUNT_COLUMNS = {
    "business_id": "object", "account_id": "object", "name": "object", "balance_cents": "int64", "counted": "bool",
    "foreign": "bool",
}  # fmt: skip
FINDING_COLUMNS = {
    "business_id": "object", "code": "object", "entity": "object", "qbo_id": "object", "party": "object",
    "amount_cents": "int64", "message": "object",
}  # fmt: skip
FIGURE_COLUMNS = {
    "as_of": "datetime64[us]", **dict.fromkeys(MONEY, "int64"), "days": "int64", **dict.fromkeys(PARTS, "int64"),
    "buffer_days": "Int64", "net_burn_runway_days": "Int64", "cash_out_on": "datetime64[us]", "status": "object",
}  # fmt: skip


AHEAD_COLUMNS = {
    "business_id": "object", "day": "datetime64[us]", "in_cents": "int64", "out_cents": "int64", "closing_cents": "int64",
}  # fmt: skip
_FRAMES = {"accounts": ACCOUNT_COLUMNS, "findings": FINDING_COLUMNS, "ahead": AHEAD_COLUMNS}
_DAYS = ("as_of", "cash_out_on")


@dataclass(frozen=True)
class Snapshot:
    """The figures, bank accounts, findings and forecast of some clients, each as of its day, as known at one moment.

    `figures` (index business_id): `FIGURE_COLUMNS`; days is the window's divisor, cash_out_on NaT: beyond 13
    weeks. `accounts`: `ACCOUNT_COLUMNS`, active
    Bank accounts in home cents; counted: in cash; foreign: of another currency. `findings`: `FINDING_COLUMNS`.
    `ahead`: `AHEAD_COLUMNS`, the forecast's days: what comes in, what goes out (positive), cash at the day's end.
    """

    figures: pd.DataFrame
    accounts: pd.DataFrame
    findings: pd.DataFrame
    ahead: pd.DataFrame

    def of(self, business_id: str) -> "Snapshot":
        """Return one client's snapshot."""
        return Snapshot(
            self.figures[self.figures.index == business_id],
            self.accounts[self.accounts["business_id"] == business_id],
            self.findings[self.findings["business_id"] == business_id],
            self.ahead[self.ahead["business_id"] == business_id],
        )


def snapshot(
    derived: DerivedBooks, figures: pd.DataFrame, findings: pd.DataFrame, ahead: Forecast
) -> Snapshot:
    """Return the snapshot of the clients of some books, from their movements, figures, findings and forecast."""
    parts = flow_parts(derived)
    rows = figures.drop(columns=list(PARTS), errors="ignore").join(parts)
    accounts = derived.accounts
    home = accounts["business_id"].map(derived.books.clients.set_index("business_id")["currency"])
    accounts = accounts.assign(
        counted=~accounts["excluded"].astype("bool"), foreign=accounts["currency"] != home
    )
    return Snapshot(
        _typed(rows, FIGURE_COLUMNS), _typed(accounts, ACCOUNT_COLUMNS), _typed(findings, FINDING_COLUMNS),
        _typed(_daily(ahead), AHEAD_COLUMNS),
    )  # fmt: skip


def _daily(ahead: Forecast) -> pd.DataFrame:
    sums = {
        name: ahead.days[[flow for flow, way in FLOWS.items() if way == sign]].sum(axis=1)
        for name, sign in (("in_cents", 1), ("out_cents", -1))
    }
    return ahead.days.assign(**sums)


def flow_parts(derived: DerivedBooks) -> pd.DataFrame:
    """Return each client's operating flows in its window by what they are (`PARTS`, positive), indexed by business_id.

    They add up to the outflow and inflow of `burn`: each movement counts whole, by its own sign; as settled with a
    vendor or customer if that is the larger part of it.
    """
    inside = derived.in_window
    settled = inside["settlement_cents"].abs() > inside["operating_cents"].abs()
    listed = pd.DataFrame({"business_id": inside["business_id"], "cents": operating(inside)})
    listed["out"] = settled.map({True: PARTS[0], False: PARTS[1]})
    listed["in"] = settled.map({True: PARTS[3], False: PARTS[4]})
    hidden = derived.unlisted.rename(columns={"amount_cents": "cents"})
    flows = pd.concat([listed, hidden[["business_id", "cents"]].assign(out=PARTS[2], **{"in": PARTS[5]})])
    flows["part"] = flows["out"].where(flows["cents"] < 0, flows["in"])
    sums = flows.assign(cents=flows["cents"].abs()).groupby(["business_id", "part"])["cents"].sum().unstack()
    index = pd.Index(derived.books.clients["business_id"], name="business_id")
    return sums.reindex(index=index, columns=list(PARTS)).fillna(0).astype("int64")


def snapshot_content(snapshot: Snapshot, business_id: str) -> dict[str, Any]:
    """Return one client's snapshot as plain values, for a call to keep."""
    client_snapshot = snapshot.of(business_id)
    (figures,) = client_snapshot.figures.to_dict("records")
    frames = {name: _plain(getattr(client_snapshot, name).drop(columns="business_id")) for name in _FRAMES}
    return {"figures": {name: _value(value) for name, value in figures.items()}, **frames}


def snapshot_from_content(kept: Mapping[str, Mapping[str, Any]]) -> Snapshot:
    """Return the snapshot of business_id -> what its call kept; sums an older call lacks count as nothing."""
    figures = [{"business_id": business_id, **content["figures"]} for business_id, content in kept.items()]
    rows = pd.DataFrame(figures, columns=["business_id", *FIGURE_COLUMNS], dtype="object")
    rows = rows.assign(**{name: pd.to_datetime(rows[name]) for name in _DAYS})
    lacking = [*MONEY, "days", *PARTS]
    rows = rows.assign(**{name: rows[name].fillna(0) for name in lacking}).set_index("business_id")
    listed = (_typed(_kept_rows(kept, name, columns), columns) for name, columns in _FRAMES.items())
    return Snapshot(_typed(rows, FIGURE_COLUMNS), *listed)


def concat_snapshots(parts: list[Snapshot]) -> Snapshot:
    """Return the snapshots of different clients as one."""
    if not parts:
        return snapshot_from_content({})
    names = ("figures", *_FRAMES)
    return Snapshot(*(pd.concat([getattr(part, name) for part in parts]) for name in names))


def _plain(rows: pd.DataFrame) -> dict[str, list[Any]]:
    """Return a frame as column -> values: a third of the size of a list of rows."""
    return {str(name): [_value(value) for value in rows[name].tolist()] for name in rows.columns}


def _value(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return None if pd.isna(value) else value


def _kept_rows(
    kept: Mapping[str, Mapping[str, Any]], frame_name: str, columns: Mapping[str, str]
) -> pd.DataFrame:
    frames = [
        pd.DataFrame(content.get(frame_name, {}), columns=list(columns), dtype="object").assign(
            business_id=business_id
        )
        for business_id, content in kept.items()
    ]
    rows = pd.concat(frames) if frames else pd.DataFrame(columns=list(columns), dtype="object")
    days = [name for name, kind in columns.items() if kind.startswith("datetime")]
    return rows.assign(**{name: pd.to_datetime(rows[name]) for name in days})


def _typed(rows: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    return rows[list(columns)].astype(dict(columns))
