"""The edition of 2020, by entity type and day, and an office's own texts."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.criteria.editions import CURRENT_EDITION, criteria_for, criterion_of, edition_named
from sessions.criteria.rules import EntityType, Level, needs_booklet, place
from sessions.criteria.texts import LARGEST_FILE_BYTES, parse_official_texts
from sessions.errors import CriterionNotFound, EditionNotFound, OfficialTextsInvalid

TODAY = date(2026, 11, 24)
IMPORTER = (EntityType.IMPORTER,)


def ids(entity_type: EntityType, as_of: date = TODAY) -> list[str]:
    """Return the ids of the criteria of an entity type."""
    return [criterion.id for criterion in criteria_for(CURRENT_EDITION, (entity_type,), as_of)]


def test_edition_has_the_ninety_nine_known_criteria_in_both_languages() -> None:
    edition = edition_named(CURRENT_EDITION)
    assert len(edition.criteria) == 99
    assert len(edition.categories) == 12
    for criterion in edition.criteria:
        assert len(criterion.typical_evidence) == len(criterion.typical_evidence_es) > 0
        assert criterion.gist.endswith(".")
        assert criterion.gist_es.endswith(".")
        assert all(part.gist_es for part in criterion.sub_items)


def test_on_new_year_2023_social_compliance_became_a_must_and_nothing_else_changed() -> None:
    """domain.md part 2: 3.9 went from Should to Must on 1 Jan 2023."""
    before = {one.id: one for one in criteria_for(CURRENT_EDITION, IMPORTER, date(2022, 12, 31))}
    since = {one.id: one for one in criteria_for(CURRENT_EDITION, IMPORTER, date(2023, 1, 1))}
    assert {key for key in before if before[key] != since[key]} == {"3.9"}
    assert (before["3.9"].level, since["3.9"].level) == (Level.SHOULD, Level.MUST)
    assert before.keys() == since.keys()


@pytest.mark.parametrize("entity_type", EntityType)
def test_criteria_stand_in_the_order_of_their_numbers(entity_type: EntityType) -> None:
    found = ids(entity_type)
    assert found == sorted(set(found), key=place)
    assert found.index("4.2") < found.index("4.10")


def test_criteria_are_those_of_the_entity_type() -> None:
    assert "12.5" in ids(EntityType.CUSTOMS_BROKER)
    assert "12.5" not in ids(EntityType.IMPORTER)
    assert "3.9" in ids(EntityType.FOREIGN_MANUFACTURER)
    assert "3.9" not in ids(EntityType.SEA_CARRIER)


def test_a_member_of_two_types_answers_what_binds_either() -> None:
    both = (EntityType.IMPORTER, EntityType.CUSTOMS_BROKER)
    found = [criterion.id for criterion in criteria_for(CURRENT_EDITION, both, TODAY)]
    assert set(found) == set(ids(EntityType.IMPORTER)) | set(ids(EntityType.CUSTOMS_BROKER))


@pytest.mark.parametrize(
    ("criterion_id", "entity_type", "expected"),
    [
        ("9.4", EntityType.IMPORTER, False),
        ("9.4", EntityType.SEA_CARRIER, True),
        ("9.2", EntityType.FOREIGN_MANUFACTURER, True),
        ("6.1", EntityType.SEA_CARRIER, False),
    ],
)
def test_the_booklet_is_asked_for_where_we_have_no_confirmation(
    criterion_id: str,
    entity_type: EntityType,
    expected: bool,  # noqa: FBT001  (a column of the table)
) -> None:
    assert criterion_of(CURRENT_EDITION, (entity_type,), TODAY, criterion_id).check_booklet is expected


def test_an_unconfirmed_criterion_asks_for_the_booklet_whoever_reads() -> None:
    assert needs_booklet(confirmed=False, member_types=IMPORTER, confirmed_types=IMPORTER)


def test_what_does_not_apply_is_not_found() -> None:
    with pytest.raises(CriterionNotFound):
        criterion_of(CURRENT_EDITION, IMPORTER, TODAY, "12.5")
    with pytest.raises(EditionNotFound):
        criteria_for("msc-1999", IMPORTER, TODAY)


def parse(content: str | bytes, media_type: str = "text/csv") -> dict[str, str]:
    """Parse texts of the current edition."""
    raw = content.encode() if isinstance(content, str) else content
    return dict(parse_official_texts(CURRENT_EDITION, raw, media_type))


def problems(content: str | bytes, media_type: str = "text/csv") -> list[tuple[int, str, str]]:
    """Return the problems of a file that is refused."""
    with pytest.raises(OfficialTextsInvalid) as refused:
        parse(content, media_type)
    listed = refused.value.fields["problems"]
    assert isinstance(listed, list)
    return [(int(str(one["line"])), str(one["field"]), str(one["reason"])) for one in listed if isinstance(one, dict)]


def test_csv_with_quotes_line_breaks_and_byte_order_mark_is_read() -> None:
    content = '\ufeffcriterion_id,text\r\n9.4,"Gates, all of\nthem."\r\n4.10,Devices.\r\n'
    assert parse(content) == {"9.4": "Gates, all of\nthem.", "4.10": "Devices."}


def test_json_is_read() -> None:
    content = json.dumps([{"criterion_id": "9.4", "text": "Gates."}, {"criterion_id": "4.2", "text": "Tools."}])
    assert parse(content, "application/json") == {"9.4": "Gates.", "4.2": "Tools."}


def test_every_wrong_line_of_a_csv_is_named() -> None:
    content = 'criterion_id,text\n9.4,"two\nlines"\n99.9,Text\n9.4,Again\n1.1,\n1.2\n1.3,"bell\x07"\n'
    assert problems(content) == [
        (4, "criterion_id", "not in the edition"),
        (5, "criterion_id", "given twice"),
        (6, "text", "empty"),
        (7, "file", "1 columns, not 2"),
        (8, "text", "contains control characters"),
    ]


def test_every_wrong_line_of_a_json_is_named() -> None:
    content = '[\n {"criterion_id": "9.4", "text": "a"},\n {"criterion_id": "0.0", "text": "b"},\n 7\n]'
    assert problems(content, "application/json") == [
        (3, "criterion_id", "not in the edition"),
        (4, "file", "not an object with criterion_id and text"),
    ]


@pytest.mark.parametrize(
    ("content", "media_type", "line"),
    [
        ("id,wording\n9.4,Text\n", "text/csv", 1),
        ("criterion_id,text\n", "text/csv", 1),
        ('criterion_id,text\n9.4,"open\n', "text/csv", 2),
        (b"criterion_id,text\n9.4,\xff\n", "text/csv", 2),
        (b" " * (LARGEST_FILE_BYTES + 1), "text/csv", 1),
        ("criterion_id,text\n9.4,a\n", "text/plain", 1),
        ('{"criterion_id": "9.4"}', "application/json", 1),
        ('[\n{"criterion_id": "9.4",\n}]', "application/json", 3),
        ('[{"criterion_id": "9.4", "text": "a"}\n{"criterion_id": "4.2", "text": "b"}]', "application/json", 2),
        ('[{"criterion_id": "9.4", "text": "a"}]\nmore', "application/json", 1),
        ('[\n{"criterion_id": "9.4", "text": "a"}\n', "application/json", 3),
        ("[]", "application/json", 1),
        ("", "application/json", 1),
    ],
)
def test_a_file_that_cannot_be_read_says_where(content: str | bytes, media_type: str, line: int) -> None:
    assert problems(content, media_type)[0][0] == line


def read_or_refused(content: bytes, media_type: str) -> bool:
    """Say whether the file was read, or refused with the lines of its problems; anything else raises."""
    try:
        return bool(parse_official_texts(CURRENT_EDITION, content, media_type))
    except OfficialTextsInvalid as refused:
        listed = refused.fields["problems"]
        return isinstance(listed, list) and bool(listed)


@given(st.binary(max_size=300), st.sampled_from(["text/csv", "application/json"]))
def test_any_bytes_are_read_or_refused_with_a_line(content: bytes, media_type: str) -> None:
    assert read_or_refused(content, media_type)


@given(st.text(alphabet='[]{}",:9.4 \ncriterion_idtxa', max_size=60), st.sampled_from(["text/csv", "application/json"]))
def test_anything_like_a_file_is_read_or_refused_with_a_line(content: str, media_type: str) -> None:
    assert read_or_refused(content.encode(), media_type)
