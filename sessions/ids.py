"""Identifiers of the validation domain. A validation's id is also the id of its case and of its ledger."""

from typing import Annotated, NewType
from uuid import UUID

from pydantic import StringConstraints

from evidence.ids import CaseId

ValidationId = CaseId
ValidationSessionId = NewType("ValidationSessionId", UUID)
MemberId = NewType("MemberId", UUID)
SiteId = NewType("SiteId", UUID)
PersonId = NewType("PersonId", UUID)
AccountId = NewType("AccountId", UUID)
ParticipantId = NewType("ParticipantId", UUID)
InvitationId = NewType("InvitationId", UUID)
StopId = NewType("StopId", UUID)
StillId = NewType("StillId", UUID)
FindingId = NewType("FindingId", UUID)
RequestId = NewType("RequestId", UUID)
InterruptionId = NewType("InterruptionId", UUID)
TokenId = NewType("TokenId", UUID)

CriterionId = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]?\.[1-9][0-9]?$")]
"""The number of a Minimum Security Criterion, such as `9.4`."""
EditionId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
"""The name of a criteria edition, such as `msc-2020`."""
