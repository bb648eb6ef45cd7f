"""Files that an exporter writes into a folder: none that is there already is replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from corpus_tool.errors import StoreError
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats.safe_names import RULE, SafeNames

ENCODING = ("IO001", "text-is-utf8")


@contextmanager
def disk(output: Path) -> Iterator[None]:
    """What the disk refuses is a StoreError."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"cannot write {error.filename or output}: {error.strerror}") from error


def write_article(output: Path, name: str, suffix: str, content: str, names: SafeNames) -> Finding | None:
    """Write the one file of an article, as UTF-8; why it is not written where it cannot be."""
    data = encoded(content, name, output)
    return data if isinstance(data, Finding) else write_files(output, name, {suffix: data}, names)


def write_files(output: Path, name: str, contents: Mapping[str, bytes], names: SafeNames) -> Finding | None:
    """Write the files of an article, named by its id, with what each suffix holds; all of them, or none and why.

    Files that are there already are never replaced. Raises StoreError where the disk refuses.
    """
    refused = names.refusal(name, str(output))
    if refused is not None:
        return refused
    made: list[Path] = []
    try:
        with disk(output):
            for suffix, content in contents.items():
                file = output / (name + suffix)
                try:
                    file.parent.mkdir(parents=True, exist_ok=True)
                    with file.open("xb") as stream:
                        made.append(file)
                        stream.write(content)
                except (FileExistsError, NotADirectoryError):
                    message = "the id names a file that another article has, or that was there before"
                    _take_back(made)
                    return _refusal(RULE, output, name, message)
    except BaseException:
        _take_back(made)
        raise
    return None


def _take_back(made: list[Path]) -> None:
    for file in made:
        file.unlink(missing_ok=True)


def encoded(content: str, name: str, output: Path) -> bytes | Finding:
    """What is written for an article, as bytes; why there are none."""
    try:
        return content.encode()
    except UnicodeEncodeError:
        return _refusal(ENCODING, output, name, "its text is not one that UTF-8 can hold")


def _refusal(rule: tuple[str, str], output: Path, article: str, message: str) -> Finding:
    return Finding(*rule, Severity.ERROR, Location(str(output), article=article), message)
