"""A release that withholds text made whole by its reader's own copies, and shown to be what it would be with them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus_tool.atomic import write_directory
from corpus_tool.errors import ReleaseError, SettingsError
from corpus_tool.findings import Finding, Location
from corpus_tool.paths import AnyPath
from corpus_tool.release.articles import release_contract
from corpus_tool.release.index import read_release
from corpus_tool.release.manifest import Manifest
from corpus_tool.release.verification.verify import errors, verify
from corpus_tool.release.withholding.copies import Copies, find_copies
from corpus_tool.release.withholding.divergence import divergence
from corpus_tool.release.withholding.texts import Known, read_texts
from corpus_tool.release.withholding.whole import Whole
from corpus_tool.rules import find_rule

CODE = "RLS915"


@dataclass(frozen=True, slots=True)
class HydratedRelease:
    """What came of it: nothing was written where there are findings. `unused` are copies of articles not in it."""

    path: Path
    articles: int
    unused: int
    findings: tuple[Finding, ...] = ()
    logical: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "output": None if self.findings else str(self.path),
            "articles": self.articles,
            "unused": self.unused,
            "logical": self.logical,
            "findings": [finding.as_json() for finding in self.findings],
        }

    def lines(self) -> Iterator[str]:
        """The summary for people."""
        if self.findings:
            number = len(self.findings)
            yield f"nothing was written: {number:,} of {self.articles:,} texts are missing or others"
        else:
            yield f"{self.articles:,} texts are back, and the rows are those of the release: {self.logical}"
            yield f"written to {self.path}"


def hydrate(release: AnyPath, texts: AnyPath, output: AnyPath, jobs: int = 1) -> HydratedRelease:
    """Put the copies of texts below `texts` back into a release that withholds them, as the new directory `output`.

    A copy that is missing or differs is a finding, and then nothing is written. Raises SettingsError where the release
    withholds nothing or a path cannot be, ReleaseError where it is damaged or does not become what its manifest
    promises, StoreError where the disk refuses.
    """
    release, texts, output = Path(release), Path(texts), Path(output)
    manifest = _withholding(release)
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise SettingsError("is not an empty directory", str(output))
    contract, known = release_contract(release), read_texts(release)
    with tempfile.TemporaryDirectory(prefix="corpus-tool-") as folder:
        scratch = Path(folder)
        (scratch / "copies").mkdir()
        copies = find_copies(texts, known.keys(), contract, scratch / "copies")
        findings = tuple(_differing(known, copies, texts))
        if findings:
            return HydratedRelease(output, len(known), copies.unused, findings)
        whole = Whole(release, manifest, contract, known, copies)
        logical = write_directory(output, lambda target: whole.write(target, scratch / "rows", jobs))
    return HydratedRelease(output, len(known), copies.unused, (), logical)


def _withholding(release: Path) -> Manifest:
    """The manifest of a release that withholds text, once its files have been shown to be what was published."""
    if not release.is_dir():
        raise SettingsError("no such directory", str(release))
    manifest, _ = read_release(release)
    if manifest.withheld is None:
        raise SettingsError("withholds nothing: it needs no hydrating", str(release))
    findings = errors(verify(release, "full"))
    if findings:
        raise ReleaseError(f"{release} is not what was published: {findings[0].location.path}: {findings[0].message}")
    return manifest


def _differing(known: Mapping[str, Known], copies: Copies, texts: Path) -> Iterator[Finding]:
    """Of each article whose copy is missing or another text, why it cannot be used."""
    rule = find_rule(CODE)
    for name, text in known.items():
        copy = copies.text(name)
        if name in copies.unreadable:
            said = copies.unreadable[name]
        elif copy is None:
            said = f"there is no copy of the text of article '{name}': no file '{name}.txt', and no article of this id"
        else:
            found = divergence(copy, text)
            if found is None:
                continue
            said = f"the copy of article '{name}' {found}"
        at = Location(str(copies.places.get(name, texts)), article=name)
        yield Finding(rule.code, rule.name, rule.severity, at, said)
