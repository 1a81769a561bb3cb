"""The server: Starlette routes, authentication and notices beside Streamlit's pages."""
