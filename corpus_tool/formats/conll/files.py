"""Files that an exporter writes into a folder: none that is there already is replaced."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus_tool.errors import StoreError
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats.conll.troubles import ENCODING
from corpus_tool.formats.safe_names import RULE, SafeNames


@contextmanager
def disk(output: Path) -> Iterator[None]:
    """What the disk refuses is a StoreError."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"cannot write {error.filename or output}: {error.strerror}") from error


def write_article(output: Path, name: str, suffix: str, content: str, names: SafeNames) -> Finding | None:
    """Write the file of an article, named by its id; why it is not written where it cannot be."""
    refused = names.refusal(name, str(output))
    if refused is not None:
        return refused
    data = encoded(content)
    if data is None:
        return refusal(ENCODING, output, name, "its text is not one that UTF-8 can hold")
    file = output / (name + suffix)
    with disk(output):
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("xb") as stream:
                stream.write(data)
        except (FileExistsError, NotADirectoryError):
            return refusal(RULE, output, name, "the id names a file that another article has, or that was there before")
    return None


def encoded(content: str) -> bytes | None:
    try:
        return content.encode()
    except UnicodeEncodeError:
        return None


def refusal(rule: tuple[str, str], output: Path, article: str, message: str) -> Finding:
    return Finding(*rule, Severity.ERROR, Location(str(output), article=article), message)
