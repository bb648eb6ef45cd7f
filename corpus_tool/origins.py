"""What a release says of where it came from: its sources and its report, without a path of this machine."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool.corpus import Setup
from corpus_tool.findings import Finding, Location
from corpus_tool.masking import without_text
from corpus_tool.release.manifest import (
    InputFile,
)
from corpus_tool.rules import RELEASE, all_rules

if TYPE_CHECKING:
    from corpus_tool.reports import Report


def inputs(setup: Setup) -> tuple[InputFile, ...]:
    """Digests of the source files, named relative to the corpus."""
    top = _top(setup)
    found = []
    for path in dict.fromkeys(file.origin for file in setup.found.files):
        if path is not None:
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
                found.append(InputFile(_relative(path, top), stream.tell(), digest))
    return tuple(found)


def ordered(setup: Setup) -> Setup:
    """The files in an order of their own: that in which they were named, and where from, leaves no trace."""
    top = _top(setup)
    files = sorted(setup.found.files, key=lambda file: (_relative(file.origin, top) if file.origin else "", file.name))
    return replace(setup, found=replace(setup.found, files=tuple(files)))


def report_of(setup: Setup, report: Report, *, mask: bool) -> dict[str, Any]:
    """What was found and what was checked, as `validation-report.json` has it; `mask` takes the text out."""
    top = _top(setup)
    told = map(without_text, report.findings) if mask else report.findings
    findings = [_placed(finding, top).as_json() for finding in told]
    known = (*all_rules().values(), *setup.checker.own)
    checked = [rule.code for rule in known if rule.code in setup.checker.codes and rule.on != RELEASE]
    return {"findings": findings, "summary": report.summary.as_json(), "rules": checked}


def _placed(finding: Finding, top: Path) -> Finding:
    location: Location = replace(finding.location, path=_relative(Path(finding.location.path), top))
    return replace(finding, location=location)


def _relative(path: Path, top: Path) -> str:
    """A path below the corpus; the bare name of a file elsewhere, so that a release names no machine."""
    full = path.resolve()
    return full.relative_to(top).as_posix() if full.is_relative_to(top) else full.name


def _top(setup: Setup) -> Path:
    """The folder that paths in a release are relative to: of the settings, else the one that all sources lie in."""
    if setup.config.path is not None:
        return setup.config.path.parent.resolve()
    folders = [str(path.resolve().parent) for file in setup.found.files if (path := file.origin) is not None]
    return Path(os.path.commonpath(folders)) if folders else Path.cwd()
