"""Settings of a client: checked, then recorded; the newest are current."""

import re
from collections.abc import Mapping
from dataclasses import asdict
from zoneinfo import available_timezones

from rowcol.clock import KnownAt
from rowcol.decisions.recording import Actor, Change, DecisionLog, Recorded, current_contents, record
from rowcol.domain.clients import ACCOUNT_CLASSES, ClientSettings, settings_from, weekdays
from rowcol.errors import UsageError
from rowcol.store.control.decisions import Decisions

KIND = "client settings"
LATEST_PAY_DAY = 60
LARGEST_CENTS = 10**15
_HOURS = re.compile(r"([01]\d|2[0-4])-([01]\d|2[0-4])")


def save(log: DecisionLog, actor: Actor, business_id: str, settings: ClientSettings) -> Recorded:
    """Record a client's settings; the actor's name is not stored. Raises UsageError naming the one not valid."""
    check(settings)
    change = Change(KIND, "", asdict(settings), verbatim=True)
    return record(log, actor, business_id, "Settings saved", [change])


def all_settings(decisions: Decisions, known_at: KnownAt = None) -> Mapping[str, ClientSettings]:
    """Return business_id -> its settings, as known at a moment."""
    current = current_contents(decisions, KIND, known_at)
    return {business_id: settings_from(content) for (business_id, _), content in current.items()}


def check(settings: ClientSettings) -> None:
    """Raise UsageError if a setting is not valid."""
    if settings.reserve_cents < 0 or settings.credit_line_cents < 0:
        raise UsageError("The reserve and the credit line cannot be negative", "Give an amount of 0 or more")
    if max(settings.reserve_cents, settings.credit_line_cents) > LARGEST_CENTS:
        raise UsageError("No amount is that large", "Give the reserve and the credit line in whole units")
    if settings.time_zone is not None and settings.time_zone not in available_timezones():
        raise UsageError(
            f"No time zone is called {settings.time_zone!r}", "Name one such as America/New_York"
        )
    hours = _HOURS.fullmatch(settings.working_hours)
    if not hours or int(hours[1]) >= int(hours[2]):
        raise UsageError(
            f"Working hours cannot be {settings.working_hours!r}",
            "Give them as two hours of the day, such as 08-18",
        )
    try:
        weekdays(settings.working_days)
    except ValueError:
        raise UsageError(
            f"Working days cannot be {settings.working_days!r}", "Name them such as Mon-Fri or Mon,Wed,Fri"
        ) from None
    _check_classes(settings)
    if not 0 <= settings.pay_day_offset <= LATEST_PAY_DAY:
        raise UsageError("The next pay day is not within 60 days", "Give the days until it, such as 7")


def _check_classes(settings: ClientSettings) -> None:
    known: set[str] = set()
    for account_id, name in settings.account_classes:
        if name not in ACCOUNT_CLASSES:
            raise UsageError(f"No class is called {name!r}", f"Name one of {', '.join(ACCOUNT_CLASSES)}")
        if account_id in known:
            raise UsageError(f"Account {account_id} has two classes", "Give each account one class")
        known.add(account_id)


def settings_of(decisions: Decisions, business_id: str) -> ClientSettings:
    """Return the current settings of a client."""
    return all_settings(decisions).get(business_id, ClientSettings())
