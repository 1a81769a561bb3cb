"""The few pages that the server renders itself, outside Streamlit: escaped by the template, never cached."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # the callback's address has a one-use code in it
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
}
_TEMPLATES = Environment(
    loader=PackageLoader("rowcol.ui", "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)


def notice(
    title: str, message: str, todo: str = "", link: str = "", link_text: str = "", status: int = 200
) -> HTMLResponse:
    """Return a page with one message: what happened, what to do, and a link to continue."""
    body = _TEMPLATES.get_template("page.html").render(
        title=title, message=message, todo=todo, link=link, link_text=link_text, ask_password=False, next=""
    )
    return HTMLResponse(body, status, HEADERS)


def password_form(message: str, after: str, status: int = 200, wait: int = 0) -> HTMLResponse:
    """Return the form that asks for the password; `after` is the local path to continue to."""
    body = _TEMPLATES.get_template("page.html").render(
        title="Sign in", message=message, todo="", link="", link_text="", ask_password=True, next=after
    )
    return HTMLResponse(body, status, HEADERS | ({"Retry-After": str(wait)} if wait else {}))
