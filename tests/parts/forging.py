"""A forger at work on a real bundle: another history, consistent in itself and signed anew with their own key."""

import json
import shutil
from base64 import b64decode
from datetime import datetime
from pathlib import Path
from uuid import UUID

from evidence.ids import LogId
from evidence.ledger.checkpoints import Signer
from evidence.ledger.events import EntryClass
from evidence.ledger.rules import Header, commitment
from evidence.ledger.store import SealedEntry
from tests.parts.bundles import FORGER, PaperCase, reseal, write_ledger


def signed_anew(bundle: Path, copy: Path, *, old: bytes, new: bytes) -> tuple[Path, str]:
    """Return a copy of the bundle in which entries say other things, and the public key that vouches for it.

    Args: old, new: bytes to replace wherever an entry's body has them; some must.
    """
    shutil.copytree(bundle, copy)
    for path in copy.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    entries = [_read(line) for line in (copy / "data/ledger/headers.jsonl").read_text().splitlines()]
    bodies = [json.loads(line) for line in (copy / "data/ledger/bodies.jsonl").read_text().splitlines()]
    assert any(old in b64decode(told["body"]) for told in bodies)
    for told in bodies:
        salt, body = b64decode(told["salt"]), b64decode(told["body"]).replace(old, new)
        header = entries[told["seq"]].header.model_copy(update={"commitment": commitment(salt, body)})
        entries[told["seq"]] = SealedEntry(header, salt, body)
    note = (copy / "data/ledger/checkpoint.txt").read_text()
    signer = Signer(name=note.split("/", 1)[0], key=FORGER.key)
    write_ledger(copy, PaperCase(log_id=entries[0].header.log_id, entries=entries), signer)
    reseal(copy, signer)
    return copy, signer.vkey


def _read(line: str) -> SealedEntry:
    told = json.loads(line)
    header = Header(
        log_id=LogId(UUID(told["log"])),
        seq=told["seq"],
        entry_class=EntryClass(told["class"]),
        at=datetime.fromisoformat(told["at"]),
        commitment=told["commitment"],
    )
    return SealedEntry(header, None, None)
