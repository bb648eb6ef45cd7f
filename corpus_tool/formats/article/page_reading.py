"""Bytes of an HTML page as an article."""

from __future__ import annotations

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Imported, Loss
from corpus_tool.formats.article.page import read_page
from corpus_tool.formats.article.page_encoding import encoding_of
from corpus_tool.formats.article.page_metadata import metadata_of
from corpus_tool.formats.article.reading import draft, refused
from corpus_tool.formats.article.readings import Passage
from corpus_tool.formats.metadata import in_order, is_valid, uri

_UNUSABLE = ("IO020", "source-is-unambiguous")


def read_html(data: bytes, path: str, article_id: str) -> Imported:
    """The article of a page; see `page` for what is its text."""
    codec, mark = encoding_of(data)
    at = Location(path, 1, 1, article=article_id)
    try:
        markup = data[mark:].decode(codec)
    except UnicodeDecodeError as error:
        place = Location(path, data.count(b"\n", 0, mark + error.start) + 1, article=article_id)
        message = f"the page is not {codec.upper()}, which it has to be: byte {mark + error.start} ({error.reason})"
        return refused(place, "IO001", "text-is-utf8", message)
    # HTML itself reads every line break so.
    page = read_page(markup.replace("\r\n", "\n").replace("\r", "\n"))
    text = page.layout.text
    if not text:
        return refused(at, "TXT203", "empty-text", "the page has no article that can be found")
    findings, metadata = [], metadata_of(page.said, page.shown)
    if "uri" in metadata:
        metadata["uri"] = uri(metadata["uri"])
    for name in [name for name, value in metadata.items() if not is_valid(name, value)]:
        message = f"'{str(metadata.pop(name))[:80]}' is no valid {name}: left out of the metadata"
        where = Location(path, 1, 1, pointer=f"/metadata/{name}", article=article_id)
        findings.append(Finding(*_UNUSABLE, Severity.WARNING, where, message))
    passages = [Passage(found.type, found.start, found.end) for found in page.layout.passages]  # type: ignore[arg-type]
    places = {f"/passages/{number}": found.place for number, found in enumerate(page.layout.passages)}
    losses = (Loss("pictures and films of a page", page.pictures, article_id),) if page.pictures else ()
    article = draft(article_id, text, in_order(metadata), passages)
    return Imported(path, article, tuple(findings), places, losses)
