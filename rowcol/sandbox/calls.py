"""One authenticated call of the v3 API, as the handlers get it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rowcol.sandbox.company import Company
from rowcol.sandbox.refusals import Refusal
from rowcol.sandbox.selection import Selections
from rowcol.sandbox.switches import Switches
from rowcol.sandbox.times import envelope_time


@dataclass(frozen=True)
class Call:
    """What was asked of which company; `path` is what follows the realm, parameter names are lower-case."""

    company: Company
    switches: Switches
    selections: Selections
    now: datetime
    method: str = "GET"
    path: tuple[str, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    content_type: str = ""

    def document(self) -> dict[str, Any]:
        """Return the JSON object sent; raises Refusal 2010 if there is none."""
        try:
            sent = json.loads(self.body)
        except ValueError:
            sent = None
        if not isinstance(sent, dict):
            raise Refusal(
                "2010", "Request has invalid or unsupported property", "The body is not a JSON object"
            )
        return sent

    def envelope(self, **content: object) -> dict[str, object]:
        """Return an answer's document: the content and the time of answering."""
        return {**content, "time": envelope_time(self.now)}

    def payload_key(self, entity: str) -> str:
        """Return the key an entity's records stand under in answers."""
        return self.switches.card_payment_key if entity == "CreditCardPayment" else entity
