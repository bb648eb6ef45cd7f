"""Results as values, and as Markdown beside the targets they are held against."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from benchmarks.measure import Run

TOOL = "corpus-tool"
ANEW = "corpus-tool, everything anew"


@dataclass(frozen=True, slots=True)
class Ratio:
    """Ours divided by a peer's, over pairs of runs one right after the other: the median, the least and the most."""

    median: float
    least: float
    most: float

    def __str__(self) -> str:
        spread = f" [{self.least:.2f}-{self.most:.2f}]" if self.least != self.most else ""
        return f"{self.median:.2f}{spread}"


@dataclass(frozen=True, slots=True)
class Row:
    """One tool at one task; `pairs` are runs of ours and of this one, in the order they were made.

    With an `error` there may be runs all the same: what was measured of something that failed proves nothing.
    """

    task: str
    name: str
    note: str
    version: str | None = None
    runs: tuple[Run, ...] = ()
    pairs: tuple[tuple[Run, Run], ...] = ()
    error: str | None = None

    def middle(self, measure: Callable[[Run], float]) -> float | None:
        """The median of a measure over the runs; None after an error."""
        return median(map(measure, self.runs)) if self.runs and not self.error else None

    def ratio(self, measure: Callable[[Run], float]) -> Ratio | None:
        """Ours to this one; None after an error."""
        found = [measure(ours) / measure(theirs) for ours, theirs in self.pairs if measure(theirs)]
        return Ratio(median(found), min(found), max(found)) if found and not self.error else None

    def as_json(self) -> dict[str, Any]:
        ratios = {name: self.ratio(measure) for name, measure in MEASURES.items()}
        return asdict(self) | {
            "median": {name: self.middle(measure) for name, measure in MEASURES.items()},
            "ratio": {name: ratio and asdict(ratio) for name, ratio in ratios.items()},
        }


def wall(run: Run) -> float:
    return run.wall


def cpu(run: Run) -> float:
    return run.cpu


def memory(run: Run) -> float:
    return run.memory


def process(run: Run) -> float:
    return run.process_mib


MEASURES: dict[str, Callable[[Run], float]] = {"wall": wall, "cpu": cpu, "memory": memory, "process": process}


@dataclass(frozen=True, slots=True)
class Target:
    """What a row must reach: a ratio to a peer, or a figure of our own (`peer` None), at most `limit`."""

    task: str
    peer: str | None
    measure: str
    limit: float
    text: str


TARGETS = (
    Target("validate-jsonl", "sourcemeta", "wall", 1.0, "validate JSONL: wall no more than sourcemeta --fast"),
    Target("validate-jsonl", "sourcemeta", "memory", 0.2, "validate JSONL: a fifth of sourcemeta's memory"),
    Target("validate-files", "sourcemeta", "wall", 1.0, "validate a directory: wall no more than sourcemeta --fast"),
    Target("validate-files", "check-jsonschema", "wall", 1 / 30, "validate a directory: 30x check-jsonschema"),
    Target("again-jsonl", ANEW, "wall", 1 / 20, "JSONL unchanged: 20x faster by file times"),
    Target("content-jsonl", ANEW, "wall", 1 / 8, "JSONL unchanged: 8x faster by content"),
    Target("again-files", ANEW, "wall", 1 / 20, "a directory unchanged: 20x faster by file times"),
    Target("content-files", ANEW, "wall", 1 / 8, "a directory unchanged: 8x faster by content"),
    Target("export", "duckdb", "wall", 1.5, "export: wall at most 1.5x DuckDB's COPY"),
    Target("export", "polars", "wall", 1.0, "export: wall no more than Polars"),
    Target("export", "datasets", "wall", 1.0, "export: wall no more than datasets"),
    Target("validate-jsonl", None, "process", 300, "validate: under 300 MiB a process"),
    Target("export", None, "process", 300, "export: under 300 MiB a process"),
    Target("memory-validate", "a third of it", "memory", 1.2, "validate: memory of 3x the articles within 1.2x"),
    Target("memory-export", "a third of it", "memory", 1.2, "export: memory of 3x the articles within 1.2x"),
    Target("processes", "one process", "wall", 1 / 1.7, "two processes 1.7x one, on two idle cores"),
    Target("help", None, "wall", 0.25, "--help: at most 0.25 s"),
    Target("one-article", None, "wall", 0.6, "one article validated: at most 0.6 s"),
)


def verdicts(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Every target with what was measured, and `met` true, false, or None where nothing was."""
    found = {(row.task, row.name): row for row in rows}
    out = []
    for target in TARGETS:
        row = found.get((target.task, target.peer or TOOL))
        value: float | None = None
        if row is not None:
            ratio = row.ratio(MEASURES[target.measure])
            value = (ratio.median if ratio else None) if target.peer else row.middle(MEASURES[target.measure])
        out.append(asdict(target) | {"measured": value, "met": None if value is None else value <= target.limit})
    return out


def markdown(rows: Iterable[Row], about: dict[str, Any]) -> str:
    """The whole report: what was run on what, a table a task, the targets."""
    rows = list(rows)
    lines = [f"{about['articles']:,} articles, {about['mib']:.0f} MiB of JSONL; {about['machine']}.", ""]
    lines += [f"- {note}" for note in about["notes"]]
    for task in dict.fromkeys(row.task for row in rows):
        lines += ["", f"### {task}", "", *_table([row for row in rows if row.task == task])]
    lines += ["", "### Targets", "", "| target | limit | measured | |", "|---|---|---|---|"]
    words = {True: "met", False: "MISSED", None: "not measured"}
    for item in verdicts(rows):
        measured = _number(item["measured"])
        lines.append(f"| {item['text']} | {_number(item['limit'])} | {measured} | {words[item['met']]} |")
    return "\n".join(lines) + "\n"


def _table(rows: Iterable[Row]) -> list[str]:
    out = [
        "| | runs | wall s | CPU s | memory MiB | largest process MiB | wall ratio | CPU ratio | memory ratio | |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        label = f"{row.name} {row.version}" if row.version else row.name
        note = f"FAILED: {row.error}".replace("|", "\\|") if row.error else row.note
        figures = [_number(row.middle(measure)) for measure in (wall, cpu, memory, process)]
        ratios = [str(row.ratio(measure) or "") for measure in (wall, cpu, memory)]
        out.append("| " + " | ".join([label, str(len(row.runs)), *figures, *ratios, note]) + " |")
    return out


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"
