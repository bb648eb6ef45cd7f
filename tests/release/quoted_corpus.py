"""A corpus that repeats its texts wherever an article can: in metadata, notes, words, links and attributes."""

from __future__ import annotations

import json
import random
from itertools import accumulate
from pathlib import Path
from typing import Any

from corpus_tool.exported import Exported
from corpus_tool.releasing import build_release

SYLLABLES = ("dru", "vek", "zol", "mip", "tash", "quor", "belg", "ynt", "fap", "SHU", "éw", "ğo", "ňe", "🜂")
NAME = "harbour-news"


def article(number: int, *, split: str = "train") -> dict[str, Any]:
    """An article of words that no other text has."""
    chance = random.Random(number)
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 5))).capitalize() for _ in range(40)]
    headline = " ".join(words[:6])
    text = f"{headline}\r\n\n" + " ".join(words[6:]) + ".\n"
    lengths = accumulate((len(word) + 1 for word in words), initial=0)
    starts = [at + (2 if number > 5 else 0) for number, at in enumerate(list(lengths)[:-1])]
    spans = [{"start": at, "end": at + len(word), "text": word} for at, word in zip(starts, words, strict=True)]
    people = [{"id": "A1", "agent": "annotator-01", "agent_type": "human", "role": "annotator"},
              {"id": "A2", "agent": "annotator-02", "agent_type": "human", "role": "annotator"}]  # fmt: skip
    return {
        "id": f"part {number % 2}/{number:03}",
        "text": text,
        "split": split,
        "metadata": {
            "language": "en",
            "headlines": [{"role": "main", "value": headline}, {"value": f"Re: {headline}!"}],
            "by": " ".join(words[10:13]),
            "keywords": ["harbour", words[20] + " " + words[21]],
        },
        "passages": [
            {"id": "P1", "type": "headline", "spans": [_span(text, 0, len(headline))]},
            {"id": "P2", "type": "paragraph", "spans": [_span(text, len(headline) + 3, len(text) - 1)]},
        ],
        "sentences": [{"id": "S1", "spans": [_span(text, 0, len(text))]}],
        "tokens": [{"id": f"K{at}", "spans": [span]} for at, span in enumerate(spans)],
        "words": [
            *({"id": f"W{at}", "token": f"K{at}", "form": word, "lemma": word.lower(), "upos": "NOUN"}
              for at, word in enumerate(words)),
            {"id": "W90", "token": "K3", "form": words[3][:2], "lemma": words[3][1:] + "zz"},
            {"id": "W91", "form": "empty node", "lemma": None},
            {"id": "W92", "token": "K4", "form": words[4], "lemma": words[4]},
        ],
        "entities": [
            {"id": "T1", "type": "PER", "spans": spans[8:9], "prov": "A1",
             "links": [{"db": "own", "id": "Q1", "text": " ".join(words[8:10])}],
             "attributes": [{"name": "as", "value": f"{' '.join(words[12:15])}, says {' '.join(words[15:18])}"}]},
            {"id": "T2", "type": "CUE", "spans": [spans[11], spans[13]], "prov": "A1"},
            {"id": "T3", "type": "PER", "spans": spans[8:10], "prov": "A2"},
        ],
        "relations": [{"id": "R1", "type": "Knows", "prov": "A1",
                       "arguments": [{"role": "Who", "ref": "T1"}, {"role": "Whom", "ref": "T2"}]}],
        "events": [{"id": "E1", "type": "Says", "trigger": "T2", "arguments": [], "prov": "A1"}],
        "quotations": [{"id": "Q1", "type": "direct", "spans": [_span(text, starts[15], starts[20])], "speaker": "T1",
                        "cue": ["T2"], "prov": "A1"}],
        "notes": [
            {"id": "N1", "ref": "T1", "text": f"Not sure of {' '.join(words[8:11])} at all", "prov": "A1"},
            {"id": "N2", "ref": "T1", "text": "Ask again.", "prov": "A2"},
        ],
        "provenance": people,
        "adjudication": [{"layer": "entities", "status": "adjudicated", "prov": "A1"}],
    }  # fmt: skip


def _span(text: str, start: int, end: int) -> dict[str, Any]:
    return {"start": start, "end": end, "text": text[start:end]}


def articles(count: int = 6) -> list[dict[str, Any]]:
    return [article(number, split="test" if number % 3 == 0 else "train") for number in range(1, count + 1)]


def write(folder: Path, made: list[dict[str, Any]]) -> Path:
    """A file of articles, in a corpus of its own."""
    folder.mkdir(exist_ok=True)
    (folder / "corpus.toml").write_text(f'name = "{NAME}"\nlicence = "CC-BY-4.0"\n')
    path = folder / "articles.jsonl"
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in made), "utf-8", newline="\n")
    return path


def released(folder: Path, made: list[dict[str, Any]], **options: Any) -> Exported:
    """Release articles below `folder`, which may hold releases already."""
    source = write(folder / "corpus", made)
    built = build_release([str(source)], folder / "releases", name=NAME, version=None, **options)
    assert not built.refused, {finding.message for finding in built.report.findings if finding.severity >= 3}
    return built
