"""Every figure of every output of all twelve companies, at three moments of the day in three time zones each.

    python -m tests.benchmarks.one_moment
    python -m tests.benchmarks.one_moment --clients 2    a small one, to see that it runs

Printed is how many figures were compared and how long one moment took; it ends with an error if two outputs differ.
"""

import argparse
import tempfile
import time
from pathlib import Path

from rowcol.sandbox.books import demo_companies
from tests.benchmarks.measuring import print_table
from tests.kits.clock import TODAY
from tests.kits.outputs.every import MOMENTS, ZONES, disagreements, every_output, outputs


def main() -> None:
    """Compare and print; raise SystemExit if two outputs print one figure differently."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clients", type=int, default=12)
    options = parser.parse_args()
    rows: list[list[object]] = []
    differ: list[str] = []
    companies = demo_companies(options.clients, today=TODAY)
    with tempfile.TemporaryDirectory() as folder, every_output(Path(folder), companies) as stage:
        for moment in MOMENTS:
            for turn in range(len(ZONES)):
                stage.at(moment, turn)
                wall, cpu = time.perf_counter(), time.process_time()
                said = outputs(stage.services)
                took = time.perf_counter() - wall, time.process_time() - cpu
                found = disagreements(said)
                differ += found
                count = sum(map(len, said.values()))
                seconds = [f"{part:.1f} s" for part in took]
                rows.append([f"{moment:%d %b %H:%M}, turn {turn + 1}", f"{count:,}", len(found), *seconds])
    header = ["moment", "figures printed", "differ", "clock", "processor"]
    print_table(f"Every output of {options.clients} clients", header, rows)
    if differ:
        raise SystemExit("\n".join(differ))


if __name__ == "__main__":
    main()
