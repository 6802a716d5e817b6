"""Fragmented MP4: every frame at its own time, and readable wherever its writer dies."""

from pathlib import Path

import av
import pytest

from server.media.containers import measure
from server.media.frames import EncodedFrame, TrackKind
from server.media.mp4 import Mp4File, mend
from server.media.transport.h264 import key_size
from tests.media.room import probe
from tests.parts.clips import decode_errors
from tests.parts.pictures import h264_pictures

SILENCE = b"\xf8\xff\xfe"


def timed(seconds: int, *, sound_from_ms: float = 0, hole_ms: tuple[int, int] = (0, 0)) -> list[EncodedFrame]:
    """Return pictures every 40 ms and sound every 20 ms by their time, but none in the hole."""
    made = list[EncodedFrame]()
    for number, (picture, _) in enumerate(h264_pictures(25 * seconds, key_every=25)):
        made.append(EncodedFrame(TrackKind.VIDEO, picture, 0, 40.0 * number, key_size(picture)))
    for number in range(50 * seconds):
        made.append(EncodedFrame(TrackKind.AUDIO, SILENCE, 0, sound_from_ms + 20 * number, None))
    kept = [frame for frame in made if not hole_ms[0] < frame.at_ms < hole_ms[1]]
    return sorted(kept, key=lambda frame: frame.at_ms)


def written(path: Path, frames: list[EncodedFrame], *, pictures: bool = True, sound: bool = True) -> list[bytes]:
    """Write the frames; return what was on the disk after each."""
    file, there = Mp4File(path, pictures=pictures, sound=sound), list[bytes]()
    for frame in frames:
        file.write(frame, frame.at_ms)
        there.append(path.read_bytes())
    file.close()
    return there


def times_ms(path: Path, kind: str) -> list[float]:
    """Return the times of a track's frames as the container has them."""
    with av.open(str(path)) as container:
        (stream,) = [one for one in container.streams if one.type == kind]
        return [float(p.pts * p.time_base * 1000) for p in container.demux(stream) if p.pts is not None and p.time_base]


def test_frames_keep_their_times_through_a_hole_and_a_late_beginning(tmp_path: Path) -> None:
    """Sound that begins 116 ms after the picture does, and a second and a half without any frame."""
    frames = timed(4, sound_from_ms=116, hole_ms=(1_200, 2_700))
    written(tmp_path / "a.mp4", frames)
    for kind in TrackKind:
        expected = [frame.at_ms for frame in frames if frame.track is kind]
        assert times_ms(tmp_path / "a.mp4", kind) == pytest.approx(expected, abs=0.1)
    assert decode_errors(tmp_path / "a.mp4") == ""
    assert probe(tmp_path / "a.mp4", "stream=codec_name").split() == ["h264", "opus"]


def test_less_than_a_second_is_lost_wherever_the_writer_dies(tmp_path: Path) -> None:
    """What is on the disk after each frame is whole fragments, without any end that was yet to be written."""
    frames, path = timed(4), tmp_path / "killed.mp4"
    for frame, there in list(zip(frames, written(tmp_path / "a.mp4", frames), strict=True))[60::17]:
        path.write_bytes(there)
        mend(path)
        assert path.read_bytes() == there
        assert decode_errors(path) == ""
        assert frame.at_ms - (measure(path) or 0.0) < 1_000


def test_file_cut_off_anywhere_is_mended_to_its_last_fragment(tmp_path: Path) -> None:
    """A write that only half reached the disk: without the half it decodes, with no frame there is nothing."""
    written(tmp_path / "a.mp4", timed(2))
    whole, path = (tmp_path / "a.mp4").read_bytes(), tmp_path / "cut.mp4"
    for end in range(0, len(whole), 1_777):
        path.write_bytes(whole[:end])
        mend(path)
        length_ms = measure(path)
        if length_ms is not None:
            assert decode_errors(path) == ""
    assert (length_ms or 0) > 1_000
    path.write_bytes(b"\x00\x00\x00\x00moof" * 3)
    mend(path)
    assert path.read_bytes() == b""


@pytest.mark.parametrize(("pictures", "sound"), [(True, False), (False, True)])
def test_file_of_one_track(tmp_path: Path, pictures: bool, sound: bool) -> None:  # noqa: FBT001  (a table's columns)
    kind = TrackKind.VIDEO if pictures else TrackKind.AUDIO
    written(tmp_path / "a.mp4", [frame for frame in timed(2) if frame.track is kind], pictures=pictures, sound=sound)
    assert decode_errors(tmp_path / "a.mp4") == ""
    assert float(probe(tmp_path / "a.mp4", "format=duration")) == pytest.approx(2, abs=0.05)


def test_file_without_a_frame_is_empty(tmp_path: Path) -> None:
    written(tmp_path / "a.mp4", [])
    assert (tmp_path / "a.mp4").read_bytes() == b""
