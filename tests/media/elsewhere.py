"""A page of another site that publishes and watches with a bearer token, by the texts of WHIP and WHEP alone."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

PAGE = """<!doctype html><title>elsewhere</title><video autoplay muted playsinline></video><script>
const talk = async (url, token, pc) => {
  await pc.setLocalDescription();
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/sdp" };
  const reply = await fetch(url, { method: "POST", headers, body: pc.localDescription.sdp });
  const told = await reply.text();
  if (reply.status !== 201) return [reply.status, told];
  await pc.setRemoteDescription({ type: "answer", sdp: told });
  window.end = () => fetch(new URL(reply.headers.get("Location"), url), { method: "DELETE", headers });
  window.pc = pc;
  return [reply.status, reply.headers.get("ETag")];
};
window.publish = async (url, token) => {
  const pc = new RTCPeerConnection({ iceServers: [] });
  const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 }, audio: true });
  for (const track of stream.getTracks()) pc.addTransceiver(track, { direction: "sendonly", streams: [stream] });
  return await talk(url, token, pc);
};
window.watch = async (url, token) => {
  const pc = new RTCPeerConnection({ iceServers: [] });
  for (const kind of ["audio", "video"]) pc.addTransceiver(kind, { direction: "recvonly" });
  const stream = new MediaStream();
  const video = document.querySelector("video");
  window.framesSeen = 0;
  const count = () => { window.framesSeen += 1; video.requestVideoFrameCallback(count); };
  video.requestVideoFrameCallback(count);
  pc.ontrack = (event) => { stream.addTrack(event.track); video.srcObject = stream; };
  return await talk(url, token, pc);
};
window.seen = () => [window.framesSeen, document.querySelector("video").videoWidth];
window.hangUp = async () => (await window.end()).status;
window.heard = async () => {
  for (const report of (await window.pc.getStats()).values()) {
    if (report.type === "inbound-rtp" && report.kind === "audio") return report.packetsReceived;
  }
  return 0;
};
</script>"""


@asynccontextmanager
async def other_site(line: socket.socket | None = None) -> AsyncIterator[str]:
    """Serve the page from an origin of its own until the block ends, and give its address.

    Args: line: listens in the browser's network.
    """

    async def show(_: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    app = web.Application()
    app.add_routes([web.get("/", show)])
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    await (web.TCPSite(runner, "127.0.0.1", 0) if line is None else web.SockSite(runner, line)).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()
