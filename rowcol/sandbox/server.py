"""The sandbox as an ASGI application: Intuit's paths, and its own under `/sandbox/`."""

from collections.abc import Callable
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from rowcol.sandbox.admin import answer_admin
from rowcol.sandbox.api import answer_v3
from rowcol.sandbox.middleware import ApiMiddleware
from rowcol.sandbox.oauth import consent_page, decide, discovery, revoke, tokens
from rowcol.sandbox.refusals import Answer
from rowcol.sandbox.state import Sandbox
from rowcol.sandbox.wire import Connections

DISCOVERY_PATHS = tuple(
    f"/.well-known/{name}{slash}"
    for name in ("openid_configuration", "openid_sandbox_configuration")
    for slash in ("", "/")
)

Handler = Callable[[Request, bytes], Answer]


def create_app(sandbox: Sandbox, connections: Connections | None = None) -> ASGIApp:
    """Return the application of a sandbox; faults below HTTP need the server's `connections`."""
    routes = [
        _route("/connect/oauth2", ["GET"], lambda r, _: consent_page(sandbox, r.query_params)),
        _route("/connect/oauth2", ["POST"], lambda _, body: decide(sandbox, _form(body))),
        _route("/oauth2/v1/tokens/bearer", ["POST"], lambda r, body: tokens(sandbox, r.headers, body)),
        _route("/v2/oauth2/tokens/revoke", ["POST"], lambda r, body: revoke(sandbox, r.headers, body)),
        *(_route(path, ["GET"], lambda r, _: discovery(_base_url(r))) for path in DISCOVERY_PATHS),
        _route("/v3/company/{rest:path}", ["GET", "POST"], lambda r, body: _v3(sandbox, r, body)),
        _route("/sandbox/{name}", ["GET", "POST", "DELETE"], lambda r, body: _admin(sandbox, r, body)),
    ]
    return ApiMiddleware(Starlette(routes=routes), sandbox, connections or Connections())


def _route(path: str, methods: list[str], handler: Handler) -> Route:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        answer = await run_in_threadpool(handler, request, body)
        headers = {"Content-Type": answer.content_type, **answer.headers}
        return Response(answer.body, answer.status, headers)

    return Route(path, endpoint, methods=methods)


def _form(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True))


def _base_url(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _v3(sandbox: Sandbox, request: Request, body: bytes) -> Answer:
    query = request.url.query
    return answer_v3(sandbox, request.method, request.path_params["rest"], query, request.headers, body)


def _admin(sandbox: Sandbox, request: Request, body: bytes) -> Answer:
    return answer_admin(sandbox, request.method, request.path_params["name"], body)
