"""Records as QuickBooks sent them, ready to be logged: compact text and its hash."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

LARGEST_INTEGER = 2**53 - 1
DEEPEST = 100
"""Beyond these a JSON text does not come back as it was written."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one record: its id, its JSON text, the hash that tells it from others, and the record itself."""

    qbo_id: str
    raw: str
    content_hash: str
    record: Mapping[str, Any] = field(compare=False, repr=False, default_factory=dict)


def version(qbo_id: str, record: Mapping[str, Any]) -> Version:
    """Return a record as a version; what no log can hold (half a character, endless digits) is kept as text."""
    try:
        raw = orjson.dumps(record)
    except TypeError:
        record = _writable(record, 0)
        raw = orjson.dumps(record)
    return Version(qbo_id, raw.decode(), hashlib.blake2b(raw, digest_size=16).hexdigest(), record)


def deletion(qbo_id: str) -> Version:
    """Return the version that says a record is gone."""
    return Version(qbo_id, "", "")


def versions(records: Iterable[Mapping[str, Any]]) -> list[Version]:
    """Return records as versions, the last of any id that occurs twice; records without an id are left out."""
    found = {_text(str(record["Id"])): record for record in records if record.get("Id") is not None}
    return [version(qbo_id, record) for qbo_id, record in found.items()]


def _writable(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int) and not -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
        return str(value)
    if depth == DEEPEST and isinstance(value, dict | list):
        return _text(str(value))
    if isinstance(value, Mapping):
        return {_text(key): _writable(item, depth + 1) for key, item in value.items()}
    return [_writable(item, depth + 1) for item in value] if isinstance(value, list) else value


def _text(value: str) -> str:
    return value.encode("utf-8", "replace").decode()
