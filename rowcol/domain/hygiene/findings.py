"""Hygiene findings: what is wrong in the books, one row a finding; their order, and those dismissed.

Source: docs/definitions.md, Hygiene findings.
"""

from collections.abc import Collection, Iterator

import pandas as pd

from rowcol.domain.books import DOCUMENT
from rowcol.domain.current_decisions import DISMISSAL_COLUMNS, empty
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
from rowcol.domain.hygiene.rule import BLOCKING, HIT, SEVERITIES, Rule, id_order
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
_COUNTED = ["business_id", "code", "severity", "blocking", "entity", "qbo_id"]


def findings(evidence: Evidence, codes: Collection[str] = RULES.keys()) -> pd.DataFrame:
    """Return the findings of the clients (`FINDING_COLUMNS`), most money soonest first, without those set aside.

    `amount_cents` home cents at stake, never negative; entity and qbo_id None on the company itself; on a record
    `version` and `first_seen` are left to `first_seen_in`.
    """
    told = [_told(evidence, rule, found) for rule, found in _hits(evidence, codes)]
    if not told:
        return pd.DataFrame(columns=FINDING_COLUMNS).astype(_TYPES)
    rows = ranked(evidence.books.dated(pd.concat(told, ignore_index=True)))
    rows["runway_effect_days"] = runway_effect_days(
        rows["business_id"], rows["amount_cents"], evidence.figures
    )
    rows["what_to_do"] = [RULES[code].what_to_do for code in rows["code"]]
    return rows.rename(columns={"seen_at": "first_seen"})[FINDING_COLUMNS].astype(_TYPES)


def found_on(evidence: Evidence, codes: Collection[str] = RULES.keys()) -> pd.DataFrame:
    """Return business_id, code, severity, blocking, entity, qbo_id of each finding: for counting and sorting out."""
    parts = [found[_COUNTED] for _, found in _hits(evidence, codes)]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_COUNTED)
    return rows.astype({"blocking": "bool"})


def counts(evidence: Evidence) -> pd.DataFrame:
    """Return findings and, of these, blocking per client with any, indexed by business_id."""
    groups = found_on(evidence).groupby("business_id")
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


def _hits(evidence: Evidence, codes: Collection[str]) -> Iterator[tuple[Rule, pd.DataFrame]]:
    """Yield each rule that found something not set aside, with its hits on the clients, coded and graded."""
    clients = evidence.books.clients["business_id"]
    set_aside = set(evidence.dismissed["code"])
    for code, rule in RULES.items():
        if code not in codes:
            continue
        found = rule.find(evidence)
        found = found[found["business_id"].isin(clients)]
        if found.empty:
            continue
        severity = found["severity"].astype("object").where(found["severity"].notna(), rule.severity)
        found = found.assign(
            code=code, severity=severity, blocking=rule.severity == BLOCKING,
            entity=_none_for_missing(found["entity"]), qbo_id=_none_for_missing(found["qbo_id"]),
        )  # fmt: skip
        if code in set_aside:
            found = found[~is_dismissed(found, evidence.dismissed)]
        if not found.empty:
            yield rule, found


def _told(evidence: Evidence, rule: Rule, found: pd.DataFrame) -> pd.DataFrame:
    """Return hits with party and message."""
    keys = ["business_id", "party_kind", "party_id"]
    for key in keys:
        found[key] = found[key].astype("object")
    names = evidence.books.parties[[*keys, "name"]]
    named = found.merge(names.astype("object"), on=keys, how="left").set_index(found.index)
    party = _none_for_missing(named["name"].fillna(named["party_name"]))
    currency = of_client(found, evidence.books.clients, "currency")
    found = found.assign(party=party, currency=currency)
    found["message"] = sentences(rule, found.drop(columns=["code", "blocking"]))
    found["near_on"] = pd.to_datetime(found["near_on"])
    found["seen_at"] = pd.to_datetime(found["seen_at"])
    return found[[*HIT, "code", "blocking", "party", "message"]].drop(
        columns=["doc_number", "party_kind", "party_id", "party_name"]
    )


def _none_for_missing(values: pd.Series) -> pd.Series:
    return values.astype("object").where(values.notna(), None)


FINDING = ["business_id", "code", "entity", "qbo_id"]
"""What names a finding among all clients."""


def nothing_dismissed() -> pd.DataFrame:
    """Return the dismissals of someone who set nothing aside."""
    return empty(DISMISSAL_COLUMNS)


def still_dismissed(dismissals: pd.DataFrame, logged: pd.DataFrame) -> pd.DataFrame:
    """Return the dismissals whose record has not changed since; those on the company itself are all kept.

    `dismissals`: `DISMISSAL_COLUMNS`. `logged`: business_id, entity, qbo_id, version (log position of the record as
    it is now). Whether one on the company still holds is told by its finding: see `is_dismissed`.
    """
    now = dismissals[DOCUMENT].merge(logged, on=DOCUMENT, how="left")["version"].set_axis(dismissals.index)
    same = (now.astype("Int64") == dismissals["version"]).fillna(False).astype(bool)
    return dismissals[same | (dismissals["entity"] == "")].reset_index(drop=True)


def is_dismissed(found: pd.DataFrame, dismissed: pd.DataFrame) -> pd.Series:
    """Tell which findings are set aside. `found`: `FINDING` and version; `dismissed` as `still_dismissed` gives them.

    On a record the version was compared before; on the company itself it must be what it was when dismissed.
    """
    keys = found[FINDING].fillna("").astype("object")
    held = dismissed.drop_duplicates(FINDING)[[*FINDING, "version"]]
    then = keys.merge(held, on=FINDING, how="left", indicator=True).set_axis(found.index)
    same = (then["version"] == found["version"].astype("Int64")).fillna(False).astype(bool)
    return (then["_merge"] == "both") & (same | (keys["entity"] != ""))


HALVED_AFTER_DAYS = 7
"""Money due so many days ahead weighs half of what is overdue or due today; twice as many, a third; and so on."""
NO_DAY_WEIGHT = 0.5
"""Money without a due date weighs as if due in `HALVED_AFTER_DAYS`."""


def nearness(days_until_due: pd.Series) -> pd.Series:
    """Return the weight of each finding's money: 1 due or overdue, falling with the days ahead; NA has no day."""
    ahead = days_until_due.clip(lower=0)
    return (HALVED_AFTER_DAYS / (HALVED_AFTER_DAYS + ahead)).fillna(NO_DAY_WEIGHT)


def ranked(findings: pd.DataFrame) -> pd.DataFrame:
    """Return findings by amount_cents times nearness, the largest first; ties by severity, then by name."""
    days = (findings["near_on"] - findings["as_of"]).dt.days.astype("float64")
    order = findings.assign(
        weight=findings["amount_cents"] * nearness(days),
        grade=findings["severity"].map({name: grade for grade, name in enumerate(SEVERITIES)}),
        order=id_order(findings["qbo_id"]),
    ).sort_values(
        ["weight", "grade", "business_id", "code", "entity", "order"],
        ascending=[False, True, True, True, True, True],
        na_position="last",
    )
    return order.drop(columns=["weight", "grade", "order"]).reset_index(drop=True)


def question_about(code: str, message: str) -> str:
    """Return a finding as a question to the client: its sentence, then the question of its rule."""
    return f"{message} {RULES[code].question}"
