"""The sandbox's own routes under `/sandbox/`: grants without a browser, faults, counts and raw edits."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from rowcol.sandbox.catalog import entity_named
from rowcol.sandbox.faults import rule_from_json
from rowcol.sandbox.refusals import Answer, json_answer
from rowcol.sandbox.state import Sandbox

Document = Any  # whatever JSON was sent


def answer_admin(sandbox: Sandbox, method: str, name: str, body: bytes) -> Answer:
    """Answer `/sandbox/{name}`; what cannot be done is a 400 that says why."""
    handler = ROUTES.get((method, name))
    if handler is None:
        return json_answer({"error": f"no {method} /sandbox/{name}"}, 404)
    try:
        return json_answer(handler(sandbox, json.loads(body) if body else {}))
    except (ValueError, KeyError, TypeError) as problem:
        return json_answer({"error": f"{type(problem).__name__}: {problem}"}, 400)


def companies(sandbox: Sandbox, _: Document) -> Document:
    """List the companies: realm and name."""
    return [{"realm": realm, "name": company.name} for realm, company in sandbox.companies.items()]


def grant(sandbox: Sandbox, sent: Document) -> Document:
    """Return a refresh token for `{"realm"}`."""
    realm = sandbox.companies[sent["realm"]].realm
    return {"realm": realm, "refresh_token": sandbox.grants.grant(realm, sandbox.clock())}


def expire(sandbox: Sandbox, sent: Document) -> Document:
    """Let the access tokens of `{"realm"}` (none: of all) expire."""
    sandbox.grants.expire_access(sent.get("realm"))
    return {}


def add_faults(sandbox: Sandbox, sent: Document) -> Document:
    """Put a list of fault rules (`faults.FaultRule`) into force."""
    sandbox.faults.add([rule_from_json(rule) for rule in sent])
    return faults(sandbox, sent)


def faults(sandbox: Sandbox, _: Document) -> Document:
    """List the fault rules in force."""
    return [asdict(rule) for rule in sandbox.faults.rules()]


def clear_faults(sandbox: Sandbox, _: Document) -> Document:
    """Let everything go right again."""
    sandbox.faults.clear()
    return []


def stats(sandbox: Sandbox, _: Document) -> Document:
    """Return what was asked (`stats.Stats.document`)."""
    return sandbox.stats.document()


def clear_stats(sandbox: Sandbox, _: Document) -> Document:
    """Count from nothing again."""
    sandbox.stats.clear()
    return {}


def switch(sandbox: Sandbox, sent: Document) -> Document:
    """Set switches by name; returns them all."""
    sandbox.switches = replace(sandbox.switches, **sent)
    return asdict(sandbox.switches)


def edit(sandbox: Sandbox, sent: Document) -> Document:
    """Change a company's records past all rules: `{"realm", "entity", "record"}` or `{…, "delete": id}`.

    A record's fields are laid over the one there; its LastUpdatedTime moves, nothing else follows.
    """
    company = sandbox.companies[sent["realm"]]
    entity = entity_named(sent["entity"])
    if entity is None:
        raise ValueError(f"no entity {sent['entity']}")
    with company.lock:
        if "delete" in sent:
            company.drop(entity, str(sent["delete"]), sandbox.clock())
            return {}
        there = company.of(entity).get(str(sent["record"]["Id"]), {})
        fresh = {name: value for name, value in sent["record"].items() if name != "MetaData"}
        return company.put(entity, {**there, **fresh}, sandbox.clock())


ROUTES: dict[tuple[str, str], Callable[[Sandbox, Document], Document]] = {
    ("GET", "companies"): companies,
    ("POST", "grants"): grant,
    ("POST", "expire"): expire,
    ("POST", "faults"): add_faults,
    ("GET", "faults"): faults,
    ("DELETE", "faults"): clear_faults,
    ("GET", "stats"): stats,
    ("DELETE", "stats"): clear_stats,
    ("POST", "switches"): switch,
    ("POST", "edit"): edit,
}
