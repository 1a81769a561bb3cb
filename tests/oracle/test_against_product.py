"""A seeded sample of random companies gives the same figures in the product and in the oracle."""

from __future__ import annotations

import socket
from datetime import timedelta
from pathlib import Path

from tests.oracle.compare import check
from tests.oracle.product import serve
from tests.oracle.random_books import TODAY, company


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_random_companies_have_the_oracles_figures(tmp_path: Path) -> None:
    companies = [company(seed, TODAY) for seed in range(1, 5)]
    with serve(companies, tmp_path, port=free_port()) as product:
        found = check(product, companies, [TODAY + timedelta(days=n) for n in (0, -45)])
    assert not found, "\n".join(map(str, found[:50]))
