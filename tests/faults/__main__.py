"""The fault matrix: `python -m tests.faults`, or `make test-faults`."""

from __future__ import annotations

import argparse
import sys
import time

from tests.faults.driving import caught, crew, explored
from tests.faults.mutants import MUTANTS
from tests.faults.reporting import table
from tests.faults.running import why_not


def main() -> None:
    """Run all of it, or a sample, print what was counted, and fail where anything was lost or not met."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--most", type=int, help="so many faults, drawn at random, and no mutants")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if (reason := why_not()) is not None:
        sys.exit(f"cannot run: {reason}")
    began = time.monotonic()
    with crew() as here:
        results, wrong = explored(here, options.most, options.seed)
        print("\n".join(table(results)))
        for problem in wrong:
            print(f"too early: {problem}")
        for mutant in MUTANTS if options.most is None else ():
            how = caught(here, mutant)
            print(f"mutant '{mutant}': {how or 'NOT CAUGHT'}")
            wrong += [] if how else [mutant]
    print(f"{time.monotonic() - began:.0f} s")
    sys.exit(1 if wrong or any(result.lost or result.missed for result in results) else 0)


if __name__ == "__main__":
    main()
