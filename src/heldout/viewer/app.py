"""The live site as a web application that listens on loopback only.

Reading needs nothing but the machine itself; whoever starts or stops a run must have opened the address that `heldout view`
printed: its token becomes a cookie that no other site's requests carry, and requests from other origins are refused.
"""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from time import monotonic

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from heldout.core.errors import HeldoutError
from heldout.report.site.write import LIBRARY, library
from heldout.viewer.live import Live

EVERY = 0.5
"""Seconds between two looks at the store for whoever watches a page."""

HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}


@dataclass
class Once:
    """A code in place of the token that works a single time, and for a minute."""

    code: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    until: float = field(default_factory=lambda: monotonic() + 60.0)

    def takes(self, given: str) -> bool:
        """Whether this is the code; it is none from then on."""
        right = monotonic() < self.until and secrets.compare_digest(given.encode(), self.code.encode())
        if right:
            self.until = 0.0
        return right


@dataclass(frozen=True)
class Site:
    """What answers requests. `lives`: by the first part of the path; `token`: what the first address carries, and `cookie`."""

    lives: Mapping[str, Live]
    token: str
    cookie: str
    once: Once

    async def home(self, request: Request) -> Response:
        """To the front page; whoever has the token gets it as a cookie."""
        answer = RedirectResponse(f"/{next(iter(self.lives))}/index.html")
        given = request.query_params
        if self._is_token(given.get("token", "")) or self.once.takes(given.get("once", "")):
            answer.set_cookie(self.cookie, self.token, httponly=True, samesite="strict")
        return answer

    async def page(self, request: Request) -> Response:
        """A page, or the library of the interactive figures."""
        live, address = self._live(request), request.path_params["address"] or "index.html"
        if address == LIBRARY and (source := library()):
            return FileResponse(source, headers=HEADERS)
        text = await run_in_threadpool(live.page, address) if live is not None else None
        if text is None:
            return Response("There is no such page.\n", 404, HEADERS, "text/plain")
        return Response(text, 200, HEADERS, "text/html")

    async def events(self, request: Request) -> Response:
        """Server-sent events: the state of what a page shows, whenever it changes."""
        live = self._live(request)
        if live is None:
            return Response(status_code=404)
        told = _told(request, live, may=self._allowed(request))
        return StreamingResponse(told, headers=HEADERS, media_type="text/event-stream")

    async def act(self, request: Request) -> Response:
        """Start or stop the run of a study."""
        live, slug = self._live(request), request.path_params["slug"]
        if live is None or not self._allowed(request):
            return JSONResponse({"error": "open the address that `heldout view` printed"}, 403, HEADERS)
        if slug not in live.shelf.known:
            return JSONResponse({"error": f"no study is called {slug!r}"}, 404, HEADERS)
        try:
            await run_in_threadpool(live.runs.start if request.path_params["what"] == "start" else live.runs.stop, slug)
        except HeldoutError as error:
            return JSONResponse({"error": str(error)}, 409, HEADERS)
        return JSONResponse(live.runs.states(), 200, HEADERS)

    def _live(self, request: Request) -> Live | None:
        return self.lives.get(request.path_params["site"])

    def _allowed(self, request: Request) -> bool:
        """Whether a request has the cookie, and comes from a page of this very site."""
        origin = request.headers.get("origin")
        own = origin in (None, f"{request.url.scheme}://{request.headers.get('host', '')}")
        return own and self._is_token(request.cookies.get(self.cookie, ""))

    def _is_token(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), self.token.encode())


def application(lives: Mapping[str, Live], token: str, port: int, once: Once | None = None) -> Starlette:
    """The application of some stores' sites; cookies do not tell ports apart, so that the port is in the cookie's name.

    `once`: what the browser is started with that is started with this application; `token` stays valid.
    """
    site = Site(lives, token, f"heldout-{port}", once or Once())
    return Starlette(
        routes=[
            Route("/", site.home),
            Route("/{site}/events", site.events),
            Route("/{site}/runs/{slug}/{what:str}", site.act, methods=["POST"]),
            Route("/{site}/{address:path}", site.page),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
    )


async def _told(request: Request, live: Live, *, may: bool) -> AsyncIterator[str]:
    """The state of what a page shows, whenever it changes."""
    address, before, quiet = request.query_params.get("page", ""), "", 0
    while not await request.is_disconnected():
        state = json.dumps({**await run_in_threadpool(live.state, address), "may": may})
        if state != before:
            yield f"data: {state}\n\n"
            before, quiet = state, 0
        elif (quiet := quiet + 1) >= 20:
            yield ": still here\n\n"
            quiet = 0
        await asyncio.sleep(EVERY)
