"""A real browser at the media process: a page that publishes its fake camera, watches, and restarts its path."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

from aiohttp import web
from playwright.async_api import Browser, Page, async_playwright

from evidence.ids import SourceId
from tests.media.room import Room
from tests.parts.running import program

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
window.restart = async (path) => {
  pc.restartIce();
  await pc.setLocalDescription();
  const lines = (text, ...names) => text.split("\\r\\n").filter((line) => names.some((name) => line.startsWith(name)));
  const fragment = lines(pc.localDescription.sdp, "a=ice-ufrag", "a=ice-pwd").slice(0, 2).join("\\r\\n") + "\\r\\n";
  const reply = await fetch(path, { method: "PATCH", body: fragment });
  const told = await reply.text();
  const now = (name) => lines(told, name)[0];
  const sdp = pc.remoteDescription.sdp
    .replace(/a=ice-ufrag:.*/g, now("a=ice-ufrag")).replace(/a=ice-pwd:.*/g, now("a=ice-pwd"));
  await pc.setRemoteDescription({ type: "answer", sdp });
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


Detour = Callable[[str], Awaitable[str]]
"""Changes an answer on its way to the page."""


async def straight(answer: str) -> str:
    """Leave an answer as it is."""
    return answer


@asynccontextmanager
async def page_server(room: Room, source_id: SourceId, *, detour: Detour = straight) -> AsyncIterator[str]:
    """Serve the page and hand its offers to the media process, as the API would; give the address.

    Args: detour: what changes in an answer before the page gets it.
    """

    async def show(_: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    async def publish(request: web.Request) -> web.Response:
        return web.Response(text=await detour(await room.call(source_id, await request.text(), record=True)))

    async def watch(request: web.Request) -> web.Response:
        asked = SourceId(UUID(request.match_info["source_id"]))
        return web.Response(
            text=await detour(
                (await room.control.watch(asked, peer_id=uuid4(), offer_sdp=await request.text())).answer_sdp
            )
        )

    async def restart(request: web.Request) -> web.Response:
        patched = await room.control.patch(source_id, fragment=await request.text(), if_match="*")
        return web.Response(text=patched.fragment)

    app = web.Application()
    app.add_routes([web.get("/", show), web.post("/publish", publish), web.post("/watch/{source_id}", watch)])
    app.add_routes([web.patch("/publish", restart)])
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def chromium(*flags: str) -> AsyncIterator[Browser]:
    """Run Debian's Chromium. Args: flags: more of its flags."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program("chromium"), args=[*FLAGS, *flags])
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
