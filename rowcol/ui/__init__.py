"""Streamlit: shell, charts, tables, states, session."""
