"""A lane: every segment at its own moment of the session, silence and a still picture between, one file to seek in."""

import json
import re
import struct
import subprocess
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest
from av.audio.frame import AudioFrame

from evidence.segments.playback import LanePiece, build_lane, opus_duration_ms
from evidence.segments.rules import Container, SegmentMediaType, container_of
from server.media.mp4 import mend
from tests.parts import segments
from tests.parts.clips import decode_errors


def probed(path: Path) -> tuple[float, list[str]]:
    """Return duration in s and the codec of each track, as an independent program sees them."""
    command = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", str(path)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout)
    return float(found["format"]["duration"]), sorted(track["codec_name"] for track in found["streams"])


def loudness(path: Path, spans_s: Sequence[tuple[float, float]]) -> list[float]:
    """Return the root mean square, 0..1, of the decoded sound in each span."""
    squares, counts = [0.0] * len(spans_s), [0] * len(spans_s)
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=8_000)
        for frame in container.decode(audio=0):
            assert isinstance(frame, AudioFrame)
            for plain in resampler.resample(frame):
                at_s = float(plain.pts or 0) / 8_000
                samples = struct.unpack(f"<{plain.samples}h", bytes(plain.planes[0])[: plain.samples * 2])
                for number, (start_s, end_s) in enumerate(spans_s):
                    if start_s <= at_s < end_s:
                        squares[number] += sum((sample / 32_768) ** 2 for sample in samples)
                        counts[number] += len(samples)
    return [(square / max(count, 1)) ** 0.5 for square, count in zip(squares, counts, strict=True)]


def picture_times(path: Path) -> list[float]:
    """Return the time in s of every picture that decodes."""
    with av.open(str(path)) as container:
        return [float(frame.time or 0) for frame in container.decode(video=0)]


def two_pieces(folder: Path, container: Container = "webm") -> list[LanePiece]:
    first, second = folder / f"a.{container}", folder / f"b.{container}"
    segments.write(first, seconds=3, tone_hz=440, size=(320, 240))
    segments.write(second, seconds=3, tone_hz=880, size=(640, 480))
    return [LanePiece(first, 2_000, 5_000), LanePiece(second, 9_000, 12_000)]


@pytest.mark.parametrize(("container", "codec"), [("webm", "vp8"), ("mp4", "h264")])
def test_a_lane_lasts_as_long_as_the_session_and_keeps_each_moment(
    tmp_path: Path, container: Container, codec: str
) -> None:
    """The two pieces have pictures of two sizes."""
    lane, pieces = tmp_path / f"lane.{container}", two_pieces(tmp_path, container)
    assert build_lane(pieces, duration_ms=15_000, out_path=lane, container=container) == f"video/{container}"
    duration_s, codecs = probed(lane)
    assert abs(duration_s - 15) < 0.1
    assert sorted(codecs) == sorted(["opus", codec])
    assert decode_errors(lane) == ""
    silent, first, gap, second, after = loudness(lane, [(0, 1.9), (2.2, 4.8), (5.2, 8.8), (9.2, 11.8), (12.2, 15)])
    assert max(silent, gap, after) < 0.001
    assert min(first, second) > 0.05
    times = picture_times(lane)
    assert len(times) == 60
    assert [times[0], times[30]] == pytest.approx([2, 9], abs=0.01)


def test_a_lane_is_sought_without_reading_what_is_before(tmp_path: Path) -> None:
    """The index lies before the first cluster, and every second of the file begins a cluster of its own."""
    lane = tmp_path / "lane.webm"
    build_lane(two_pieces(tmp_path), duration_ms=15_000, out_path=lane)
    content = lane.read_bytes()
    cues, first_cluster = content.index(b"\x1c\x53\xbb\x6b"), content.index(b"\x1f\x43\xb6\x75")
    assert cues < first_cluster
    assert content.count(b"\x1f\x43\xb6\x75") >= 15
    with av.open(str(lane)) as container:
        container.seek(10_500_000)
        packet = next(iter(container.demux(video=0)))
        assert packet.is_keyframe
        assert 8_900 < (packet.pts or 0) <= 10_500


def test_an_mp4_lane_counts_all_times_in_one_unit(tmp_path: Path) -> None:
    """Firefox takes the time before the first picture, given in the file's unit, for one in the track's."""
    lane = tmp_path / "lane.mp4"
    build_lane(two_pieces(tmp_path, "mp4"), duration_ms=15_000, out_path=lane, container="mp4")
    content = lane.read_bytes()
    # ISO/IEC 14496-12, 8.2.2 and 8.4.2: behind the name stand version and flags, two dates, and the unit.
    units = {content[at.end() + 12 : at.end() + 16] for at in re.finditer(rb"mvhd|mdhd", content)}
    assert units == {(48_000).to_bytes(4)}


def test_sound_packets_follow_each_other_without_overlap(tmp_path: Path) -> None:
    """A player that finds two packets at one time, or going back, drops or repeats sound."""
    lane = tmp_path / "lane.webm"
    first, second = two_pieces(tmp_path)
    build_lane([first, second._replace(start_ms=4_996, end_ms=7_996)], duration_ms=9_000, out_path=lane)
    with av.open(str(lane)) as container:
        times = [float(p.pts * p.time_base) for p in container.demux(audio=0) if p.pts is not None and p.time_base]
    steps = [later - earlier for earlier, later in pairwise(times)]
    assert min(steps) > 0.015
    assert max(steps) < 0.045


@pytest.mark.parametrize(
    ("tone_hz", "size", "media_type", "codecs"),
    [
        (440, None, "audio/webm", ["opus"]),
        (None, (320, 240), "video/webm", ["opus", "vp8"]),
        (440, None, "audio/mp4", ["opus"]),
        (None, (320, 240), "video/mp4", ["h264", "opus"]),
    ],
)
def test_a_lane_of_one_kind_of_track(
    tmp_path: Path, tone_hz: int | None, size: tuple[int, int] | None, media_type: SegmentMediaType, codecs: list[str]
) -> None:
    container = container_of(media_type)
    piece = tmp_path / f"a.{container}"
    segments.write(piece, seconds=2, tone_hz=tone_hz, size=size)
    lane = tmp_path / f"lane.{container}"
    pieces = [LanePiece(piece, 1_000, 3_000)]
    assert build_lane(pieces, duration_ms=6_000, out_path=lane, container=container) == media_type
    duration_s, found = probed(lane)
    assert abs(duration_s - 6) < 0.1
    assert found == codecs
    assert decode_errors(lane) == ""


def test_a_camera_that_had_sound_alone_for_a_while_is_one_lane(tmp_path: Path) -> None:
    segments.write(tmp_path / "a.webm", seconds=2, tone_hz=440, size=None)
    segments.write(tmp_path / "b.webm", seconds=2, tone_hz=440, size=(320, 240))
    segments.write(tmp_path / "c.webm", seconds=2, tone_hz=None, size=(320, 240))
    lane = tmp_path / "lane.webm"
    pieces = [
        LanePiece(tmp_path / f"{name}.webm", at, at + 2_000) for name, at in (("a", 0), ("b", 2_000), ("c", 4_000))
    ]
    assert build_lane(pieces, duration_ms=6_000, out_path=lane) == "video/webm"
    assert decode_errors(lane) == ""
    with_sound, without = loudness(lane, [(0.1, 3.9), (4.2, 6)])
    assert (with_sound > 0.05, without < 0.001) == (True, True)
    assert [round(time, 1) for time in (picture_times(lane)[0], picture_times(lane)[-1])] == [2.0, 5.9]


def test_what_lies_outside_the_session_is_left_out(tmp_path: Path) -> None:
    """A source that was open before the session began, and one that ran on when it had ended."""
    segments.write(tmp_path / "a.webm", seconds=4, tone_hz=440, size=(320, 240), key_every=10)
    lane = tmp_path / "lane.webm"
    pieces = [LanePiece(tmp_path / "a.webm", -1_500, 2_500), LanePiece(tmp_path / "a.webm", 4_000, 8_000)]
    build_lane(pieces, duration_ms=5_000, out_path=lane)
    assert abs(probed(lane)[0] - 5) < 0.1
    assert decode_errors(lane) == ""
    times = picture_times(lane)
    assert times[0] == pytest.approx(0.5, abs=0.11)
    assert times[-1] < 5


@pytest.mark.parametrize("container", ["webm", "mp4"])
def test_a_segment_that_breaks_off_is_used_up_to_there(tmp_path: Path, container: Container) -> None:
    segments.write(tmp_path / f"a.{container}", seconds=4, tone_hz=440, size=(320, 240), key_every=10)
    whole = (tmp_path / f"a.{container}").read_bytes()
    (tmp_path / f"b.{container}").write_bytes(whole[: len(whole) // 2])
    if container == "mp4":
        mend(tmp_path / "b.mp4")
    (tmp_path / f"c.{container}").write_bytes(b"not a recording")
    lane = tmp_path / f"lane.{container}"
    pieces = [
        LanePiece(tmp_path / f"{name}.{container}", at, at + 4_000)
        for name, at in (("b", 0), ("c", 4_000), ("a", 8_000))
    ]
    build_lane(pieces, duration_ms=12_000, out_path=lane, container=container)
    assert abs(probed(lane)[0] - 12) < 0.1
    assert decode_errors(lane) == ""
    assert loudness(lane, [(8.2, 11.8)])[0] > 0.05
    assert picture_times(lane)[0] < 0.2


def test_a_lane_without_any_recording_is_silence(tmp_path: Path) -> None:
    lane = tmp_path / "lane.webm"
    assert build_lane([], duration_ms=2_000, out_path=lane) == "audio/webm"
    assert abs(probed(lane)[0] - 2) < 0.1
    assert loudness(lane, [(0, 2)])[0] < 0.001


@pytest.mark.parametrize(
    ("payload", "expected_ms"),
    [
        (b"\xf8\xff\xfe", 20.0),
        (bytes([0 << 3]), 10.0),
        (bytes([3 << 3 | 1]), 120.0),
        (bytes([13 << 3 | 2]), 40.0),
        (bytes([16 << 3]), 2.5),
        (bytes([31 << 3 | 3, 3]), 60.0),
        (bytes([31 << 3 | 3]), 0.0),
        (b"", 0.0),
    ],
)
def test_opus_duration_follows_the_table_of_rfc_6716(payload: bytes, expected_ms: float) -> None:
    assert opus_duration_ms(payload) == expected_ms


def test_time_base_of_the_parts_is_milliseconds(tmp_path: Path) -> None:
    """The lane's arithmetic rests on WebM's default scale."""
    segments.write(tmp_path / "a.webm", seconds=1, tone_hz=440, size=(320, 240))
    with av.open(str(tmp_path / "a.webm")) as container:
        assert {stream.time_base for stream in container.streams} == {Fraction(1, 1000)}
