"""What the mail templates are rendered with: inline styles, filters for money and dates, and the environment.

Styles are written into every element, because mail programs drop style sheets. Colours are the dashboard's.
"""

from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from rowcol.delivery.mail import one_line
from rowcol.money import exact_text
from rowcol.wording import (
    MINUS,
    MISSING,
    counted,
    date_text,
    days,
    moment_text,
    near_day,
    short_day,
    signed_days,
    weekday,
)

TEXT, MUTED, LINE, ACCENT, BAD, ORANGE = "#1C2321", "#5A635E", "#DEE1DA", "#0B6E69", "#B3261E", "#8F4A05"
CARD, PANEL, ALARM = "#FCFCFA", "#EEF3F1", "#FBEDEB"
_FONT = "font-family:'Source Sans 3','Source Sans Pro','Segoe UI',Helvetica,Arial,sans-serif;"

STYLES = {
    "card": f"background:{CARD};border:1px solid {LINE};border-radius:6px;padding:24px 26px;color:{TEXT};"
    f"{_FONT}font-size:15px;line-height:1.45",
    "foot": f"padding:12px 26px 0;color:{MUTED};{_FONT}font-size:12px;line-height:1.5",
    "kicker": f"margin:0 0 4px;color:{MUTED};font-size:13px",
    "h1": f"margin:0 0 10px;color:{TEXT};font-size:26px;line-height:1.2;font-weight:700",
    "lead": f"margin:0 0 12px;color:{TEXT};font-size:16px",
    "h2": f"margin:26px 0 6px;color:{TEXT};font-size:17px;line-height:1.3;font-weight:700",
    "aside": f"color:{MUTED};font-size:13px;font-weight:400",
    "p": "margin:0 0 8px",
    "small": f"margin:6px 0 0;color:{MUTED};font-size:13px",
    "li": "margin:0 0 4px",
    "label": f"color:{MUTED};font-size:13px",
    "figure": "font-size:22px;line-height:1.25;font-weight:600;white-space:nowrap;",
    "zero": f"border-top:1px solid {LINE};",
    "below": f"color:{MUTED};font-size:12px;font-weight:400",
    "tick": f"padding:3px 0 0;color:{MUTED};font-size:10px;white-space:nowrap",
    "table": "border-collapse:collapse",
    "th": f"padding:4px 0 4px 10px;border-bottom:1px solid {LINE};color:{MUTED};font-size:12px;font-weight:400;"
    "white-space:nowrap",
    "first": f"padding:7px 0;border-bottom:1px solid {LINE};vertical-align:top;word-break:break-word;"
    "overflow-wrap:anywhere",
    "cell": f"padding:7px 0 7px 10px;border-bottom:1px solid {LINE};vertical-align:top;white-space:nowrap;"
    "font-variant-numeric:tabular-nums;",
    "note": f"margin:0 0 14px;padding:10px 14px 4px;background:{PANEL};border-left:3px solid {ACCENT}",
    "alarm": f"margin:0 0 10px;padding:10px 14px;background:{ALARM};border-left:3px solid {BAD}",
    "bad": f"color:{BAD};",
    "warn": f"color:{ORANGE};",
}
STATUS = {"critical": "▲ Critical", "watch": "◆ Watch", "steady": "● Steady", "": "○ Not read yet"}


def money(amount_cents: int | None, currency: str) -> str:
    """Return an exact amount with a real minus sign, a dash for None."""
    return MISSING if amount_cents is None else exact_text(amount_cents, currency).replace("-", MINUS)


def change(amount_cents: int, currency: str) -> str:
    """Return a change with its sign: `+$120.00`, `−$3.10`, `no change`."""
    if amount_cents == 0:
        return "no change"
    return f"+{money(amount_cents, currency)}" if amount_cents > 0 else money(amount_cents, currency)


def runway(count: int | None, generative: bool) -> str:
    """Return a net-burn runway in days, or `cash-generative`."""
    return "cash-generative" if generative else days(count)


def status(value: str) -> str:
    """Return a status as shape and word, so that it is readable without colours."""
    return STATUS.get(value, value)


def line(text: str) -> str:
    """Return text from the books on one line."""
    return one_line(text)


FILTERS = {
    "money": money, "change": change, "day": date_text, "weekday": weekday, "short_day": short_day, "near_day": near_day,
    "moment": moment_text,
    "days": days, "signed_days": signed_days, "runway": runway, "count_of": counted, "status": status, "line": line,
}  # fmt: skip


def render_template(name: str, values: dict[str, Any]) -> str:
    """Return the text of a template such as `client.html`, filled with values."""
    return _TEMPLATES.get_template(name).render(values)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("rowcol.delivery", "templates"),
        autoescape=select_autoescape(("html",), ("txt",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(FILTERS)
    environment.globals["s"] = STYLES
    return environment


_TEMPLATES = _environment()
