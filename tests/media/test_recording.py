"""Recordings decode with an independent tool, have the right length, lose nothing they should have, and no more."""

import asyncio
import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from evidence.ids import CaseId, SourceId
from evidence.objects.local import LocalStore
from server.clock import system_clock
from server.media.control import MediaControl
from server.media.filing import Filer
from server.media.frames import CLOCK_RATES, EncodedFrame, TrackKind, VideoCodec
from server.media.recorder import BOUND, Began, Recorder, RecorderParts
from server.media.reports import (
    CloseReason,
    GapReason,
    ReportLog,
    SegmentClosed,
    SegmentGap,
    SourceInterrupted,
    SourceLive,
    SourceResumed,
    all_reports,
)
from server.media.spool import Spool
from server.media.tasks import Tasks
from server.media.timeline import Sent, SourceClock
from server.media.transport.h264 import key_size
from server.media.wire import Publish, SourceKind
from server.media.worker import MediaSettings, serving_media
from tests.media.peers import MovingPicture, Tone
from tests.media.recorders import recording
from tests.media.room import Room, loudest_pitch, probe
from tests.parts.clips import decode_errors
from tests.parts.pictures import h264_pictures
from tests.waiting import wait_until


def check_stored(room: Room, segment: SegmentClosed) -> Path:
    """Assert that the store has the segment's very bytes, and that they decode without a complaint."""
    path = room.stored(segment)
    body = path.read_bytes()
    assert (len(body), hashlib.sha256(body).hexdigest()) == (segment.bytes, segment.digest)
    assert decode_errors(path) == ""
    return path


@pytest.mark.parametrize(("codec", "media_type"), [(VideoCodec.VP8, "video/webm"), (VideoCodec.H264, "video/mp4")])
async def test_recording_is_cut_into_segments_that_join_without_a_gap(
    room: Room, codec: VideoCodec, media_type: str
) -> None:
    """Segments of about six seconds begin at key frames, meet exactly, decode, and sum up to the time that passed."""
    source_id = await room.publish(MovingPicture(), Tone(440), record=True, video=codec)

    async def cut_twice() -> bool:
        return len(await room.segments(source_id)) >= 2

    await wait_until(cut_twice, within_s=25)
    await room.control.unpublish(source_id)
    ended = await room.ended(source_id)
    live = (await room.reported(SourceLive, source_id))[0]
    segments = await room.segments(source_id)
    assert [segment.index for segment in segments] == list(range(ended.segments))
    assert [segment.reason for segment in segments] == [CloseReason.CUT] * (ended.segments - 1) + [CloseReason.ENDED]
    assert {(segment.width, segment.height, segment.media_type) for segment in segments} == {(320, 240, media_type)}
    assert [a.end_ms for a in segments[:-1]] == [b.start_ms for b in segments[1:]]
    assert all(5_000 <= segment.end_ms - segment.start_ms <= 8_000 for segment in segments[:-1])
    assert segments[0].start_ms < 250
    assert segments[1].started_at == live.started_at + timedelta(milliseconds=segments[1].start_ms)
    assert abs((ended.at - live.started_at).total_seconds() * 1000 - segments[-1].end_ms) < 1_000
    assert await room.reported(SegmentGap, source_id) == []
    for segment in segments:
        path = await asyncio.to_thread(check_stored, room, segment)
        length_ms = float(await asyncio.to_thread(probe, path, "format=duration")) * 1000
        assert abs(length_ms - (segment.end_ms - segment.start_ms)) < 100
        kinds = await asyncio.to_thread(probe, path, "stream=codec_name")
        assert kinds.split() == [codec.lower(), "opus"]


async def test_two_sources_keep_their_own_pitch(room: Room) -> None:
    """Opus passes untouched: the tone of each speaker is in that speaker's recording."""
    low = await room.publish(Tone(440), record=True, kind=SourceKind.MICROPHONE)
    high = await room.publish(Tone(880), MovingPicture(), record=True)

    async def heard() -> bool:
        return min((await room.stats(low)).audio_frames, (await room.stats(high)).audio_frames) > 75

    await wait_until(heard)
    for source_id, pitch, media_type in ((low, 440, "audio/webm"), (high, 880, "video/webm")):
        await room.control.unpublish(source_id)
        await room.ended(source_id)
        (segment,) = await room.segments(source_id)
        assert segment.media_type == media_type
        path = await asyncio.to_thread(check_stored, room, segment)
        assert await asyncio.to_thread(loudest_pitch, path, (440.0, 660.0, 880.0)) == pitch


async def test_private_stretch_is_shown_and_not_stored(room: Room) -> None:
    """'Show, do not store' ends the segment at once and reports the stretch; the viewer sees it all."""
    source_id = await room.publish(MovingPicture(), Tone(440), record=True)
    viewer = await room.watch(source_id, "video")
    await wait_until(lambda: len(viewer.received["video"]) >= 30)
    await room.control.set_private(room.room_id, on=True, reason="a badge")
    await room.control.set_private(room.room_id, on=True, reason="a badge")
    first = (await wait_until(lambda: room.segments(source_id)))[0]
    assert (await room.stats(source_id)).private
    seen = len(viewer.received["video"])
    await wait_until(lambda: len(viewer.received["video"]) >= seen + 45)
    await room.control.set_private(room.room_id, on=False, reason="")
    gap = (await wait_until(lambda: room.reported(SegmentGap, source_id)))[0]
    seen = len(viewer.received["video"])
    await wait_until(lambda: len(viewer.received["video"]) >= seen + 30)
    await room.control.unpublish(source_id)
    await room.ended(source_id)
    _, second = await room.segments(source_id)
    assert first.reason is CloseReason.PRIVATE
    assert (gap.reason, gap.track) == (GapReason.PRIVATE, None)
    assert (gap.start_ms, gap.end_ms) == (first.end_ms, second.start_ms)
    assert gap.end_ms - gap.start_ms >= 1_000
    for segment in (first, second):
        await asyncio.to_thread(check_stored, room, segment)


async def test_source_published_in_a_private_room_is_not_stored(room: Room) -> None:
    """The room is private, whoever comes; a room that is not recorded has no segments at all."""
    await room.control.set_private(room.room_id, on=True, reason="a badge")
    source_id = await room.publish(Tone(440), record=True, kind=SourceKind.MICROPHONE)
    other_id = await room.publish(Tone(440), record=False, kind=SourceKind.MICROPHONE)

    async def heard() -> bool:
        return (await room.stats(source_id)).audio_frames > 50

    await wait_until(heard)
    for ended in (source_id, other_id):
        await room.control.unpublish(ended)
        assert (await room.ended(ended)).segments == 0
    (gap,) = await room.reported(SegmentGap, source_id)
    assert gap.reason is GapReason.PRIVATE
    assert not list((room.settings.root / "media" / "spool-media-0").iterdir())


async def test_interruption_ends_the_segment_and_becomes_a_gap(room: Room) -> None:
    """Three seconds of silence are an interruption, told at once and healed by the next frame."""
    tone = Tone(440)
    source_id = await room.publish(tone, record=True, kind=SourceKind.MICROPHONE)
    (sender,) = room.publishers[0].senders

    async def heard() -> bool:
        return (await room.stats(source_id)).audio_frames > 50

    await wait_until(heard)
    sender.replaceTrack(None)
    interrupted = (await wait_until(lambda: room.reported(SourceInterrupted, source_id)))[0]
    first = (await wait_until(lambda: room.segments(source_id)))[0]
    tone.pause()
    sender.replaceTrack(tone)
    (resumed,) = await wait_until(lambda: room.reported(SourceResumed, source_id))
    (gap,) = await wait_until(lambda: room.reported(SegmentGap, source_id))
    assert first.reason is CloseReason.INTERRUPTED
    assert (gap.reason, gap.start_ms) == (GapReason.INTERRUPTED, first.end_ms)
    live = (await room.reported(SourceLive, source_id))[0]
    assert abs((interrupted.since - live.started_at).total_seconds() * 1000 - first.end_ms) < 250
    assert abs((resumed.at - live.started_at).total_seconds() * 1000 - gap.end_ms) < 250


async def test_recorder_reports_a_gap_when_the_disk_is_too_slow(tmp_path: Path) -> None:
    """The queue keeps its bound; what did not fit is said, not silently missing."""
    publish = Publish(
        room_id=uuid4(),
        case_id=CaseId(uuid4()),
        source_id=SourceId(uuid4()),
        kind=SourceKind.MICROPHONE,
        offer_sdp="",
        record=True,
    )
    release = threading.Event()
    with ThreadPoolExecutor(1) as executor, ThreadPoolExecutor(1) as disk:
        spool = Spool(tmp_path / "spool")
        await asyncio.to_thread(spool.prepare)
        reports = ReportLog(tmp_path / "reports.jsonl", executor=executor)
        filer = Filer(spool, LocalStore(tmp_path / "objects", executor=executor), reports, executor=executor)
        recorder = Recorder(
            publish, RecorderParts(spool, filer, reports, disk, system_clock), ask_key_frame=lambda: None
        )
        clock = SourceClock(frozenset({TrackKind.AUDIO}))
        clock.note(TrackKind.AUDIO, 0, 0.0)
        sent = Sent(clock.tracks, None, clock)
        recorder.begin(Began(system_clock(), 0.0))
        tasks = Tasks()
        for work in (reports.run(), filer.run(), recorder.run(sent)):
            tasks.spawn(work)
        stuck = disk.submit(release.wait)
        for number in range(BOUND + 500):
            recorder.take(EncodedFrame(TrackKind.AUDIO, b"\xf8\xff\xfe", number * 960, number * 20.0, None))
        release.set()
        await asyncio.wrap_future(stuck)
        assert await recorder.finish() == 2
        await filer.drain()
        await reports.flush()
        found = await asyncio.to_thread(lambda: list(all_reports(tmp_path / "reports.jsonl")))
        await tasks.close()
    (gap,) = [report for report in found if isinstance(report, SegmentGap)]
    segments = [report for report in found if isinstance(report, SegmentClosed)]
    lost_ms = BOUND * 20
    assert (gap.reason, gap.start_ms, gap.end_ms) == (GapReason.OVERFLOW, 0, lost_ms)
    assert [(segment.start_ms, segment.end_ms) for segment in segments] == [
        (lost_ms, lost_ms + 6_000),
        (lost_ms + 6_000, lost_ms + 10_000),
    ]


def frame_at(kind: TrackKind, at_ms: int, payload: bytes, size: tuple[int, int] | None = None) -> EncodedFrame:
    """Return a frame that was made and arrived at once."""
    return EncodedFrame(kind, payload, at_ms * CLOCK_RATES[kind] // 1000, at_ms, size)


async def test_forced_end_of_h264_leaves_sound_and_a_gap_of_pictures(tmp_path: Path) -> None:
    """Ten seconds without a key frame end the MP4; sound goes on in one of its own, the pictures are a stated gap."""
    clock = SourceClock(frozenset(TrackKind))
    async with recording(tmp_path, Sent(clock.tracks, VideoCodec.H264, clock)) as made:
        pictures = [picture for picture, _ in h264_pictures(325, key_every=1_000)]
        frames = [frame_at(TrackKind.VIDEO, 40 * n, one, key_size(one)) for n, one in enumerate(pictures)]
        frames += [frame_at(TrackKind.AUDIO, 20 * n, b"\xf8\xff\xfe") for n in range(650)]
        made.frames = sorted(frames, key=lambda frame: frame.at_ms)
        for frame in made.frames:
            clock.note(frame.track, frame.timestamp, frame.at_ms)
    first, second = made.segments
    assert (first.media_type, first.start_ms, first.end_ms, first.reason) == (
        "video/mp4",
        0,
        10_000,
        CloseReason.FORCED,
    )
    assert (second.media_type, second.start_ms, second.end_ms) == ("audio/mp4", 10_000, 13_000)
    (gap,) = made.gaps
    assert (gap.track, gap.reason, gap.start_ms, gap.end_ms) == ("video", GapReason.NO_KEY_FRAME, 10_000, 13_000)
    for segment in made.segments:
        assert await asyncio.to_thread(decode_errors, made.file(segment)) == ""
        length_ms = float(await asyncio.to_thread(probe, made.file(segment), "format=duration")) * 1000
        assert abs(length_ms - (segment.end_ms - segment.start_ms)) < 100


async def test_spool_is_freed_only_after_the_segment_was_reported(room: Room) -> None:
    """The local copy goes when the worker says so, and not before the segment is safe elsewhere."""
    source_id = await room.publish(Tone(440), record=True, kind=SourceKind.MICROPHONE)
    folder = room.settings.root / "media" / "spool-media-0"
    await wait_until(lambda: list(folder.glob("*.webm")))
    await room.control.unpublish(source_id)
    await room.ended(source_id)
    (segment,) = await room.segments(source_id)

    async def freed() -> bool:
        await room.control.spool_freed(segment.segment_id)
        return not list(folder.iterdir())

    await wait_until(freed)
    await room.control.spool_freed(segment.segment_id)
    assert room.stored(segment).exists()


async def test_segments_wait_for_a_store_that_is_down(tmp_path: Path, short_socket: Path) -> None:
    """Media goes on while nothing can be stored; the segments are reported, in order, once it can."""
    root = tmp_path / "data"
    settings = MediaSettings(root, short_socket, "media-0", ("127.0.0.1",))
    with ThreadPoolExecutor(1) as executor:
        objects = LocalStore(root / "objects", executor=executor)
        async with serving_media(settings, objects):
            control = MediaControl(settings.socket_path)
            room = Room(settings, control)
            (root / "objects").write_text("not a folder")
            source_id = await room.publish(Tone(440), record=True, kind=SourceKind.MICROPHONE)
            await room.control.unpublish(source_id)

            async def waits() -> bool:
                return (await control.health()).segments_waiting == 1

            await wait_until(waits)
            assert await room.segments(source_id) == []
            (root / "objects").unlink()
            await room.ended(source_id)
            assert len(await room.segments(source_id)) == 1
            await room.close()
            await control.close()
