"""What a question or a task is about: a finding, a record, or nothing in particular."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class RecordRef:
    """The code of a finding, a record by entity and id, and both in words; '' for each that does not apply."""

    code: str = ""
    entity: str = ""
    qbo_id: str = ""
    about: str = ""

    def content(self) -> dict[str, str]:
        """Return it as a decision keeps it."""
        return asdict(self)


NO_RECORD = RecordRef()
