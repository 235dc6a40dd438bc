# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""Everything that is answered outside, asked by schemathesis what nobody would ask. Long.

There is no interface but pages and forms; so its description is made of the routes themselves, and
a new route is asked from its first day. Against a real server over a socket.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("uvicorn", reason="the extra [portal] is not installed")
from hypothesis import HealthCheck, given, settings
from starlette.routing import Route

from lage.kinds import exchange
from lage.public.app import ROUTES
from lage.public.guard import HEADERS
from lage.public.site import Role
from lage.public.words import LANGUAGES
from tests.e2e.test_every_page import Served, served

pytestmark = pytest.mark.long
EXAMPLES = 60
FIELDS = ("what", "place", "point", "text", "people", "injured", "name", "back", "skills",
          "schritt", "beleg", "summe", "wish", "since", "hours", "count", "radius", "phone", "mail",
          "address", "born", "days", "consent", "homepage", "channel", "to", "mark",
          "way")  # fmt: skip
QUERY = ("code", "ok", "$filter", "$top", "$skip", "$orderby", "$select", "$expand", "$count", "x")
EXPECTED = {200, 302, 303, 304, 307, 400, 403, 404, 405, 409, 413, 414, 421, 422, 429, 501}
"""All that is ever answered; nothing of it is a fault of ours."""


def described(place: Served) -> dict[str, Any]:
    """The routes of a place as OpenAPI has it."""
    paths: dict[str, Any] = {}
    routes = [route for make in ROUTES[place.site.role] for route in make(place.site)]
    for route in routes:
        assert isinstance(route, Route)
        path = re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path)
        for method in sorted((route.methods or set()) - {"HEAD"}):
            paths.setdefault(path, {})[method.lower()] = _operation(path, method)
    paths[exchange.PATH] = {"post": _door()}
    paths["/{anything}"] = {"get": _operation("/{anything}", "GET")}
    return {"openapi": "3.1.0", "info": {"title": "Lage", "version": "1"}, "paths": paths}


def _operation(path: str, method: str) -> dict[str, Any]:
    text = {"type": "string", "maxLength": 300}
    names = re.findall(r"\{(\w+)\}", path)
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True,
         "schema": {"enum": list(LANGUAGES)} if name == "language" else text | {"minLength": 1}}
        for name in names
    ]  # fmt: skip
    parameters += [{"name": name, "in": "query", "schema": text} for name in QUERY]
    headers = ("Accept-Language", "X-Forwarded-For", "Origin", "Referer")
    parameters += [{"name": name, "in": "header", "schema": text} for name in headers]
    made: dict[str, Any] = {
        "parameters": parameters, "responses": {"default": {"description": "a page"}}
    }  # fmt: skip
    if method == "POST":
        values = {"oneOf": [text, {"type": "array", "items": text, "maxItems": 5}]}
        form = {"type": "object", "properties": dict.fromkeys(FIELDS, values)}
        kinds = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")
        made["requestBody"] = {
            "content": {kind: {"schema": form if "form" in kind else text} for kind in kinds}
        }
    return made


def _door() -> dict[str, Any]:
    blob = {"schema": {"type": "string", "format": "binary", "maxLength": 2000}}
    header = {"name": exchange.HEADER, "in": "header", "schema": {"type": "string"}}
    return {
        "parameters": [header],
        "requestBody": {"content": {"application/octet-stream": blob}},
        "responses": {"default": {"description": "refused"}},
    }


@pytest.fixture(scope="module", params=list(Role))
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Both kinds of place."""
    with served(request.param, tmp_path_factory.mktemp("ort")) as running:
        yield running


def test_no_question_makes_a_fault(place: Served) -> None:
    """A page, a refusal, or on to another page: with our headers, and never a 5xx."""
    schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
    schema = schemathesis.openapi.from_dict(described(place))
    asked: dict[str, int] = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in schemathesis.GenerationMode:

            @settings(max_examples=EXAMPLES, deadline=None, database=None,
                      suppress_health_check=list(HealthCheck))  # fmt: skip
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: Any) -> None:
                answer = case.call(base_url=place.site.base, allow_redirects=False, timeout=30)
                assert answer.status_code in EXPECTED, answer.text[:500]
                unread = answer.text == "Invalid HTTP request received."  # no HTTP at all
                if case.operation.path != exchange.PATH and not unread:
                    missing = {
                        name for name, value in HEADERS.items()
                        if answer.headers.get(name.lower()) != [value]
                    }  # fmt: skip
                    assert not missing, (answer.request.url, answer.headers, answer.text[:300])
                assert "set-cookie" not in answer.headers
                asked[case.operation.label] = asked.get(case.operation.label, 0) + 1

            ask()
    assert len(asked) == sum(len(methods) for methods in described(place)["paths"].values())
    assert place.get("/de/")[0] == 200


SMUGGLED = b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n"
RAW = (
    b"GET /../../etc/passwd HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /static/..%2f..%2f..%2fetc/passwd HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /static/%2e%2e/%2e%2e/app.py HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET //evil.example/%0d%0aSet-Cookie:x HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /de/ HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: {host}\r\n\r\n",
    b"GET /de/ HTTP/1.1\r\nHost: b\xc3\xbccher.example\r\n\r\n",
    b"GET /de/ HTTP/1.1\r\nHost: [::1\r\n\r\n",
    b"GET /de/ HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n\r\n",
    b"GET /de/ HTTP/1.1\r\n\r\n",
    b"GET /beleg/x%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /de/beleg/?code=%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"GET /de/ HTTP/1.1\r\nHost: {host}\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
    b"GET /de/ HTTP/1.1\r\nHost: {host}\r\n" + b"X: y\r\n" * 3_000 + b"\r\n",
    b"POST /de/helfen/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: 9\r\n" + SMUGGLED,
    b"POST /de/helfen/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: 99999999999\r\n\r\n",
    b"POST /de/helfen/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: -5\r\n\r\n",
    b"POST /de/helfen/ HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n"
     b"8000\r\n" + b"x" * 0x8000 + b"\r\n" + b"8000\r\n" + b"x" * 0x8000 + b"\r\n0\r\n\r\n",
    b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
    b"GET /de/\x00 HTTP/1.1\r\nHost: {host}\r\n\r\n",
    b"\r\n" * 5_000,
)  # fmt: skip
"""What no browser sends."""


def test_a_hostile_telephone(place: Served) -> None:
    """Each is refused, led to our page or dropped; nothing of a file or a foreign header comes."""
    host = place.site.base.removeprefix("http://")
    port = int(host.rpartition(":")[2])
    for raw in RAW:
        with socket.create_connection(("127.0.0.1", port), 30) as line:
            said = b""
            try:
                line.sendall(raw.replace(b"{host}", host.encode()))
                line.shutdown(socket.SHUT_WR)
                while part := line.recv(65_536):
                    said += part
            except ConnectionError:
                pass  # dropped
        head = said.partition(b"\r\n\r\n")[0].lower()
        assert b" 500 " not in head.split(b"\r\n")[0], raw[:80]
        assert b"\r\nset-cookie:" not in head, raw[:80]
        assert b"root:" not in said, raw[:80]
        assert b"evil.example" not in head, raw[:80]
    assert place.get("/de/")[0] == 200
