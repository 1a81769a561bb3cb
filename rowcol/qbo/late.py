"""Intuit's OAuth side, made when first needed: the dashboard runs before an application is configured."""

from collections.abc import Callable

from rowcol.qbo.oauth import AuthorizationServer, Grant


class LateAuthority:
    """Refreshes and revokes as the authority does that is made on the first call; raises what its making raises."""

    def __init__(self, authority: Callable[[], AuthorizationServer]) -> None:
        self._authority = authority

    def refresh(self, grant: Grant) -> Grant:
        """Return the next grant."""
        return self._authority().refresh(grant)

    def revoke(self, refresh_token: str) -> None:
        """End a grant at Intuit."""
        self._authority().revoke(refresh_token)
