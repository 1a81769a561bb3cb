"""The server: `streamlit run app.py`. The call must stand here literally, or Streamlit does not find it."""

import streamlit as st

from rowcol.web.server import LIFESPAN, MIDDLEWARE, ROUTES, SHELL

app = st.App(SHELL, lifespan=LIFESPAN, routes=ROUTES, middleware=MIDDLEWARE)
