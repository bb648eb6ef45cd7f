"""The tools that ours is measured against, how each is started, and how each is installed when it is first needed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

HERE = Path(__file__).parent
VENV = HERE / ".venv"
PEER_PYTHON = VENV / ("Scripts" if sys.platform == "win32" else "bin") / "python"
NODE_MODULES = HERE / "node_modules"
INSTALL_SECONDS = 600

Task = Literal["validate-jsonl", "validate-files", "export", "one-article"]


@dataclass(frozen=True, slots=True)
class Job:
    """What a run works on: a file of lines or a directory of .json files, its schema, an empty directory for output."""

    data: Path
    schema: Path
    output: Path


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool that does at least a part of what ours does.

    `package` is what it is installed from and by; `own` means the environment of the tool itself.
    A `slow` peer runs in the first round only. A limit is not a tool: it is the least work any tool could do.
    """

    name: str
    what: Literal["validate", "export"]
    tasks: tuple[Task, ...]
    command: Callable[[Job], list[str]]
    installer: Literal["pip", "npm", "own"]
    package: str
    note: str
    slow: bool = False
    limit: bool = False
    rejects: bool = True


def _script(python: str | Path, name: str) -> Callable[[Job], list[str]]:
    def command(job: Job) -> list[str]:
        return [str(python), str(HERE / "peer_runs.py"), name, str(job.data), str(job.schema), str(job.output)]

    return command


def _check_jsonschema(job: Job) -> list[str]:
    files = sorted(map(str, job.data.rglob("*.json"))) if job.data.is_dir() else [str(job.data)]
    return [str(PEER_PYTHON.with_name("check-jsonschema")), "--schemafile", str(job.schema), *files]


def _sourcemeta(job: Job) -> list[str]:
    return [str(NODE_MODULES / ".bin" / "jsonschema"), "validate", "--fast", str(job.schema), str(job.data)]


PEERS = (
    Peer(
        "sourcemeta",
        "validate",
        ("validate-jsonl", "validate-files", "one-article"),
        _sourcemeta,
        "npm",
        "@sourcemeta/jsonschema",
        "schema only, --fast, formats not asserted",
    ),
    Peer(
        "check-jsonschema",
        "validate",
        ("validate-files", "one-article"),
        _check_jsonschema,
        "pip",
        "check-jsonschema",
        "schema only",
        slow=True,
    ),
    Peer(
        "jsonschema",
        "validate",
        ("validate-jsonl",),
        _script(PEER_PYTHON, "jsonschema_lines"),
        "pip",
        "jsonschema",
        "schema only, formats not asserted",
        slow=True,
    ),
    Peer(
        "orjson + jsonschema-rs",
        "validate",
        ("validate-jsonl",),
        _script(sys.executable, "orjson_rs"),
        "own",
        "jsonschema-rs",
        "schema only, yes or no",
        limit=True,
    ),
    Peer(
        "orjson",
        "validate",
        ("validate-jsonl",),
        _script(sys.executable, "orjson_pass"),
        "own",
        "orjson",
        "parses, checks nothing",
        limit=True,
        rejects=False,
    ),
    Peer(
        "duckdb",
        "export",
        ("export",),
        _script(PEER_PYTHON, "duckdb_copy"),
        "pip",
        "duckdb",
        "COPY to Parquet, checks nothing",
    ),
    Peer(
        "polars",
        "export",
        ("export",),
        _script(PEER_PYTHON, "polars_sink"),
        "pip",
        "polars",
        "scan_ndjson, sink_parquet, checks nothing",
    ),
    Peer(
        "datasets",
        "export",
        ("export",),
        _script(PEER_PYTHON, "datasets_json"),
        "pip",
        "datasets",
        "load json with typed fields, to_parquet in its own codec, checks nothing",
    ),
    Peer(
        "pyarrow",
        "export",
        ("export",),
        _script(PEER_PYTHON, "pyarrow_json"),
        "pip",
        "pyarrow",
        "read_json, write_table, checks nothing",
    ),
)


@dataclass(frozen=True, slots=True)
class Installed:
    """The version of a peer that is there now, or why there is none."""

    version: str | None = None
    error: str | None = None


def install(peer: Peer) -> Installed:
    """Install a peer unless it is there; a failure is a value, for the row of that peer."""
    try:
        version = _version(peer)
        if version is None:
            if peer.installer == "npm":
                _install_npm(peer.package)
            elif peer.installer == "pip":
                _install_pip(peer.package)
            version = _version(peer)
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout or "").strip().split("\n")[-1]
        return Installed(error=f"not installed: {said or error}"[:300])
    except (OSError, subprocess.TimeoutExpired, LookupError) as error:
        return Installed(error=f"not installed: {error}"[:300])
    return Installed(version=version) if version else Installed(error="not installed: nothing there afterwards")


def _version(peer: Peer) -> str | None:
    if peer.installer == "npm":
        package = NODE_MODULES / peer.package / "package.json"
        return str(json.loads(package.read_bytes())["version"]) if package.is_file() else None
    python = sys.executable if peer.installer == "own" else str(PEER_PYTHON)
    if not Path(python).exists():
        return None
    asked = f"import importlib.metadata as m; print(m.version({peer.package!r}))"
    done = subprocess.run([python, "-c", asked], capture_output=True, text=True, timeout=60, check=False)
    return done.stdout.strip() or None


def _install_pip(package: str) -> None:
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if not PEER_PYTHON.exists():
        _do([uv, "venv", "--python", sys.executable, str(VENV)] if uv else [sys.executable, "-m", "venv", str(VENV)])
    if uv:
        _do([uv, "pip", "install", "--python", str(PEER_PYTHON), package])
    else:
        _do([str(PEER_PYTHON), "-m", "pip", "install", package])


def _install_npm(package: str) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise LookupError("npm is not on PATH")
    _do([npm, "install", "--prefix", str(HERE), "--no-audit", "--no-fund", package])


def _do(command: list[str]) -> None:
    subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=True)
