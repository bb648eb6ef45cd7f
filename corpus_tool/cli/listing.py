"""Commands that tell of the rules and formats there are."""

from __future__ import annotations

from typing import Annotated

import typer

from corpus_tool.cli.options import ConfigOption, ListOption, SummaryFormat
from corpus_tool.cli.output import write_json


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


def formats(format: ListOption = SummaryFormat.text) -> None:
    """List the formats that can be read and written."""
    from corpus_tool import formats as registry

    readable = {*registry.JSON_FORMATS, *registry.names(registry.IMPORTERS)}
    writable = {*registry.JSON_FORMATS, *registry.names(registry.EXPORTERS)}
    rows = [{"name": name, "in": name in readable, "out": name in writable} for name in sorted(readable | writable)]
    if format is SummaryFormat.json:
        write_json(rows)
    else:
        for row in rows:
            typer.echo(f"{row['name']:12} {'in ' if row['in'] else '   '} {'out' if row['out'] else '   '}")
