"""Fixes as SARIF has them: pieces of a file that are replaced."""

from __future__ import annotations

from typing import Any

from corpus_tool.findings import ABSENT, Edit, Finding, Fix, Location
from corpus_tool.reporters.escaping import json_text, sarif_message, uri

_JSON = (".json", ".jsonl", ".ndjson")


def sarif_fix(finding: Finding, fix: Fix) -> dict[str, Any] | None:
    """The fix as a replacement in the file; None where its place in the file is not known.

    Known is the place of the finding: a fix of one edit, at the finding's pointer, in a file of JSON that is not
    compressed, has it. A fix that is told in part would break the article.
    """
    at = finding.location
    edit = fix.edits[0] if len(fix.edits) == 1 and not fix.text else None
    if edit is None or not _replaces(edit, at):
        return None
    deleted = {"startLine": at.line, "startColumn": at.column, "endLine": at.end_line, "endColumn": at.end_column}
    replacement = {"deletedRegion": deleted, "insertedContent": {"text": json_text(edit.new)}}
    return {
        "description": {"text": sarif_message(fix.description)},
        "artifactChanges": [{"artifactLocation": {"uri": uri(at.path)}, "replacements": [replacement]}],
        "properties": {"safety": fix.safety},
    }


def _replaces(edit: Edit, at: Location) -> bool:
    known = None not in (at.line, at.column, at.end_line, at.end_column)
    in_place = edit.pointer == at.pointer and edit.old is not ABSENT and edit.new is not ABSENT
    return known and in_place and at.path.lower().endswith(_JSON)
