"""The layout of the package: who may import whom, how large a module gets, what stays out of start-up."""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "corpus_tool"

# Imports point upwards in this list only: a module may import from lines above its own, or from its own line.
LAYERS = (
    ("alike", "paths"),
    (
        "findings",
        "errors",
        "partitions",
        "policy",
        "release_settings",
        "resources",
        "split_settings",
        "startup",
        "versions",
    ),
    ("archives",),
    ("masking", "summary", "vocabulary"),
    ("inventory",),
    ("contradictions", "fields"),
    ("baseline", "inventory_files", "arrow_types", "outline", "config"),
    ("merging",),
    ("compiling", "layers"),
    ("contract", "nested"),
    ("features", "in_form", "garbage"),
    ("canonical",),
    ("class_numbers",),
    ("release_sources",),
    ("makers",),
    ("settings", "sources"),
    ("cuts", "refusals", "unpacking"),
    ("blocks", "positions", "decoding"),
    ("breaches",),
    ("portions",),
    ("schema", "columns", "tables", "covering"),
    ("flattening", "gold", "near_duplicates"),
    ("expressions",),
    ("conditions",),
    ("agreement", "assertions"),
    ("index",),
    ("excerpts", "leniency", "suppressing"),
    ("rule",),
    ("plugins",),
    ("rules",),
    ("team_rules",),
    ("execute", "disk"),
    ("atomic",),
    ("records", "reports"),
    ("collecting",),
    ("intake", "placing"),
    ("validate",),
    ("formats", "segment"),
    ("reading",),
    ("writing",),
    ("digest",),
    ("tags",),
    ("views",),
    ("tokens",),
    ("shards",),
    ("cards",),
    ("reporters", "progress"),
    ("release",),
    ("caching", "changed"),
    ("corpus",),
    ("fixing",),
    ("importing", "testing"),
    ("admitting", "convert"),
    ("dividing",),
    ("exported", "origins"),
    ("export",),
    ("releasing",),
    ("comparing", "rebuilding"),
    ("loading",),
    ("api",),
    ("cli", "__main__"),
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
HEAVY = (
    "datasets",
    "huggingface_hub",
    "pyarrow",
    "polars",
    "jsonschema",
    "jsonschema_rs",
    "numpy",
    "yaml",
    "rich.progress",
)


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "_schemas" not in path.parts)


def part(path: Path) -> str:
    """The top-level module or subpackage that a file belongs to."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "corpus_tool":
            if node.module == "corpus_tool":
                yield from (alias.name for alias in node.names if alias.name != "__version__")
            else:
                yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (alias.name.split(".")[1] for alias in node.names if alias.name.startswith("corpus_tool."))


@pytest.mark.parametrize(
    "path", [path for path in modules() if part(path) != "__init__"], ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_imports_point_upwards(path: Path) -> None:
    own = part(path)
    assert own in RANK, f"{own} has no place in the layout: put it into LAYERS"
    wrong = [name for name in imported(path) if RANK[name] > RANK[own]]
    assert not wrong, f"{own} imports {wrong}, which stand below it"


def test_every_layer_exists() -> None:
    assert sorted(RANK) == sorted({part(path) for path in modules()} - {"__init__"})


def test_modules_are_small() -> None:
    lines = {path: len(path.read_text().split("\n")) for path in modules()}
    assert statistics.median(lines.values()) < 130
    assert [str(path) for path, number in lines.items() if number > 600] == []


@pytest.mark.parametrize("name", ["utils", "util", "common", "helpers", "misc", "manager"])
def test_no_module_is_a_drawer(name: str) -> None:
    assert [path for path in modules() if path.stem == name] == []


def test_typer_is_imported_by_the_command_line_only() -> None:
    users = [path for path in modules() if "import typer" in path.read_text()]
    assert {path.parent.name for path in users} == {"cli"}


def test_help_loads_nothing_heavy() -> None:
    code = "import sys; from typer.testing import CliRunner; import corpus_tool.cli as c; CliRunner().invoke(c.app, ['--help']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert [name for name in HEAVY if name in loaded] == []
