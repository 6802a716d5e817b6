"""A case from locker and ledger as a bundle: judged by tools that are not ours, and by ours."""

import asyncio
import subprocess
import zipfile
from concurrent.futures import Executor
from pathlib import Path
from uuid import UUID

import bagit
import pypdfium2
import pytest

from evidence import locker
from evidence.export.bag import Bag
from evidence.export.contents import BagObject, CaseSummary, ExportContents, SummaryTable
from evidence.export.gather import gather
from evidence.export.pages import summary_page
from evidence.export.readme import README
from evidence.export.verify import VERIFIED, read_key, verify_bundle
from evidence.export.writing import stream_zip, write_folder
from evidence.ids import CaseId, Digest, case_log
from evidence.ledger.actions import destroy_body, make_checkpoint
from evidence.ledger.errors import CheckpointNotFound
from evidence.ledger.rules import Audience
from evidence.objects.errors import DigestMismatch
from evidence.objects.local import LocalStore
from server.db import Database
from tests.parts.bundles import (
    FORGER,
    NOON,
    OFFICE,
    PHOTO,
    ROSA,
    NoteTaken,
    StepTaken,
    paper_case,
    paper_contents,
    sha256,
)
from tests.parts.bundles import filled_store as paper_store
from tests.parts.filed import filed_case

KEY = read_key(OFFICE.vkey)


async def contents_of(database: Database, case_id: CaseId, *, audience: Audience) -> ExportContents:
    async with database.write() as tx:
        await make_checkpoint(tx, case_log(case_id), OFFICE)
    async with database.read() as tx:
        gathered = await gather(tx, case_id, audience=audience, names={})
    return ExportContents(
        export_id=UUID(int=7),
        name="V-2026-0001",
        organization="Office",
        made_by="Rosa Díaz",
        made_at=NOON,
        vkey=OFFICE.vkey,
        summary=CaseSummary(title="Validation V-2026-0001", subtitle="A member", facts=(), tables=()),
        case_files={},
        ledger=gathered.ledger,
        originals=gathered.originals,
        recordings=gathered.recordings,
        derivatives=gathered.derivatives,
    )


async def shell(script: str, folder: Path) -> tuple[int, str]:
    ran = await asyncio.create_subprocess_exec(
        "bash", "-e", "-o", "pipefail", "-c", script, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said, _ = await ran.communicate()
    return ran.returncode or 0, said.decode()


@pytest.fixture
async def bundle(tmp_path: Path, cpu_executor: Executor) -> Path:
    """Write the paper case as a folder."""
    store = await paper_store(tmp_path, cpu_executor)
    contents = paper_contents(paper_case().copy(earlier=(3,), proved=(2,)))
    folder = tmp_path / "bundle"
    await write_folder(Bag(contents, objects=store, signer=OFFICE, cpu=cpu_executor), folder, cpu=cpu_executor)
    return folder


async def test_bundle_is_a_valid_bag_for_bagit_and_sha256sum(bundle: Path) -> None:
    await asyncio.to_thread(bagit.Bag(str(bundle)).validate)
    manifests = "sha256sum --quiet -c manifest-sha256.txt && sha256sum --quiet -c tagmanifest-sha256.txt"
    assert await shell(manifests, bundle) == (0, "")
    (bundle / "data/originals/0001-dock.jpg").write_bytes(PHOTO[:-1] + b".")
    assert (await shell(manifests, bundle))[0] != 0
    with pytest.raises(bagit.BagValidationError):
        await asyncio.to_thread(bagit.Bag(str(bundle)).validate)


async def test_recipe_of_the_readme_works_without_our_software(bundle: Path) -> None:
    """Every indented line of README.txt after 'Without our software' is run as it stands, with the key filled in."""
    readme = (bundle / "README.txt").read_text().partition("Without our software")[2]
    lines = [line for line in readme.splitlines() if line.startswith("     ") and "bagit.py" not in line]
    script = "\n".join(lines).replace("'...'", f"'{OFFICE.vkey}'")
    code, said = await shell(script, bundle)
    assert (code, said.count("Signature Verified Successfully")) == (0, 2), said
    tagged = sha256((bundle / "tagmanifest-sha256.txt").read_bytes())
    assert f"{tagged}  tagmanifest-sha256.txt\n{tagged}\n" in said
    assert paper_case().entries[0].header.commitment in said
    code, said = await shell(script.replace(OFFICE.vkey, FORGER.vkey), bundle)
    assert code != 0
    assert "Signature Verified Successfully" not in said


async def test_zip_is_stored_whole_and_verified(tmp_path: Path, cpu_executor: Executor) -> None:
    store = await paper_store(tmp_path, cpu_executor)
    contents = paper_contents(paper_case().copy())
    packed = tmp_path / "bundle.zip"
    bag = Bag(contents, objects=store, signer=OFFICE, cpu=cpu_executor)
    with packed.open("wb") as file:
        async for piece in stream_zip(bag, contents.name, cpu=cpu_executor):
            file.write(piece)
    assert (await shell("unzip -tq bundle.zip", tmp_path))[0] == 0
    with zipfile.ZipFile(packed) as archive:
        assert {member.compress_type for member in archive.infolist()} == {zipfile.ZIP_STORED}
        assert archive.read("V-2026-0001/data/originals/0001-dock.jpg") == PHOTO
    assert (await asyncio.to_thread(verify_bundle, packed, key=KEY)).problems == []


async def test_object_with_other_bytes_breaks_the_export(tmp_path: Path, cpu_executor: Executor) -> None:
    """An export never carries bytes that are not those the ledger names."""
    store = await paper_store(tmp_path, cpu_executor)
    contents = paper_contents(paper_case().copy())
    wrong: BagObject = contents.originals[0].model_copy(update={"digest": Digest("0" * 64)})
    bag = Bag(contents.model_copy(update={"originals": (wrong,)}), objects=store, signer=OFFICE, cpu=cpu_executor)
    with pytest.raises(DigestMismatch):
        await write_folder(bag, tmp_path / "bundle", cpu=cpu_executor)


async def test_pages_escape_what_came_from_outside(bundle: Path) -> None:
    page = (bundle / "index.html").read_text()
    assert "dock &lt;b&gt;7&lt;/b&gt;.jpg" in page
    assert "<b>7</b>" not in page
    assert "<script" not in page
    assert sha256(PHOTO) in (bundle / "summary.html").read_text()


async def test_summary_of_a_full_case_prints_on_one_page(tmp_path: Path) -> None:
    """More findings, sessions and files than it can hold, and long ones: it cuts, and says how much it left out."""
    long = "the cameras saw nothing but the headlamps of trucks that came in late " * 4
    tables = [
        SummaryTable(
            title=title, columns=("Number", "What", "Due"), brief=True, rows=((title, long, "2027-02-22"),) * 40
        )
        for title in ("Sessions", "Findings")
    ]
    answers = SummaryTable(title="Answers", columns=("Verdict", "Count"), brief=True, rows=(("not met", "1"),) * 5)
    contents = paper_contents(paper_case().copy())
    full = contents.model_copy(
        update={
            "summary": CaseSummary(
                title="Validation", subtitle="A member", facts=(("Site", "Dock"),) * 8, tables=(answers, *tables)
            ),
            "originals": contents.originals * 60,
        }
    )
    (tmp_path / "summary.html").write_text(summary_page(full))
    flags = "--headless --no-sandbox --disable-gpu --no-pdf-header-footer"
    code, said = await shell(f"chromium {flags} --print-to-pdf=summary.pdf file://$PWD/summary.html", tmp_path)
    assert code == 0, said
    printed = await asyncio.to_thread(pypdfium2.PdfDocument, str(tmp_path / "summary.pdf"))
    assert len(printed) == 1
    printed.close()
    assert "And 34 more in index.html" in summary_page(full)


async def test_case_from_the_database_is_exported_and_verified(
    database: Database, local_intake: locker.Intake, local_objects: LocalStore, tmp_path: Path, cpu_executor: Executor
) -> None:
    case_id = await filed_case(database, local_intake)
    async with database.write() as tx:
        tx.record(case_log(case_id), NoteTaken(text="not for the member"), ROSA)
        tx.record(case_log(case_id), StepTaken(text="for everybody"), ROSA)
    async with database.write() as tx:
        await make_checkpoint(tx, case_log(case_id), OFFICE)
    async with database.write() as tx:
        await destroy_body(tx, case_log(case_id), 1, reason="withdrawn", actor=ROSA)
    # From a member: the note, and what the checks say of the photograph.
    for audience, withheld in ((Audience.GOVERNMENT, 0), (Audience.MEMBER, 2)):
        contents = await contents_of(database, case_id, audience=audience)
        folder = tmp_path / audience
        bag = Bag(contents, objects=local_objects, signer=OFFICE, cpu=cpu_executor)
        await write_folder(bag, folder, cpu=cpu_executor)
        report = await asyncio.to_thread(verify_bundle, folder, key=KEY)
        assert (report.problems, report.exit_code) == ([], VERIFIED)
        assert (report.counts["withheld"], report.counts["destroyed"]) == (withheld, 1)
        assert (report.counts["items"], report.counts["segments"]) == (1, 2)
        said = (folder / "data/ledger/bodies.jsonl").read_text() + (folder / "index.html").read_text()
        assert ("not for the member" in said) is (audience is Audience.GOVERNMENT)


async def test_case_without_a_checkpoint_is_not_exported(database: Database, case_id: CaseId) -> None:
    async with database.read() as tx:
        with pytest.raises(CheckpointNotFound):
            await gather(tx, case_id, audience=Audience.GOVERNMENT, names={})


def test_custody_page_gives_the_same_commands_as_the_readme() -> None:
    page = (Path(__file__).parents[2] / "docs/custody.md").read_text()
    recipe = README.partition("Without our software")[2]
    commands = [line.strip() for line in recipe.splitlines() if line.startswith("     ")]
    assert [line for line in commands if line not in page] == []
    assert len(commands) > 10
