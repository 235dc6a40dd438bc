# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""``/sta/v1.1``: the public gauges by OGC SensorThings, for reading. No database: the Aushang."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from lage.public.sensorthings.filtering import Refused
from lage.public.sensorthings.model import Model, model_of
from lage.public.sensorthings.query import Query
from lage.public.site import Site
from lage.views.board import Board

ROOT = "/sta/v1.1"


def routes(site: Site) -> Sequence[BaseRoute]:
    """The service."""
    kept: list[tuple[Board, Model]] = []

    def model() -> Model:
        board = site.board.read() or Board("", 0)
        if not kept or kept[0][0] is not board:
            kept[:] = [(board, model_of(board))]
        return kept[0][1]

    async def read(request: Request) -> Response:
        query = Query(model(), f"{site.base}{ROOT}")
        try:
            answer = query.answer(request.path_params.get("path", ""), dict(request.query_params))
        except Refused as refused:
            content = {"code": refused.status, "type": "error", "message": str(refused)}
            return JSONResponse(content, refused.status)
        if request.url.path.endswith("/$value"):
            return PlainTextResponse(str(answer))
        headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=30"}
        return JSONResponse(answer, headers=headers)

    return [Route(ROOT, read), Route(f"{ROOT}/{{path:path}}", read)]
