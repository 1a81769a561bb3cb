"""Connecting companies and ending connections: consent, grant, client, and the first proof that it can be read."""

from collections.abc import Callable, Mapping

from rowcol.errors import ConsentError, GrantDead, RailError, Refused, Unauthorized
from rowcol.qbo.client import Request
from rowcol.qbo.oauth import STATE_LIFETIME, AuthorizationServer, Grant, digest, new_state
from rowcol.qbo.pages import records_of
from rowcol.qbo.tokens import Tokens
from rowcol.store.control import control_rows
from rowcol.store.control.clients import Client, Clients, business_id_of
from rowcol.store.control.grants import SealedGrants
from rowcol.sync.context import SyncContext
from rowcol.sync.metering import Meter

REFUSALS = {"access_denied": "The connection was refused on Intuit's page"}
_COMPANY = Request("GET", "query", {"query": "SELECT * FROM CompanyInfo"}, "query")
_PREFERENCES = Request("GET", "query", {"query": "SELECT * FROM Preferences"}, "query")


class Connections:
    """Connects companies and ends connections. Raises SettingsError if no application is configured."""

    def __init__(
        self,
        context: SyncContext,
        tokens: Tokens,
        sealed: SealedGrants,
        clients: Clients,
        meter: Meter,
        authority: AuthorizationServer,
        on_connected: Callable[[Client], None],
    ) -> None:
        self._context, self._tokens, self._sealed, self._clients = context, tokens, sealed, clients
        self._meter, self._authority = meter, authority
        self._on_connected = on_connected

    def consent_url(self) -> str:
        """Return the address of Intuit's consent page, with a new state."""
        state, state_digest = new_state()
        address = self._authority.consent_url(state)
        self._sealed.open_state(state_digest, self._context.clock() + STATE_LIFETIME)
        return address

    def complete(self, params: Mapping[str, str]) -> str:
        """Connect the company that Intuit sent back, start to read its books, and return its name.

        Raises ConsentError and other RailErrors.
        """
        if not self._sealed.use_state(digest(params.get("state", "")), self._context.clock()):
            raise ConsentError("This answer was not asked for here, was used already, or came too late")
        if "error" in params:
            raise ConsentError(REFUSALS.get(params["error"], "Intuit reported a problem with the consent"))
        realm, code = params.get("realmId", ""), params.get("code", "")
        if not realm or not code:
            raise ConsentError("Intuit's answer names no company")
        client = self._connect(self._authority.exchange(realm, code))
        self._on_connected(client)
        return client.name

    def connect(self, realm: str, refresh_token: str, name: str | None = None) -> Client:
        """Connect a company by a refresh token. Raises GrantDead and other RailErrors."""
        self._authority.application()  # raises before anything is stored
        expired = self._context.clock()
        return self._connect(Grant(realm, "", expired, refresh_token, None), name)

    def home_currency(self, client: Client) -> str | None:
        """Return the home currency of a connected company, None if its preferences name none. Raises RailErrors."""
        try:
            records = records_of(self._context.send(client.realm_id, _PREFERENCES).document, "Preferences")
        finally:
            self._meter.flush()
        currencies = records[0].get("CurrencyPrefs") if records else None
        home = currencies.get("HomeCurrency") if isinstance(currencies, dict) else None
        code = home.get("value") if isinstance(home, dict) else None
        return code if isinstance(code, str) and code else None

    def disconnect(self, business_id: str) -> None:
        """Revoke a grant at Intuit and delete its tokens; the books stay. Raises UnknownClient and RailErrors."""
        client = self._clients.find(business_id)
        self._tokens.revoke(client.realm_id)
        with self._context.database.write() as cursor:
            self._sealed.forget(control_rows(cursor), client.business_id)
            self._clients.disconnect(control_rows(cursor), client.business_id, self._context.clock())

    def _connect(self, grant: Grant, name: str | None = None) -> Client:
        """Store a grant, read the company's name with it, and return its client.

        A grant that does not open this company is taken back: the one before is restored. After a passing failure the
        grant is kept (its token may have been rotated) and the company is connected under the name given, or its
        realm. Raises GrantDead, Unauthorized and the other RailErrors.
        """
        before = self._sealed.read(self._business_id(grant.realm))
        self._tokens.adopt(grant)
        try:
            company_name = self._company_name(grant.realm)
        except (GrantDead, Unauthorized, Refused):
            self._restore(grant.realm, before)
            raise
        except RailError:
            self._record(grant.realm, name or grant.realm)
            raise
        finally:
            self._meter.flush()
        return self._record(grant.realm, name or company_name or grant.realm)

    def _company_name(self, realm: str) -> str | None:
        records = records_of(self._context.send(realm, _COMPANY).document, "CompanyInfo")
        name = records[0].get("CompanyName") if records else None
        return name if isinstance(name, str) and name else None

    def _record(self, realm: str, name: str) -> Client:
        with self._context.database.write() as cursor:
            return self._clients.connect(control_rows(cursor), realm, name, self._context.clock())

    def _restore(self, realm: str, before: str | None) -> None:
        business_id = self._business_id(realm)
        if before is not None:
            self._sealed.write(business_id, before, self._context.clock())
            return
        with self._context.database.write() as cursor:
            self._sealed.forget(control_rows(cursor), business_id)

    def _business_id(self, realm: str) -> str:
        return business_id_of(self._context.advisor_id, realm)
