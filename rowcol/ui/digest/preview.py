"""A mail shown as a mail program would: in a frame that runs nothing, loads nothing and knows nothing of this page."""

from html import escape

POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def framed(html: str) -> str:
    """Return a page whose only content is a mail, shut in.

    Streamlit's own frame may run scripts as if they were the dashboard's. So the mail is put into a second frame
    within it, sandboxed without any permission, under a policy that allows styles and nothing else.
    """
    return (
        "<!doctype html><html><head><meta charset='utf-8'>"
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
        "<style>html,body{margin:0;height:100%}iframe{border:0;width:100%;height:100%;display:block}</style></head>"
        f'<body><iframe sandbox="" referrerpolicy="no-referrer" title="The mail as it would be sent" '
        f'srcdoc="{escape(html, quote=True)}"></iframe></body></html>'
    )
