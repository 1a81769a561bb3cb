"""Intuit's webhooks: which client they concern, and which records they name as changed."""

import base64
import hashlib
import hmac
import json

import pytest

from rowcol.entities import ENTITIES
from rowcol.qbo.webhooks import changed_entities, is_signed_by_intuit

TOKEN = "verifier-token"
REALM = "4620816365201690220"


def signed(body: bytes, token: str = TOKEN) -> str:
    return base64.b64encode(hmac.new(token.encode(), body, hashlib.sha256).digest()).decode()


def test_a_body_signed_with_the_verifier_token_is_genuine() -> None:
    body = b'{"eventNotifications": []}'
    assert is_signed_by_intuit(body, signed(body), TOKEN)


def test_the_signature_is_intuits_own_scheme() -> None:
    assert is_signed_by_intuit(b"body", "KdQ4EHqBRI/sDKJ+6ZFyzFdqKQxQgtvtIk4Y2qoEWqU=", "token") is (
        signed(b"body", "token") == "KdQ4EHqBRI/sDKJ+6ZFyzFdqKQxQgtvtIk4Y2qoEWqU="
    )


@pytest.mark.parametrize(
    "signature", ["", "no base64!", "é", "AAAA", signed(b"other"), signed(b"body", "other")]
)
def test_any_other_signature_is_refused(signature: str) -> None:
    assert not is_signed_by_intuit(b"body", signature, TOKEN)


def test_without_a_token_nothing_is_genuine() -> None:
    assert not is_signed_by_intuit(b"body", signed(b"body", ""), "")


def test_the_legacy_form_names_realm_and_entity() -> None:
    body = {
        "eventNotifications": [
            {
                "realmId": REALM,
                "dataChangeEvent": {
                    "entities": [
                        {"name": "Invoice", "id": "12", "operation": "Update", "lastUpdated": "2026-11-20"},
                        {"name": "Invoice", "id": "13", "operation": "Delete"},
                        {"name": "Bill", "id": "7", "operation": "Create"},
                        {"name": "Estimate", "id": "7", "operation": "Create"},
                    ]
                },
            }
        ]
    }
    assert changed_entities(json.dumps(body).encode(), ENTITIES) == {(REALM, "Invoice"), (REALM, "Bill")}


@pytest.mark.parametrize("many", [True, False])
def test_the_cloud_events_form_names_them_too(many: bool) -> None:
    event = {
        "specversion": "1.0",
        "id": "1",
        "type": "qbo.billpayment.updated.v1",
        "intuitentityid": "12",
        "intuitaccountid": REALM,
        "data": {},
    }
    other = {**event, "type": "qbo.estimate.created.v1"}
    body = [event, other, event] if many else event
    assert changed_entities(json.dumps(body).encode(), ENTITIES) == {(REALM, "BillPayment")}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"null",
        b"7",
        b"{}",
        b"[[], 1, null]",
        b"[" * 200_000,
        b'{"eventNotifications": {"realmId": "1"}}',
        b'{"eventNotifications": [{"realmId": "1", "dataChangeEvent": [1]}, 3]}',
        b'{"eventNotifications": [{"dataChangeEvent": {"entities": [{"name": "Bill"}]}}]}',
        b'[{"type": "qbo.bill.created.v1"}, {"type": 3, "intuitaccountid": "1"}]',
        b'[{"type": "bill", "intuitaccountid": "1"}]',
    ],
)
def test_what_is_in_no_known_form_marks_nothing(body: bytes) -> None:
    assert changed_entities(body, ENTITIES) == frozenset()
