"""Articles with a tombstone stay out: of what is built, and of what lies there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from corpus_tool.findings import Finding, Location
from corpus_tool.release.index import known_versions
from corpus_tool.rules import find_rule

if TYPE_CHECKING:
    from corpus_tool.index import Entry
    from corpus_tool.release.verification.evidence import Evidence
    from corpus_tool.release.withdrawal.tombstones import Tombstone
    from corpus_tool.reports import Report

CODE = "RLS916"


def tombstones(home: Path) -> dict[str, Tombstone]:
    """The articles that were withdrawn from any version of a corpus, by id; the last withdrawal of each.

    Raises ReleaseError where index or releases are damaged.
    """
    return {one.article: one for entry in known_versions(home) for one in entry.withdrawn}


def tell_withdrawn(report: Report, home: Path) -> None:
    """Put into the report of a run, as errors, the articles that were withdrawn from a release, and copies of them."""
    known = tombstones(home)
    if not known:
        return
    texts = {bytes.fromhex(one.text_sha256)[:16]: one for one in known.values() if one.text_sha256}
    rule = find_rule(CODE)
    for entry in report.index.entries:
        message = _why(entry, known, texts)
        if message is not None:
            location = Location(entry.path, entry.line, article=entry.id)
            finding = Finding(rule.code, rule.name, rule.severity, location, message)
            report.findings.append(finding)
            report.summary.count(finding)


def _why(entry: Entry, known: Mapping[str, Tombstone], texts: Mapping[bytes, Tombstone]) -> str | None:
    found = known.get(entry.id)
    if found is not None:
        return f"article '{entry.id}' was withdrawn on {found.since[:10]}: {found.reason}; take it out of the sources"
    copied = texts.get(entry.digest)
    if copied is None:
        return None
    return (
        f"article '{entry.id}' has the text of '{copied.article}', which was withdrawn on {copied.since[:10]}: "
        f"{copied.reason}; take it out of the sources"
    )


def still_there(seen: Evidence) -> Iterator[Finding]:
    """Rows of articles that a release says were withdrawn from it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    gone = {one.article for one in seen.manifest.withdrawn} if seen.manifest else set()
    for shard in seen.manifest.shards if seen.manifest and gone else ():
        if shard.path not in seen.footers:
            continue
        keys = [feature.name for feature in seen.footers[shard.path].features]
        key = "article_id" if "article_id" in keys else keys_of(seen)
        try:
            ids = pq.read_table(seen.directory / shard.path, columns=[key]).column(0).to_pylist()
        except (OSError, pa.ArrowException, KeyError):  # damaged, which is a finding already
            continue
        for name in sorted(gone.intersection(ids)):
            yield seen.finding(CODE, shard.path, f"holds rows of article '{name}', which was withdrawn")


def keys_of(seen: Evidence) -> str:
    """The column of the articles' ids in views whose rows are articles."""
    from corpus_tool.release.articles import release_contract

    return str(release_contract(seen.directory).id)
