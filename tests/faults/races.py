"""Two that publish at the same moment: `python -m tests.faults.races`."""

from __future__ import annotations

import random
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from corpus_tool.release.index import read_index, versions_on_disk
from corpus_tool.release.verification.verify import verify
from tests.faults import judging
from tests.faults.driving import Crew, crew
from tests.faults.matrix import working
from tests.faults.running import Ended, Run, apart, run, together
from tests.faults.scenarios import NAME, SCENARIOS, build

ROUNDS = 60


def main() -> None:
    """60 rounds of two that publish the same version of other articles, 60 of two versions."""
    with crew() as here:
        wrong = raced(here, ROUNDS)
    print("\n".join(wrong))
    sys.exit(1 if wrong else 0)


def raced(here: Crew, rounds: int, seed: int = 0) -> list[str]:
    """What went wrong in so many rounds of either kind; prints how they ended."""
    delays = [random.Random(seed + at).uniform(0, 0.05) for at in range(rounds)]
    wrong = []
    for versions in (("1.1.0", "1.1.0"), ("1.1.0", "1.2.0")):
        ends: Counter[str] = Counter()
        for end, problems in here.pool.map(_round, [versions] * rounds, delays):
            ends[end] += 1
            wrong += problems
        told = "; ".join(f"published {end}: {number} rounds" for end, number in sorted(ends.items()))
        print(f"race of {' and '.join(versions)}: {told}")
    return wrong


def _round(versions: Sequence[str], delay: float) -> tuple[str, list[str]]:
    """One round, and who lost once more: how it ended, and what is wrong."""
    folder = working()
    SCENARIOS["second release"].before(folder)
    articles = (folder / "articles" / "a.jsonl").read_bytes()
    (folder / "articles" / "b.jsonl").write_bytes(articles + b'{"id": "b", "text": "One more."}\n')
    before = judging.tree(folder)
    runs = [Run(build(version, name), folder) for version, name in zip(versions, "ab", strict=True)]
    ended = together(*runs, after=delay)
    now = judging.tree(folder)
    lost = [f"{name} was changed" for name in before if "/1.0.0/" in name and now.get(name) != before[name]]
    problems = [*lost, *apart(_held, str(folder), list(versions), [one.code for one in ended])]
    codes = [one.code and run(what).code for one, what in zip(ended, runs, strict=True)]
    problems += [f"after the next run, {one}" for one in apart(_held, str(folder), list(versions), codes)]
    problems += [f"ended with {one.code}: {one.said[-800:]}" for one in ended if not _told(one)]
    shutil.rmtree(folder)
    return f"{[one.code for one in ended].count(0)} at once, {codes.count(0)} in the end", problems


def _told(ended: Ended) -> bool:
    """Who loses is told why: the version is there, is too low by now, or another came between."""
    reasons = ("exists already", "is too low", "meanwhile")
    return ended.code == 0 or (ended.code in (2, 3) and any(reason in ended.said for reason in reasons))


def _held(folder: str, versions: list[str], codes: list[int]) -> list[str]:
    """What is wrong with what lies there: only winners are to be seen, whole, and all of them in the index."""
    home = Path(folder, "releases", NAME)
    won = [version for version, code in zip(versions, codes, strict=True) if code == 0]
    wrong = [f"{version}: {finding.message}" for version in won for finding in verify(home / version, "logical")]
    present, named = versions_on_disk(home), [entry.version for entry in read_index(home)]
    if not won or len(set(won)) != len(won):
        wrong.append(f"won: {won}")
    if list(present) != ["1.0.0", *won] or named != ["1.0.0", *won]:
        wrong.append(f"won: {won}, to be seen: {present}, in the index: {named}")
    left = list((home / ".staging").iterdir())
    return wrong + [f"left over: {left}"] * bool(left)


if __name__ == "__main__":
    main()
