"""Commands that tell of the rules and formats there are."""

from __future__ import annotations

from typing import Annotated

import typer

from corpus_tool.cli.options import ConfigOption, ListOption, SummaryFormat
from corpus_tool.cli.output import write_json
from corpus_tool.errors import SettingsError


def rules(
    code: Annotated[
        str | None, typer.Argument(metavar="RULE", help="Code or name of a rule, or a family such as SPN.")
    ] = None,
    config: ConfigOption = None,
    format: ListOption = SummaryFormat.text,
) -> None:
    """List the rules, or explain one. [*] has a safe fix."""
    from corpus_tool.corpus import Options, own_rules
    from corpus_tool.rules import all_rules, find_rule
    from corpus_tool.rules.pages import as_json, page

    own = own_rules(Options(config=config))
    family = [rule for rule in (*all_rules().values(), *own) if rule.code.rstrip("0123456789") == (code or "").upper()]
    chosen = family or ([find_rule(code, own)] if code else [*all_rules().values(), *own])
    if format is SummaryFormat.json:
        write_json([as_json(rule) for rule in chosen])
    elif code and not family:
        typer.echo(page(chosen[0]))
    else:
        for rule in chosen:
            mark = " [*]" if "safe" in rule.fixes else ""
            typer.echo(f"{rule.code}  {rule.severity.label:8} {rule.name}{mark}")


def formats(
    name: Annotated[str | None, typer.Argument(metavar="FORMAT", help="A format, to see what it keeps.")] = None,
    format: ListOption = SummaryFormat.text,
) -> None:
    """List the formats that can be read and written, or say what one keeps of an article."""
    from corpus_tool.formats.listing import as_json, page, rows, table

    if name is None:
        found = rows()
        if format is SummaryFormat.json:
            write_json([as_json(row) for row in found])
        else:
            for line in table(found):
                typer.echo(line)
        return
    row = next((row for row in rows() if row.name == name), None)
    if row is None:
        raise SettingsError(f"unknown format '{name}': choose from {', '.join(row.name for row in rows())}")
    if format is SummaryFormat.json:
        write_json(as_json(row))
    else:
        for line in page(row):
            typer.echo(line)
