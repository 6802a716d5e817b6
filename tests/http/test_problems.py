"""Refusals over HTTP are problems of RFC 9457, whoever refuses; health and metrics are for whom they are meant."""

import io
import json
import re
from pathlib import Path
from uuid import UUID

import pytest

from server.app import OPERATIONS
from server.http.problems import problem_of, problem_response
from server.media.errors import MediaBusy
from tests.parts.site import Site, media_beside, open_site

SAME = {"Sec-Fetch-Site": "same-origin"}


async def test_unknown_path_and_method_are_problems(embedded_site: Site) -> None:
    """404 for what there is not, 405 with what there is."""
    lead = embedded_site.people["lead"]
    async with lead.client.get("/api/nothing") as answer:
        assert (answer.status, answer.content_type) == (404, "application/problem+json")
        body = await answer.json()
        assert {**body, "title": ""} == {"type": "/problems/not_found", "title": "", "status": 404, "code": "not_found"}
        UUID(answer.headers["X-Request-Id"])
    async with lead.client.put("/api/validations", headers=SAME) as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "GET,POST")
        assert (await answer.json())["code"] == "method_not_allowed"


async def test_every_operation_asks_who_is_there(embedded_site: Site) -> None:
    """Without a login each is refused alike, before its body is read; but for those that open one."""
    nobody = await embedded_site.browser()
    for operation in OPERATIONS:
        if operation.who == "anyone":
            continue
        path = re.sub(r"\{\w+\}", str(UUID(int=0)), operation.path)
        async with nobody.client.request(operation.method, path) as answer:
            assert answer.status == 401, operation
            assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        (b"{", "application/json", (422, "request_invalid")),
        (b"[]", "application/json", (422, "request_invalid")),
        (b"\xff\xfe", "application/json", (422, "request_invalid")),
        (b"{}", "text/plain", (415, "unsupported_media_type")),
        (b'{"x":"' + b"a" * 2_200_000 + b'"}', "application/json", (413, "body_too_large")),
    ],
    ids=["cut", "list", "bytes", "text", "long"],
)
async def test_unreadable_body_is_refused(
    embedded_site: Site, content: bytes, kind: str, expected: tuple[int, str]
) -> None:
    """Without an echo of what was sent."""
    path = f"/api{embedded_site.validation}/commands"
    headers = SAME | {"Content-Type": kind}
    async with embedded_site.people["lead"].client.post(path, data=io.BytesIO(content), headers=headers) as answer:
        problem = await answer.json()
        assert (answer.status, problem["code"]) == expected
        assert "aaaa" not in json.dumps(problem)


async def test_malformed_path_is_a_path_there_is_not(embedded_site: Site) -> None:
    """An id that is none cannot be found."""
    status, problem = await embedded_site.people["lead"].get("/items/not-an-id")
    assert (status, problem["code"]) == (404, "not_found")
    status, problem = await embedded_site.people["lead"].get(f"{embedded_site.validation}/entries?colour=red")
    assert (status, problem["errors"]) == (422, [{"where": "query.colour", "reason": "Extra inputs are not permitted"}])


async def test_cross_site_request_is_refused(embedded_site: Site) -> None:
    """A page of another site has the cookies and not the right."""
    headers = {"Sec-Fetch-Site": "cross-site"}
    status, problem = await embedded_site.people["lead"].ask(
        "POST", f"{embedded_site.validation}/commands", {}, headers=headers
    )
    assert (status, problem["code"]) == (403, "cross_site_request")


async def test_document_is_served(embedded_site: Site) -> None:
    """With the operations and the socket's messages; the second time as the first."""
    nobody = await embedded_site.browser()
    for _ in range(2):
        async with nobody.client.get("/openapi.json") as answer:
            document = await answer.json()
            assert (answer.status, document["openapi"]) == (200, "3.1.0")
            assert "/api/uploads/{upload_id}" in document["paths"]
            assert "CommandEnvelope" in document["components"]["schemas"]


async def test_health_says_what_answers(embedded_site: Site) -> None:
    """Running is not ready: without its media process the API serves and says so."""
    nobody = await embedded_site.browser()
    async with nobody.client.get("/healthz") as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "ok"})
    async with nobody.client.get("/readyz") as answer:
        parts = {"database": "ok", "media": "MediaUnavailable"}
        assert (answer.status, await answer.json()) == (503, {"ready": False, "parts": parts})
    async with media_beside(embedded_site), nobody.client.get("/readyz") as answer:
        assert (answer.status, (await answer.json())["ready"]) == (200, True)


async def test_metrics_are_for_this_machine_or_a_token(sqlite_database_url: str, tmp_path: Path) -> None:
    """A proxy on this machine does not make a stranger local."""
    async with open_site(sqlite_database_url, tmp_path, metrics_token="scrape") as site:
        await site.command("lead", "tour.dance")
        nobody = await site.browser()
        async with nobody.client.get("/metrics") as answer:
            text = await answer.text()
            assert answer.status == 200
        assert 'sightline_http_requests_total{route="/api/validations/{validation_id}/commands"' in text
        behind = {"X-Forwarded-For": "203.0.113.9"}
        for token, status in (("", 403), ("Bearer wrong", 403), ("Bearer scrape", 200), ("Bearer \u00e9", 403)):
            async with nobody.client.get("/metrics", headers=behind | {"Authorization": token}) as answer:
                assert answer.status == status


def test_busy_media_process_says_when_to_come_back() -> None:
    """RFC 9110, 10.2.3; as a rate limit does."""
    response = problem_response(problem_of(MediaBusy(retry_after_s=10)))
    assert (response.status, response.headers["Retry-After"]) == (503, "10")
