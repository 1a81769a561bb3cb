"""One view model a page: frozen records and frames, no Streamlit."""
