"""TEI P5: texts with names, speech, words and structure marked in place, to articles and back.

What is in the text becomes elements in it (`persName`, `placeName`, `orgName`, `rs`, `said`, `s`, `w`); what relates
them stands in `standOff`. Written text is below `xml:space="preserve"`, so that no character of it changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import WHOLLY, About, Article, Imported, Loss, Source, Unit, partly
from corpus_tool.formats.file_writing import write_article
from corpus_tool.formats.safe_names import SafeNames
from corpus_tool.formats.tei.document_writing import Losses, write_document
from corpus_tool.formats.tei.reading import WRONG, read_document
from corpus_tool.formats.tei.xml import NAMESPACE, Broken, Node, parse
from corpus_tool.formats.whole_files import read_whole
from corpus_tool.inventory import Inventory

_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:TEI|teiCorpus)[\s>]")
_ROOTS = frozenset({"TEI", "teiCorpus"})
_UTF8 = re.compile(rb"""<\?xml[^>]{0,200}encoding\s*=\s*["'](?!utf-?8)""", re.IGNORECASE)


def looks_like(name: str, head: bytes) -> bool:  # noqa: ARG001 - the protocol's
    """Whether its root element is `TEI` or `teiCorpus` in the namespace of TEI P5."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start[:1] == b"<" and _ROOT.search(start) is not None and NAMESPACE.encode() in start


_KEPT = (
    "id", "text", "metadata", "passages", "sentences", "tokens", "words", "entities", "fragments", "overlaps",
    "attributes", "links", "relations", "events", "quotations", "coreference", "labels", "notes", "confidence",
    "provenance",
)  # fmt: skip
ABOUT = About(
    title="TEI P5",
    unit=Unit.MARKUP,
    fidelity=dict.fromkeys(_KEPT, WHOLLY) | {"ids": partly("not those of words that are the only one of their token")},
    looks_like=looks_like,
)  # fmt: skip


class TeiImporter:
    """Reads `.xml` and `.tei`: a `TEI` element is an article, a `teiCorpus` several."""

    name = "tei"
    suffixes = (".xml", ".tei")
    about = ABOUT

    def read(self, source: Source, inventory: Inventory | None) -> Iterator[Imported]:  # noqa: ARG002 - the protocol's
        """The articles of one file; SourceError where the file is gone."""
        data = read_whole(source)
        if isinstance(data, Finding):
            yield Imported(source.path, None, (data,))
            return
        root = parse(data)
        refusal = _not_utf8(data, source) or _not_tei(root, source)
        if refusal is not None:
            yield Imported(source.path, None, (refusal,))
            return
        assert isinstance(root, Node)
        documents = list(_documents(root, ()))
        for number, (document, above) in enumerate(documents, 1):
            name = source.id if len(documents) == 1 else f"{source.id}-{number:04}"
            yield read_document(document, source.path, name, above)
        if not documents:
            at = Location(source.path, *root.place, article=source.id)
            message = "the corpus has no TEI element in it"
            yield Imported(source.path, None, (Finding(*WRONG, Severity.ERROR, at, message),))

    def inventory(self, paths: Sequence[Path]) -> None:  # noqa: ARG002 - the protocol's
        """Nothing: the labels that a TEI document may use stand in a schema beside it, if anywhere."""
        return


def _not_utf8(data: bytes, source: Source) -> Finding | None:
    if _UTF8.match(data) or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = len(data[data.rfind(b"\n", 0, error.start) + 1 : error.start].decode()) + 1
        at = Location(source.path, line, column, article=source.id)
        return Finding("IO001", "text-is-utf8", Severity.ERROR, at, "the file is not UTF-8, and declares nothing else")
    return None


def _not_tei(root: Node | Broken, source: Source) -> Finding | None:
    if isinstance(root, Broken):
        at = Location(source.path, *root.place, article=source.id)
        return Finding(*WRONG, Severity.ERROR, at, f"the XML cannot be read: {root.message}")
    if root.tag in _ROOTS:
        return None
    older = " (P4: convert it to P5)" if root.tag in {"TEI.2", "teiCorpus.2"} else ""
    at = Location(source.path, *root.place, article=source.id)
    return Finding(*WRONG, Severity.ERROR, at, f"no TEI: the root element is '{root.tag[:80]}'{older}")


def _documents(node: Node, above: tuple[Node, ...]) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    if node.tag == "TEI" and node.first("text") is None and node.first("TEI") is not None:
        for inner in node.elements():
            yield from _documents(inner, (*above, node))
    elif node.tag == "TEI":
        yield node, above
    elif node.tag == "teiCorpus":
        for inner in node.elements():
            yield from _documents(inner, (*above, node))


class TeiExporter:
    """Writes one `.xml` an article."""

    name = "tei"
    about = ABOUT

    def write(self, articles: Iterable[Article], output: Path, inventory: Inventory | None) -> Iterator[Loss | Finding]:  # noqa: ARG002 - the protocol's
        """Write a folder of documents; a file that is there is never replaced. StoreError where the disk refuses."""
        names = SafeNames(".xml")
        losses = Losses()
        for article in articles:
            made = write_document(article, losses, str(output))
            refused = made if isinstance(made, Finding) else write_article(output, article["id"], ".xml", made, names)
            if refused is not None:
                yield refused
        yield from losses.all()


IMPORTER = TeiImporter()
EXPORTER = TeiExporter()
