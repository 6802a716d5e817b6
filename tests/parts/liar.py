"""An S3 store that takes what it is told and does not keep it: a real server before SeaweedFS that drops some of it.

Several stores that are sold or given away behave like this (rclone, nanio, localbucket, s3rver).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientSession, web
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from yarl import URL

from tests.parts.running import LOOPBACK
from tests.parts.stores import S3Server

DROPPED = {
    "lock": ("x-amz-object-lock-",),
    "condition": ("if-none-match",),
    "checksum": ("x-amz-checksum-", "x-amz-sdk-checksum-"),
}
"""For each lie: what the headers that are not passed on begin with."""
NAME = "LiarStore/1.0"
_OWN = frozenset({"host", "authorization", "content-length", "connection", "accept-encoding", "expect"})


@asynccontextmanager
async def liar(store: S3Server, *lies: str) -> AsyncIterator[S3Server]:
    """Run a store that tells these lies, with the same buckets and keys, until the block ends."""
    dropped = tuple(begin for lie in lies for begin in DROPPED[lie])
    async with ClientSession(auto_decompress=False) as onward:

        async def answer(request: web.Request) -> web.StreamResponse:
            if "lock" in lies and request.method == "PUT" and {"retention", "legal-hold"} & set(request.query):
                return web.Response(headers={"Server": NAME})
            body = await request.read()
            kept = {
                name: value
                for name, value in request.headers.items()
                if name.lower() not in _OWN and not name.lower().startswith(dropped)
            }
            url = store.endpoint + request.raw_path
            signed = AWSRequest(request.method, url, headers=kept, data=body)
            S3SigV4Auth(Credentials(store.access_key, store.secret_key), "s3", store.region).add_auth(signed)
            address = URL(url, encoded=True)
            async with onward.request(request.method, address, headers=dict(signed.headers), data=body) as got:
                passed = {k: v for k, v in got.headers.items() if k.lower() not in {"server", "transfer-encoding"}}
                return web.Response(status=got.status, body=await got.read(), headers=passed | {"Server": NAME})

        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, LOOPBACK, 0)
        await site.start()
        port = runner.addresses[0][1]
        try:
            yield store._replace(endpoint=f"http://{LOOPBACK}:{port}")
        finally:
            await runner.cleanup()
