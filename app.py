"""The server: `streamlit run app.py`. The call must stand here literally, or Streamlit does not find it."""

import streamlit as st

from rowcol.cli import run_remote_command
from rowcol.web.server import LIFESPAN, MIDDLEWARE, SHELL, routes

app = st.App(SHELL, lifespan=LIFESPAN, routes=routes(run_remote_command), middleware=MIDDLEWARE)
