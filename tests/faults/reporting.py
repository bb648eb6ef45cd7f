"""What the matrix counted, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.faults.injections import ERRORS, KILL, LIE
from tests.faults.matrix import Result

_KINDS = (KILL, *ERRORS, LIE)


def table(results: Sequence[Result]) -> Iterator[str]:
    """A row for each call of each scenario, with the faults of each kind; then what broke, and the sums."""
    injected = Counter((one.fault.scenario, one.fault.call.name, one.fault.kind) for one in results)
    fired = Counter((one.fault.scenario, one.fault.call.name, one.fault.kind) for one in results if one.missed is None)
    yield f"{'scenario':16}{'call':12}" + "".join(f"{kind:>9}" for kind in _KINDS)
    for scenario, call in sorted({key[:2] for key in injected}):
        cells = [_cell(fired[scenario, call, kind], injected[scenario, call, kind]) for kind in _KINDS]
        yield f"{scenario:16}{call:12}" + "".join(f"{cell:>9}" for cell in cells)
    for result in results:
        if result.missed is not None:
            yield f"NOT MET  {result.fault}: {result.missed}"
        for problem in result.lost:
            yield f"LOST  {result.fault}, exit {result.code}: {problem}"
    codes = Counter(one.code for one in results)
    ended = ", ".join(f"{_ending(code)} {number}" for code, number in sorted(codes.items()))
    lost, traces = sum(bool(one.lost) for one in results), sum(one.traceback for one in results)
    yield f"injected {len(results)}, fired {sum(fired.values())}, lost {lost}, traceback {traces}; {ended}"


def _cell(fired: int, injected: int) -> str:
    if not injected:
        return "."
    return str(fired) if fired == injected else f"{fired}/{injected}"


def _ending(code: int) -> str:
    return "killed" if code == -9 else f"exit {code}"
