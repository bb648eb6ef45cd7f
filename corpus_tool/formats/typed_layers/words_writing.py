"""The words of an article as DKPro's POS, lemmas, morphology and dependencies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corpus_tool.formats.tally import Tally
from corpus_tool.formats.typed_layers.model import TypedRelation, TypedSpan
from corpus_tool.formats.typed_layers.names import DEPENDENCY, FORM, LEMMA, MORPHOLOGY, POS
from corpus_tool.formats.typed_layers.words import ENHANCED

Word = Mapping[str, Any]
_MISC = ("coarseValue", "flavor", "morphology")


def write_words(
    words: list[dict[str, Any]], tokens: Mapping[str, TypedSpan], text: str, lost: Tally, article: str
) -> tuple[list[TypedSpan], list[TypedRelation]]:
    """The spans on tokens and the arrows between them: of the first word of each token, and of no others."""
    held: dict[str, TypedSpan] = {}
    taken: set[str] = set()
    for word in words:
        token = tokens.get(word.get("token") or "")
        if token is None or token.id in taken:
            what = "words without a token" if token is None else "further words of a token"
            lost.add(what, f"{article}: {word['form']}")
        else:
            taken.add(token.id)
            held[word["id"]] = token
    kept = [word for word in words if word["id"] in held]
    for word in kept:
        if any(part["name"] not in _MISC for part in word.get("misc") or ()):
            lost.add("misc of words", f"{article}: {word['form']}")
    spans = [span for word in kept for span in _spans(word, held[word["id"]], text)]
    return spans, [arrow for word in kept for arrow in _arrows(word, held, lost, article)]


def _named(word: Word, name: str) -> str | None:
    return next((part.get("value") for part in word.get("misc") or () if part["name"] == name), None)


def _spans(word: Word, token: TypedSpan, text: str) -> Iterator[TypedSpan]:
    coarse = word.get("upos") or _named(word, "coarseValue")
    feats = "|".join(f"{part['name']}={part.get('value') or ''}" for part in word.get("feats") or ())
    form = word["form"] if word["form"] != text[token.begin : token.end] else None
    said = {
        POS: {"PosValue": word.get("xpos"), "coarseValue": coarse},
        LEMMA: {"value": word.get("lemma")},
        MORPHOLOGY: {"value": feats or _named(word, "morphology")},
        FORM: {"value": form},
    }
    for layer, features in said.items():
        found = {name: value for name, value in features.items() if value is not None}
        if found:
            yield TypedSpan(f"{layer}\0{word['id']}", layer, token.begin, token.end, found, prov=word.get("prov"))


def _arrows(word: Word, held: Mapping[str, TypedSpan], lost: Tally, article: str) -> Iterator[TypedRelation]:
    basic = [(word.get("head"), word.get("deprel"), _named(word, "flavor"))]
    links = basic if word.get("head") or word.get("deprel") else []
    links += [(link.get("head"), link["rel"], ENHANCED) for link in word.get("deps") or ()]
    own = held[word["id"]].id
    for number, (head, kind, flavor) in enumerate(links):
        governor = own if head is None else held[head].id if head in held else None
        if governor is None or (governor == own and head is not None):
            lost.add("dependencies on words that are lost", f"{article}: {word['form']}")
            continue
        features = {"DependencyType": kind, "flavor": flavor}
        set_ = {name: value for name, value in features.items() if value is not None}
        yield TypedRelation(
            f"{DEPENDENCY}\0{word['id']}\0{number}", DEPENDENCY, governor, own, set_, prov=word.get("prov")
        )
