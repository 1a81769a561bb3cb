"""Intuit's webhooks: check the signature, and read which entities of which companies have changed.

Its content is never trusted for more than what to read again. Source: docs/quickbooks.md, Webhooks.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from typing import Any

SIGNATURE_HEADER = "intuit-signature"
MAX_BYTES = 1_000_000
"""Intuit sends no larger body."""

ChangedEntity = tuple[str, str]
"""realm, entity as the wire names it (`Invoice`)."""


def is_signed_by_intuit(body: bytes, signature: str, verifier_token: str) -> bool:
    """Return whether a signature is the body's HMAC-SHA256 under the verifier token, compared in constant time."""
    if not verifier_token:
        return False
    try:
        given = base64.b64decode(signature.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(given, hmac.digest(verifier_token.encode(), body, hashlib.sha256))


def changed_entities(body: bytes, entities: tuple[str, ...]) -> frozenset[ChangedEntity]:
    """Return which of the given entities a notification says have changed; both of Intuit's formats are read.

    Anything in another format is left out.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return frozenset()
    known = {entity.lower(): entity for entity in entities}
    named = _legacy(document) if isinstance(document, Mapping) else _cloud_events(document)
    return frozenset((realm, known[name.lower()]) for realm, name in named if realm and name.lower() in known)


def _legacy(document: Mapping[str, Any]) -> Iterator[ChangedEntity]:
    if "specversion" in document:
        yield from _cloud_events([document])
    for notification in _objects(document.get("eventNotifications")):
        change = notification.get("dataChangeEvent")
        entities = change.get("entities") if isinstance(change, Mapping) else None
        for entity in _objects(entities):
            yield str(notification.get("realmId") or ""), str(entity.get("name") or "")


def _cloud_events(document: Any) -> Iterator[ChangedEntity]:
    for event in _objects(document):
        kind = str(event.get("type") or "").split(".")
        if len(kind) >= 3 and kind[0] == "qbo":
            yield str(event.get("intuitaccountid") or ""), kind[1]


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
