"""Articles written in a format and read again: what comes back, aspect by aspect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import strategies as st

from corpus_tool import formats
from corpus_tool.findings import Finding, Severity
from corpus_tool.formats import Article, Imported, Kept, Loss, Source
from corpus_tool.formats.fidelity import ASPECTS, declared, items
from corpus_tool.inventory import Inventory
from corpus_tool.reading import source_suffixes
from corpus_tool.sources import find_sources, split_suffix
from tests.generated import LAYERS, SCRIPTS, Shape, article, inventory

SHAPES = st.builds(
    Shape,
    seed=st.integers(0, 2**32),
    scripts=st.lists(st.sampled_from(sorted(SCRIPTS)), min_size=1, max_size=3, unique=True).map(tuple),
    paragraphs=st.integers(1, 4),
    layers=st.frozensets(st.sampled_from(LAYERS)),
)
"""Articles of one annotator, of any script, with any of the layers."""


@cache
def samples() -> tuple[Article, ...]:
    """Articles that have something of every aspect, in every script, of one annotator and of several."""
    made = []
    for number, script in enumerate(SCRIPTS):
        shape = Shape(
            number, (script,), 3, 1 + number % 2, model=number % 3 == 0, layers=frozenset(LAYERS), split="test"
        )
        made.append({**article(shape), "id": f"sample-{number:02}"})
    odd = "A🏴󠁧󠁢󠁷󠁬󠁳󠁿 e\u0301 x\u2028y\r\nz\u0085 \t end\ufeff."
    made.append({"id": "odd-characters", "text": odd, "entities": [
        {"id": "T1", "type": "LOC", "spans": [{"start": 1, "end": 8, "text": odd[1:8]}], "confidence": 0.5,
         "links": [{"db": "wikidata", "id": "Q25"}]},
    ], "notes": [{"id": "N1", "ref": "T1", "text": "seen twice"}]})  # fmt: skip
    made.append({"id": "nothing-found", "text": "Nobody came.", "entities": [], "relations": [], "labels": []})
    return tuple(made)


def written(
    name: str, articles: Iterable[Article], folder: Path, labels: Inventory | None = None
) -> list[Loss | Finding]:
    """Articles written to a folder in a format; what the exporter said."""
    return list(formats.exporter(name).write(articles, folder, labels))


def read(name: str, *paths: Path, labels: Inventory | None = None) -> Iterator[Imported]:
    """What an importer makes of files and folders, as the command line hands them to it."""
    importer = formats.importer(name)
    done: set[str] = set()
    for file in find_sources([str(path) for path in paths], source_suffixes(name)).files:
        if (stem := split_suffix(file.name)[0]) in done:
            continue
        done.add(stem)
        path = Path(file.where or "")

        def beside(suffix: str | None, path: Path = path) -> bytes | None:
            there = path if suffix is None else path.with_suffix(suffix)
            return there.read_bytes() if there.is_file() else None

        yield from importer.read(Source(file.name, file.id, beside), labels)


def there_and_back(name: str, articles: Sequence[Article], labels: Inventory | None = None) -> list[Article]:
    """What comes back of articles that are written and read again, in their order; an error is none of its findings."""
    with TemporaryDirectory() as folder:
        refused = [said for said in written(name, articles, Path(folder), labels) if isinstance(said, Finding)]
        assert refused == []
        found = list(read(name, Path(folder), labels=labels))
    errors = [one for each in found for one in each.findings if one.severity is Severity.ERROR]
    assert errors == []
    order = {each["id"]: number for number, each in enumerate(articles)}
    made = [each.article for each in found if each.article is not None]
    return sorted(made, key=lambda each: order.get(each["id"], len(order)))


def observed(before: Sequence[Article], after: Sequence[Article]) -> dict[str, Kept]:
    """What became of each aspect that the articles have, over all of them."""
    assert len(before) == len(after)
    pairs = [(items(one), items(other)) for one, other in zip(before, after, strict=True)]
    found = {}
    for name in ASPECTS:
        here: list[tuple[Counter[Any], Counter[Any]]] = [(one[name], other[name]) for one, other in pairs if one[name]]
        if here:
            same, gone = all(one == other for one, other in here), not any(one & other for one, other in here)
            found[name] = Kept.WHOLLY if same else Kept.NOT if gone else Kept.PARTLY
    return found


def check_declared(name: str, labels: Inventory | None = None, articles: Sequence[Article] | None = None) -> None:
    """The declaration of a format is what a round trip of the samples shows, for every aspect."""
    before = list(samples() if articles is None else articles)
    said = formats.about(name)
    assert said is not None
    found = observed(before, there_and_back(name, before, labels or inventory()))
    assert {aspect: kept.value for aspect, kept in found.items()} == {
        aspect: declared(said.fidelity, aspect).kept.value for aspect in found
    }


def check_kept(name: str, shape: Shape, labels: Inventory | None = None) -> None:
    """Of an article made up at random comes back what the format declares to keep wholly."""
    said = formats.about(name)
    assert said is not None
    before = article(shape)
    (after,) = there_and_back(name, [before], labels or inventory())
    here, there = items(before), items(after)
    for aspect in ASPECTS:
        if declared(said.fidelity, aspect).kept is Kept.WHOLLY:
            assert here[aspect] == there[aspect], aspect
