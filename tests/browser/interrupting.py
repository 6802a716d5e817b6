"""What interrupts a phone, done to a browser: each returns when it began and ended by the test's own clock."""

import asyncio
import os
import re
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple

from playwright.sync_api import Locator, Page, Route

from tests.browser.people import Phone
from tests.media.line import Address, Line
from tests.waiting import wait_until_blocking

CANDIDATE = re.compile(r"(a=candidate:.* 127\.0\.0\.1 )(\d+)( typ host.*)")
TRACKS = """
window.camera = () => document.querySelector('video').srcObject;
window.taken = (kind, on) => {
  for (const track of window.camera().getTracks().filter((one) => kind.includes(one.kind))) {
    Object.defineProperty(track, 'muted', { configurable: true, get: () => on });
    track.dispatchEvent(new Event(on ? 'mute' : 'unmute'));
  }
};
window.hide = (on) => {
  Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (on ? 'hidden' : 'visible') });
  document.dispatchEvent(new Event('visibilitychange'));
};
window.otherWay = false;
window.change = () => {
  window.otherWay = !window.otherWay;
  window.connection.getSenders()[0].transport.iceTransport.dispatchEvent(new Event('selectedcandidatepairchange'));
};
const stats = RTCPeerConnection.prototype.getStats;
RTCPeerConnection.prototype.getStats = async function (...wanted) {
  if (this.getSenders().some((one) => one.transport && one.track)) window.connection = this;
  const found = await stats.apply(this, wanted);
  const reports = new Map();
  found.forEach((one) => reports.set(one.id, one.type === 'local-candidate' && window.otherWay
    ? { ...one, networkType: 'cellular' } : one));
  return reports;
};
"""
"""What a phone's system does to tracks and page, and another network, which a test cannot give a browser."""


PRESS = "(button) => { const at = Date.now(); button.click(); return at; }"
UNTIL = """async () => {
  const began = Date.now();
  %s;
  await new Promise((done) => setTimeout(done, 0));
  while (!(%s)) await new Promise((done) => setTimeout(done, 10));
  return [began, Date.now()];
}"""
"""Begins something in the page and returns when, and when what it does is over."""


class Cut(NamedTuple):
    """An interruption as the script did it."""

    cause: str
    began: datetime
    ended: datetime


def now() -> datetime:
    """Return the time, which is the server's too."""
    return datetime.now(UTC)


def moment(ms: float) -> datetime:
    """Return a time of the page, whose clock is this machine's."""
    return datetime.fromtimestamp(ms / 1000, UTC)


class WatchedLine(Line):
    """A line that remembers when it first carried media after it was whole again."""

    media_at: datetime | None = None

    def carry_up(self, datagram: bytes, peer: Address) -> None:
        """Take a datagram up; the first byte tells media from checks and handshakes (RFC 7983)."""
        if not self.is_cut and self.media_at is None and 128 <= datagram[0] <= 191:
            self.media_at = now()
        super().carry_up(datagram, peer)


class Lines:
    """Lines to the media port, in a loop of their own, because the browser's driver has this thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._lines: dict[int, WatchedLine] = {}
        self._is_cut = False

    def run(self) -> None:
        """Carry datagrams until `stop`."""
        self._loop.run_forever()
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def stop(self) -> None:
        """End all lines."""

        def end() -> None:
            for line in self._lines.values():
                line.close()
            self._loop.stop()

        self._loop.call_soon_threadsafe(end)

    def cut(self, *, on: bool) -> None:
        """Let nothing through any line, or everything again."""
        self._is_cut = on
        for line in self._lines.values():
            line.is_cut = on
            line.media_at = None

    def media_at(self, after: datetime) -> datetime | None:
        """Return when media first came after a moment; None before."""
        found = [line.media_at for line in self._lines.values() if line.media_at is not None and line.media_at >= after]
        return min(found, default=None)

    def detour(self, route: Route) -> None:
        """Answer an offer, and what mends a connection, with the line's port in the place of the media port's."""
        if self._is_cut:
            route.abort("internetdisconnected")
            return
        if route.request.method not in {"POST", "PATCH"}:
            route.continue_()
            return
        answer = route.fetch()
        route.fulfill(response=answer, body=CANDIDATE.sub(self._through, answer.text()))

    def _through(self, found: re.Match[str]) -> str:
        target = int(found[2])
        if target not in self._lines:
            line = WatchedLine(("127.0.0.1", target))
            asyncio.run_coroutine_threadsafe(line.open(), self._loop).result(5)
            self._lines[target] = line
        return f"{found[1]}{self._lines[target].port}{found[3]}"


@contextmanager
def lines() -> Iterator[Lines]:
    """Give lines until the block ends."""
    found = Lines()
    carrier = threading.Thread(target=found.run)
    carrier.start()
    try:
        yield found
    finally:
        found.stop()
        carrier.join()


class Interrupter:
    """Interrupts a phone that is in the room."""

    def __init__(self, phone: Phone, carried: Lines) -> None:
        self._phone = phone
        self._page: Page = phone.page
        self._lines = carried

    def _for(self, cause: str, seconds: float, begin: Callable[[], object], end: Callable[[], object]) -> Cut:
        began = now()
        begin()
        self._wait(began, seconds)
        ended = now()
        end()
        return Cut(cause, began, ended)

    def _wait(self, began: datetime, seconds: float) -> None:
        wait_until_blocking(lambda: (now() - began).total_seconds() >= seconds, within_s=seconds + 5)

    def _timed(self, action: str) -> datetime:
        """Do something in the page and return when it was done there: a question may wait for its turn."""
        return moment(self._page.evaluate(f"() => {{ const at = Date.now(); {action}; return at; }}"))

    def _script(self, cause: str, seconds: float, begin: str, end: str) -> Cut:
        began = self._timed(begin)
        self._wait(began, seconds)
        return Cut(cause, began, self._timed(end))

    def _press(self, cause: str, on: Locator, off: Locator) -> Cut:
        began = moment(on.evaluate(PRESS))
        self._wait(began, 4)
        return Cut(cause, began, moment(off.evaluate(PRESS)))

    def hide(self) -> Cut:
        """Put the page behind another."""
        return self._script("hidden", 4, "hide(true)", "hide(false)")

    def freeze(self) -> Cut:
        """Stop the process that runs the page and its media, as a phone does that sleeps.

        The browser freezes hidden pages only, and a page without a screen is never hidden.
        """
        browser = self._phone.context.browser
        assert browser is not None
        found = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
        pids = [int(one["id"]) for one in found if one["type"] == "renderer"]

        def tell(which: signal.Signals) -> None:
            for pid in pids:
                os.kill(pid, which)

        return self._for("frozen", 5, lambda: tell(signal.SIGSTOP), lambda: tell(signal.SIGCONT))

    def mute(self) -> Cut:
        """Press the microphone off and on."""
        button = self._page.get_by_role("button", name="Mute")
        return self._press("mute_audio", button, button)

    def pause(self) -> Cut:
        """Pause the picture by hand, and send it again."""
        self._page.get_by_label("Files, people and leaving").click()
        sheet = self._page.get_by_role("dialog")
        on, off = (sheet.get_by_role("button", name=name) for name in ("Pause my picture", "Send the picture again"))
        cut = self._press("mute_video", on, off)
        self._phone.close_sheet()
        return cut

    def end_track(self) -> Cut:
        """Take the camera away for good; the page opens it again by itself."""
        lose = "const [t] = camera().getVideoTracks(); t.stop(); t.dispatchEvent(new Event('ended'))"
        return self._until("track_ended", lose, "camera().getVideoTracks()[0]?.readyState === 'live'")

    def swap(self) -> Cut:
        """Go to the other camera."""
        flip = "document.querySelector('[aria-label$=\"Other camera\"]')"
        return self._until("camera_swap", f"{flip}.click()", f"!{flip}.disabled")

    def _until(self, cause: str, begin: str, found: str) -> Cut:
        began, ended = map(moment, self._page.evaluate(UNTIL % (begin, found)))
        return Cut(cause, began, ended)

    def lose_network(self, seconds: float) -> Cut:
        """Lose media and socket alike; it is over when the line carries media again."""

        def cut(*, on: bool) -> None:
            self._lines.cut(on=on)
            self._phone.context.set_offline(on)

        lost = self._for("network", seconds, lambda: cut(on=True), lambda: cut(on=False))

        def back() -> datetime | None:
            self._page.evaluate("true")  # lets the driver answer the page's new offer meanwhile
            return self._lines.media_at(lost.ended)

        at = wait_until_blocking(back, within_s=20)
        assert at is not None
        return Cut(lost.cause, lost.began, at)

    def change_path(self) -> Cut:
        """Come to the server another way."""
        at = self._timed("change()")
        return Cut("relay_change", at, at)

    def call(self, meanwhile: Callable[[], object]) -> Cut:
        """Take microphone and camera, as a call does, and look at what is shown."""
        began = self._timed("taken(['audio', 'video'], true)")
        meanwhile()
        return Cut("call", began, self._timed("taken(['audio', 'video'], false)"))

    def lock(self) -> Cut:
        """Lock the screen: the page is hidden and the camera taken."""
        on, off = "hide(true); taken(['video'], true)", "taken(['video'], false); hide(false)"
        return self._script("screen_locked", 4, on, off)
