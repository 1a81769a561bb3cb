"""Clients that others wrote work against the sandbox: python-quickbooks and intuit-oauth."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from intuitlib.client import AuthClient
from intuitlib.enums import Scopes
from intuitlib.exceptions import AuthClientError
from quickbooks import QuickBooks
from quickbooks.cdc import change_data_capture
from quickbooks.exceptions import ObjectNotFoundException
from quickbooks.objects import (
    AccountBasedExpenseLine,
    AccountBasedExpenseLineDetail,
    Bill,
    Invoice,
    Ref,
    Vendor,
)

from rowcol.sandbox.company import Company
from rowcol.sandbox.run import RunningSandbox
from rowcol.sandbox.switches import CLIENT_ID, CLIENT_SECRET
from tests.kits.clock import NOON
from tests.kits.small_company import REALM

CALLBACK = "http://127.0.0.1:9/callback"


@pytest.fixture
def auth(sandbox: RunningSandbox) -> AuthClient:
    """Intuit's own OAuth client; the environment may be the address of a discovery document."""
    discovery = f"{sandbox.url}/.well-known/openid_sandbox_configuration/"
    return AuthClient(CLIENT_ID, CLIENT_SECRET, CALLBACK, discovery)


@pytest.fixture
def quickbooks(
    sandbox: RunningSandbox, auth: AuthClient, monkeypatch: pytest.MonkeyPatch
) -> Iterator[QuickBooks]:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # oauthlib's own setting for http on loopback
    client = QuickBooks(
        auth_client=auth, refresh_token=sandbox.grant(REALM), company_id=REALM, minorversion=75
    )
    client.api_url_v3 = f"{sandbox.url}/v3"
    yield client
    client.session.close()
    auth.close()


def test_intuit_oauth_connects_refreshes_and_revokes(sandbox: RunningSandbox, auth: AuthClient) -> None:
    assert auth.get_authorization_url([Scopes.ACCOUNTING], "s-1").startswith(f"{sandbox.url}/connect/oauth2?")
    consent = {"client_id": CLIENT_ID, "redirect_uri": CALLBACK, "state": "s-1", "realm": REALM}
    answer = requests.post(
        auth.auth_endpoint, data={**consent, "decision": "allow"}, allow_redirects=False, timeout=10
    )
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    auth.get_bearer_token(back["code"][0], realm_id=back["realmId"][0])
    assert (auth.realm_id, auth.expires_in, auth.x_refresh_token_expires_in) == (REALM, 3600, 8726400)
    first = auth.refresh_token
    auth.refresh()
    assert auth.refresh_token != first
    with pytest.raises(AuthClientError, match="invalid_grant"):
        auth.refresh(first)
    assert auth.revoke() is True
    with pytest.raises(AuthClientError):
        auth.refresh()


def test_python_quickbooks_queries_reads_and_counts(quickbooks: QuickBooks) -> None:
    bills = Bill.all(qb=quickbooks)
    assert [(bill.Id, bill.TotalAmt, bill.Balance) for bill in bills] == [
        ("101", 300.0, 300.0),
        ("102", 500.0, 200.0),
    ]
    assert Bill.get("102", qb=quickbooks).LinkedTxn[0].TxnType == "BillPaymentCheck"
    assert Bill.count(qb=quickbooks) == 2
    assert [vendor.Id for vendor in Vendor.filter(DisplayName="O'Neil Lumber", qb=quickbooks)] == ["1"]
    with pytest.raises(ObjectNotFoundException):
        Bill.get("777", qb=quickbooks)


def test_python_quickbooks_captures_changes(quickbooks: QuickBooks, books: Company) -> None:
    books.put("Bill", books.of("Bill")["101"], NOON)
    changed = change_data_capture([Bill, Invoice], "2026-11-20T12:00:00-08:00", qb=quickbooks)
    assert [bill.Id for bill in changed.Bill._object_list] == ["101"]
    assert not hasattr(changed, "Invoice")


def test_python_quickbooks_gets_reports(quickbooks: QuickBooks) -> None:
    aging = quickbooks.get_report("AgedPayables", {"report_date": "2026-11-20", "aging_method": "Current"})
    assert aging["Rows"]["Row"][-1]["Summary"]["ColData"][-1]["value"] == "450.00"


def test_python_quickbooks_creates_changes_voids_and_deletes(quickbooks: QuickBooks) -> None:
    line = AccountBasedExpenseLine()
    line.Amount = 42.5
    line.AccountBasedExpenseLineDetail = AccountBasedExpenseLineDetail()
    line.AccountBasedExpenseLineDetail.AccountRef = ref("60")
    bill = Bill()
    bill.VendorRef = ref("1")
    bill.Line = [line]
    bill = bill.save(qb=quickbooks)
    assert (bill.TotalAmt, bill.Balance, bill.SyncToken) == (42.5, 42.5, "0")
    bill.DocNumber = "N-7"
    bill = bill.save(qb=quickbooks)
    assert (bill.DocNumber, bill.SyncToken) == ("N-7", "1")
    assert bill.delete(qb=quickbooks)["Bill"]["status"] == "Deleted"
    assert Invoice.get("112", qb=quickbooks).void(qb=quickbooks)["Invoice"]["PrivateNote"] == "Voided"
    assert Vendor.get("1", qb=quickbooks).Balance == 300.0


def ref(id_: str) -> Ref:
    pointer = Ref()
    pointer.value = id_
    return pointer
