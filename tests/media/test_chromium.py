"""A real browser publishes its fake camera and watches it through the media process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright

from evidence.ids import SourceId
from server.media.reports import SegmentGap, SourceLive
from tests.media.room import Room, loudest_pitch, media_process
from tests.parts.clips import decode_errors
from tests.parts.running import program
from tests.waiting import wait_until

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
]
PAGE = """<!doctype html><title>media</title><video autoplay muted playsinline></video><script>
const post = async (path, pc) => {
  await pc.setLocalDescription();
  const reply = await fetch(path, { method: "POST", body: pc.localDescription.sdp });
  await pc.setRemoteDescription({ type: "answer", sdp: await reply.text() });
  window.pc = pc;
};
window.publish = async (video) => {
  const pc = new RTCPeerConnection({ iceServers: [] });
  const stream = await navigator.mediaDevices.getUserMedia({ video });
  const sound = new AudioContext();
  const tone = new OscillatorNode(sound, { frequency: 660 });
  const out = new MediaStreamAudioDestinationNode(sound);
  tone.connect(out);
  tone.start();
  stream.addTrack(out.stream.getAudioTracks()[0]);
  for (const track of stream.getTracks()) pc.addTransceiver(track, { direction: "sendonly", streams: [stream] });
  await post("/publish", pc);
};
window.watch = async (source) => {
  const pc = new RTCPeerConnection({ iceServers: [] });
  for (const kind of ["audio", "video"]) pc.addTransceiver(kind, { direction: "recvonly" });
  const stream = new MediaStream();
  pc.ontrack = (event) => { stream.addTrack(event.track); document.querySelector("video").srcObject = stream; };
  await post(`/watch/${source}`, pc);
};
window.seen = () => {
  const video = document.querySelector("video");
  return [video.getVideoPlaybackQuality().totalVideoFrames, video.videoWidth, video.videoHeight];
};
window.heard = async () => {
  for (const report of (await window.pc.getStats()).values()) {
    if (report.type !== "inbound-rtp" || report.kind !== "audio") continue;
    return [report.totalSamplesReceived, report.concealedSamples];
  }
  return [0, 0];
};
window.cipher = async () => {
  for (const report of (await window.pc.getStats()).values()) if (report.type === "transport") return report.srtpCipher;
};
</script>"""


@asynccontextmanager
async def page_server(room: Room, source_id: SourceId) -> AsyncIterator[str]:
    """Serve the page and hand its offers to the media process, as the API would; give the address."""

    async def show(_: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    async def publish(request: web.Request) -> web.Response:
        return web.Response(text=await room.call(source_id, await request.text(), record=True))

    async def watch(request: web.Request) -> web.Response:
        asked = SourceId(UUID(request.match_info["source_id"]))
        return web.Response(text=await room.control.watch(asked, peer_id=uuid4(), offer_sdp=await request.text()))

    app = web.Application()
    app.add_routes([web.get("/", show), web.post("/publish", publish), web.post("/watch/{source_id}", watch)])
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Run Debian's Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program("chromium"), args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


async def open_page(browser: Browser, url: str) -> Page:
    """Open the page in a context of its own."""
    context = await browser.new_context(permissions=["camera", "microphone"])
    page = await context.new_page()
    await page.goto(url)
    return page


async def test_chromium_publishes_and_watches(apart: Room) -> None:
    """Remote frames advance with their size, sound flows unconcealed, and the recording decodes."""
    room, source_id = apart, SourceId(uuid4())
    # A process of its own: the browser answers from every address this machine has, which the suite's guard refuses.
    async with media_process(room.settings, room.control), page_server(room, source_id) as url, chromium() as browser:
        publisher, viewer = await open_page(browser, url), await open_page(browser, url)
        await publisher.evaluate("window.publish({ width: 640, height: 360, frameRate: 15 })")
        await viewer.evaluate("source => window.watch(source)", str(source_id))

        async def plays() -> bool:
            frames, width, height = await viewer.evaluate("() => window.seen()")
            samples, concealed = await viewer.evaluate("() => window.heard()")
            return bool(frames >= 120 and width * 9 == height * 16 and samples > 96_000 and concealed < samples / 4)

        await wait_until(plays, within_s=30)
        assert await viewer.evaluate("() => window.cipher()") == "SRTP_AEAD_AES_256_GCM"
        still, jpeg = await room.control.still(source_id)
        assert (still.width * 9, jpeg[:2]) == (still.height * 16, b"\xff\xd8")
        await room.control.unpublish(source_id)
        await viewer.wait_for_function("() => window.pc.connectionState !== 'connected'")
        ended = await room.ended(source_id)
    live = (await room.reported(SourceLive, source_id))[0]
    segments = await room.segments(source_id)
    assert await room.reported(SegmentGap, source_id) == []
    assert [a.end_ms for a in segments[:-1]] == [b.start_ms for b in segments[1:]]
    assert abs((ended.at - live.started_at).total_seconds() * 1000 - segments[-1].end_ms) < 1_000
    for segment in segments:
        assert await asyncio.to_thread(decode_errors, room.stored(segment)) == ""
        assert await asyncio.to_thread(loudest_pitch, room.stored(segment), (440.0, 660.0, 880.0)) == 660
