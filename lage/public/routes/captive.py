# SPDX-FileCopyrightText: 2026 Lage contributors
# SPDX-License-Identifier: EUPL-1.2
"""The questions that telephones ask when they join a WLAN: is there internet?

There is none, and that is what is answered: by leading to our own page instead of what was
expected. Android, iOS and Windows then open it by themselves. Other names are led there too
(``guard``): in this WLAN every name is answered with our address.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lage.public.site import Site

PROBES = (
    "/generate_204",  # Android, ChromeOS
    "/gen_204",
    "/mobile/status.php",
    "/hotspot-detect.html",  # iOS, macOS
    "/library/test/success.html",
    "/connecttest.txt",  # Windows 10 and later
    "/redirect",
    "/ncsi.txt",  # Windows before
    "/canonical.html",  # Firefox
    "/success.txt",
    "/check_network_status.txt",  # NetworkManager
)
API = "/captive-portal/api"
"""RFC 8908; its address goes out with DHCP option 114 (RFC 8910)."""


def routes(site: Site) -> Sequence[BaseRoute]:
    """The probes of all systems, and the interface meant for it."""

    async def lead(request: Request) -> Response:
        return RedirectResponse(f"{site.base}/", 302)

    async def told(request: Request) -> Response:
        content = {"captive": True, "user-portal-url": f"{site.base}/"}
        return JSONResponse(content, media_type="application/captive+json")

    return [*(Route(path, lead) for path in PROBES), Route(API, told)]
