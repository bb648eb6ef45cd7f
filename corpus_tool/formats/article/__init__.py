"""Articles as published: Markdown, plain text or an HTML page, one a file, their parts found by rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from corpus_tool.errors import SourceError
from corpus_tool.findings import Finding
from corpus_tool.formats import WHOLLY, About, Article, Imported, Loss, Source, Unit, partly
from corpus_tool.formats.article.page_signs import begins_as_page, is_page
from corpus_tool.inventory import Inventory


def looks_like(name: str, head: bytes) -> bool:
    """Whether it is Markdown by its name, or begins as an HTML page does; plain text has no sign."""
    return name.lower().endswith((".md", ".markdown")) or begins_as_page(head)


ABOUT = About(
    title="articles as published: Markdown, plain text, HTML pages (written: Markdown)",
    unit=Unit.CODE_POINTS,
    fidelity={
        "id": WHOLLY,
        "text": WHOLLY,
        "metadata": WHOLLY,
        "split": WHOLLY,
        "passages": partly("those that rules find again in the text"),
    },
    looks_like=looks_like,
)


class _ArticleImporter:
    """Reads `.txt` and `.md` verbatim, and the article of an HTML page."""

    name = "article"
    suffixes = (".txt", ".md", ".html", ".htm", ".xhtml")
    about = ABOUT

    def read(self, source: Source, inventory: Inventory | None) -> Iterator[Imported]:  # noqa: ARG002 - the protocol's
        """The one article of a file; SourceError where the file is gone."""
        data = source.read(None)
        if data is None:
            raise SourceError(f"cannot read {source.path}: no such file")
        from corpus_tool.formats.article.page_reading import read_html
        from corpus_tool.formats.article.reading import read_article

        read = read_html if is_page(source.path, data[:4096]) else read_article
        yield read(data, source.path, source.id)

    def inventory(self, paths: Sequence[Path]) -> None:  # noqa: ARG002 - the protocol's
        """Nothing: the passage types are the schema's."""
        return


class _ArticleExporter:
    """Writes one `.md` an article."""

    name = "article"
    about = ABOUT

    def write(self, articles: Iterable[Article], output: Path, inventory: Inventory | None) -> Iterator[Loss | Finding]:  # noqa: ARG002 - the protocol's
        """Write a folder of Markdown files, the text of each verbatim behind its front matter."""
        from corpus_tool.formats.article.writing import write_articles

        yield from write_articles(articles, output)


IMPORTER = _ArticleImporter()
EXPORTER = _ArticleExporter()
