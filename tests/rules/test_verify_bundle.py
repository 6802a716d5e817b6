"""The verifier against sound bundles, careless damage, and people who know exactly what they are doing."""

import asyncio
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from evidence.export import verify
from evidence.export.verify import ORIGIN_NOT_CHECKED, PROBLEMS, USAGE, VERIFIED, read_key, verify_bundle
from evidence.ids import LogId
from tests.parts.bundles import (
    FORGER,
    ITEM,
    OFFICE,
    PHOTO,
    Admitted,
    PaperCase,
    StepTaken,
    paper_case,
    paper_contents,
    reseal,
    sha256,
    write_ledger,
    write_paper_bundle,
)

KEY = read_key(OFFICE.vkey)
HEADERS, BODIES, NOTE = "data/ledger/headers.jsonl", "data/ledger/bodies.jsonl", "data/ledger/checkpoint.txt"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the sample bundle once."""
    case = paper_case()
    contents = paper_contents(case.copy(earlier=(3, 7), proved=(2, 6)))
    with ThreadPoolExecutor(1) as executor:
        return asyncio.run(write_paper_bundle(tmp_path_factory.mktemp("bundle"), executor, contents))


@pytest.fixture
def bundle(written: Path, tmp_path: Path) -> Path:
    """Give a copy of the sample bundle that a test may damage."""
    return Path(shutil.copytree(written, tmp_path / written.name))


def codes(bundle: Path, *, key: verify.Key | None = KEY) -> set[str]:
    return {problem.code for problem in verify_bundle(bundle, key=key).problems}


def replace_in(path: Path, old: str, new: str) -> None:
    content = path.read_text()
    assert old in content
    path.write_text(content.replace(old, new, 1))


def drop_line(path: Path, number: int) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:number] + lines[number + 1 :]))


def receipt(path: Path, case: PaperCase, size: int) -> Path:
    path.write_text(json.dumps({"kind": "receipt", "vkey": OFFICE.vkey, "note": case.checkpoint(size).note}))
    return path


def run(*arguments: str | Path) -> tuple[int, str]:
    """Run the verifier as a program, as somebody would who has only this file."""
    command = [sys.executable, "-I", verify.__file__, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_sound_bundle_is_verified_with_the_key(bundle: Path) -> None:
    report = verify_bundle(bundle, key=KEY)
    assert (report.problems, report.exit_code) == ([], VERIFIED)
    assert report.counts["entries"] == 14
    assert (report.counts["items"], report.counts["segments"]) == (1, 3)
    assert (report.counts["withheld"], report.counts["destroyed"]) == (1, 1)


def test_sound_bundle_without_a_key_is_only_self_consistent(bundle: Path) -> None:
    code, said = run(bundle)
    assert code == ORIGIN_NOT_CHECKED
    assert "self-consistent; origin not checked" in said


def test_key_is_taken_as_text_as_file_and_as_pem(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text(OFFICE.vkey + "\n")
    pem = OFFICE.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key.pem").write_bytes(pem)
    for key in (OFFICE.vkey, tmp_path / "key.txt", tmp_path / "key.pem"):
        assert run(bundle, "--key", key)[0] == VERIFIED


def test_json_names_every_problem(bundle: Path) -> None:
    (bundle / "data/originals/0001-dock.jpg").unlink()
    code, said = run(bundle, "--key", OFFICE.vkey, "--json")
    found = json.loads(said)
    assert (code, found["verdict"]) == (PROBLEMS, "problems found")
    assert {problem["code"] for problem in found["problems"]} == {"missing_file", "missing_item"}


@pytest.mark.parametrize(
    "arguments",
    [["nothing/here"], ["{bundle}", "--key", "rubbish"], ["{bundle}", "--receipt", "{bundle}/README.txt"], []],
)
def test_wrong_use_has_its_own_code(bundle: Path, arguments: list[str]) -> None:
    assert run(*(argument.format(bundle=bundle) for argument in arguments))[0] == USAGE


def test_zip_is_verified_like_the_folder(bundle: Path, tmp_path: Path) -> None:
    packed = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", bundle.parent, bundle.name))
    assert verify_bundle(packed, key=KEY).exit_code == VERIFIED


def test_every_changed_byte_is_found(bundle: Path) -> None:
    """One byte in the middle of each file in turn, the signature's own file too."""
    for path in sorted(path for path in bundle.rglob("*") if path.is_file()):
        content = path.read_bytes()
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
        problems = verify_bundle(bundle, key=KEY).problems
        name = path.relative_to(bundle).as_posix()
        assert problems, name
        if name not in {"signature.txt", "tagmanifest-sha256.txt"}:
            assert name in {problem.where for problem in problems}
        path.write_bytes(content)
    assert verify_bundle(bundle, key=KEY).problems == []


def test_missing_and_extra_files_are_named(bundle: Path) -> None:
    (bundle / "data/case/answers.json").rename(bundle / "data/case/other.json")
    (bundle / "note.txt").write_text("hello")
    found = {(problem.code, problem.where) for problem in verify_bundle(bundle, key=KEY).problems}
    assert found == {
        ("missing_file", "data/case/answers.json"),
        ("extra_file", "data/case/other.json"),
        ("extra_file", "note.txt"),
    }


def test_link_in_the_folder_is_refused(bundle: Path) -> None:
    original = bundle / "data/originals/0001-dock.jpg"
    moved = original.rename(bundle.parent / "elsewhere.jpg")
    original.symlink_to(moved)
    assert "not_a_file" in codes(bundle)


def test_second_file_of_a_name_in_a_zip_is_named(bundle: Path, tmp_path: Path) -> None:
    """One reader takes the first, another the last: neither may be called verified."""
    packed = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", bundle.parent, bundle.name))
    with zipfile.ZipFile(packed, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(f"{bundle.name}/README.txt", "another")
    assert "extra_file" in codes(packed)


def test_cut_zip_is_refused(bundle: Path, tmp_path: Path) -> None:
    packed = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", bundle.parent, bundle.name))
    packed.write_bytes(packed.read_bytes()[:-200])
    assert run(packed, "--key", OFFICE.vkey)[0] == USAGE


def edit_body(bundle: Path) -> None:
    replace_in(bundle / BODIES, '"body":"eyJ', '"body":"eyK')


def edit_header(bundle: Path) -> None:
    replace_in(bundle / HEADERS, "T12:02", "T11:02")


def drop_last_entry(bundle: Path) -> None:
    drop_line(bundle / HEADERS, 13)
    drop_line(bundle / BODIES, 11)


def drop_middle_entry(bundle: Path) -> None:
    drop_line(bundle / HEADERS, 3)


def drop_body(bundle: Path) -> None:
    drop_line(bundle / BODIES, 0)


def older_checkpoint(bundle: Path) -> None:
    (bundle / NOTE).write_text(paper_case().checkpoint(7).note)


def checkpoint_of_another_log(bundle: Path) -> None:
    other = paper_case()
    other.log_id = LogId(ITEM)
    (bundle / NOTE).write_text(other.checkpoint(14).note)


def no_checkpoint(bundle: Path) -> None:
    (bundle / NOTE).write_text("")


def no_entries(bundle: Path) -> None:
    (bundle / HEADERS).write_text("")


def swap_photo(bundle: Path) -> None:
    (bundle / "data/originals/0001-dock.jpg").write_bytes(b"another photo")


def swap_segment(bundle: Path) -> None:
    (next(bundle.glob("data/recordings/*")) / "000001.webm").write_bytes(b"another piece")


def slip_in_a_photo(bundle: Path) -> None:
    (bundle / "data/originals/0002-gate.jpg").write_bytes(b"a photo nobody sent")


def edit_answers(bundle: Path) -> None:
    replace_in(bundle / "data/case/answers.json", "met", "not_met")


def edit_index(bundle: Path) -> None:
    replace_in(bundle / "index.html", "met", "not_met")


FORGERIES: list[tuple[Callable[[Path], None], str]] = [
    (edit_body, "edited_entry"),
    (edit_header, "edited_entry"),
    (drop_last_entry, "dropped_entry"),
    (drop_middle_entry, "dropped_entry"),
    (drop_body, "missing_body"),
    (older_checkpoint, "swapped_checkpoint"),
    (checkpoint_of_another_log, "swapped_checkpoint"),
    (no_checkpoint, "malformed"),
    (no_entries, "dropped_entry"),
    (swap_photo, "missing_item"),
    (swap_segment, "missing_segment"),
    (slip_in_a_photo, "unnamed_evidence"),
]


@pytest.mark.parametrize(("forge", "code"), FORGERIES, ids=lambda value: getattr(value, "__name__", value))
def test_forgery_with_new_manifests_is_named_even_without_a_key(
    bundle: Path, forge: Callable[[Path], None], code: str
) -> None:
    """Somebody changed the ledger or the evidence and listed the files anew, so that every bag tool is content."""
    forge(bundle)
    reseal(bundle, FORGER)
    found = codes(bundle, key=None)
    assert code in found
    assert found.isdisjoint({"changed_file", "missing_file", "extra_file"})


@pytest.mark.parametrize("forge", [edit_answers, edit_index, lambda _: None])
def test_bundle_signed_anew_by_another_key_is_refused(bundle: Path, forge: Callable[[Path], None]) -> None:
    """Without a key it passes as self-consistent: that is why it is not called verified."""
    forge(bundle)
    write_ledger(bundle, paper_case(), FORGER)
    reseal(bundle, FORGER)
    assert verify_bundle(bundle).exit_code == ORIGIN_NOT_CHECKED
    assert codes(bundle) == {"foreign_key"}
    assert codes(bundle, key=read_key(FORGER.vkey)) == set()


def test_genuine_ledger_does_not_carry_a_foreign_bundle(bundle: Path) -> None:
    """The checkpoint is the office's own; the pages around it were rewritten."""
    edit_answers(bundle)
    reseal(bundle, FORGER)
    assert codes(bundle) == {"foreign_key"}


def test_rewritten_history_signed_by_the_office_itself_is_caught_by_the_receipt(bundle: Path, tmp_path: Path) -> None:
    """What the member keeps outside the office's hands binds the office too."""
    kept = receipt(tmp_path / "receipt.json", paper_case(), 7)
    assert run(bundle, "--receipt", kept)[0] == VERIFIED
    rewritten = PaperCase()
    rewritten.say(StepTaken(text="the gate was never opened"))
    rewritten.entries += [entry for entry in paper_case().entries[1:] if entry.header.seq]
    write_ledger(bundle, rewritten, OFFICE)
    reseal(bundle, OFFICE)
    assert codes(bundle) == set()
    code, said = run(bundle, "--receipt", kept)
    assert code == PROBLEMS
    assert "forked_log receipt" in said


def test_two_checkpoints_of_one_key_that_disagree_show_a_fork(bundle: Path) -> None:
    """An earlier checkpoint in the bundle, rightly signed, states another history than the entries."""
    other = PaperCase()
    other.say(StepTaken(text="another first step"))
    line = json.dumps({"note": other.checkpoint(1).note, "path": []})
    (bundle / "data/ledger/earlier-checkpoints.jsonl").write_text(line + "\n")
    reseal(bundle, OFFICE)
    assert codes(bundle) == {"forked_log"}


def test_log_shorter_than_the_receipt_has_dropped_entries(bundle: Path, tmp_path: Path) -> None:
    grown = paper_case()
    grown.say(StepTaken(text="after the export"))
    code, said = run(bundle, "--receipt", receipt(tmp_path / "receipt.json", grown, 15))
    assert code == PROBLEMS
    assert "dropped_entry receipt" in said


def test_receipt_of_another_case_is_refused(bundle: Path, tmp_path: Path) -> None:
    other = PaperCase()
    other.log_id = LogId(ITEM)
    other.say(StepTaken(text="elsewhere"))
    code, said = run(bundle, "--receipt", receipt(tmp_path / "receipt.json", other, 1))
    assert code == PROBLEMS
    assert "swapped_checkpoint receipt" in said


def test_forged_receipt_is_wrong_use(bundle: Path, tmp_path: Path) -> None:
    kept = receipt(tmp_path / "receipt.json", paper_case(), 7)
    replace_in(kept, "\\n7\\n", "\\n8\\n")
    assert run(bundle, "--receipt", kept)[0] == USAGE


def test_segment_left_out_of_its_chain_is_named(bundle: Path) -> None:
    """The office's own ledger tells of a chain that its segments do not make."""
    case, whole = PaperCase(), paper_case()
    case.entries = [entry for entry in whole.entries if entry.header.seq not in {7, 8}]
    for seq, entry in enumerate(case.entries):
        case.entries[seq] = entry._replace(header=entry.header.model_copy(update={"seq": seq}))
    write_ledger(bundle, case, OFFICE)
    reseal(bundle, OFFICE)
    assert "broken_chain" in codes(bundle)


def test_two_digests_for_one_item_are_named(bundle: Path) -> None:
    case = paper_case()
    case.say(Admitted(item_id=ITEM, digest=sha256(PHOTO + b".")))
    write_ledger(bundle, case, OFFICE)
    reseal(bundle, OFFICE)
    assert {"edited_entry", "missing_item"} <= codes(bundle)


@pytest.mark.parametrize("name", [HEADERS, BODIES, NOTE, "signature.txt", "manifest-sha256.txt"])
@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"[]\n{}\n", b'{"seq":1e999}\n', b"\n\n\n", b"null\n" * 20])
def test_nonsense_is_a_named_problem_and_never_a_crash(bundle: Path, name: str, content: bytes) -> None:
    (bundle / name).write_bytes(content)
    assert verify_bundle(bundle, key=KEY).exit_code == PROBLEMS


def test_verifier_in_the_bundle_is_the_verifier(bundle: Path) -> None:
    assert (bundle / "verify.py").read_bytes() == Path(verify.__file__).read_bytes()
    assert "Do not trust" in (bundle / "README.txt").read_text()
