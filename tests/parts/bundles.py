"""A small case as a bundle, made with the product's own writer, and the tools of somebody who forges bundles."""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evidence.export.bag import Bag
from evidence.export.contents import (
    BagObject,
    CaseSummary,
    EarlierCheckpoint,
    ExportContents,
    LedgerCopy,
    SummaryTable,
)
from evidence.export.writing import write_folder
from evidence.ids import CaseId, Digest, ItemId, LogId, SegmentId, SourceId, case_log
from evidence.items.events import DerivativeFiled, ItemFiled
from evidence.items.rules import DerivativeKind
from evidence.ledger import tree
from evidence.ledger.actions import BodyDestroyed, ConsistencyProof, InclusionProof
from evidence.ledger.checkpoints import (
    Checkpoint,
    Signer,
    StoredCheckpoint,
    origin_of,
    sign_checkpoint,
    sign_note,
)
from evidence.ledger.events import Actor, EntryClass, Event, draft
from evidence.ledger.rules import Header, body_bytes, commitment, entry_leaf, header_bytes
from evidence.ledger.store import SealedEntry
from evidence.objects.keys import object_key
from evidence.objects.local import LocalStore
from evidence.segments.events import RecordingClosed, SegmentFiled
from evidence.segments.rules import chain_next, chain_start

CASE = CaseId(UUID("0190a000-0000-7000-8000-0000000000aa"))
LOG = case_log(CASE)
ITEM = ItemId(UUID("0190a000-0000-7000-8000-0000000000b1"))
SOURCE = SourceId(UUID("0190a000-0000-7000-8000-0000000000c1"))
OFFICE = Signer(name="office.test/ledger", key=Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
FORGER = Signer(name="office.test/ledger", key=Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
ROSA = Actor(kind="account", id="a1", name="Rosa Díaz", role="scss_lead")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class StepTaken(Event):
    """Something happened."""

    TAG: ClassVar[str] = "test.step_taken"
    text: str


class NoteTaken(StepTaken):
    """Something happened that the member does not read."""

    TAG: ClassVar[str] = "test.note_taken"
    ENTRY_CLASS: ClassVar[EntryClass] = EntryClass.GOVERNMENT


class Admitted(Event):
    """An item, in the fields a verifier reads."""

    TAG: ClassVar[str] = "evidence.item_admitted"
    item_id: ItemId
    digest: str


class Closed(Event):
    """A segment, in the fields a verifier reads."""

    TAG: ClassVar[str] = "evidence.segment_closed"
    segment_id: SegmentId
    source_id: SourceId
    index: int
    digest: str


@dataclass
class PaperCase:
    """A case that exists on paper: entries in order, objects by content."""

    log_id: LogId = LOG
    entries: list[SealedEntry] = field(default_factory=list)

    def say(self, event: Event, *, audible: bool = True) -> None:
        """Append an entry; without `audible` the receiver does not get its body."""
        stated = draft(event, ROSA)
        body, seq = body_bytes(stated), len(self.entries)
        salt = hashlib.sha256(b"salt %d" % seq).digest()[:16]
        header = Header(
            log_id=self.log_id,
            seq=seq,
            entry_class=stated.entry_class,
            at=NOON.replace(minute=seq),
            commitment=commitment(salt, body),
        )
        self.entries.append(SealedEntry(header, salt if audible else None, body if audible else None))

    def checkpoint(self, size: int, signer: Signer = OFFICE) -> StoredCheckpoint:
        """Return the signed checkpoint over the first `size` entries."""
        root = tree.fold(self.nodes(), tree.root_nodes(size)).hex()
        stated = Checkpoint(origin=origin_of(signer.name, self.log_id), size=size, root=root)
        return StoredCheckpoint(log_id=self.log_id, size=size, root=root, note=sign_checkpoint(stated, signer))

    def nodes(self) -> dict[tree.NodeAt, bytes]:
        """Return the finished nodes of the whole log."""
        return tree.grow({}, 0, [entry_leaf(entry.header) for entry in self.entries])

    def copy(
        self, *, signer: Signer = OFFICE, earlier: tuple[int, ...] = (), proved: tuple[int, ...] = ()
    ) -> LedgerCopy:
        """Return the log as an export carries it."""
        size, nodes = len(self.entries), self.nodes()

        def hexed(plan: tree.Plan) -> tuple[str, ...]:
            return tuple(step.hex() for step in tree.prove(nodes, plan))

        grown = [
            EarlierCheckpoint(
                checkpoint=self.checkpoint(first, signer),
                growth=ConsistencyProof(
                    log_id=self.log_id, first=first, size=size, path=hexed(tree.consistency_plan(first, size))
                ),
            )
            for first in earlier
        ]
        proofs = [
            InclusionProof(log_id=self.log_id, seq=seq, size=size, path=hexed(tree.inclusion_plan(seq, size)))
            for seq in proved
        ]
        return LedgerCopy(
            log_id=self.log_id,
            entries=tuple(self.entries),
            checkpoint=self.checkpoint(size, signer),
            earlier=tuple(grown),
            inclusion=tuple(proofs),
        )


PHOTO, THUMBNAIL = b"a photo of the dock" * 5000, b"a small photo"
PIECES = tuple(b"piece %d of the recording" % number * 900 for number in range(3))


def sha256(content: bytes) -> Digest:
    """Return the SHA-256 of the bytes in hexadecimal digits."""
    return Digest(hashlib.sha256(content).hexdigest())


def paper_case() -> PaperCase:
    """Return a case with a note for the government, an item, a recording of three pieces and a destroyed body."""
    case = PaperCase()
    case.say(StepTaken(text="the gate was opened"))
    case.say(NoteTaken(text="the member does not read this"), audible=False)
    case.say(Admitted(item_id=ITEM, digest=sha256(PHOTO)))
    case.say(ItemFiled(item_id=ITEM, digest=sha256(PHOTO)))
    case.say(StepTaken(text="the name that had to go"), audible=False)
    chain = chain_start(SOURCE)
    for index, piece in enumerate(PIECES):
        segment_id, digest = SegmentId(UUID(int=index + 1)), sha256(piece)
        case.say(Closed(segment_id=segment_id, source_id=SOURCE, index=index, digest=digest))
        chain = chain_next(chain, index=index, digest=digest)
        case.say(
            SegmentFiled(
                segment_id=segment_id, source_id=SOURCE, index=index, end_ms=index + 1, digest=digest, chain=chain
            )
        )
    case.say(RecordingClosed(source_id=SOURCE, segments=len(PIECES), chain=chain))
    case.say(
        DerivativeFiled(
            item_id=ItemId(UUID(int=99)),
            parent_id=ITEM,
            parent_digest=sha256(PHOTO),
            kind=DerivativeKind.THUMBNAIL,
            digest=sha256(THUMBNAIL),
            bytes=len(THUMBNAIL),
            media_type="image/jpeg",
        )
    )
    case.say(BodyDestroyed(seq=4, reason="withdrawn"))
    return case


def bag_object(content: bytes, path: str, media_type: str, title: str) -> BagObject:
    """Return the place of these bytes in the bag."""
    digest = sha256(content)
    return BagObject(
        id=ITEM if "originals" in path else UUID(int=99),
        path=path,
        object_key=object_key(CASE, digest),
        digest=digest,
        bytes=len(content),
        media_type=media_type,
        title=title,
        at=NOON,
        parent_id=ITEM if "derivatives" in path else None,
    )


def paper_contents(ledger: LedgerCopy, signer: Signer = OFFICE) -> ExportContents:
    """Return what a bundle of the case carries."""
    photo = bag_object(PHOTO, "data/originals/0001-dock.jpg", "image/jpeg", "dock <b>7</b>.jpg")
    pieces = [
        bag_object(piece, f"data/recordings/{SOURCE}/{index:06d}.webm", "video/webm", f"Phone, piece {index + 1}")
        for index, piece in enumerate(PIECES)
    ]
    thumbnail = bag_object(THUMBNAIL, f"data/derivatives/{UUID(int=99)}.jpg", "image/jpeg", "thumbnail")
    answers = SummaryTable(title="Answers", columns=("Criterion", "Verdict"), rows=(("1.1", "met"),), brief=True)
    return ExportContents(
        export_id=UUID(int=7),
        name="V-2026-0001",
        organization="Office",
        made_by="Rosa Díaz",
        made_at=NOON,
        vkey=signer.vkey,
        summary=CaseSummary(
            title="Validation V-2026-0001", subtitle="A member", facts=(("Site", "Dock"),), tables=(answers,)
        ),
        case_files={"answers": [{"criterion": "1.1", "verdict": "met"}]},
        ledger=ledger,
        originals=(photo,),
        recordings=tuple(pieces),
        derivatives=(thumbnail,),
    )


async def filled_store(folder: Path, executor: Executor) -> LocalStore:
    """Return a store with the objects of the case."""
    store = LocalStore(folder / "objects", executor=executor)
    for number, content in enumerate((PHOTO, THUMBNAIL, *PIECES)):
        path = folder / f"object-{number}"
        path.write_bytes(content)
        await store.put_file(object_key(CASE, sha256(content)), path, digest=sha256(content), media_type="image/jpeg")
    return store


async def write_paper_bundle(
    folder: Path, executor: Executor, contents: ExportContents, signer: Signer = OFFICE
) -> Path:
    """Write the bundle into `folder` and return its path."""
    store = await filled_store(folder, executor)
    bag = Bag(contents, objects=store, signer=signer, cpu=executor)
    await write_folder(bag, folder / contents.name, cpu=executor)
    return folder / contents.name


def reseal(bundle: Path, signer: Signer) -> None:
    """List the bundle's files anew and sign it: what somebody does who changed them and hopes nobody notices."""
    payload = [path for path in sorted(bundle.glob("data/**/*")) if path.is_file()]
    list_files(bundle, "manifest-sha256.txt", payload)
    told, oxum = bundle / "bag-info.txt", f"Payload-Oxum: {sum(path.stat().st_size for path in payload)}.{len(payload)}"
    told.write_text(re.sub(r"Payload-Oxum: .*", oxum, told.read_text()))
    unlisted = {"tagmanifest-sha256.txt", "signature.txt"}
    tags = [path for path in sorted(bundle.iterdir()) if path.is_file() and path.name not in unlisted]
    list_files(bundle, "tagmanifest-sha256.txt", tags)
    origin = (bundle / "data/ledger/checkpoint.txt").read_text().split("\n", 1)[0]
    tagged = sha256((bundle / "tagmanifest-sha256.txt").read_bytes())
    (bundle / "signature.txt").write_text(sign_note(f"sightline bundle\n{origin}\n{tagged}\n", signer))


def list_files(bundle: Path, manifest: str, paths: list[Path]) -> None:
    """Write a manifest of these files."""
    lines = [f"{sha256(path.read_bytes())}  {path.relative_to(bundle).as_posix()}\n" for path in paths]
    (bundle / manifest).write_text("".join(lines))


def write_ledger(bundle: Path, case: PaperCase, signer: Signer) -> None:
    """Replace the bundle's ledger by another history, in itself consistent, and sign its checkpoint."""
    ledger = bundle / "data/ledger"
    copy = case.copy(signer=signer)
    lines = [
        {"seq": entry.header.seq, "salt": b64encode(entry.salt).decode(), "body": b64encode(entry.body).decode()}
        for entry in copy.entries
        if entry.salt is not None and entry.body is not None
    ]
    (ledger / "headers.jsonl").write_bytes(b"".join(header_bytes(entry.header) + b"\n" for entry in copy.entries))
    (ledger / "bodies.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (ledger / "checkpoint.txt").write_text(copy.checkpoint.note)
    for name in ("earlier-checkpoints.jsonl", "inclusion.jsonl"):
        (ledger / name).write_text("")


Forging = Callable[[Path], None]
"""Something that somebody does to a bundle."""
