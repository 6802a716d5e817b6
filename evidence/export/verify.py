"""Check a bundle without the system that made it: one file, only Python's own library and `cryptography`.

    python verify.py BUNDLE [--key KEY | --receipt FILE] [--json]

BUNDLE is the unpacked folder or the zip file. KEY is the deployment's public key as `name+hash+base64`, a file with it,
or a PEM file; FILE is a receipt you were given earlier. Take both from anywhere but the bundle: whoever can rewrite a
bundle can sign it with a key of his own, so a key inside is never used, and a copy of this file inside is for reading.
Exit codes: 0 verified, 1 problems found, 2 wrong use, 3 self-consistent; origin not checked.
"""

import argparse
import functools
import hashlib
import json
import re
import sys
import uuid
import zipfile
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

VERIFIED, PROBLEMS, USAGE, ORIGIN_NOT_CHECKED = 0, 1, 2, 3
VERDICTS = {VERIFIED: "verified", PROBLEMS: "problems found", ORIGIN_NOT_CHECKED: "self-consistent; origin not checked"}
PIECE_BYTES = 1 << 20
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError)
LEDGER = "data/ledger/"
Named = dict[object, object]
"""Digests by the id they are named for."""
EVIDENCE = ("data/originals/", "data/recordings/", "data/derivatives/")
UNLISTED = {"tagmanifest-sha256.txt", "signature.txt"}
HEADER_KEYS = {"at", "class", "commitment", "log", "seq"}
MANIFEST_LINE = re.compile(r"([0-9a-f]{64}) [ *](\S.*)")


class Problem(NamedTuple):
    """One thing that is wrong: a stable code, where, and what."""

    code: str
    where: str
    what: str


@dataclass
class Report:
    """What was checked and found."""

    counts: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    origin: str = ""
    origin_checked: bool = False

    @property
    def exit_code(self) -> int:
        """Return the exit code that states the verdict."""
        if self.problems:
            return PROBLEMS
        return VERIFIED if self.origin_checked else ORIGIN_NOT_CHECKED

    def add(self, code: str, where: str, what: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(code, where, what))


class Key(NamedTuple):
    """A public key somebody vouches for; a PEM file has no name, the note's is taken."""

    name: str | None
    public: bytes


class Note(NamedTuple):
    """A signed note: the text that was signed, and signer, key hash and signature of each line below it."""

    text: str
    signatures: tuple[tuple[str, bytes, bytes], ...]


class Checkpoint(NamedTuple):
    """What a checkpoint states."""

    origin: str
    size: int
    root: bytes


class Bundle:
    """The files of a folder or a zip, by their names inside the bag."""

    def __init__(self, names: Iterable[str], opener: Callable[[str], BinaryIO]) -> None:
        self.names = sorted(names)
        self.open = opener

    def read(self, name: str) -> bytes:
        """Return a file's bytes; empty when missing or unreadable, which the check of the bag reports."""
        if name not in self.names:
            return b""
        try:
            with self.open(name) as file:
                return file.read()
        except UNREADABLE:
            return b""

    def lines(self, name: str) -> Iterator[tuple[str, bytes]]:
        """Iterate over a file's lines with the name of each place."""
        for number, line in enumerate(self.read(name).splitlines(), 1):
            yield f"{name}:{number}", line


def open_bundle(path: Path, report: Report) -> Bundle:
    """Open a folder or a zip; raises OSError or zipfile.BadZipFile when it is neither."""
    if path.is_dir():
        files = [file for file in path.rglob("*") if file.is_symlink() or not file.is_dir()]
        for link in (file for file in files if file.is_symlink()):
            report.add("not_a_file", str(link.relative_to(path)), "a link, not a file")
        names = {file.relative_to(path).as_posix(): file for file in files if not file.is_symlink()}
        return Bundle(names, lambda name: names[name].open("rb"))
    archive = zipfile.ZipFile(path)
    members = [name for name in archive.namelist() if not name.endswith("/")]
    marks = [name for name in members if name.rpartition("/")[2] == "bagit.txt"]
    folder = min(marks, key=len, default="").removesuffix("bagit.txt")
    inside = {}
    for name in members:
        short = name.removeprefix(folder)
        if short in inside or not name.startswith(folder) or ".." in name.split("/"):
            report.add("extra_file", name, "outside the bag, or a second file of this name")
        inside[short] = name
    return Bundle(inside, lambda name: archive.open(inside[name]))  # type: ignore[arg-type,return-value]


def check_bag(bundle: Bundle, report: Report) -> dict[str, str]:
    """Hash every file and compare with the manifests; returns the digest of each file."""
    digests = {}
    for name in bundle.names:
        try:
            with bundle.open(name) as file:
                digests[name] = digest_of(file)
        except UNREADABLE as failure:
            report.add("changed_file", name, f"cannot be read: {failure}")
    report.counts["files"] = len(digests)
    listed = read_manifest(bundle, "manifest-sha256.txt", report) | read_manifest(
        bundle, "tagmanifest-sha256.txt", report
    )
    for name in sorted(set(listed) - set(bundle.names)):
        report.add("missing_file", name, "listed in the manifest, not in the bundle")
    for name in sorted(set(bundle.names) - set(listed) - UNLISTED):
        report.add("extra_file", name, "in the bundle, not listed in the manifest")
    for name in sorted(set(listed) & set(digests)):
        if listed[name] != digests[name]:
            report.add("changed_file", name, f"has digest {digests[name]}, listed with {listed[name]}")
    return digests


def digest_of(file: BinaryIO) -> str:
    """Return the SHA-256 of an open file."""
    hashed = hashlib.sha256()
    while piece := file.read(PIECE_BYTES):
        hashed.update(piece)
    return hashed.hexdigest()


def read_manifest(bundle: Bundle, name: str, report: Report) -> dict[str, str]:
    """Return the digests that a manifest lists."""
    if name not in bundle.names:
        report.add("missing_file", name, "a bag without its manifest")
    listed = {}
    for where, line in bundle.lines(name):
        parts = MANIFEST_LINE.fullmatch(line.decode(errors="replace"))
        if parts is None:
            report.add("malformed", where, "not a line of a manifest")
        else:
            listed[re.sub("%(0A|0D|25)", lambda code: chr(int(code[1], 16)), parts[2])] = parts[1]
    return listed


def read_object(line: bytes, keys: set[str]) -> dict[str, object]:
    """Return a JSON object that has exactly these keys; raises ValueError."""

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise ValueError("a key given twice")
        return dict(pairs)

    found = json.loads(line, object_pairs_hook=unique)
    if not isinstance(found, dict) or set(found) != keys:
        raise ValueError(f"not an object of {', '.join(sorted(keys))}")
    return found


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node of the tree."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Log:
    """A log as its headers and bodies tell it, with the root at each size asked for."""

    def __init__(self) -> None:
        self.headers: list[dict[str, object]] = []
        self.leaves: list[bytes] = []
        self.bodies: dict[int, dict[str, object]] = {}

    def roots(self, sizes: set[int]) -> dict[int, bytes]:
        """Return the root over the first leaves for each size that the log reaches. Source: RFC 9162, 2.1.1."""
        edge: list[tuple[int, bytes]] = []
        roots = {}
        for size, leaf in enumerate(self.leaves, 1):
            width, found = 1, leaf
            while edge and edge[-1][0] == width:
                found = node(edge.pop()[1], found)
                width *= 2
            edge.append((width, found))
            if size in sizes:
                roots[size] = functools.reduce(lambda right, left: node(left[1], right), edge[-2::-1], edge[-1][1])
        return roots

    def said(self, tag: str) -> Iterator[tuple[int, dict[str, object]]]:
        """Iterate over seq and data of the readable entries of a tag."""
        for seq, body in sorted(self.bodies.items()):
            data = body["data"]
            if body["tag"] == tag and isinstance(data, dict):
                yield seq, data


def check_entries(bundle: Bundle, report: Report) -> Log:
    """Check every header and every body against its commitment."""
    log = Log()
    for where, line in bundle.lines(LEDGER + "headers.jsonl"):
        try:
            header = read_object(line, HEADER_KEYS)
        except ValueError as failure:
            report.add("malformed", where, str(failure))
            header = {}
        if json.dumps(header, sort_keys=True, separators=(",", ":")).encode() != line:
            report.add("edited_entry", where, "the header is not in its canonical form")
        if header.get("seq") != len(log.headers) or header.get("log") != (log.headers or [header])[0].get("log"):
            report.add("dropped_entry", where, f"entry {len(log.headers)} of one log was expected here")
        log.headers.append(header)
        log.leaves.append(hashlib.sha256(b"\x00" + line).digest())
    for where, line in bundle.lines(LEDGER + "bodies.jsonl"):
        try:
            read_body(line, log)
        except (ValueError, KeyError, IndexError, TypeError, AttributeError) as failure:
            report.add("edited_entry", where, f"the body is not the one committed to: {failure}")
    check_absent_bodies(log, report)
    report.counts |= {"entries": len(log.headers), "bodies": len(log.bodies)}
    return log


def read_body(line: bytes, log: Log) -> None:
    """Add a body to the log; raises ValueError and its kin unless it is what the header commits to."""
    sealed = read_object(line, {"seq", "salt", "body"})
    seq, salt, body = sealed["seq"], b64decode(str(sealed["salt"]), validate=True), b64decode(str(sealed["body"]))
    if not isinstance(seq, int) or seq < 0 or len(salt) != 16 or not body:  # noqa: PLR2004  (a salt has 128 bits)
        raise ValueError("seq, salt or body has another form")
    if hashlib.sha256(salt + body).hexdigest() != log.headers[seq]["commitment"]:
        raise ValueError(f"entry {seq} commits to another body")
    log.bodies[seq] = read_object(body, {"actor", "data", "tag"})


def check_absent_bodies(log: Log, report: Report) -> None:
    """Report bodies that are missing without a reason: neither withheld by class nor stated as destroyed."""
    destroyed = {data.get("seq") for _, data in log.said("ledger.body_destroyed")}
    absent = [seq for seq in range(len(log.headers)) if seq not in log.bodies]
    withheld = [seq for seq in absent if log.headers[seq].get("class") == "government"]
    for seq in sorted(set(absent) - set(withheld) - {seq for seq in destroyed if isinstance(seq, int)}):
        report.add("missing_body", f"entry {seq}", "says nothing, and no entry states that it was destroyed")
    report.counts |= {"withheld": len(withheld), "destroyed": len(destroyed)}


def read_note(text: str) -> Note:
    """Read a signed note (C2SP signed-note); raises ValueError."""
    signed, blank, below = text.rpartition("\n\n")
    if not blank or not below.endswith("\n"):
        raise ValueError("not a signed note")
    signatures = []
    for line in below.splitlines():
        dash, name, encoded = line.split(" ")
        raw = b64decode(encoded, validate=True)
        if dash != "\N{EM DASH}":
            raise ValueError("not a signature line")
        signatures.append((name, raw[:4], raw[4:]))
    return Note(signed + "\n", tuple(signatures))


def read_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint (C2SP tlog-checkpoint); raises ValueError; an empty log has none."""
    origin, size, root, end = text.split("\n")
    if (
        not re.fullmatch("[1-9][0-9]{0,15}", size)
        or end
        or len(b64decode(root, validate=True)) != hashlib.sha256().digest_size
    ):
        raise ValueError("not a checkpoint")
    return Checkpoint(origin, int(size), b64decode(root))


def signature_fault(note: Note, key: Key) -> str:
    """Return why the key does not vouch for the note, empty when it does."""
    for name, hashed, signature in note.signatures:
        own = hashlib.sha256(name.encode() + b"\n\x01" + key.public).digest()[:4]
        if key.name in {None, name} and hashed == own:
            try:
                Ed25519PublicKey.from_public_bytes(key.public).verify(signature, note.text.encode())
            except InvalidSignature:
                return "bad_signature"
            return ""
    return "foreign_key"


def stated_checkpoints(bundle: Bundle, report: Report) -> list[tuple[str, Note, Checkpoint]]:
    """Read the checkpoint and the earlier ones, smallest first; the last one is the bundle's own when it is sound."""
    notes = []
    for where, line in bundle.lines(LEDGER + "earlier-checkpoints.jsonl"):
        try:
            notes.append((where, str(read_object(line, {"note", "path"})["note"])))
        except ValueError as failure:
            report.add("malformed", where, str(failure))
    notes.append((LEDGER + "checkpoint.txt", bundle.read(LEDGER + "checkpoint.txt").decode(errors="replace")))
    found = []
    for where, text in notes:
        try:
            note = read_note(text)
            found.append((where, note, read_checkpoint(note.text)))
        except ValueError as failure:
            report.add("malformed", where, f"not a checkpoint: {failure}")
    return found


def check_history(bundle: Bundle, log: Log, report: Report, key: Key | None) -> None:
    """Compare the log with every checkpoint of the bundle: with all headers at hand, roots say more than any proof."""
    stated = stated_checkpoints(bundle, report)
    roots = log.roots({checkpoint.size for _, _, checkpoint in stated})
    agreed = 0
    for where, note, checkpoint in stated:
        report.origin = checkpoint.origin
        if checkpoint.size > len(log.leaves):
            report.add("dropped_entry", where, f"states {checkpoint.size} entries, the bundle has {len(log.leaves)}")
        elif checkpoint.origin.rpartition("/")[2] != log.headers[0].get("log"):
            report.add("swapped_checkpoint", where, f"is of another log, {checkpoint.origin}")
        elif roots[checkpoint.size] != checkpoint.root:
            code = "forked_log" if key and not signature_fault(note, key) else "edited_entry"
            report.add(code, where, f"entries {agreed} to {checkpoint.size - 1} are not those that it states")
        else:
            agreed = checkpoint.size
    if stated and stated[-1][0].endswith("checkpoint.txt"):
        where, note, checkpoint = stated[-1]
        if checkpoint.size < len(log.leaves):
            report.add("swapped_checkpoint", where, f"states {checkpoint.size} of {len(log.leaves)} entries")
        if key and (fault := signature_fault(note, key)):
            report.add(fault, where, "the checkpoint is not signed by the key you gave")


def check_seal(bundle: Bundle, digests: dict[str, str], report: Report, key: Key | None) -> None:
    """Check the signature over the tag manifest, and through it over every byte of the bundle."""
    name, tagged = "signature.txt", digests.get("tagmanifest-sha256.txt")
    try:
        note = read_note(bundle.read(name).decode())
    except ValueError as failure:
        report.add("malformed", name, f"the bundle is not signed: {failure}")
        return
    if note.text != f"sightline bundle\n{report.origin}\n{tagged}\n":
        report.add("bad_signature", name, "was made for other files or another log")
    if key and (fault := signature_fault(note, key)):
        report.add(fault, name, "the bundle is not signed by the key you gave")


def check_receipt(log: Log, report: Report, note: Note) -> None:
    """Check that the log only adds to what the receipt states."""
    stated = read_checkpoint(note.text)
    if stated.origin != report.origin:
        report.add("swapped_checkpoint", "receipt", f"is of {stated.origin}, the bundle of {report.origin}")
    elif stated.size > len(log.leaves):
        report.add("dropped_entry", "receipt", f"states {stated.size} entries, the bundle has {len(log.leaves)}")
    elif log.roots({stated.size})[stated.size] != stated.root:
        report.add("forked_log", "receipt", f"the first {stated.size} entries are not those that it states")


def check_evidence(log: Log, digests: dict[str, str], report: Report) -> None:
    """Check that everything the log names as filed is in the bundle under its digest, and each segment in its chain."""
    present = {digest for name, digest in digests.items() if name.startswith("data/")}
    items = {data.get("item_id"): data.get("digest") for _, data in log.said("evidence.item_admitted")}
    isolated = {data.get("item_id") for _, data in log.said("evidence.item_isolated")}
    segments = {data.get("segment_id"): data.get("digest") for _, data in log.said("evidence.segment_closed")}
    filed = {data.get("segment_id"): data.get("digest") for _, data in log.said("evidence.segment_filed")}
    gone = {data.get("item_id") for _, data in log.said("evidence.disposal_ordered")}
    kept = {name: digest for name, digest in items.items() if name not in gone}
    for kind, named in (("item", kept), ("segment", filed)):
        for name, digest in named.items():
            if digest not in present and name not in isolated:
                report.add(f"missing_{kind}", str(name), f"no file has the digest {digest} that the log names")
    check_restated(log, items, segments, report)
    named_digests = {digest for named in (items, filed) for digest in named.values()}
    made = [*log.said("evidence.derivative_filed"), *log.said("evidence.lane_built")]
    named_digests |= {data.get("digest") for _, data in made}
    for name, digest in digests.items():
        if name.startswith(EVIDENCE) and digest not in named_digests:
            report.add("unnamed_evidence", name, f"no entry names its digest {digest}")
    check_chains(log, report)
    if disposed := len(items) - len(kept):
        report.notes.append(f"{disposed} items were disposed of; why and by whom is in the ledger, with their digests")
    if unfiled := len(set(segments) - set(filed)):
        report.notes.append(f"{unfiled} segments were closed and not filed; they are not evidence of anything yet")
    report.counts |= {"items": len(items), "segments": len(filed)}


def check_restated(log: Log, items: Named, segments: Named, report: Report) -> None:
    """Check that no two entries name different digests for one thing."""
    about = {
        "evidence.item_filed": ("item_id", "digest", items),
        "evidence.item_sealed": ("item_id", "digest", items),
        "evidence.disposal_ordered": ("item_id", "digest", items),
        "evidence.item_disposed": ("item_id", "digest", items),
        "evidence.derivative_filed": ("parent_id", "parent_digest", items),
        "evidence.segment_filed": ("segment_id", "digest", segments),
    }
    for tag, (name, value, named) in about.items():
        for _, data in log.said(tag):
            if named.get(data.get(name), data.get(value)) != data.get(value):
                report.add("edited_entry", str(data.get(name)), "two entries name different digests for it")


def check_chains(log: Log, report: Report) -> None:
    """Recompute the digest chain of each recording: SHA-256 of chain, index (8 bytes, big-endian) and digest."""
    chains: dict[object, bytes] = {}
    for seq, data in sorted(
        [*log.said("evidence.segment_filed"), *log.said("evidence.recording_closed")], key=lambda e: e[0]
    ):
        try:
            source = uuid.UUID(str(data["source_id"]))
            chain = chains.get(source, hashlib.sha256(source.bytes).digest())
            if "index" in data:
                link = int(str(data["index"])).to_bytes(8, "big") + bytes.fromhex(str(data["digest"]))
                chain = chains[source] = hashlib.sha256(chain + link).digest()
            if chain.hex() != data["chain"]:
                report.add("broken_chain", f"entry {seq}", f"segments of source {source} were added, left out or moved")
        except (KeyError, ValueError, OverflowError) as failure:
            report.add("malformed", f"entry {seq}", str(failure))


def verify_bundle(path: Path, *, key: Key | None = None, receipt: Note | None = None) -> Report:
    """Check a bundle.

    Args:
        path: folder or zip.
        key: key from outside the bundle; without one the origin is not checked.
        receipt: the note of a receipt, signed by that key.

    Raises: OSError, zipfile.BadZipFile when the path cannot be opened as a bundle.
    """
    report = Report(origin_checked=key is not None)
    bundle = open_bundle(path, report)
    digests = check_bag(bundle, report)
    log = check_entries(bundle, report)
    if log.headers:
        check_history(bundle, log, report, key)
        check_evidence(log, digests, report)
    else:
        report.add("dropped_entry", LEDGER + "headers.jsonl", "there are no entries")
    check_seal(bundle, digests, report, key)
    if receipt is not None:
        check_receipt(log, report, receipt)
    return report


def read_key(text: str) -> Key:
    """Read a public key given as text, a file with that text, or a PEM file; raises ValueError, OSError."""
    path = Path(text)
    if "+" not in text or path.is_file():
        content = path.read_bytes()
        if content.startswith(b"-----"):
            pem = load_pem_public_key(content)
            if not isinstance(pem, Ed25519PublicKey):
                raise ValueError("not an Ed25519 key")
            return Key(None, pem.public_bytes_raw())
        text = content.decode()
    name, hashed, encoded = text.strip().split("+", 2)
    public = b64decode(encoded, validate=True)
    if hashlib.sha256(name.encode() + b"\n" + public).digest()[:4].hex() != hashed or public[:1] != b"\x01":
        raise ValueError("not a public key of the form name+hash+base64")
    return Key(name, public[1:])


def read_receipt(path: Path) -> tuple[Key, Note]:
    """Read a receipt, JSON with `vkey` and `note`; raises ValueError when its own signature does not hold."""
    content = json.loads(path.read_bytes())
    key, note = read_key(str(content["vkey"])), read_note(str(content["note"]))
    read_checkpoint(note.text)
    if signature_fault(note, key):
        raise ValueError("the receipt is not signed by the key it names")
    return key, note


def show(report: Report, *, as_json: bool) -> str:
    """Return the report as text for people or as one JSON object."""
    verdict = VERDICTS[report.exit_code]
    if as_json:
        problems = [problem._asdict() for problem in report.problems]
        return json.dumps(
            {
                "verdict": verdict,
                "origin": report.origin,
                "counts": report.counts,
                "problems": problems,
                "notes": report.notes,
            }
        )
    lines = [f"log: {report.origin}", ", ".join(f"{count} {name}" for name, count in report.counts.items())]
    lines += [f"PROBLEM {code} {where}: {what}" for code, where, what in report.problems]
    return "\n".join([*lines, *(f"note: {note}" for note in report.notes), f"result: {verdict}"])


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(prog="verify", description="Check a bundle offline.")
    parser.add_argument("bundle", type=Path, help="folder or zip")
    trust = parser.add_mutually_exclusive_group()
    trust.add_argument("--key", help="public key from outside the bundle: text, or a file with it, or PEM")
    trust.add_argument("--receipt", type=Path, help="receipt you were given earlier")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args(arguments)
    try:
        key, receipt = (
            read_receipt(chosen.receipt) if chosen.receipt else (read_key(chosen.key) if chosen.key else None, None)
        )
        report = verify_bundle(chosen.bundle, key=key, receipt=receipt)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as failure:
        sys.stderr.write(f"verify: {failure}\n")
        return USAGE
    sys.stdout.write(show(report, as_json=chosen.json) + "\n")
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main())
