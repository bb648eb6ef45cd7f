"""Files of one article each in a folder, named by its id."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from corpus_tool.disk import store_errors
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats.safe_names import RULE, SafeNames


def write_files(output: Path, name: str, contents: Mapping[str, bytes], names: SafeNames) -> Finding | None:
    """Write what each suffix holds; a finding, and no file, where the id names no place of its own in the folder.

    Files that are there already are never replaced. Raises StoreError where the disk refuses.
    """
    refused = names.refusal(name, str(output))
    if refused is not None:
        return refused
    made: list[Path] = []
    try:
        with store_errors(output):
            for suffix, content in contents.items():
                file = output / (name + suffix)
                try:
                    file.parent.mkdir(parents=True, exist_ok=True)
                    with file.open("xb") as stream:
                        made.append(file)
                        stream.write(content)
                except (FileExistsError, NotADirectoryError):
                    return _taken(output, name, made)
    except BaseException:
        _taken(output, name, made)
        raise
    return None


def _taken(output: Path, name: str, made: list[Path]) -> Finding:
    for file in made:
        file.unlink(missing_ok=True)
    message = "the id names a file that another article has, or that was there before"
    return Finding(*RULE, Severity.ERROR, Location(str(output), article=name), message)
