"""Rate limits of a process, in memory: how often an address may try to sign in or join, and a login do what costs."""

import time
from math import ceil
from typing import Final
from uuid import UUID

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from server.errors import TooManyRequests

SIGN_IN_PER_PERSON: Final = RateLimitItemPerMinute(8, 10, namespace="sign_in_person")
"""Tries per e-mail address and network address."""
SIGN_IN_PER_ADDRESS: Final = RateLimitItemPerMinute(100, 10, namespace="sign_in_address")
"""Tries per network address; an office shares one."""
JOIN_PER_ADDRESS: Final = RateLimitItemPerMinute(60, 10, namespace="join")
UPLOADS_PER_LOGIN: Final = RateLimitItemPerMinute(300, 10, namespace="upload")
"""Uploads begun; a careful walk makes some dozen photos in ten minutes."""
LINK_UPLOADS_PER_LOGIN: Final = RateLimitItemPerMinute(150, 10, namespace="link_upload")
"""Uploads begun by a phone that came by a link."""
PAGES_PER_LOGIN: Final = RateLimitItemPerMinute(600, 10, namespace="page")
"""Pages of originals that are drawn; each takes up to some seconds of computing."""

RELAY_PER_LOGIN: Final = RateLimitItemPerMinute(120, 10, namespace="relay")
"""Credentials of the relay given out; a page keeps them for half their life."""
PROBES_PER_LOGIN: Final = RateLimitItemPerMinute(60, 10, namespace="probe")
"""Paths tried; a test of the connection tries four."""

LINE_TESTS_PER_LOGIN: Final = RateLimitItemPerMinute(20, 10, namespace="line_test")
"""Tests of the line that are stated."""
PHOTO_EVERY_S: Final = 3
PHOTOS_PER_SOURCE: Final = RateLimitItemPerSecond(1, PHOTO_EVERY_S, namespace="photo")
"""Photos of one camera, however many pages its owner has open; a page takes one every five seconds."""
WRONG_TOKENS_PER_ADDRESS: Final = RateLimitItemPerMinute(60, 10, namespace="wrong_token")
"""Media tokens that open nothing; a camera with an old one tries for ever."""
MEDIA_PER_TOKEN: Final = RateLimitItemPerMinute(120, 10, namespace="media_token")
"""Requests with one media token; an encoder that finds the session closed tries again every few seconds."""


class RateLimits:
    """The counters. They live in this process: several API processes allow several times as much, which still holds."""

    def __init__(self) -> None:
        self._storage = MemoryStorage()
        self._window = MovingWindowRateLimiter(self._storage)

    async def admit_sign_in(self, *, address: str, email: str) -> None:
        """Count a sign-in by password; raises TooManyRequests."""
        await self._admit(SIGN_IN_PER_ADDRESS, address)
        await self._admit(SIGN_IN_PER_PERSON, address, email)

    async def admit_link(self, *, address: str) -> None:
        """Count a join or sign-in link that is opened; raises TooManyRequests."""
        await self._admit(JOIN_PER_ADDRESS, address)

    async def admit_upload(self, login_id: UUID) -> None:
        """Count an upload that is asked for; raises TooManyRequests."""
        await self._admit(UPLOADS_PER_LOGIN, str(login_id))

    async def admit_link_upload(self, login_id: UUID) -> None:
        """Count an upload of a phone that came by a link; raises TooManyRequests."""
        await self._admit(LINK_UPLOADS_PER_LOGIN, str(login_id))

    async def admit_page(self, login_id: UUID) -> None:
        """Count a page that is drawn; raises TooManyRequests."""
        await self._admit(PAGES_PER_LOGIN, str(login_id))

    async def admit_relay(self, login_id: UUID) -> None:
        """Count relay credentials given out; raises TooManyRequests."""
        await self._admit(RELAY_PER_LOGIN, str(login_id))

    async def admit_probe(self, login_id: UUID) -> None:
        """Count a path that is tried; raises TooManyRequests."""
        await self._admit(PROBES_PER_LOGIN, str(login_id))

    async def admit_line_test(self, login_id: UUID) -> None:
        """Count a test of the line that is to be kept; raises TooManyRequests."""
        await self._admit(LINE_TESTS_PER_LOGIN, str(login_id))

    async def admit_photo(self, source_id: UUID) -> None:
        """Count a photo of a camera by who may send it; raises TooManyRequests."""
        await self._admit(PHOTOS_PER_SOURCE, str(source_id))

    async def admit_wrong_token(self, *, address: str) -> None:
        """Count a media token that opens nothing; raises TooManyRequests."""
        await self._admit(WRONG_TOKENS_PER_ADDRESS, address)

    async def admit_media(self, token_id: UUID) -> None:
        """Count a request with a media token; raises TooManyRequests."""
        await self._admit(MEDIA_PER_TOKEN, str(token_id))

    async def forgive_sign_in(self, *, address: str, email: str) -> None:
        """Forget the tries of a person who has now signed in."""
        await self._window.clear(SIGN_IN_PER_PERSON, address, email)

    async def close(self) -> None:
        """Wait for the storage's own clean-up task, which it starts at a hit."""
        if self._storage.timer is not None:
            await self._storage.timer

    async def _admit(self, limit: RateLimitItem, *keys: str) -> None:
        if await self._window.hit(limit, *keys):
            return
        stats = await self._window.get_window_stats(limit, *keys)
        raise TooManyRequests(retry_after_s=max(1, ceil(stats.reset_time - time.time())))
