"""Every error, as one tree.

RowColError                      title, message (what happened), hint (what to do)
├── UsageError                   the request cannot be served (exit code 2)
│   └── UnknownClient            no client by that name
├── SettingsError                a setting is missing or unusable
├── DeliveryError                a mail could not be sent
│   ├── MailNotSet               no mail server is set, or what is set cannot be used
│   ├── MailRefused              the server refused the sign-in, the sender, the recipient or the mail
│   ├── MailUnavailable          not reachable, busy, or gone before it had the mail: nothing was sent
│   └── MailUncertain            gone after it had the mail: it may have arrived, and is not sent again by itself
├── StoreError                   the database cannot be used
│   ├── StoreLocked              another process holds the file
│   ├── StoreFull                the disk is full
│   ├── WrongKey                 the key does not open what is stored
│   └── StoreDamaged             the file is not a RowCol database, or of a newer version
└── RailError                    QuickBooks did not answer, or refused
    ├── ConsentError             the connection was refused, expired or is not ours
    ├── GrantDead                the refresh token no longer works: reconnect
    ├── Throttled                429: later, not reconnect
    ├── Unavailable              5xx, reset, time-out, truncated or non-JSON body, after all attempts
    ├── Paused                   not sent: too many failures just now; tried again after a pause
    ├── Unauthorized             401 after a fresh token: access to this company was lost
    ├── WrongEnvironment         403: sandbox and production mixed
    ├── NotFound                 610: deleted, or never there
    ├── StaleObject              5010: another person saved first
    ├── CompanyLocked            6190: subscription ended
    └── Refused                  any other fault: code and message as QuickBooks sent them
"""


class RowColError(Exception):
    """A request that could not be served: what happened, and what to do about it."""

    title = "RowCol could not do that"
    default_hint = ""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = self.default_hint if hint is None else hint

    def line(self) -> str:
        """Return the error as one line: what happened and what to do."""
        parts = [self.message.rstrip(". "), self.hint.rstrip(". ")]
        return ". ".join(part for part in parts if part) + "."


class UsageError(RowColError):
    """The request cannot be served."""

    title = "That cannot be asked"


class UnknownClient(UsageError):
    """No client has that name or realm."""

    title = "No such client"
    default_hint = "`rowcol report clients` lists the clients that are connected"


class SettingsError(RowColError):
    """A setting is missing or unusable."""

    title = "A setting needs attention"


class DeliveryError(RowColError):
    """A mail could not be sent."""

    title = "The mail was not sent"


class MailNotSet(DeliveryError):
    """No mail server is set, or what is set cannot be used."""

    title = "Mail is not set up"


class MailRefused(DeliveryError):
    """The mail server refused the sign-in, the sender, the recipient or the mail."""

    title = "The mail server refused"
    default_hint = "Correct the address or the ROWCOL_SMTP_ settings, then send again; nothing was sent"


class MailUnavailable(DeliveryError):
    """The mail server is not reachable or busy, or was gone before it had the whole mail."""

    title = "The mail server is not reachable"
    default_hint = "Nothing was sent; send again in a few minutes"


class MailUncertain(DeliveryError):
    """The mail server was gone after it had the whole mail and before it confirmed it."""

    title = "Nobody knows whether the mail arrived"
    default_hint = "Ask the recipient; RowCol does not send it again unless you say so"


class StoreError(RowColError):
    """The database cannot be used."""

    title = "The database cannot be used"


class StoreLocked(StoreError):
    """Another process holds the database file."""

    title = "The database is in use"


class StoreFull(StoreError):
    """The disk is full."""

    title = "The disk is full"
    default_hint = "Free some space and refresh again; nothing was half-written"


class WrongKey(StoreError):
    """The key does not open the stored tokens."""

    title = "The key does not fit"
    default_hint = "Set ROWCOL_SECRET_KEY to the key this database was made with, or reconnect every client"


class StoreDamaged(StoreError):
    """The file is not a RowCol database, or one of a newer version."""

    title = "The database cannot be read"


class RailError(RowColError):
    """QuickBooks did not answer, or refused.

    `code` is QuickBooks' own fault code if it sent one, `tid` its transaction id for support.
    """

    title = "QuickBooks could not answer"

    def __init__(
        self,
        message: str,
        hint: str | None = None,
        *,
        code: str | None = None,
        tid: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{message} (intuit_tid {tid})" if tid else message, hint)
        self.code = code
        self.tid = tid
        self.retry_after = retry_after


class ConsentError(RailError):
    """The connection was refused, expired or was not requested here."""

    title = "The company was not connected"
    default_hint = "Open Connections and connect again"


class GrantDead(RailError):
    """The refresh token no longer works."""

    title = "The connection has ended"
    default_hint = "Open Connections and reconnect this client"


class Throttled(RailError):
    """QuickBooks asks to come back later."""

    title = "QuickBooks is throttling"
    default_hint = "Nothing to do: the next refresh tries again"


class Unavailable(RailError):
    """QuickBooks gave no usable answer, after all attempts."""

    title = "QuickBooks is not reachable"
    default_hint = "The last good figures stay on screen; refresh again in a few minutes"


class Paused(RailError):
    """The request was not sent: QuickBooks failed too often just now."""

    title = "QuickBooks is left alone for a while"
    default_hint = "Nothing to do: it is asked again by itself, or at once when you press Refresh"


class Unauthorized(RailError):
    """A fresh token was refused: access to this company was lost."""

    title = "Access to this company was lost"
    default_hint = "Open Connections and reconnect this client"


class WrongEnvironment(RailError):
    """Sandbox and production were mixed."""

    title = "The application is not authorised for this company"
    default_hint = "Check that ROWCOL_QBO_ENVIRONMENT and the client id belong together, then reconnect"


class NotFound(RailError):
    """The record was deleted, or was never there."""

    title = "No such record in QuickBooks"


class StaleObject(RailError):
    """Another person saved the record first."""

    title = "The record changed in QuickBooks"
    default_hint = "Refresh and try again"


class CompanyLocked(RailError):
    """The company's subscription has ended."""

    title = "The company's QuickBooks subscription has ended"
    default_hint = "Ask the client to renew QuickBooks; the last good figures stay on screen"


class Refused(RailError):
    """QuickBooks refused the request for another reason."""

    title = "QuickBooks refused the request"
