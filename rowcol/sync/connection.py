"""Connecting a company and ending a connection: grant, client and first proof that it can be read."""

from rowcol.errors import GrantDead, RailError, Refused, Unauthorized
from rowcol.qbo.client import Request
from rowcol.qbo.oauth import Grant
from rowcol.qbo.pages import records_of
from rowcol.qbo.tokens import Tokens
from rowcol.store.clients import Client, Clients, business_id_of
from rowcol.store.sealed_grants import SealedGrants
from rowcol.sync.context import SyncContext

_COMPANY = Request("GET", "query", {"query": "SELECT * FROM CompanyInfo"}, "query")


def connect(
    rail: SyncContext,
    tokens: Tokens,
    sealed: SealedGrants,
    clients: Clients,
    grant: Grant,
    name: str | None = None,
) -> Client:
    """Keep a grant, read the company's name with it, and return its client.

    A grant that does not open this company is undone: what was there before stands again. Raises GrantDead,
    Unauthorized and the other RailErrors; after a passing failure the grant is kept (its token may have been
    rotated) and the company is connected under the name given, or its realm.
    """
    before = sealed.read(business_id_of(rail.advisor_id, grant.realm))
    tokens.adopt(grant)
    try:
        found = _company_name(rail, grant.realm)
    except (GrantDead, Unauthorized, Refused):
        _restore(rail, sealed, grant.realm, before)
        raise
    except RailError:
        _record(rail, clients, grant.realm, name or grant.realm)
        raise
    return _record(rail, clients, grant.realm, name or found or grant.realm)


def disconnect(
    rail: SyncContext, tokens: Tokens, sealed: SealedGrants, clients: Clients, client: Client
) -> None:
    """Revoke a grant at Intuit and forget its tokens; the books stay. Raises what Intuit's refusal raises."""
    tokens.revoke(client.realm_id)
    with rail.database.write() as cursor:
        sealed.forget(cursor, client.business_id)
        clients.disconnect(cursor, client.business_id, rail.clock())


def _company_name(rail: SyncContext, realm: str) -> str | None:
    records = records_of(rail.send(realm, _COMPANY).document, "CompanyInfo")
    found = records[0].get("CompanyName") if records else None
    return found if isinstance(found, str) and found else None


def _record(rail: SyncContext, clients: Clients, realm: str, name: str) -> Client:
    with rail.database.write() as cursor:
        return clients.connect(cursor, realm, name, rail.clock())


def _restore(rail: SyncContext, sealed: SealedGrants, realm: str, before: str | None) -> None:
    business_id = business_id_of(rail.advisor_id, realm)
    if before is not None:
        sealed.write(business_id, before, rail.clock())
        return
    with rail.database.write() as cursor:
        sealed.forget(cursor, business_id)
