"""Which rails money data may come by; only QuickBooks is built, the others refuse to be switched on."""

from rowcol.errors import SettingsError

BUILT = ("qbo",)
PLANNED = ("ramp", "plaid", "stripe")
_HINT = "Set ROWCOL_RAILS=qbo, or leave it unset"


def switched_on(text: str) -> tuple[str, ...]:
    """Return the rails a setting such as `qbo` names, in its order.

    Raises SettingsError where one is not built yet or is no rail, or where QuickBooks, which the others only
    add to, is not among them.
    """
    names = tuple(dict.fromkeys(name for part in text.split(",") if (name := part.strip().lower())))
    for name in names:
        if name in PLANNED:
            raise SettingsError(f"The rail {name} cannot be switched on yet", _HINT)
        if name not in BUILT:
            raise SettingsError(f"ROWCOL_RAILS names no rail called {name!r}", _HINT)
    if "qbo" not in names:
        raise SettingsError("ROWCOL_RAILS leaves QuickBooks out", _HINT)
    return names
