"""The look of a mail, written into every element: mail programs drop style sheets. Colours as the dashboard's."""

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
