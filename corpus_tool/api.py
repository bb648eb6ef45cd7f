"""The Python API: what the command line does, as functions.

    from corpus_tool.api import Options, validate

    report = validate("articles.jsonl", Options(inventory="inventory.toml"))
    for finding in report.findings:
        print(finding.location.path, finding.location.line, finding.code, finding.message)

Paths are strings or `Path`s, and one source needs no list around it. What is wrong with data is a finding of what comes
back; what went wrong otherwise is a CorpusError.
"""

from __future__ import annotations

from corpus_tool.comparing import compare, plan_release
from corpus_tool.convert import convert, source_inventory, write_inventory
from corpus_tool.corpus import Options, validate
from corpus_tool.export import export
from corpus_tool.loading import ReleaseWarning, load
from corpus_tool.rebuilding import check_release
from corpus_tool.release.resolving import list_releases, resolve_release
from corpus_tool.release.statuses import deprecate, unyank, yank
from corpus_tool.release.withdrawal.withdrawing import withdraw
from corpus_tool.release.withholding.hydrating import hydrate
from corpus_tool.releasing import build_release, verify_release

__all__ = [
    "Options",
    "ReleaseWarning",
    "build_release",
    "check_release",
    "compare",
    "convert",
    "deprecate",
    "export",
    "hydrate",
    "list_releases",
    "load",
    "plan_release",
    "resolve_release",
    "source_inventory",
    "unyank",
    "validate",
    "verify_release",
    "withdraw",
    "write_inventory",
    "yank",
]
