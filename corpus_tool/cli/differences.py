"""`corpus-tool release diff` and `plan`: what differs, and which version that makes."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from corpus_tool.cli.options import (
    ConfigOption,
    FromOption,
    InventoryOption,
    JobsOption,
    NameOption,
    ReleasesOutput,
    SchemaOption,
    Sources,
    SummaryFormat,
    SummaryOption,
    WithholdOption,
    read_options,
)
from corpus_tool.cli.output import emit, write_json, write_line


class DifferenceFormat(StrEnum):
    text = "text"
    json = "json"
    markdown = "markdown"


def release_diff(
    old: Annotated[str, typer.Argument(metavar="A", help="A release's directory, NAME@VERSION, or a source.")],
    new: Annotated[str, typer.Argument(metavar="B", help="What it is compared with, likewise.")],
    releases: Annotated[
        Path, typer.Option("--releases", metavar="DIR", help="Where NAME@VERSION is looked for.")
    ] = Path("releases"),
    format: Annotated[DifferenceFormat, typer.Option(help="How the difference is written.")] = DifferenceFormat.text,
    source: FromOption = None,
    config: ConfigOption = None, schema: SchemaOption = None, inventory: InventoryOption = None,
    jobs: JobsOption = None,
) -> None:  # fmt: skip
    """Say what differs, by content: new ids and another order do not count."""
    from corpus_tool.comparing import compare
    from corpus_tool.release.difference.pages import difference_json, markdown, text_lines

    options = read_options(config, schema, inventory, None, None, jobs, source=source)
    found = compare(old, new, releases, options)
    if format is DifferenceFormat.json:
        write_json(difference_json(found))
    elif format is DifferenceFormat.markdown:
        emit([markdown(found)], None)
    else:
        for line in text_lines(found):
            write_line(line)


def release_plan(
    sources: Sources,
    name: NameOption = None,
    output: ReleasesOutput = Path("releases"),
    pseudonyms: Annotated[
        Path | None, typer.Option("--pseudonyms", metavar="FILE", help="The list that `release build` is given.")
    ] = None,
    withhold: WithholdOption = None,
    source: FromOption = None,
    config: ConfigOption = None, schema: SchemaOption = None, inventory: InventoryOption = None,
    format: SummaryOption = SummaryFormat.text, jobs: JobsOption = None,
) -> None:  # fmt: skip
    """Say which version a release would be at least, and why."""
    from corpus_tool.comparing import plan_release
    from corpus_tool.findings import Severity
    from corpus_tool.release.difference.pages import plan_lines, text_lines
    from corpus_tool.reporters.text import concise

    options = read_options(config, schema, inventory, None, None, jobs, source=source, pseudonyms=pseudonyms)
    planned = plan_release(sources, output, name=name, options=options, withhold=withhold or ())
    if format is SummaryFormat.json:
        write_json(planned.as_json() | {"findings": [finding.as_json() for finding in planned.findings]})
    else:
        lines = text_lines(planned.difference) if planned.difference else ()
        for line in (*plan_lines(planned), *lines, *concise(planned.findings, None)):
            write_line(line.rstrip("\n"))
    raise typer.Exit(1 if any(finding.severity is Severity.ERROR for finding in planned.findings) else 0)
