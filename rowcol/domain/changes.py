"""What changed between two versions of one record, field by field, in words an accountant can follow."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

HOUSEKEEPING = ("SyncToken", "MetaData", "domain", "sparse")
"""What QuickBooks keeps for itself and changes with every save: shown last."""
KEYS = (("Id",), ("TxnType", "TxnId", "TxnLineId"), ("DefinitionId",), ("Name",))
"""The keys that identify the items of a list, so that a line put in between does not move all others."""
SILENT = re.compile(r"^(MetaData|\w+LineDetail)$")
EMPTY = "(empty)"
NAMES = {
    "TxnDate": "Date", "DocNumber": "Number", "TotalAmt": "Total", "HomeTotalAmt": "Home total", "PrivateNote": "Memo",
    "CreateTime": "Created in QuickBooks", "LastUpdatedTime": "Last saved in QuickBooks",
}  # fmt: skip
SPELT_OUT = {"txn": "transaction", "amt": "amount", "qty": "quantity", "addr": "address", "num": "number"}
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@dataclass(frozen=True)
class Item:
    """An item of a list within a path, by the key that identifies it."""

    key: str


Path = tuple[str | Item, ...]
Leaves = dict[Path, Any]


@dataclass(frozen=True)
class Difference:
    """One field that differs: its path as sent, its words, and its texts; None if it was not sent."""

    path: str
    field: str
    before: str | None
    after: str | None
    housekeeping: bool = False


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Difference]:
    """Return the fields that differ between two versions, None standing for a record that is not there.

    Values as sent, amounts too; `1` and `1.0` are alike. Items of lists are matched by id, so that order alone is
    no difference. In the order of the later version, what QuickBooks keeps for itself last.
    """
    old, new = dict(_leaves((), before or {})), dict(_leaves((), after or {}))
    paths = [path for path in new if path not in old or not _alike(old[path], new[path])]
    paths += [path for path in old if path not in new]
    changed_fields = [_difference(path, old, new) for path in paths if path]
    return sorted(changed_fields, key=lambda difference: difference.housekeeping)


def path_text(path: Path) -> str:
    """Return a path as sent: `Line[1].AccountBasedExpenseLineDetail.AccountRef.name`."""
    parts = [f"[{part.key}]" if isinstance(part, Item) else f".{part}" for part in path]
    return "".join(parts).removeprefix(".")


def field_words(path: Path) -> str:
    """Return a path in words: `Line 1 · Account`, `Vendor`, `Bill email · Address`."""
    words: list[str] = []
    for place, part in enumerate(path):
        if isinstance(part, Item):
            words[-1:] = [f"{words[-1] if words else 'Item'} {part.key}"]
        elif place and _is_reference(path[place - 1]) and part in ("name", "value"):
            if part == "value":
                words[-1] += " id"
        elif not SILENT.match(part) or place == len(path) - 1:
            words.append(_words(part))
    return " · ".join(words)


def _difference(path: Path, old: Leaves, new: Leaves) -> Difference:
    before, after = (_text(leaves[path]) if path in leaves else None for leaves in (old, new))
    if before == after:  # of different kinds, such as a number that became a text
        before, after = json.dumps(old[path]), json.dumps(new[path])
    return Difference(path_text(path), field_words(path), before, after, path[0] in HOUSEKEEPING)


def _leaves(path: Path, value: Any) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, Mapping) and value:
        for name, inner in value.items():
            yield from _leaves((*path, name), inner)
    elif isinstance(value, list) and value:
        for key, inner in _keyed(value):
            yield from _leaves((*path, Item(key)), inner)
    else:
        yield path, value


def _keyed(items: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    """Yield (key, item): the key by which an item is known, numbered if several share it or have none."""
    seen: Counter[str] = Counter()
    for item in items:
        key = _key(item)
        seen[key] += 1
        yield (key if key and seen[key] == 1 else f"{key} #{seen[key]}".strip()), item


def _key(item: Any) -> str:
    if isinstance(item, Mapping):
        for names in KEYS:
            if item.get(names[0]) is not None:
                return " ".join(str(item[name]) for name in names if item.get(name) is not None)
    return ""


def _alike(before: Any, after: Any) -> bool:
    return isinstance(before, bool) == isinstance(after, bool) and bool(before == after)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value in ("", {}, []):
        return EMPTY
    return str(value)


def _is_reference(part: str | Item) -> bool:
    return isinstance(part, str) and part.endswith("Ref")


def _words(name: str) -> str:
    if name in NAMES:
        return NAMES[name]
    words = [
        word if word.isupper() and len(word) > 1 else word.lower()
        for word in _HUMP.split(name.removesuffix("Ref") or name)
    ]
    text = " ".join(SPELT_OUT.get(word, word) for word in words)
    return text[:1].upper() + text[1:]
