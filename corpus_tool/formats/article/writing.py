"""Articles as Markdown files: front matter for what is known of them, and their text, verbatim."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from corpus_tool.errors import StoreError
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Article, Loss
from corpus_tool.formats.article.envelope import wrap
from corpus_tool.formats.article.front_matter import read_front_matter
from corpus_tool.formats.article.passages import read_passages
from corpus_tool.formats.safe_names import RULE, SafeNames

_SUFFIX = ".md"


def write_articles(articles: Iterable[Article], output: Path) -> Iterator[Loss | Finding]:
    """Write a file an article; one that is there is never replaced. Raises StoreError where the disk refuses."""
    names = SafeNames(_SUFFIX)
    unread = 0
    example = ""
    for article in articles:
        refused = names.refusal(article["id"], str(output)) or _empty(article, output) or _write(article, output)
        if refused is not None:
            yield refused
            continue
        missed = _missed(article)
        unread += sum(missed.values())
        example = example or next((f"{article['id']}: {kind} {start}-{end}" for kind, start, end in missed), "")
    if unread:
        yield Loss("passages that rules do not find again in the text", unread, example)


def _missed(article: Article) -> Counter[tuple[str, int, int]]:
    """The passages that reading the file again does not give."""
    passages = article.get("passages") or ()
    if not passages:
        return Counter()
    text = article["text"]
    front = read_front_matter(text)
    titles = (article.get("metadata") or {}).get("headlines") or front.metadata.get("headlines") or ()
    reading = read_passages(text, front.body, titles[0]["value"] if titles else None)
    there = Counter((found.type, found.start, found.end) for found in reading.passages)
    here = Counter(
        (one["type"], one["spans"][0]["start"], one["spans"][-1]["end"] if len(one["spans"]) == 1 else -1)
        for one in passages
    )
    return here - there


def _empty(article: Article, output: Path) -> Finding | None:
    if article["text"].replace("\ufeff", "").strip():
        return None
    at = Location(str(output), article=article["id"])
    return Finding("TXT203", "empty-text", Severity.ERROR, at, "the text is empty or only white space")


def _write(article: Article, output: Path) -> Finding | None:
    where = Location(str(output), article=article["id"])
    try:
        content = wrap(article).encode()
    except UnicodeEncodeError as error:
        return Finding("IO001", "text-is-utf8", Severity.ERROR, where, f"not text that UTF-8 can hold: {error.reason}")
    file = output / (article["id"] + _SUFFIX)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as stream:
            stream.write(content)
    except (FileExistsError, NotADirectoryError):
        message = "the id names a file that another article has, or that was there before"
        return Finding(*RULE, Severity.ERROR, where, message)
    except OSError as error:
        raise StoreError(f"cannot write {file}: {error.strerror}") from error
    return None
