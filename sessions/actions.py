"""Carries out any command: one table from the command's record to what its slice does."""

from collections.abc import Awaitable, Callable
from types import MappingProxyType
from typing import Final, TypeVar

from evidence.ledger.transaction import Transaction
from sessions import commands
from sessions.checklist import actions as checklist
from sessions.commands import Command
from sessions.findings import actions as findings
from sessions.review import actions as review
from sessions.roster.access import Access
from sessions.tour import actions as tour
from sessions.tour.interruption_rules import Stretch

C = TypeVar("C", bound=Command)
_Handler = Callable[[Transaction, Access, C], Awaitable[None]]


async def _start_session(tx: Transaction, access: Access, command: commands.StartSession) -> None:
    await tour.start_session(tx, access, command.validation_session_id)


async def _end_session(tx: Transaction, access: Access, command: commands.EndSession) -> None:
    await tour.end_session(tx, access, command.validation_session_id)


async def _admit(tx: Transaction, access: Access, command: commands.AdmitParticipant) -> None:
    await tour.admit_participant(tx, access, command.validation_session_id, command.participant_id)


async def _remove(tx: Transaction, access: Access, command: commands.RemoveParticipant) -> None:
    await tour.remove_participant(
        tx, access, command.validation_session_id, command.participant_id, reason=command.reason
    )


async def _consent(tx: Transaction, access: Access, command: commands.GiveConsent) -> None:
    await tour.give_consent(
        tx,
        access,
        command.validation_session_id,
        recording=command.recording,
        language=command.language,
        text_id=command.text_id,
    )


async def _enter_lobby(tx: Transaction, access: Access, command: commands.EnterLobby) -> None:
    await tour.enter_lobby(
        tx,
        access,
        command.validation_session_id,
        camera=command.camera,
        microphone=command.microphone,
        user_agent_label=command.user_agent_label,
        decodes=command.decodes,
        encodes=command.encodes,
    )


async def _leave(tx: Transaction, access: Access, command: commands.LeaveRoom) -> None:
    await tour.leave_room(tx, access, command.validation_session_id, by_choice=True)


async def _start_privacy(tx: Transaction, access: Access, command: commands.StartPrivacy) -> None:
    await tour.start_privacy(tx, access, command.validation_session_id, reason=command.reason)


async def _stop_privacy(tx: Transaction, access: Access, command: commands.StopPrivacy) -> None:
    await tour.stop_privacy(tx, access, command.validation_session_id)


async def _add_stop(tx: Transaction, access: Access, command: commands.AddStop) -> None:
    await tour.add_stop(tx, access, command.validation_session_id, stop_id=command.stop_id, name=command.name)


async def _open_stop(tx: Transaction, access: Access, command: commands.OpenStop) -> None:
    await tour.open_stop(tx, access, command.validation_session_id, command.stop_id)


async def _mark(tx: Transaction, access: Access, command: commands.SetMark) -> None:
    await tour.set_mark(
        tx, access, command.validation_session_id, label=command.label, criterion_id=command.criterion_id
    )


async def _request_still(tx: Transaction, access: Access, command: commands.RequestStill) -> None:
    await tour.request_still(
        tx,
        access,
        command.validation_session_id,
        still_id=command.still_id,
        criterion_id=command.criterion_id,
        stop_id=command.stop_id,
    )


async def _decline_still(tx: Transaction, access: Access, command: commands.DeclineStill) -> None:
    await tour.decline_still(tx, access, command.still_id, reason=command.reason)


async def _interruption(tx: Transaction, access: Access, command: commands.ReportInterruption) -> None:
    await tour.report_interruption(
        tx,
        access,
        command.source_id,
        claim_id=command.interruption_id,
        cause=command.cause,
        claimed=Stretch(command.started_at, command.ended_at),
    )


async def _start_photos(tx: Transaction, access: Access, command: commands.StartPhotoMode) -> None:
    await tour.set_photo_mode(tx, access, command.source_id, on=True)


async def _stop_photos(tx: Transaction, access: Access, command: commands.StopPhotoMode) -> None:
    await tour.set_photo_mode(tx, access, command.source_id, on=False)


async def _answer(tx: Transaction, access: Access, command: commands.RecordAnswer) -> None:
    answer = await checklist.record_answer(
        tx,
        access,
        criterion_id=command.criterion_id,
        verdict=command.verdict,
        method=command.method,
        note=command.note,
        reason=command.reason,
        stop_id=command.stop_id,
        item_ids=command.item_ids,
        base_version=command.base_version,
    )
    await findings.follow_answer(tx, access, answer)


async def _set_due(tx: Transaction, access: Access, command: commands.SetDueDate) -> None:
    await findings.set_due_date(
        tx, access, command.finding_id, due_on=command.due_on, base_version=command.base_version
    )


async def _link_item(tx: Transaction, access: Access, command: commands.LinkItem) -> None:
    await checklist.link_item(tx, access, item_id=command.item_id, criterion_id=command.criterion_id)


async def _open_request(tx: Transaction, access: Access, command: commands.OpenRequest) -> None:
    await checklist.open_request(
        tx, access, request_id=command.request_id, criterion_id=command.criterion_id, text=command.text
    )


async def _close_request(tx: Transaction, access: Access, command: commands.CloseRequest) -> None:
    await checklist.close_request(tx, access, command.request_id)


async def _mark_answer(tx: Transaction, access: Access, command: commands.MarkAnswer) -> None:
    await review.mark_answer(
        tx,
        access,
        criterion_id=command.criterion_id,
        answer_version=command.answer_version,
        mark=command.mark,
        note=command.note,
    )


async def _sign(tx: Transaction, access: Access, command: commands.SignReview) -> None:
    await review.sign_review(tx, access, statement=command.statement)


def _on(shape: type[C], handler: _Handler[C]) -> tuple[type[C], _Handler[Command]]:
    async def carry_out(tx: Transaction, access: Access, command: Command) -> None:
        assert isinstance(command, shape)  # noqa: S101  (the table is keyed by this very type)
        await handler(tx, access, command)

    return shape, carry_out


HANDLERS: Final = MappingProxyType(
    dict(
        [
            _on(commands.StartSession, _start_session),
            _on(commands.EndSession, _end_session),
            _on(commands.AdmitParticipant, _admit),
            _on(commands.RemoveParticipant, _remove),
            _on(commands.GiveConsent, _consent),
            _on(commands.EnterLobby, _enter_lobby),
            _on(commands.LeaveRoom, _leave),
            _on(commands.StartPrivacy, _start_privacy),
            _on(commands.StopPrivacy, _stop_privacy),
            _on(commands.AddStop, _add_stop),
            _on(commands.OpenStop, _open_stop),
            _on(commands.SetMark, _mark),
            _on(commands.RequestStill, _request_still),
            _on(commands.DeclineStill, _decline_still),
            _on(commands.ReportInterruption, _interruption),
            _on(commands.StartPhotoMode, _start_photos),
            _on(commands.StopPhotoMode, _stop_photos),
            _on(commands.RecordAnswer, _answer),
            _on(commands.SetDueDate, _set_due),
            _on(commands.LinkItem, _link_item),
            _on(commands.OpenRequest, _open_request),
            _on(commands.CloseRequest, _close_request),
            _on(commands.MarkAnswer, _mark_answer),
            _on(commands.SignReview, _sign),
        ]
    )
)
"""What each command does."""


async def perform(tx: Transaction, access: Access, command: Command) -> None:
    """Carry out the command and record its events; whether it was carried out before is the caller's to know.

    Raises: SessionsError of the slice that refuses it.
    """
    await HANDLERS[type(command)](tx, access, command)
