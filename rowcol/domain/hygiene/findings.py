"""Hygiene findings: what is wrong in the books, one row a finding; their order, and those dismissed.

Source: docs/definitions.md, Hygiene findings.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from rowcol.domain.books import DOCUMENT, listed_names
from rowcol.domain.hygiene import (
    accounts,
    changes,
    coding,
    company,
    credits,
    documents,
    duplicates,
    paid_elsewhere,
    parties,
    sending,
)
from rowcol.domain.hygiene.evidence import Evidence, of_client
from rowcol.domain.hygiene.finding_text import sentences
from rowcol.domain.hygiene.rule import BLOCKING, MONEY_ACCOUNTS, Rule, id_order
from rowcol.domain.runway import runway_effect_days

RULES: dict[str, Rule] = {
    rule.code: rule
    for part in (
        documents, duplicates, paid_elsewhere, sending, coding, credits, parties, accounts, changes, company,
    )
    for rule in part.RULES
}  # fmt: skip
"""Every rule by its code."""
BLOCKING_CODES = tuple(code for code, rule in RULES.items() if rule.severity == BLOCKING)
FINDING_COLUMNS = [
    "business_id", "code", "severity", "blocking", "entity", "qbo_id", "party", "amount_cents", "runway_effect_days",
    "message", "what_to_do", "first_seen", "version",
]  # fmt: skip
_TYPES = {
    **dict.fromkeys(FINDING_COLUMNS, "object"), "blocking": "bool", "amount_cents": "int64", "runway_effect_days": "Float64",
    "first_seen": "datetime64[us]", "version": "Int64",
}  # fmt: skip


@dataclass(frozen=True)
class Findings:
    """What the rules of some codes find in some books: each is checked once, when its hits are first needed."""

    evidence: Evidence
    codes: Collection[str] = tuple(RULES)
    _checked: dict[str, pd.DataFrame] = field(default_factory=dict)
    """Code -> its hits on the clients."""

    @cached_property
    def hits(self) -> tuple[tuple[Rule, pd.DataFrame], ...]:
        """Each rule that found something with its hits on the clients."""
        checked = ((rule, self._hits(rule)) for code, rule in RULES.items() if code in self.codes)
        return tuple((rule, rows) for rule, rows in checked if len(rows))

    def _hits(self, rule: Rule) -> pd.DataFrame:
        if rule.code not in self._checked:
            rows = rule.find(self.evidence)
            known = rows["business_id"].isin(self.evidence.books.clients["business_id"])
            self._checked[rule.code] = rows if known.all() else rows[known]
        return self._checked[rule.code]

    def column(self, name: str) -> pd.Series:
        """Return one column of all hits, in their order; None if a value is missing or the rule has no such column."""
        values = [
            value
            for _, rows in self.hits
            for value in (rows[name].tolist() if name in rows else [None] * len(rows))
        ]
        whole = pd.Series(values, dtype="object")
        return whole.where(whole.notna(), None)

    @cached_property
    def graded(self) -> pd.DataFrame:
        """`FINDING`, severity, blocking and dismissed (bool) of each hit, in their order."""
        rules = [rule for rule, rows in self.hits for _ in range(len(rows))]
        severity = pd.Series([rule.severity for rule in rules], dtype="object")
        hit_severity = self.column("severity")
        rows = pd.DataFrame(
            {
                "business_id": self.column("business_id"),
                "code": pd.Series([rule.code for rule in rules], dtype="object"),
                "severity": hit_severity.where(hit_severity.notna(), severity),
                "blocking": severity == BLOCKING,
                "entity": self.column("entity"),
                "qbo_id": self.column("qbo_id"),
            }
        )
        if self.evidence.dismissed.empty:
            return rows.assign(dismissed=False)
        versions = self.column("version").astype("Int64")
        return rows.assign(dismissed=is_dismissed(rows.assign(version=versions), self.evidence.dismissed))

    @cached_property
    def open(self) -> pd.DataFrame:
        """business_id, code, severity, blocking, entity, qbo_id of each finding that is not dismissed."""
        rows = self.graded
        return rows[~rows["dismissed"]].drop(columns="dismissed").reset_index(drop=True)

    @cached_property
    def blocked(self) -> pd.DataFrame:
        """business_id, entity, qbo_id of each record with a blocking finding, once; checks no other rules."""
        blocking = Findings(self.evidence, [*filter(self.codes.__contains__, BLOCKING_CODES)], self._checked)
        return blocking.open[DOCUMENT].drop_duplicates(ignore_index=True)


def describe(findings: Findings, *, dismissed: bool = False) -> pd.DataFrame:
    """Return findings (`FINDING_COLUMNS`) as `ranked`; dismissed ones only if requested.

    `amount_cents` home cents at stake, never negative; `runway_effect_days` NA if they stand on another account than those
    of `MONEY_ACCOUNTS`; entity and qbo_id None on the company itself; on a record
    `version` and `first_seen` are left to `first_seen_in`. With the dismissed ones the rows have `dismissed` (bool) too.
    """
    evidence = findings.evidence
    columns, types = [*FINDING_COLUMNS, "dismissed"], {**_TYPES, "dismissed": "bool"}
    rows = _described(findings)
    if not dismissed:
        rows = rows[~rows["dismissed"]]
    if rows.empty:
        rows = pd.DataFrame(columns=columns).astype(types)
    else:
        rows = ranked(evidence.books.dated(rows))
        effect = runway_effect_days(rows["business_id"], rows["amount_cents"], evidence.figures)
        elsewhere = rows["account_type"].notna() & ~rows["account_type"].isin(MONEY_ACCOUNTS)
        rows["runway_effect_days"] = effect.where(~elsewhere)
        rows["what_to_do"] = [RULES[code].what_to_do for code in rows["code"]]
        rows = rows[columns].astype(types)
    return rows if dismissed else rows.drop(columns="dismissed")


def counts(findings: Findings) -> pd.DataFrame:
    """Return findings and, of these, blocking per client with any, indexed by business_id."""
    groups = findings.open.groupby("business_id")
    return pd.DataFrame({"findings": groups.size(), "blocking": groups["blocking"].sum()})


def first_seen_in(rows: pd.DataFrame, logged: pd.DataFrame) -> pd.DataFrame:
    """Return findings with `version` and `first_seen` filled in from the log.

    A finding on a record was first seen when the record's present version was logged (for a deleted one, its
    deletion): an older version may not have shown it. `logged`: business_id, entity, qbo_id, version, logged_at.
    """
    keys = ["business_id", "entity", "qbo_id"]
    known = rows[keys].merge(logged, on=keys, how="left").set_index(rows.index)
    return rows.assign(
        version=rows["version"].where(rows["version"].notna(), known["version"].astype("Int64")),
        first_seen=rows["first_seen"].where(rows["first_seen"].notna(), known["logged_at"]),
    )


def _described(findings: Findings) -> pd.DataFrame:
    """Return each hit with its grade, party, message and what else `FINDING_COLUMNS` has of it; near_on, account_type."""
    rows, books = findings.graded, findings.evidence.books
    names = listed_names(books.parties)
    party_keys = zip(
        rows["business_id"], findings.column("party_kind"), findings.column("party_id"), strict=True
    )
    listed = pd.Series([names.get(key) for key in party_keys], dtype="object")
    party = listed.where(listed.notna(), findings.column("party_name"))
    currency = of_client(rows, books.clients, "currency")
    messages: list[str] = []
    for rule, hits in findings.hits:
        span = slice(len(messages), len(messages) + len(hits))
        messages += sentences(rule, hits, party[span], currency[span])
    return rows.assign(
        party=party.where(party.notna(), None),
        amount_cents=findings.column("amount_cents").astype("int64"),
        message=pd.Series(messages, dtype="object"),
        near_on=pd.to_datetime(findings.column("near_on")),
        account_type=findings.column("account_type"),
        first_seen=pd.to_datetime(findings.column("seen_at")),
        version=findings.column("version"),
    )


FINDING = ["business_id", "code", "entity", "qbo_id"]
"""What names a finding among all clients."""


def still_dismissed(dismissals: pd.DataFrame, logged: pd.DataFrame) -> pd.DataFrame:
    """Return the dismissals whose record has not changed since; those on the company itself are all kept.

    `dismissals`: `DISMISSAL_COLUMNS`. `logged`: business_id, entity, qbo_id, version (log position of the record as
    it is now). Whether one on the company still holds depends on its finding: see `is_dismissed`.
    """
    now = dismissals[DOCUMENT].merge(logged, on=DOCUMENT, how="left")["version"].set_axis(dismissals.index)
    same = (now.astype("Int64") == dismissals["version"]).fillna(False).astype(bool)
    return dismissals[same | (dismissals["entity"] == "")].reset_index(drop=True)


def is_dismissed(findings: pd.DataFrame, dismissed: pd.DataFrame) -> pd.Series:
    """Return which findings are set aside. `findings`: `FINDING`, version; `dismissed` as `still_dismissed` gives them.

    On a record the version was compared before; on the company itself it must be what it was when dismissed.
    """
    keys = findings[FINDING].fillna("").astype("object")
    versions = dismissed.drop_duplicates(FINDING)[[*FINDING, "version"]]
    then = keys.merge(versions, on=FINDING, how="left", indicator=True).set_axis(findings.index)
    same = (then["version"] == findings["version"].astype("Int64")).fillna(False).astype(bool)
    return (then["_merge"] == "both") & (same | (keys["entity"] != ""))


def ranked(findings: pd.DataFrame) -> pd.DataFrame:
    """Return findings in their order: blocking ones first, then by amount / (1 + days until it is due), then by id.

    Money past due, or that has no due date, is due today. Source: docs/definitions.md, Hygiene findings.
    """
    ahead = (findings["near_on"] - findings["as_of"]).dt.days.clip(lower=0).fillna(0)
    order = findings.assign(weight=findings["amount_cents"] / (1 + ahead), order=id_order(findings["qbo_id"]))
    order = order.sort_values(
        ["blocking", "weight", "order", "business_id", "code", "entity"],
        ascending=[False, False, True, True, True, True],
        na_position="last",
    )
    return order.drop(columns=["weight", "order"]).reset_index(drop=True)


def question_about(code: str, message: str) -> str:
    """Return a finding as a question to the client: its sentence, then the question of its rule."""
    return f"{message} {RULES[code].question}"
