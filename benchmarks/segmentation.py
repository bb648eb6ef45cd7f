"""How well libraries find the sentences and tokens of news: F1 of boundaries on GUM's articles, and the time it takes.

A boundary is where a sentence or token ends; each library gets one paragraph at a time, and the same paragraphs as
`corpus_tool.segment` makes. Run with `python -m benchmarks.segmentation FOLDER` (GUM's `.conllu` files); a library that
is not installed is left out.
"""

from __future__ import annotations

import re
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from corpus_tool import formats
from corpus_tool.formats import Article, Source
from corpus_tool.segment import paragraphs

Piece = tuple[int, int]
Segmenter = Callable[[str], list[Piece]]


def _found(text: str, pieces: list[str]) -> list[Piece]:
    """Where strings stand that follow each other in a text, without the white space around them."""
    made, at = [], 0
    for piece in pieces:
        words = piece.strip()
        at = text.find(words, at)
        if words and at >= 0:
            made.append((at, at + len(words)))
        at = max(at, 0) + len(words)
    return made


def spacy_rules() -> tuple[Segmenter, Segmenter]:
    from spacy.lang.en import English

    nlp = English()
    nlp.add_pipe("sentencizer")

    def sentences(text: str) -> list[Piece]:
        return _found(text, [one.text for one in nlp(text).sents])

    return sentences, lambda text: [(one.idx, one.idx + len(one)) for one in nlp.tokenizer(text) if not one.is_space]


def pysbd() -> tuple[Segmenter, None]:
    import pysbd

    engine = pysbd.Segmenter(language="en", clean=False)
    return lambda text: _found(text, engine.segment(text)), None


def sentencex() -> tuple[Segmenter, None]:
    import sentencex

    return lambda text: _found(text, sentencex.segment("en", text)), None


def syntok() -> tuple[Segmenter, Segmenter]:
    from syntok import segmenter
    from syntok.tokenizer import Tokenizer

    engine = Tokenizer(emit_hyphen_or_underscore_sep=True, replace_not_contraction=False)

    def sentences(text: str) -> list[Piece]:
        tokens = [one for group in segmenter.analyze(text) for one in group]
        return [(one[0].offset, one[-1].offset + len(one[-1].value)) for one in tokens if one]

    return sentences, lambda text: [(one.offset, one.offset + len(one.value)) for one in engine.tokenize(text)]


def blingfire() -> tuple[Segmenter, Segmenter]:
    import blingfire

    return (
        lambda text: _found(text, blingfire.text_to_sentences(text).split("\n")),
        lambda text: _found(text, blingfire.text_to_words(text).split(" ")),
    )


def razdel() -> tuple[Segmenter, Segmenter]:
    import razdel

    return (
        lambda text: [(one.start, one.stop) for one in razdel.sentenize(text)],
        lambda text: [(one.start, one.stop) for one in razdel.tokenize(text)],
    )


def plain() -> tuple[Segmenter, Segmenter]:
    """No library: a sentence ends with its mark before a space, a token is letters and digits, or one sign."""
    return (
        lambda text: [match.span() for match in re.finditer(r"\S.*?(?:[.!?]+(?=\s)|$)", text, re.DOTALL)],
        lambda text: [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)],
    )


LIBRARIES: dict[str, Callable[[], tuple[Segmenter, Segmenter | None]]] = {
    "spacy": spacy_rules, "pysbd": pysbd, "sentencex": sentencex, "syntok": syntok, "blingfire": blingfire,
    "razdel": razdel, "none": plain,
}  # fmt: skip


@dataclass(slots=True)
class Score:
    right: int = 0
    made: int = 0
    gold: int = 0

    def add(self, made: set[int], gold: set[int]) -> None:
        self.right += len(made & gold)
        self.made += len(made)
        self.gold += len(gold)

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.made + self.gold) if self.made + self.gold else 0.0


def articles(folder: Path) -> Iterator[Article]:
    for path in sorted(folder.glob("*.conllu")):
        data = path.read_bytes()
        source = Source(str(path), path.stem, lambda suffix, data=data: data if suffix is None else None)
        yield from (found.article for found in formats.importer("conllu").read(source, None) if found.article)


def score(segmenter: Segmenter, layer: str, gold: list[Article]) -> tuple[Score, float]:
    """The boundaries found, and MB of text a second."""
    found, seconds, size = Score(), 0.0, 0
    for one in gold:
        size += len(one["text"].encode())
        ends: set[int] = set()
        began = time.perf_counter()
        for start, end in paragraphs(one):
            ends.update(start + last for _, last in segmenter(one["text"][start:end]))
        seconds += time.perf_counter() - began
        found.add(ends, {each["spans"][-1]["end"] for each in one[layer]})
    return found, size / 1e6 / seconds


def rows(folder: Path) -> Iterator[tuple[str, str, str, Score, float]]:
    gold = list(articles(folder))
    for name, load in LIBRARIES.items():
        try:
            own: Any = load()
            number = version(name) if name != "none" else ""
        except (ImportError, SyntaxError, PackageNotFoundError):
            continue
        for layer, segmenter in zip(("sentences", "tokens"), own, strict=True):
            if segmenter is not None:
                yield name, number, layer, *score(segmenter, layer, gold)


def main(folder: str) -> None:
    warnings.simplefilter("ignore")
    print(f"{'library':10} {'version':8} {'layer':9} {'F1':>6} {'precision':>9} {'recall':>6} {'MB/s':>6}")
    for name, number, layer, found, speed in rows(Path(folder)):
        precision, recall = found.right / max(found.made, 1), found.right / max(found.gold, 1)
        print(f"{name:10} {number:8} {layer:9} {found.f1:6.4f} {precision:9.4f} {recall:6.4f} {speed:6.2f}")


if __name__ == "__main__":
    main(sys.argv[1])
