"""The one shape of every record: frozen, closed, and the same for rules, events and the wire."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic import JsonValue as Json

__all__ = ["WHOLE", "Count", "Instant", "Json", "Name", "Record", "Sha256Hex", "Text"]


class Record(BaseModel):
    """A frozen value; an undeclared field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_serialization_defaults_required=True)


def _whole_float_to_int(value: object) -> object:
    # JSON Schema calls 911.0 an integer, strict pydantic does not.
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _to_utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


WHOLE = BeforeValidator(_whole_float_to_int)
"""Lets 911.0 pass for the integer that JSON Schema says it is; write it after the strict bounds."""
Count = Annotated[int, Field(strict=True, ge=0, le=2**53 - 1), WHOLE]
"""A whole number from 0 to 2^53 - 1, the range canonical JSON carries exactly."""
Instant = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""A moment in UTC; a time without a zone is refused."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""One printable line of 1 to 200 characters."""
Text = Annotated[str, StringConstraints(max_length=10_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$")]
"""Free text of up to 10,000 characters with line breaks and tabs, no other control characters."""
Sha256Hex = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 digest as 64 lower-case hexadecimal digits."""
