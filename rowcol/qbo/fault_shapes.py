"""Read the shapes of a fault into one record: JSON `Fault`, JSON `fault`, XML. Pure and safe."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import orjson

LONGEST_TEXT = 300
LONGEST_XML = 256 * 1024
_TOKEN_LIKE = re.compile(r"[A-Za-z0-9_\-.=+/]{36,}")
_CODE_IN_TEXT = re.compile(r"errorCode=0*(\d+)")


@dataclass(frozen=True)
class Fault:
    """The first error of a fault, of any shape; `code` without leading zeros."""

    code: str | None
    message: str
    detail: str

    @property
    def text(self) -> str:
        """Return message and detail as one clean line, without anything that looks like a token."""
        parts = [self.message, self.detail if self.detail != self.message else ""]
        return _clean(": ".join(part for part in parts if part))


def json_object(body: bytes) -> dict[str, Any] | None:
    """Return the JSON object a body holds, None if it holds anything else.

    Numbers with a fraction become floats: `repr` of one has the digits that QuickBooks sent.
    """
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        document = _parse_leniently(body)
    return document if isinstance(document, dict) else None


def _parse_leniently(body: bytes) -> Any:
    """Parse what only the slower parser accepts: a byte order mark, UTF-16, half a character, a very long number."""
    try:
        return json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None


def fault_in_document(document: Mapping[str, Any]) -> Fault | None:
    """Return the fault a JSON reply carries at its top, in its query reply or in a part of its CDC reply."""
    for place in _places(document):
        fault = _entry(place, "fault")
        if isinstance(fault, Mapping):
            return fault_from(fault)
    return None


def fault_from(fault: Mapping[str, Any]) -> Fault:
    """Return a JSON fault object (`Fault` or `fault`) as one record."""
    errors = _entry(fault, "error")
    first = errors[0] if isinstance(errors, list) and errors else errors
    first = first if isinstance(first, Mapping) else {}
    return _fault(_entry(first, "code"), _entry(first, "message"), _entry(first, "detail"))


def _fault(code: Any, message: Any, detail: Any) -> Fault:
    texts = [str(part).strip() if isinstance(part, str | int) else "" for part in (code, message, detail)]
    in_text = _CODE_IN_TEXT.search(f"{texts[1]} {texts[2]}")
    plain = texts[0].lstrip("0") or (in_text.group(1) if in_text else "")
    return Fault(code=_clean(plain) or None, message=texts[1], detail=texts[2])


def _places(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield each object of a reply that may carry a fault."""
    yield document
    for key in ("QueryResponse", "CDCResponse"):
        for part in _objects(document.get(key)):
            yield part
            yield from _objects(part.get("QueryResponse"))


def _objects(value: Any) -> list[Mapping[str, Any]]:
    parts = value if isinstance(value, list) else [value]
    return [part for part in parts if isinstance(part, Mapping)]


def _entry(place: Mapping[str, Any], name: str) -> Any:
    """Return a value by its key in either case: `Fault` or `fault`."""
    return place.get(name.capitalize(), place.get(name))


class _NoDoctype(ElementTree.TreeBuilder):
    """Refuses a document type, and with it every entity an answer could define."""

    def doctype(self, *_: str | None) -> None:
        """Raise ValueError."""
        raise ValueError("document type not allowed")


def xml_fault(body: bytes) -> Fault | None:
    """Return the fault an XML body carries, None if it is no XML, unsafe XML, or has none."""
    if len(body) > LONGEST_XML or not body.lstrip(b"\xef\xbb\xbf\xfe\xff\0 \t\r\n").startswith(b"<"):
        return None
    parser = ElementTree.XMLParser(target=_NoDoctype())  # noqa: S314 - _NoDoctype refuses what is unsafe
    try:
        parser.feed(body)
        root = parser.close()
    except (ElementTree.ParseError, ValueError, LookupError):
        return None
    faults = [element for element in root.iter() if _local(element) == "fault"]
    if not faults:
        return None
    error = next((child for child in faults[0].iter() if _local(child) == "error"), faults[0])
    texts = {_local(child): "".join(child.itertext()) for child in error}
    return _fault(error.get("code") or texts.get("code"), texts.get("message"), texts.get("detail"))


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _clean(text: str) -> str:
    """Return one printable line of bounded length with token-like runs left out."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return _TOKEN_LIKE.sub("…", line)[:LONGEST_TEXT]


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
