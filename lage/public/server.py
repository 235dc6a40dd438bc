# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The web server of a place: uvicorn, told to believe and to write down as little as possible."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from lage.public.app import application
from lage.public.connections import impatient
from lage.public.site import Site

IDLE_S = 5
"""A connection on which nothing is asked is closed: a telephone that left needs none."""
CONNECTIONS_MAX = 500
"""More at once are told to come again; a line of them would use up memory."""
BACKLOG = 512


def open_socket(address: str, port: int) -> socket.socket:
    """The listening socket. Raises OSError where it is taken."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((address, port))
        opened.listen(BACKLOG)
    except OSError:
        opened.close()
        raise
    return opened


def serve(
    site: Site, opened: socket.socket, laid_out: Path | None = None, proxies: Sequence[str] = ()
) -> None:
    """Serve until the process is told to end."""
    uvicorn.Server(configured(site, laid_out, proxies)).run(sockets=[opened])


def configured(
    site: Site, laid_out: Path | None = None, proxies: Sequence[str] = ()
) -> uvicorn.Config:
    """How it is served.

    ``proxies``: addresses whose ``X-Forwarded-For`` and ``X-Forwarded-Proto`` are believed; anybody
    else's are ignored. No request is written down.
    """
    return uvicorn.Config(
        application(site, laid_out),
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        timeout_keep_alive=IDLE_S,
        http=impatient(counted=not proxies),
        limit_concurrency=CONNECTIONS_MAX,
        h11_max_incomplete_event_size=16 * 1024,
        lifespan="on",
    )
