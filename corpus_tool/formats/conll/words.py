"""What columns say of words: lemma and tags of part of speech."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from corpus_tool.formats import Article
from corpus_tool.formats.conll.laying import Laid
from corpus_tool.formats.tally import Tally
from corpus_tool.resources import schema

Word = dict[str, Any]

NAMES = {"LEMMA": "lemma", "UPOS": "upos", "XPOS": "xpos", "POS": "xpos"}
"""The columns, and the properties of words they stand for."""
NOTHING = "_"
_WRITTEN = {"lemma": "LEMMA", "upos": "UPOS", "xpos": "XPOS"}
_BEYOND = ("feats", "head", "deprel", "deps", "misc")
_CELL = str.maketrans("\t\n\r", "   ")


def read(name: str, forms: Sequence[str], columns: Mapping[str, Sequence[str]], tally: Tally) -> list[Word]:
    """The words of a sentence, each one token; `columns` are cells by property."""
    made: list[Word] = [
        {"id": f"W{name}.{at}", "token": f"K{name}.{at}", "form": form} for at, form in enumerate(forms, 1)
    ]
    for key, cells in columns.items():
        for word, cell in zip(made, cells, strict=True):
            if key == "upos" and cell not in _universal() and cell != NOTHING:
                tally.add("UPOS: tags that are none of Universal Dependencies", f"{word['form']} {cell}")
            elif cell not in {NOTHING, ""}:
                word[key] = cell
    return made


def write(article: Article, laid: Laid, tally: Tally) -> dict[str, list[str]]:
    """The columns that say something of words, by name; one of nothing where words say no more than that they are."""
    if not article.get("words"):
        return {}
    said = _by_token(article, laid, tally)
    if not any(said):
        return {}
    found = {key: [_cell(article, one, key, tally) for one in said] for key in _WRITTEN}
    shown = {_WRITTEN[key]: cells for key, cells in found.items() if any(cell != NOTHING for cell in cells)}
    return shown or {_WRITTEN["xpos"]: [NOTHING] * len(said)}


def _by_token(article: Article, laid: Laid, tally: Tally) -> list[Mapping[str, Any]]:
    """The word of each token, with nothing where it has none or several."""
    places = {one["id"]: (one["spans"][0]["start"], one["spans"][-1]["end"]) for one in article.get("tokens") or ()}
    numbers = {piece: number for number, piece in enumerate(laid.tokens)}
    found: list[list[Mapping[str, Any]]] = [[] for _ in laid.tokens]
    for word in article["words"]:
        number = numbers.get(places.get(word.get("token") or "", (-1, -1)))
        if number is None:
            tally.add("words of no token", _called(article, word))
        else:
            found[number].append(word)
    for number, own in enumerate(found):
        if len(own) > 1:
            tally.add("words of a token that is several", _called(article, own[0]), len(own))
        for word in own if len(own) == 1 else ():
            _beyond(article, word, laid.word(number), tally)
    return [own[0] if len(own) == 1 else {} for own in found]


def _beyond(article: Article, word: Mapping[str, Any], form: str, tally: Tally) -> None:
    """Count what a word says that no column holds."""
    if word["form"] != form:
        tally.add("words of another form than their token", _called(article, word))
    if any(word.get(key) for key in _BEYOND):
        tally.add("words: features, heads and relations", _called(article, word))


def _cell(article: Article, word: Mapping[str, Any], key: str, tally: Tally) -> str:
    value = word.get(key)
    if not value:
        return NOTHING
    made = str(value).translate(_CELL)
    if made != value or made == NOTHING:
        tally.add("words: characters a column cannot hold", f"{_called(article, word)} {key} {value}")
    return made


def _called(article: Article, word: Mapping[str, Any]) -> str:
    return f"{article['id']}: {word['id']} {word['form']}"


@cache
def _universal() -> frozenset[str]:
    tags = schema("article-1")["properties"]["words"]["items"]["properties"]["upos"]["enum"]
    return frozenset(tag for tag in tags if tag is not None)
