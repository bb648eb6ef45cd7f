"""`corpus-tool schema`: the contract of a corpus."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from corpus_tool.cli.options import ConfigOption, InventoryOption, SchemaOption, read_options
from corpus_tool.cli.output import emit, say

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Compile, check and show the contract of a corpus.")


@app.command("compile", short_help="Write the contract as one JSON Schema.")
def schema_compile(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="File to write; stdout otherwise.")
    ] = None,
    config: ConfigOption = None, schema: SchemaOption = None, inventory: InventoryOption = None,
) -> None:  # fmt: skip
    """Write the contract: base schema, inventory and extension as one flat, closed JSON Schema."""
    contract = _contract(config, schema, inventory)
    emit([json.dumps(contract.schema, ensure_ascii=False, indent=1)], output)


@app.command("check", short_help="Check that a contract can be validated and exported.")
def schema_check(
    config: ConfigOption = None, schema: SchemaOption = None, inventory: InventoryOption = None,
) -> None:  # fmt: skip
    """Check that schema, inventory and extension make a contract that can be validated and exported."""
    contract = _contract(config, schema, inventory)
    for at, why in contract.problems:
        say(f"error: the schema at {at} {why}, so articles can be validated but not exported")
    typer.echo(f"contract {contract.digest}: {len(contract.layers)} layers")
    raise typer.Exit(2 if contract.problems else 0)


@app.command("show")
def schema_show(
    config: ConfigOption = None, schema: SchemaOption = None, inventory: InventoryOption = None,
) -> None:  # fmt: skip
    """List the fields of the contract with their types and meanings."""
    from corpus_tool.outline import outline

    emit(outline(_contract(config, schema, inventory).root), None)


@app.command("arrow")
def schema_arrow(
    config: ConfigOption = None, schema: SchemaOption = None, inventory: InventoryOption = None,
) -> None:  # fmt: skip
    """Show the Arrow schema that articles are exported under."""
    for field in _contract(config, schema, inventory).arrow:
        typer.echo(f"{field.name}: {field.type}")


@app.command("features", short_help="Show the features of every view, as YAML.")
def schema_features(
    config: ConfigOption = None, schema: SchemaOption = None, inventory: InventoryOption = None,
) -> None:  # fmt: skip
    """Show the features of every view, as the YAML of a dataset card."""
    from corpus_tool.cards import features_yaml

    typer.echo(features_yaml(_contract(config, schema, inventory)), nl=False)


def _contract(config: Path | None, schema: Path | None, inventory: Path | None) -> Any:
    from corpus_tool import corpus

    options = read_options(config, schema, inventory, None, None, None)
    contract = corpus.compile_contract(corpus.read_config(["."], options))
    corpus.compiled(contract)
    return contract
