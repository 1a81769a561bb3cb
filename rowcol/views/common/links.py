"""Where a record opens in QuickBooks."""

from urllib.parse import quote

PAGES = {
    "Bill": "bill", "Invoice": "invoice", "Purchase": "expense", "BillPayment": "billpayment", "Payment": "recvpayment",
    "VendorCredit": "vendorcredit", "CreditMemo": "creditmemo", "Deposit": "deposit", "Transfer": "transfer",
    "JournalEntry": "journal", "SalesReceipt": "salesreceipt", "RefundReceipt": "refundreceipt",
}  # fmt: skip
LISTS = {
    "Vendor": "vendordetail?nameId=", "Customer": "customerdetail?nameId=", "Account": "register?accountId=",
}  # fmt: skip


def record_url(link_host: str, realm_id: str, entity: str | None, qbo_id: str | None) -> str | None:
    """Return the address that opens a record in QuickBooks with its company pinned first; None where it has no page."""
    if qbo_id is None or entity is None or not (entity in PAGES or entity in LISTS):
        return None
    page = LISTS[entity] if entity in LISTS else f"{PAGES[entity]}?txnId="
    wanted = quote(f"{page}{quote(qbo_id, safe='')}", safe="")
    return f"https://{link_host}/app/login?pagereq={wanted}&deeplinkcompanyid={quote(realm_id, safe='')}"
