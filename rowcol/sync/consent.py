"""Connecting companies: Intuit's consent asked for, its answer taken, a grant kept, a connection ended."""

from collections.abc import Mapping

from rowcol.errors import ConsentError
from rowcol.qbo.oauth import STATE_LIFETIME, AuthorizationServer, Grant, digest, new_state
from rowcol.qbo.tokens import Tokens
from rowcol.store.clients import Client, Clients
from rowcol.store.sealed_grants import SealedGrants
from rowcol.sync import connection
from rowcol.sync.context import SyncContext
from rowcol.sync.metering import Meter

REFUSALS = {"access_denied": "The connection was refused on Intuit's page"}


class Consents:
    """Connects companies and ends connections. Raises SettingsError if no application is configured."""

    def __init__(
        self,
        rail: SyncContext,
        tokens: Tokens,
        sealed: SealedGrants,
        clients: Clients,
        meter: Meter,
        authority: AuthorizationServer,
    ) -> None:
        self._rail, self._tokens, self._sealed, self._clients = rail, tokens, sealed, clients
        self._meter, self._authority = meter, authority

    def ask(self) -> str:
        """Return Intuit's consent page with a state of its own."""
        state, kept = new_state()
        address = self._authority.consent_url(state)
        self._sealed.open_state(kept, self._rail.clock() + STATE_LIFETIME)
        return address

    def complete(self, params: Mapping[str, str]) -> Client:
        """Connect the company Intuit sent back. Raises ConsentError and other RailErrors."""
        if not self._sealed.use_state(digest(params.get("state", "")), self._rail.clock()):
            raise ConsentError("This answer was not asked for here, was used already, or came too late")
        if "error" in params:
            raise ConsentError(REFUSALS.get(params["error"], "Intuit reported a problem with the consent"))
        realm, code = params.get("realmId", ""), params.get("code", "")
        if not realm or not code:
            raise ConsentError("Intuit's answer names no company")
        return self._connect(self._authority.exchange(realm, code))

    def connect(self, realm: str, refresh_token: str, name: str | None = None) -> Client:
        """Connect a company by a refresh token. Raises GrantDead and other RailErrors."""
        self._authority.application()  # raises before anything is stored
        expired = self._rail.clock()
        return self._connect(Grant(realm, "", expired, refresh_token, None), name)

    def disconnect(self, client: Client) -> None:
        """Revoke a client's grant and forget its tokens; the books stay. Raises RailErrors."""
        connection.disconnect(self._rail, self._tokens, self._sealed, self._clients, client)

    def _connect(self, grant: Grant, name: str | None = None) -> Client:
        try:
            return connection.connect(self._rail, self._tokens, self._sealed, self._clients, grant, name)
        finally:
            self._meter.flush()
