"""What commands write: the product or summary on stdout, the rest on stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from corpus_tool.cli.options import SummaryFormat
from corpus_tool.findings import Finding, Severity
from corpus_tool.summary import Summary

if TYPE_CHECKING:
    from corpus_tool.reporters import Style

PEOPLE = ("full", "concise")
"""Formats for people: they say nothing where nothing is to be said."""

FEW = 25
"""So many findings are shown where checking is not what was asked for."""


def say(text: str) -> None:
    """A line on stderr; what a terminal would obey is escaped."""
    write_line(text, to_stderr=True)


def write_line(text: str, *, to_stderr: bool = False) -> None:
    from corpus_tool.reporters.escaping import plain

    typer.echo(plain(text), err=to_stderr)


def write_json(value: Any, *, to_stderr: bool = False) -> None:
    from corpus_tool.reporters.escaping import json_text

    write_line(json_text(value), to_stderr=to_stderr)


def at_least(findings: Iterable[Finding], threshold: Severity) -> list[Finding]:
    return [finding for finding in findings if finding.severity >= threshold]


def fails(summary: Summary, threshold: Severity) -> bool:
    """An article that was refused fails the run whatever rules are ignored: nothing else of it was checked.

    But not one whose findings the corpus has suppressed, each for a reason.
    """
    return summary.refused > summary.excused or any(
        summary.by_severity[level.label] for level in Severity if level >= threshold
    )


def report_lines(
    findings: Iterable[Finding], summary: Summary, how: str, style: Style, *, quiet: bool = False
) -> Iterator[str]:
    """Findings as a format writes them; the formats for people leave the summary out where it is to be quiet."""
    from corpus_tool.reporters import REPORTERS

    return REPORTERS[how](findings, None if quiet and how in PEOPLE else summary, style)


def style_for(output: Path | None, *, mask: bool = False, most: int | None = None, failed: bool = False) -> Style:
    """How findings are written to a file, or to standard output: in colour where that is a terminal."""
    from corpus_tool.reporters import Style, wants_color

    terminal = (output is None or str(output) == "-") and sys.stdout.isatty()
    return Style(wants_color(os.environ, terminal=terminal), mask, most, int(failed))


def emit(lines: Iterable[str], output: Path | None) -> None:
    """Write lines to a file, whole or not at all; to stdout where none or `-` is named."""
    ended = (line if line.endswith("\n") else f"{line}\n" for line in lines)
    if output is None or str(output) == "-":
        sys.stdout.writelines(ended)
        return
    from corpus_tool.atomic import write_file

    write_file(output, lambda stream: stream.writelines(line.encode("utf-8", "backslashreplace") for line in ended))


def conclude(result: Any, format: SummaryFormat, *, to_stderr: bool, quiet: bool) -> None:
    from corpus_tool.reporters.style import counted
    from corpus_tool.reporters.text import closing, concise

    if format is SummaryFormat.json:
        write_json(result.as_json(), to_stderr=to_stderr)
        return
    for line in concise(at_least(result.findings, Severity.WARNING), None):
        say(line.rstrip("\n"))
    for mended in result.mended:
        say(f"mended: {mended.count:,} {mended.what} ({mended.example})")
    for loss in result.losses:
        say(f"lost: {loss.count:,} {loss.what} ({loss.example})")
    if not quiet:
        layers = ", ".join(f"{name} {number:,}" for name, number in result.layers.items() if number)
        write_line(f"{counted(result.written, 'article')} written{': ' if layers else ''}{layers}", to_stderr=to_stderr)
        for line in closing(result.summary):
            write_line(line.rstrip("\n"), to_stderr=to_stderr)


def finish_export(result: Any, format: SummaryFormat, *, quiet: bool, verbose: bool) -> NoReturn:
    from corpus_tool.reporters import Style
    from corpus_tool.reporters.text import concise

    report = result.report
    if format is SummaryFormat.json:
        write_json(result.as_json())
    else:
        shown = at_least(report.findings, Severity.WARNING if verbose or result.refused else Severity.ERROR)
        most = 0 if verbose else FEW
        for line in concise(shown, None if quiet else report.summary, Style(most=most)):
            say(line.rstrip("\n"))
        if most and len(shown) > most:
            say("`corpus-tool validate` shows them all, and by rule with --statistics")
        if not quiet:
            for line in result.lines():
                write_line(line)
    raise typer.Exit(1 if result.refused else 0)
