"""Collecting what a bundle of one case carries: its log with proofs, and its objects with their places in the bag."""

import mimetypes
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from evidence.custody.errors import ItemDisposed
from evidence.custody.events import DisposalOrdered
from evidence.custody.store import list_custody
from evidence.export.contents import BagObject, EarlierCheckpoint, LedgerCopy
from evidence.ids import CaseId, ItemId, LogId, SourceId, case_log
from evidence.items import store as items
from evidence.items.rules import Derivative, Item, ItemState
from evidence.ledger import store
from evidence.ledger.actions import InclusionProof, consistency_proof, inclusion_proof
from evidence.ledger.rules import Audience, read_body
from evidence.ledger.store import SealedEntry
from evidence.ledger.transaction import Transaction
from evidence.segments import store as segments
from evidence.segments.rules import Lane, Segment, newest_lanes

PAGE = 1000
"""Entries read in one statement."""
STATES: Mapping[str, str] = {
    "evidence.item_admitted": "item_id",
    "evidence.segment_filed": "segment_id",
    "evidence.derivative_filed": "item_id",
    "evidence.lane_built": "lane_id",
}
"""Tags of the entries that put something into a bundle, each with a proof of its own, and the field that names it."""
_EXTENSIONS = {
    "video/webm": ".webm",
    "audio/webm": ".weba",
    "video/mp4": ".mp4",
    "audio/mp4": ".m4a",
    "image/heic": ".heic",
    "image/jpeg": ".jpg",
}


class Gathered(NamedTuple):
    """What a case has in locker and ledger."""

    ledger: LedgerCopy
    originals: tuple[BagObject, ...]
    recordings: tuple[BagObject, ...]
    derivatives: tuple[BagObject, ...]


async def gather(tx: Transaction, case_id: CaseId, *, audience: Audience, names: dict[SourceId, str]) -> Gathered:
    """Collect a case up to its newest checkpoint; make one first, so that nothing is left out.

    Args:
        tx: a reading transaction.
        case_id: the case.
        audience: whose bodies the receiver may have; of the rest the headers go along.
        names: what people call a source, for the titles of recordings; a source that is missing goes by its kind.

    Raises: CheckpointNotFound when the log has none yet; ItemDisposed when something was ordered away since the last
        checkpoint, so that the bundle would lack it without saying why.
    """
    ledger = await copy_ledger(tx, case_log(case_id), audience=audience)
    # What came after the checkpoint has no entry in this bundle, and so no place in it.
    stated = _stated(ledger.entries)
    goes = await _going(tx, case_id, ledger.entries)
    # What was isolated later is not handed on; the bundle's log says so.
    admitted = [
        item
        for item in await items.list_items(tx, case_id)
        if str(item.id) in stated and item.id not in goes and item.state is not ItemState.QUARANTINED
    ]
    titles = {item.id: item.filename for item in admitted}
    recordings: list[BagObject] = []
    for recording in await segments.list_recordings(tx, case_id):
        title = names.get(recording.source_id, recording.kind)
        filed = await segments.list_segments(tx, recording.source_id)
        recordings += [_segment(one, title) for one in filed if str(one.segment_id) in stated]
    derived = [one for one in await items.list_derivatives(tx, case_id) if one.parent_id in titles]
    made = [_derivative(one, titles) for one in derived if str(one.id) in stated]
    lanes = await segments.list_lanes(tx, case_id)
    newest = newest_lanes(lanes)
    made += [_lane(lane, names, is_newest=lane in newest) for lane in lanes if str(lane.id) in stated]
    originals = tuple(_original(item, number) for number, item in enumerate(admitted, 1))
    return Gathered(ledger, originals, tuple(recordings), tuple(made))


async def _going(tx: Transaction, case_id: CaseId, entries: Sequence[SealedEntry]) -> set[ItemId]:
    goes = {item_id for item_id, one in (await list_custody(tx, case_id)).items() if one.ordered_at is not None}
    bodies = [read_body(entry.body) for entry in entries if entry.body is not None]
    told = {str(body.data["item_id"]) for body in bodies if body.tag == DisposalOrdered.TAG}
    for item_id in goes:
        if str(item_id) not in told:
            raise ItemDisposed(item_id=str(item_id))
    return goes


async def copy_ledger(tx: Transaction, log_id: LogId, *, audience: Audience) -> LedgerCopy:
    """Copy a log up to its newest checkpoint, with the earlier checkpoints and the proofs.

    Raises: CheckpointNotFound when it has none.
    """
    checkpoints = await store.list_checkpoints(tx, log_id)
    newest = checkpoints[-1] if checkpoints else await store.get_checkpoint(tx, log_id, size=0)
    entries: list[SealedEntry] = []
    while len(entries) < newest.size:
        limit = min(PAGE, newest.size - len(entries))
        entries += await store.list_sealed(tx, log_id, after=len(entries) - 1, limit=limit, audience=audience)
    earlier = [
        EarlierCheckpoint(checkpoint=one, growth=await consistency_proof(tx, log_id, one.size, size=newest.size))
        for one in checkpoints[:-1]
    ]
    proofs: list[InclusionProof] = [
        await inclusion_proof(tx, log_id, entry.header.seq, size=newest.size)
        for entry in entries
        if entry.body is not None and read_body(entry.body).tag in STATES
    ]
    return LedgerCopy(
        log_id=log_id, entries=tuple(entries), checkpoint=newest, earlier=tuple(earlier), inclusion=tuple(proofs)
    )


def _stated(entries: Sequence[SealedEntry]) -> set[str]:
    bodies = (read_body(entry.body) for entry in entries if entry.body is not None)
    return {str(body.data[STATES[body.tag]]) for body in bodies if body.tag in STATES}


def safe_name(filename: str) -> str:
    """Return a sender's file name as plain characters every file system and manifest can hold, without its ending."""
    stem = PurePosixPath(filename.replace("\\", "/")).stem
    return re.sub(r"[^A-Za-z0-9]+", "-", stem).strip("-")[:60].lower() or "file"


def extension(media_type: str) -> str:
    """Return the ending of a file of this type."""
    return _EXTENSIONS.get(media_type) or mimetypes.guess_extension(media_type) or ".bin"


def _original(item: Item, number: int) -> BagObject:
    return BagObject(
        id=item.id,
        path=f"data/originals/{number:04d}-{safe_name(item.filename)}{extension(item.media_type)}",
        object_key=item.object_key,
        digest=item.digest,
        bytes=item.bytes,
        media_type=item.media_type,
        title=item.filename,
        at=item.admitted_at,
    )


def _segment(segment: Segment, title: str) -> BagObject:
    return BagObject(
        id=segment.segment_id,
        path=f"data/recordings/{segment.source_id}/{segment.index:06d}{extension(segment.media_type)}",
        object_key=segment.object_key,
        digest=segment.digest,
        bytes=segment.bytes,
        media_type=segment.media_type,
        title=f"{title}, piece {segment.index + 1}",
        at=segment.closed_at,
    )


def _derivative(made: Derivative, titles: dict[ItemId, str]) -> BagObject:
    return BagObject(
        id=made.id,
        path=f"data/derivatives/{made.id}{extension(made.media_type)}",
        object_key=made.object_key,
        digest=made.digest,
        bytes=made.bytes,
        media_type=made.media_type,
        title=f"{made.kind} of {titles.get(made.parent_id, 'an original')}"[:200],
        at=made.made_at,
        parent_id=made.parent_id,
    )


def _lane(lane: Lane, names: dict[SourceId, str], *, is_newest: bool) -> BagObject:
    title = next((names[source] for source in lane.source_ids if source in names), lane.kind)
    return BagObject(
        id=lane.id,
        path=f"data/derivatives/{lane.id}{extension(lane.media_type)}",
        object_key=lane.object_key,
        digest=lane.digest,
        bytes=lane.bytes,
        media_type=lane.media_type,
        title=f"{title}, whole recording" if is_newest else f"{title}, whole recording, replaced by a later one",
        at=lane.built_at,
    )
