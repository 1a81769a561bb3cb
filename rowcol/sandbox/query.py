"""The query language: text in, statement out, or the refusal QuickBooks gives.

SELECT * | COUNT(*) FROM Entity [WHERE field op value [AND ...]] [ORDERBY field [ASC|DESC][, ...]]
    [STARTPOSITION n] [MAXRESULTS n]
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from rowcol.sandbox.catalog import FILTERABLE, SORTABLE, entity_named, fields_of
from rowcol.sandbox.refusals import Refusal, invalid

DEFAULT_RESULTS = 100
OPERATORS = ("=", "<", ">", "<=", ">=", "IN", "LIKE")
ID_OPERATORS = ("=", "IN")  # no keyset paging on Id
_TOKENS = re.compile(
    r"(?P<STRING>'(?:[^'\\]|\\.)*')|(?P<NUMBER>\d+(?:\.\d+)?)|(?P<WORD>[A-Za-z_][\w.]*)"
    r"|(?P<SIGN><=|>=|[=<>(),*])|(?P<SPACE>\s+)"
)

Value = str | bool


@dataclass(frozen=True)
class Condition:
    """One term of WHERE; an absent value is asked for with `' '`."""

    field: str
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Order:
    """One key of ORDERBY."""

    field: str
    descending: bool = False


@dataclass(frozen=True)
class Statement:
    """A parsed query; names are canonical, `start` is 1-based."""

    entity: str
    count: bool = False
    conditions: tuple[Condition, ...] = ()
    order: tuple[Order, ...] = ()
    start: int = 1
    limit: int = DEFAULT_RESULTS


class Token(NamedTuple):
    """A piece of query text and the column (from 1) where it begins."""

    kind: str
    text: str
    column: int


def parse(text: str, today: date) -> Statement:
    """Parse a query; CURRENT_DATE means `today`.

    Raises Refusal 4000 if the text is not in the grammar, 4001 if it asks for what cannot be asked.
    """
    return _Parser(_tokens(text), today).statement()


def _tokens(text: str) -> list[Token]:
    tokens, at = [], 0
    while at < len(text):
        match = _TOKENS.match(text, at)
        foreign = next((i for i in range(at, match.end()) if ord(text[i]) > 255), None) if match else at
        if match is None or foreign is not None:
            raise _lexical_error(text, at if foreign is None else foreign)
        if match.lastgroup != "SPACE":
            tokens.append(Token(str(match.lastgroup), match.group(), at + 1))
        at = match.end()
    return [*tokens, Token("EOF", "<EOF>", len(text) + 1)]


def _lexical_error(text: str, at: int) -> Refusal:
    shown = text[at] if ord(text[at]) < 128 else f"\\u{ord(text[at]):04x}"
    where = f'line 1, column {at + 1}.  Encountered: "{shown}" ({ord(text[at])}), after : ""'
    return Refusal("4000", "Error parsing query", f"QueryParserError: Lexical error at {where}")


def _unexpected(token: Token) -> Refusal:
    kind = {"WORD": "<IDENTIFIER>", "STRING": "<STRING>", "NUMBER": "<INTEGER>"}.get(token.kind, "")
    shown = f'" {kind} "{token.text} ""' if kind else f'"{token.text}"'
    detail = f"QueryParserError: Encountered {shown} at line 1, column {token.column}."
    return Refusal("4000", "Error parsing query", detail)


class _Parser:
    """Reads tokens once, left to right."""

    def __init__(self, tokens: list[Token], today: date) -> None:
        self._tokens, self._at, self._today = tokens, 0, today

    def statement(self) -> Statement:
        self._expect("SELECT")
        count = self._projection()
        self._expect("FROM")
        name = self._expect_kind("WORD").text
        entity = entity_named(name)
        if entity is None:
            raise invalid(f"Metadata not found for Entity: {name}")
        conditions = self._where(entity) if self._accept("WHERE") else ()
        order = self._order_keys(entity) if self._order_begins() else ()
        start, limit = self._paging()
        self._expect_kind("EOF")
        return Statement(entity, count, conditions, order, start, limit)

    def _projection(self) -> bool:
        if not self._accept("COUNT"):
            self._expect("*")
            return False
        for sign in ("(", "*", ")"):
            self._expect(sign)
        return True

    def _where(self, entity: str) -> tuple[Condition, ...]:
        fields = fields_of(entity, FILTERABLE)
        conditions = [self._condition(fields)]
        while self._accept("AND"):
            conditions.append(self._condition(fields))
        return tuple(conditions)

    def _condition(self, fields: Mapping[str, str]) -> Condition:
        name = _field(self._expect_kind("WORD").text, fields)
        token = self._next()
        operator = token.text.upper()
        if operator not in OPERATORS:
            raise _unexpected(token)
        if name == "Id" and operator not in ID_OPERATORS:
            raise invalid(f"Operator {operator} is not supported for property 'Id'")
        return Condition(name, operator, self._value_list() if operator == "IN" else (self._value(),))

    def _value_list(self) -> tuple[Value, ...]:
        self._expect("(")
        values = [self._value()]
        while self._accept(","):
            values.append(self._value())
        self._expect(")")
        return tuple(values)

    def _value(self) -> Value:
        token = self._next()
        if token.kind == "STRING":
            return re.sub(r"\\(.)", r"\1", token.text[1:-1])
        word = token.text.upper()
        if word in ("TRUE", "FALSE"):
            return word == "TRUE"
        if word == "CURRENT_DATE":
            return self._today.isoformat()
        raise _unexpected(token)

    def _order_begins(self) -> bool:
        if self._accept("ORDERBY"):
            return True
        if self._accept("ORDER"):
            self._expect("BY")
            return True
        return False

    def _order_keys(self, entity: str) -> tuple[Order, ...]:
        keys = [self._order_key(entity)]
        while self._accept(","):
            keys.append(self._order_key(entity))
        return tuple(keys)

    def _order_key(self, entity: str) -> Order:
        name = _field(self._expect_kind("WORD").text, fields_of(entity, SORTABLE))
        descending = self._accept("DESC")
        if not descending:
            self._accept("ASC")
        return Order(name, descending)

    def _paging(self) -> tuple[int, int]:
        start = self._position() if self._accept("STARTPOSITION") else 1
        limit = self._position() if self._accept("MAXRESULTS") else DEFAULT_RESULTS
        return start, limit

    def _position(self) -> int:
        token = self._expect_kind("NUMBER")
        if not token.text.isdigit():
            raise _unexpected(token)
        if int(token.text) < 1:
            raise invalid(f"value {token.text} is too small. Min allowed value is 1")
        return int(token.text)

    def _next(self) -> Token:
        token = self._tokens[self._at]
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _accept(self, word: str) -> bool:
        token = self._tokens[self._at]
        found = token.kind in ("WORD", "SIGN") and token.text.upper() == word
        self._at += found
        return found

    def _expect(self, word: str) -> None:
        if not self._accept(word):
            raise _unexpected(self._tokens[self._at])

    def _expect_kind(self, kind: str) -> Token:
        token = self._next()
        if token.kind != kind:
            raise _unexpected(token)
        return token


def _field(name: str, fields: Mapping[str, str]) -> str:
    if name.lower() not in fields:
        raise invalid(f"property '{name}' is not queryable")
    return fields[name.lower()]
