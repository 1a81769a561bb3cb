"""Where a record opens in QuickBooks."""

from urllib.parse import quote

from rowcol.entities import BY_NAME


def record_url(link_host: str, realm_id: str, entity: str | None, qbo_id: str | None) -> str | None:
    """Return the address that opens a record in QuickBooks with its company pinned first; None if it has no page."""
    page = BY_NAME[entity].page if entity in BY_NAME else None
    if qbo_id is None or page is None:
        return None
    wanted = quote(f"{page}{quote(qbo_id, safe='')}", safe="")
    return f"https://{link_host}/app/login?pagereq={wanted}&deeplinkcompanyid={quote(realm_id, safe='')}"
