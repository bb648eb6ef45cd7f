"""Builds `articles/` from `source/`: imports the texts and their hand annotation, and adds what rules and tables know.

Run `model.py` afterwards: it adds what a model annotated.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from pieces import EMOJI, HERE, span, stretches, write

from corpus_tool.config import load_config
from corpus_tool.formats import Source
from corpus_tool.formats.article import IMPORTER as TEXTS
from corpus_tool.formats.brat import IMPORTER as BRAT
from corpus_tool.formats.lift import lift, parse_lifts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from corpus_tool.formats import Article, Imported
    from corpus_tool.inventory import Inventory

    Reader = Callable[[Source, Inventory | None], Iterator[Imported]]

SOURCES = HERE / "source"
UNANNOTATED = HERE / "unannotated"
CONFIG = HERE / "corpus.toml"
TABLE = HERE / "articles.toml"
CREATED = "2025-11-03T09:00:00Z"
GUIDELINE = "1.0"

LAYOUT = {"id": "layout", "agent": "corpus-tool", "agent_type": "rule", "role": "annotator", "tool": "article"}
DESK = {
    "id": "desk",
    "agent": "annotator-03",
    "agent_type": "human",
    "role": "annotator",
    "created": CREATED,
    "guideline_version": GUIDELINE,
}
TOKENS = {
    "id": "harbour-tokens",
    "agent": "harbour-tokens",
    "agent_type": "rule",
    "role": "annotator",
    "tool": "build.py",
}

# A token: an emoji, a number, a word with its hyphens, or one mark.
_TOKEN = re.compile(
    rf"{EMOJI}|\d+(?:[.,:]\d+)*"
    "|(?:\\w[\u0300-\u036f]*)+(?:[-\u2019'](?:\\w[\u0300-\u036f]*)+)*"
    "|\\S[\u0300-\u036f]*"
)
_SENTENCE_END = re.compile(r"[.!?…][»”\"]?\s+(?=[«“\"]?[^\W\d_a-zа-яёәғқңөұүһі]|\d)")  # noqa: RUF001


def main() -> None:
    """Build every article of `source/` and `unannotated/`."""
    table = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    inventory = BRAT.inventory([SOURCES])
    for path in [*sorted(SOURCES.glob("*.txt")), *sorted(UNANNOTATED.glob("*.txt"))]:
        write(build(path, table, inventory))


def build(path: Path, table: Mapping[str, Any], inventory: Inventory | None) -> Article:
    """One article, all but its model annotation."""
    entry = table["articles"][path.stem]
    article = _renamed(_imported(TEXTS.read, path, None), LAYOUT)
    article["metadata"] |= _metadata(article, entry, table)
    article["split"] = _split(entry["story"], table["splits"])
    article["labels"] = [{"axis": "subject", "value": entry["subject"], "prov": DESK["id"]}]
    article["provenance"].append(DESK)
    article["coverage"].append(_complete("labels", DESK))
    if path.with_suffix(".ann").exists():
        _add_hand_annotation(article, _imported(BRAT.read, path, inventory), _annotator(path.stem))
    if entry["language"] != "en":
        _add_tokens(article)
    return article


def _imported(reader: Reader, path: Path, inventory: Inventory | None) -> Article:
    def sibling(suffix: str | None) -> bytes | None:
        file = path if suffix is None else path.with_suffix(suffix)
        return file.read_bytes() if file.exists() else None

    (made,) = reader(Source(str(path), path.stem, sibling), inventory)
    if made.article is None or made.findings:
        raise SystemExit("\n".join(f"{path}: {finding.message}" for finding in made.findings))
    return made.article


def _renamed(article: Article, record: Mapping[str, Any]) -> Article:
    """Make `record` the only provenance."""
    for layer in article.values():
        for item in layer if isinstance(layer, list) else ():
            if "prov" in item:
                item["prov"] = record["id"]
    article["provenance"] = [dict(record)]
    return article


def _annotator(name: str) -> dict[str, str]:
    """Tell which of two annotators it was; they took turns."""
    return {
        "id": "brat",
        "agent": f"annotator-{2 - int(name[-1]) % 2:02}",
        "agent_type": "human",
        "role": "annotator",
        "created": CREATED,
        "guideline_version": GUIDELINE,
        "tool": "brat",
    }


def _add_hand_annotation(article: Article, brat: Article, record: Mapping[str, Any]) -> None:
    marked, findings = lift(_renamed(brat, record), parse_lifts(list(load_config(CONFIG).lift), CONFIG.name))
    if findings:
        raise SystemExit("\n".join(f"{article['id']}: {finding.message}" for finding in findings))
    for layer, items in marked.items():
        if layer in ("provenance", "coverage"):
            article[layer] += items
        elif isinstance(items, list):
            article[layer] = items


def _metadata(article: Article, entry: Mapping[str, str], table: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "language": entry["language"],
        "slugline": entry["story"],
        "versionCreated": f"{article['metadata']['contentCreated']}T05:00:00Z",
        "pubStatus": "usable",
        "copyrightHolder": "The corpus-tool authors",
        "usageTerms": "CC-BY-4.0",
        "infoSources": [{"name": table["sources"][entry["language"]], "role": "originator"}],
        "digitalSourceType": {
            "uri": "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
            "name": "Created using Generative AI",
        },
    }


def _split(story: str, splits: Mapping[str, list[str]]) -> str:
    return next((name for name, stories in splits.items() if story in stories), "train")


def _complete(layer: str, record: Mapping[str, Any]) -> dict[str, Any]:
    return {"layer": layer, "prov": record["id"], "status": "complete"}


def _add_tokens(article: Article) -> None:
    """Sentences and tokens by rule, for the languages that the model does not read."""
    text = article["text"]
    for layer, prefix, found in (("sentences", "S", _sentences(article)), ("tokens", "K", _tokens(article))):
        article[layer] = [
            {"id": f"{prefix}{number}", "spans": [span(text, *extent)], "prov": TOKENS["id"]}
            for number, extent in enumerate(found, 1)
        ]
        article["coverage"].append(_complete(layer, TOKENS))
    article["provenance"].append(TOKENS)


def _tokens(article: Article) -> Iterator[tuple[int, int]]:
    for offset, words in stretches(article):
        for token in _TOKEN.finditer(words):
            yield offset + token.start(), offset + token.end()


def _sentences(article: Article) -> Iterator[tuple[int, int]]:
    for offset, words in stretches(article):
        start = 0
        for end in [*(mark.end() for mark in _SENTENCE_END.finditer(words)), len(words)]:
            sentence = words[start:end]
            if sentence.strip():
                first = start + len(sentence) - len(sentence.lstrip())
                yield offset + first, offset + start + len(sentence.rstrip())
            start = end


if __name__ == "__main__":
    main()
