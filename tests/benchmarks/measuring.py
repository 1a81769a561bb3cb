"""Measure a piece of work in a fresh process: wall time, processor time, peak memory; and print tables."""

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any


@contextmanager
def database_from_arguments(
    description: str | None, name: str, size: str = "clients", default: int = 100
) -> Iterator[tuple[Path, int]]:
    """Give what the command line names: the database's path, kept if it was named, and the size.

    `size` is the name of the option for it.
    """
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(f"--{size}", type=int, default=default)
    parser.add_argument("--database", type=Path, help="where it is kept, or found")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        yield options.database or Path(folder) / f"{name}.duckdb", getattr(options, size)


@dataclass(frozen=True)
class Measured:
    """Seconds of the clock and of the processor, peak resident memory in MB so far, and what the work returned."""

    wall: float
    cpu: float
    peak_mb: float
    result: Any


def measured(work: Callable[..., Any], *args: Any) -> Measured:
    """Run `work(stopwatch, *args)` in a process of its own; only what runs inside `stopwatch` counts.

    `work` gets a function that runs a callable, timed, and returns its result.
    """
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(theirs, work, args))
    process.start()
    theirs.close()
    try:
        result: Measured = ours.recv()
    finally:
        process.join()
    return result


def _run(pipe: Connection, work: Callable[..., Any], args: tuple[Any, ...]) -> None:
    costs: list[float] = []

    def stopwatch(timed: Callable[[], Any]) -> Any:
        wall, cpu = time.perf_counter(), time.process_time()
        result = timed()
        costs.extend((time.perf_counter() - wall, time.process_time() - cpu))
        costs.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return result

    result = work(stopwatch, *args)
    wall, cpu, megabytes = costs
    pipe.send(Measured(wall, cpu, megabytes, result))


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows in aligned columns, the first to the left."""
    texts = [list(header), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[place]) for row in texts) for place in range(len(header))]
    print(f"\n{title}")
    for number, row in enumerate(texts):
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
        ]
        print("  ".join(cells))
        if number == 0:
            print("  ".join("-" * width for width in widths))
