"""The benchmark: our tool and its peers side by side, on the same files, in turns.

`python -m benchmarks.run`, from the top of the checkout. Exit 1: our own tool failed at something it was measured at.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.corpus import Corpus, broken, contract, corpus
from benchmarks.measure import Run, floor_mib, run
from benchmarks.peers import PEERS, Installed, Job, Peer, install
from benchmarks.report import ANEW, TOOL, Row, markdown, verdicts

HERE = Path(__file__).parent
TOOL_PATH = Path(sys.executable).parent / TOOL
FILES = 5_000
START_ROUNDS = 3
AGAIN = ("again-jsonl", "again-files", "content-jsonl", "content-files")
TASKS = ("validate-jsonl", "validate-files", *AGAIN, "export", "processes", "help", "one-article")
MEMORY_TASKS = ("memory-validate", "memory-export")
ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    "NO_COLOR": "1",
    # Empty is off: a tool that is installed has its bytecode, and no run should compile it anew.
    "PYTHONDONTWRITEBYTECODE": "",
}


@dataclass(frozen=True, slots=True)
class Contender:
    """Something to run: a command for a job, what is known of it, and the checks its product must pass."""

    name: str
    note: str
    command: Callable[[Job], list[str]]
    version: str | None = None
    error: str | None = None
    slow: bool = False
    rejects: bool = False
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """What all runs share."""

    scratch: Path
    rounds: int
    timeout: float
    watched: bool = True


@dataclass(frozen=True, slots=True)
class Trial:
    """A task: its name, what is worked on, and an article of the same shape that every validator must refuse."""

    name: str
    job: Job
    bad: Path


@dataclass(slots=True)
class Entry:
    """A contender and what has been measured of it so far."""

    contender: Contender
    runs: list[Run]
    pairs: list[tuple[Run, Run]]
    error: str | None

    def row(self, task: str) -> Row:
        who = self.contender
        return Row(task, who.name, who.note, who.version, tuple(self.runs), tuple(self.pairs), self.error)


def compare(trial: Trial, tool: Contender, others: list[Contender], setting: Setting) -> list[Row]:
    """Ours, a peer, ours, the next peer ..., `rounds` times; who has failed once is not run again."""
    first, *entries = [Entry(who, [], [], who.error or _unproved(who, trial, setting)) for who in (tool, *others)]
    for turn in range(setting.rounds):
        live = [entry for entry in entries if not entry.error and not (turn and entry.contender.slow)]
        if not live:
            _measure(first, trial.job, setting)
        for entry in live:
            mine, theirs = _measure(first, trial.job, setting), _measure(entry, trial.job, setting)
            if mine and theirs:
                entry.pairs.append((mine, theirs))
        print(f"  {trial.name}: round {turn + 1} of {setting.rounds}", file=sys.stderr)
    return [entry.row(trial.name) for entry in (first, *entries)]


def _measure(entry: Entry, job: Job, setting: Setting) -> Run | None:
    """One run; None if it failed now or before."""
    if entry.error:
        return None
    try:
        measured, entry.error = _once(entry.contender, job, setting)
    except OSError as error:
        entry.error = str(error)
        return None
    entry.runs.append(measured)
    return None if entry.error else measured


def _once(who: Contender, job: Job, setting: Setting) -> tuple[Run, str | None]:
    """One run into an empty directory of its own, and what was wrong with it."""
    with TemporaryDirectory(dir=setting.scratch) as scratch:
        job = replace(job, output=Path(scratch) / "out")
        job.output.mkdir()
        measured = run(
            who.command(job),
            timeout=setting.timeout,
            directory=Path(scratch),
            environment=ENVIRONMENT,
            watched=setting.watched,
        )
        if measured.exit_code:
            return measured, f"exit {measured.exit_code}: {measured.said}"
        return measured, None if who.rows is None else _miscounted(job.output, who.rows)


def _miscounted(output: Path, expected: int) -> str | None:
    command = [sys.executable, str(HERE / "peer_runs.py"), "count_rows", "-", "-", str(output)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = done.stdout.strip()
    return None if found == str(expected) else f"wrote {found or 'no readable'} articles, not {expected}"


def _unproved(who: Contender, trial: Trial, setting: Setting) -> str | None:
    """What is wrong with a validator that does not refuse an article it must refuse: its speed would prove nothing."""
    if not who.rejects:
        return None
    try:
        tried, _ = _once(replace(who, rows=None), replace(trial.job, data=trial.bad), setting)
    except OSError as error:
        return str(error)
    if tried.exit_code == 0:
        return "accepted an article that is not valid"
    return None


@cache
def offers(command: str, option: str) -> bool:
    """Whether the help of a command of ours names an option."""
    try:
        done = subprocess.run([str(TOOL_PATH), command, "--help"], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return option in done.stdout


def ours(command: str, source: Corpus, *options: str, name: str = TOOL, rows: int | None = None) -> Contender:
    """Our tool at a command, with whatever it remembers from earlier runs switched off."""
    cold = ("--no-cache",) if offers(command, "--no-cache") else ()

    def line(job: Job) -> list[str]:
        target = ("--output", str(job.output)) if command == "export" else ()
        return [str(TOOL_PATH), command, str(job.data), "--inventory", str(source.inventory), *options, *target, *cold]

    note = {"validate": "schema and all rules", "export": "validates, then writes every view"}[command]
    return Contender(
        name,
        " ".join((note, *options)),
        line,
        _tool_version(),
        rejects=command == "validate" and not options,
        rows=rows,
    )


def again(source: Corpus, data: Path, cache_in: Path, setting: Setting, *, by_content: bool) -> Contender:
    """Our tool at what it has checked before: known by the times of the files, or new to them and known by content."""
    turns = count(1)

    def line(job: Job) -> list[str]:
        # From one folder: which settings hold for a corpus depends on where one stands.
        command = ["env", "-C", str(setting.scratch), f"CORPUS_TOOL_CACHE={cache_in}", str(TOOL_PATH), "validate"]
        command.append(str(data))
        command += ["--inventory", str(source.inventory)]
        if not cache_in.exists():
            subprocess.run(command, check=False, capture_output=True, cwd=job.output)
        if by_content:
            moment = time.time() - 100_000 - next(turns)
            for path in data.rglob("*") if data.is_dir() else [data]:
                os.utime(path, (moment, moment))
        return command

    return Contender(TOOL, f"nothing changed, by {'content' if by_content else 'file times'}", line, _tool_version())


def _again(tasks: set[str], source: Corpus, lines: Job, setting: Setting) -> list[Row]:
    """What was checked before beside the same checked anew."""
    rows: list[Row] = []
    for task in AGAIN:
        data = source.lines if task.endswith("jsonl") else source.files
        if task in tasks and data and offers("validate", "--no-cache"):
            by_content = task.startswith("content")
            known = again(source, data, setting.scratch / f"cache-{task}", setting, by_content=by_content)
            anew = ours("validate", source, name=ANEW)
            rows += compare(
                Trial(task, replace(lines, data=data), data), known, [replace(anew, rejects=False)], setting
            )
    return rows


@cache
def _tool_version() -> str | None:
    try:
        done = subprocess.run([str(TOOL_PATH), "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip().split(" ")[-1] or None if done.returncode == 0 else None


@cache
def _installed(peer: Peer) -> Installed:
    print(f"  {peer.name}: looking for {peer.package}", file=sys.stderr)
    return install(peer)


def peers(task: str, wanted: set[str], rows: int | None = None) -> list[Contender]:
    """The peers at a task, installed if need be; one that could not be is there with its error."""
    out = []
    for peer in PEERS:
        if task in peer.tasks and (not wanted or peer.name in wanted):
            there = _installed(peer)
            note = f"limit: {peer.note}" if peer.limit else peer.note
            refuses = peer.what == "validate" and peer.rejects
            out.append(Contender(peer.name, note, peer.command, there.version, there.error, peer.slow, refuses, rows))
    return out


def measure_tasks(tasks: set[str], wanted: set[str], source: Corpus, schema: Path, setting: Setting) -> list[Row]:
    """All rows of the tasks asked for."""
    bad_line, bad_folder = broken(source, setting.scratch)
    lines = Job(source.lines, schema, setting.scratch)
    validate, export = ours("validate", source), ours("export", source, rows=source.articles)
    rows: list[Row] = []
    if "validate-jsonl" in tasks:
        rows += compare(Trial("validate-jsonl", lines, bad_line), validate, peers("validate-jsonl", wanted), setting)
    if "validate-files" in tasks and source.files:
        files = Trial("validate-files", replace(lines, data=source.files), bad_folder)
        rows += compare(files, validate, peers("validate-files", wanted), setting)
    rows += _again(tasks, source, lines, setting)
    if "export" in tasks:
        others = peers("export", wanted, source.articles)
        if offers("export", "--view"):
            alone = ours("export", source, "--view", "articles", name="corpus-tool, one view", rows=source.articles)
            others.append(alone)
        rows += compare(Trial("export", lines, bad_line), export, others, setting)
    if "processes" in tasks and offers("validate", "--jobs"):
        one, two = (ours("validate", source, "--jobs", n, name=name) for n, name in (("1", "one process"), ("2", TOOL)))
        rows += compare(Trial("processes", lines, bad_line), two, [one], replace(setting, watched=False))
    return rows + _start(tasks, wanted, source, lines, setting)


def _start(tasks: set[str], wanted: set[str], source: Corpus, lines: Job, setting: Setting) -> list[Row]:
    """Runs so short that they are all start: three times the rounds."""
    setting = replace(setting, rounds=setting.rounds * START_ROUNDS)
    rows: list[Row] = []
    bare = Contender("python", "limit: starts, does nothing", lambda _: [sys.executable, "-c", ""])
    if "help" in tasks:
        tool = Contender(TOOL, "--help", lambda _: [str(TOOL_PATH), "--help"], _tool_version())
        rows += compare(Trial("help", lines, lines.data), tool, [] if wanted else [bare], setting)
    if "one-article" in tasks:
        with source.lines.open("rb") as file:
            article = file.readline()
        job = replace(lines, data=setting.scratch / "one.json")
        job.data.write_bytes(article)
        one = Trial("one-article", job, setting.scratch / "broken" / "broken.json")
        others = [replace(who, slow=False) for who in peers("one-article", wanted)]
        rows += compare(one, ours("validate", source), others, setting)
    return rows


def measure_memory(wanted: set[str], small: Corpus, large: Corpus, schema: Path, setting: Setting) -> list[Row]:
    """Peak memory at one size and at three times as much: a row a size, one run each, pairs of large and small."""
    rows: list[Row] = []
    for task, command in zip(MEMORY_TASKS, ("validate", "export"), strict=True):
        kind = "validate-jsonl" if command == "validate" else "export"
        whole: dict[str, tuple[Contender, Contender]] = {TOOL: (ours(command, small), ours(command, large))}
        whole |= {who.name: (who, who) for who in peers(kind, wanted) if not who.slow}
        for name, contenders in whole.items():
            entries = [Entry(who, [], [], who.error) for who in contenders]
            jobs = [Job(size.lines, schema, setting.scratch) for size in (small, large)]
            less, more = (_measure(entry, job, setting) for entry, job in zip(entries, jobs, strict=True))
            pair = ((more, less),) if less and more else ()
            third = "a third of it" if name == TOOL else f"{name}, a third of it"
            first, second = (entry.row(task) for entry in entries)
            rows += [replace(second, note=f"{large.articles:,} articles"), replace(first, name=third, pairs=pair)]
            rows[-1] = replace(rows[-1], note=f"{small.articles:,} articles; ratio: large to small")
        print(f"  {task}: done", file=sys.stderr)
    return rows


def _options(arguments: list[str] | None) -> argparse.Namespace:
    names = (*TASKS, *(peer.name for peer in PEERS))
    parser = argparse.ArgumentParser(prog="benchmarks.run", description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="2,000 articles, one round: shows that it runs, not more")
    parser.add_argument("--only", action="append", default=[], choices=names, help="a task or a peer; can be repeated")
    parser.add_argument("--memory", action="store_true", help="also peak memory at three times the articles")
    parser.add_argument("--timeout", type=float, default=1800, help="seconds for one run")
    parser.add_argument("--output", type=Path, default=HERE / "results.json")
    options = parser.parse_args(arguments)
    if options.quick:
        options.articles, options.rounds = 2_000, 1
    if options.articles < 1 or options.rounds < 1:
        parser.error("--articles and --rounds are at least 1")
    return options


def main(arguments: list[str] | None = None) -> int:
    """Make what is missing, run, write the results, print the report."""
    options = _options(arguments)
    tasks = {name for name in options.only if name in TASKS} or set(TASKS)
    wanted = {name for name in options.only if name not in TASKS}
    source = corpus(options.articles, files=min(FILES, max(1, options.articles // 4)))
    with TemporaryDirectory(dir=source.lines.parent) as folder:
        scratch = Path(folder)
        setting = Setting(scratch, options.rounds, options.timeout)
        schema, whence = contract(TOOL_PATH, source, scratch)
        load = os.getloadavg()[0]
        rows = measure_tasks(tasks, wanted, source, schema, setting)
        if options.memory:
            rows += measure_memory(wanted, source, corpus(options.articles * 3), schema, setting)
    about = {
        "articles": options.articles,
        "files": min(FILES, max(1, options.articles // 4)),
        "mib": source.lines.stat().st_size / (1 << 20),
        "rounds": options.rounds,
        "machine": f"{os.cpu_count()} cores, {platform.platform()}, Python {platform.python_version()}",
        "notes": _notes(whence, load, quick=options.quick),
    }
    text = markdown(rows, about)
    results = about | {"rows": [row.as_json() for row in rows], "targets": verdicts(rows)}
    options.output.write_text(json.dumps(results, indent=1) + "\n")
    print(text)
    return int(any(row.error for row in rows if row.name == TOOL))


def _notes(whence: str, load: float, *, quick: bool) -> list[str]:
    notes = [whence, "Ratios are ours divided by the peer's, of runs made one right after the other; less is better."]
    if not offers("validate", "--no-cache"):
        notes.append("`validate` has no --no-cache: whatever it remembers was not switched off.")
    if load > 0.5:
        notes.append(f"The machine was not idle when this began: load average {load:.1f}.")
    notes.append(f"Memory below {floor_mib():.0f} MiB cannot be told apart: that is what the measuring process takes.")
    if quick:
        notes.append("A quick run: start-up weighs too much in it for its verdicts to count.")
    return notes


if __name__ == "__main__":
    sys.exit(main())
