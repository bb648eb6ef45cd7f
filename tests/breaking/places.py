"""Where an article can be broken, and changes of its text that everything moves with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from random import Random
from typing import Any

from tests.breaking import Article

SPANNED = ("passages", "sentences", "tokens", "entities", "quotations")
IDENTIFIED = (*SPANNED[:3], "words", "entities", "relations", "events", "quotations", "coreference", "notes")
Placed = tuple[str, dict[str, Any]]


def annotations(article: Article, *layers: str) -> list[Placed]:
    """The annotations of layers, with their pointers."""
    return [(f"/{name}/{number}", one) for name in layers for number, one in enumerate(article.get(name, []))]


def spans(article: Article, *layers: str) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Pointer of the span, its annotation, the span."""
    return [
        (f"{at}/spans/{number}", one, span)
        for at, one in annotations(article, *(layers or SPANNED))
        for number, span in enumerate(one["spans"])
    ]


def pieces(annotation: dict[str, Any]) -> list[tuple[int, int]]:
    return [(span["start"], span["end"]) for span in annotation["spans"]]


def choose(pick: Random, candidates: list[Any]) -> Any:
    """One of the candidates; None where there is none."""
    return pick.choice(candidates) if candidates else None


def cover(article: Article, start: int, end: int) -> dict[str, Any]:
    """A span, with its surface."""
    return {"start": start, "end": end, "text": article["text"][start:end]}


def move(article: Article, span: dict[str, Any], start: int, end: int) -> None:
    span.update(cover(article, start, end))


def rewrite(article: Article, at: int, old: str, new: str) -> None:
    """Put another piece into the text: spans that hold it hold the new one, all behind it move."""
    text = article["text"]
    assert text.startswith(old, at)
    article["text"] = text[:at] + new + text[at + len(old) :]
    article["text_sha256"] = hashlib.sha256(article["text"].encode()).hexdigest()
    by = len(new) - len(old)
    for _, _, span in spans(article):
        start, end = span["start"], span["end"]
        move(article, span, start + by * (start >= at + len(old)), end + by * (end > at))


def words(article: Article) -> list[tuple[int, int]]:
    """Start and end of the tokens that are words."""
    found = [(span["start"], span["end"]) for _, _, span in spans(article, "tokens")]
    return [(low, high) for low, high in found if article["text"][low:high].isalpha()]


def free_words(article: Article) -> list[tuple[int, int]]:
    """Those that no entity shares a character with, and that stand in a sentence and apart from other letters."""
    taken = {at for _, _, span in spans(article, "entities", "quotations") for at in range(span["start"], span["end"])}
    text = f"{article['text']} "
    return [
        (low, high)
        for low, high in words(article)
        if not taken.intersection(range(low, high)) and not text[low - 1].isalnum() and not text[high].isalnum()
    ]


def add_entity(article: Article, label: str, start: int, end: int, **more: Any) -> str:
    """Another entity of the first annotator of entities; its pointer."""
    layer = article["entities"]
    new = {"id": fresh(article), "type": label, "spans": [cover(article, start, end)], "prov": layer[0]["prov"], **more}
    layer.append(new)
    return f"/entities/{len(layer) - 1}"


def add(article: Article, layer: str, annotation: dict[str, Any]) -> str:
    """Another annotation at the end of a layer; its pointer."""
    article.setdefault(layer, []).append(annotation)
    return f"/{layer}/{len(article[layer]) - 1}"


def fresh(article: Article) -> str:
    """An id that nothing has."""
    known = {one.get("id") for _, one in annotations(article, *IDENTIFIED)}
    return next(name for name in (f"X{number}" for number in range(len(known) + 1)) if name not in known)


def by_id(article: Article) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for _, one in annotations(article, *IDENTIFIED)}


def references(article: Article) -> Iterator[tuple[str, Any, Any]]:
    """Every reference: its pointer, what holds it, and the property or index it stands at."""
    for at, one in annotations(article, *IDENTIFIED, "labels", "coverage", "adjudication", "provenance"):
        for name in ("prov", "token", "head", "trigger", "speaker", "ref", "representative"):
            if one.get(name) is not None:
                yield f"{at}/{name}", one, name
        for name in ("mentions", "cue", "derived_from"):
            for number, _ in enumerate(one.get(name) or []):
                yield f"{at}/{name}/{number}", one[name], number
        for number, argument in enumerate(one.get("arguments") or []):
            yield f"{at}/arguments/{number}/ref", argument, "ref"


def referred(article: Article) -> set[str]:
    return {holder[step] for _, holder, step in references(article)}
