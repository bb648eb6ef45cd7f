"""HIPE-2020 and HIPE-2022: tab-separated columns of coarse, fine, nested and linked mentions, many documents a file.

The label of an entity is that of NE-COARSE-LIT. What other columns say of the same tokens are attributes named by the
column (NE-FINE-LIT, NE-COARSE-METO, ...); mentions of other tokens (NE-NESTED, NE-FINE-COMP) are entities with an
attribute `column`. NIL is an attribute NEL-LIT, for it links to nothing; flags on all tokens of a mention (LED0.33) are
attributes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corpus_tool.formats import WHOLLY, About, Article, Imported, Loss, Source, Unit, partly
from corpus_tool.formats.conll.files import disk, encoded, refusal
from corpus_tool.formats.conll.troubles import ENCODING
from corpus_tool.formats.hipe.cells import COLUMNS, LITERAL, TOKEN
from corpus_tool.formats.hipe.reading import Reading
from corpus_tool.formats.hipe.writing import write
from corpus_tool.formats.tally import Tally

if TYPE_CHECKING:
    from corpus_tool.findings import Finding
    from corpus_tool.inventory import Inventory

FILE = "articles.tsv"


def looks_like(_: str, head: bytes) -> bool:
    """Whether the first line names columns of HIPE."""
    names = head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].rstrip(b"\r").split(b"\t")
    return names[0] == TOKEN.encode() and LITERAL.encode() in names


ABOUT = About(
    title="HIPE-2022 TSV",
    unit=Unit.TOKENS,
    fidelity={
        "id": WHOLLY,
        "text": WHOLLY,
        "metadata": WHOLLY,
        "split": WHOLLY,
        "sentences": WHOLLY,
        "tokens": WHOLLY,
        "entities": partly("all, and of several that overlap the longest, which may then be alone"),
        "overlaps": partly("one entity within another"),
        "attributes": partly("of entities that are not within another"),
        "links": partly("to wikidata, of entities that are not within another"),
        "coverage": partly("entities, complete, by one annotator"),
        "empty": partly("entities"),
    },
    looks_like=looks_like,
)


class HipeImporter:
    """Reads files of HIPE, as a stream."""

    name = "hipe"
    suffixes = (".tsv",)
    about = ABOUT

    def read(self, source: Source, inventory: Inventory | None) -> Iterator[Imported]:  # noqa: ARG002 (the protocol)
        """The documents of a file, each when it has been read to its end."""
        with source.stream() as stream:
            yield from Reading(source.path, source.id).read(stream)

    def inventory(self, paths: Sequence[Path]) -> Inventory | None:  # noqa: ARG002 (the protocol)
        """None: the format has no place for one."""
        return None


class HipeExporter:
    """Writes all articles to one file in a folder."""

    name = "hipe"
    about = ABOUT

    def write(
        self,
        articles: Iterable[Article],
        output: Path,
        inventory: Inventory | None,  # noqa: ARG002 (the protocol)
    ) -> Iterator[Loss | Finding]:
        """Write the file, which is not there yet; StoreError where the disk refuses."""
        tally = Tally()
        with disk(output):
            output.mkdir(parents=True, exist_ok=True)
            stream = (output / FILE).open("xb")
        with stream:
            with disk(output):
                stream.write("\t".join(COLUMNS).encode() + b"\n")
            for number, article in enumerate(articles):
                data = encoded(write(article, tally))
                if data is None:
                    yield refusal(ENCODING, output, article["id"], "its text is not one that UTF-8 can hold")
                    continue
                with disk(output):
                    stream.write(b"\n" * (number > 0) + data)
        yield from tally


IMPORTER = HipeImporter()
EXPORTER = HipeExporter()
