"""The clients the figures are of: their day, their currency, and the advisor's settings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd

from rowcol.clock import today_in, zone_or

HOME_CURRENCY = "USD"
"""For a company whose Preferences name none: single-currency companies may leave it out."""


ACCOUNT_CLASSES = ("operating", "financing", "investing")
"""What the advisor can say that money from or to an account is; of an excluded bank account operating: earned or spent."""


@dataclass(frozen=True)
class ClientSettings:
    """What the figures need to know of a client, in the advisor's own words; money in home cents."""

    reserve_cents: int = 0
    excluded_accounts: tuple[str, ...] = ()
    time_zone: str | None = None
    working_hours: str = "08-18"
    pay_day_offset: int = 7
    """Days from the as-of date to the next pay day."""
    credit_line_cents: int = 0
    working_days: str = "Mon-Fri"
    """The days on which the working hours hold; see `weekdays`."""
    account_classes: tuple[tuple[str, str], ...] = ()
    """Account id and what its money counts as, one of `ACCOUNT_CLASSES`; the others follow their type."""


WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def weekdays(text: str) -> frozenset[int]:
    """Return the days that a text such as `Mon-Fri`, `Sun-Thu` or `Mon,Wed,Fri` names, Monday as 0.

    Raises ValueError if it names none.
    """
    days: set[int] = set()
    for part in text.split(","):
        first, dash, last = part.strip().title().partition("-")
        start = WEEKDAYS.index(first.strip())
        end = WEEKDAYS.index(last.strip()) if dash else start
        days.update((start + step) % 7 for step in range((end - start) % 7 + 1))
    return frozenset(days)


def weekday_text(days: Iterable[int]) -> str:
    """Return days as `weekdays` reads them: a range if they follow each other, round the week's end too."""
    chosen = sorted(set(days))
    starts = [day for day in chosen if (day - 1) % 7 not in chosen] or chosen[:1]
    if len(starts) == 1 and len(chosen) > 1:
        return f"{WEEKDAYS[starts[0]]}-{WEEKDAYS[(starts[0] + len(chosen) - 1) % 7]}"
    return ",".join(WEEKDAYS[day] for day in chosen)


def settings_from(content: Mapping[str, Any]) -> ClientSettings:
    """Return recorded settings; fields an older record lacks keep their default."""
    known = {name: content[name] for name in ClientSettings.__dataclass_fields__ if name in content}
    if "excluded_accounts" in known:
        known["excluded_accounts"] = tuple(known["excluded_accounts"])
    if "account_classes" in known:
        known["account_classes"] = tuple((account_id, name) for account_id, name in known["account_classes"])
    return ClientSettings(**known)


def client_frame(
    companies: pd.DataFrame,
    settings: Mapping[str, ClientSettings],
    now: datetime | Mapping[str, datetime],
    as_of: date | Mapping[str, date] | None,
    default_zone: str,
) -> pd.DataFrame:
    """Return one row a client, with its day, its currency and the advisor's settings.

    Columns: those of `companies`, zone, today, as_of, reconstructed, currency, reserve_cents, pay_day_offset,
    excluded_accounts, account_classes, working_hours, working_days. `today` is the client's own day at `now`, in the zone
    of the advisor's setting, the company's own, or the default; `as_of` the requested date, else `today`;
    `reconstructed` (bool): as_of lies before it. `now` and `as_of` are the same for all clients or, by business id, each
    client's own.
    """
    rows = companies.copy()
    client_settings = [settings.get(business_id, ClientSettings()) for business_id in rows["business_id"]]
    zones = [
        zone_or(client.time_zone or _text(zone), default_zone)
        for client, zone in zip(client_settings, rows["time_zone"], strict=True)
    ]
    ids = rows["business_id"]
    moments = [now[business_id] if isinstance(now, Mapping) else now for business_id in ids]
    own = [as_of.get(business_id) if isinstance(as_of, Mapping) else as_of for business_id in ids]
    todays = [today_in(zone, moment) for zone, moment in zip(zones, moments, strict=True)]
    days = [day or today for day, today in zip(own, todays, strict=True)]
    rows["zone"] = [zone.key for zone in zones]
    for name, values in (("today", todays), ("as_of", days)):
        rows[name] = pd.to_datetime(pd.Series(values, index=rows.index, dtype="object"))
    rows["reconstructed"] = rows["as_of"] < rows["today"]
    rows["currency"] = rows["home_currency"].fillna(HOME_CURRENCY)
    rows["reserve_cents"] = [client.reserve_cents for client in client_settings]
    rows["pay_day_offset"] = [client.pay_day_offset for client in client_settings]
    for name in ("excluded_accounts", "account_classes"):
        values = [getattr(client, name) for client in client_settings]
        rows[name] = pd.Series(values, index=rows.index, dtype="object")
    for name in ("working_hours", "working_days"):
        rows[name] = [getattr(client, name) for client in client_settings]
    return rows.drop(columns=["home_currency"])


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
