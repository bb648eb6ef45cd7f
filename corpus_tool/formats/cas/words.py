"""Words that DKPro's types cannot hold: several a token, none of a token, with ids and makers of their own.

DKPro keeps of each token one POS, one lemma, one head. All words of an article stand in types of our own as well, which
hold as long as DKPro's do not say otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from corpus_tool.formats import Article
from corpus_tool.formats.cas.structures import Cas, Ref, Structure, Value
from corpus_tool.formats.cas.types import FS_ARRAY, STRING, TOP, Feature, Type

Word = Mapping[str, Any]
Add = Callable[[str, Mapping[str, Value]], int]
WORD, PAIR, ARROW = "corpustool.Word", "corpustool.NameValue", "corpustool.WordDependency"
_FIELDS = ("id", "form", "lemma", "upos", "xpos", "deprel", "prov")
_LISTS = ("feats", "misc")
_SAID_TWICE = ("lemma", "upos", "xpos")
_DKPRO_HOLDS = frozenset({"coarseValue", "flavor", "morphology"})
TYPES = (
    Type(WORD, TOP, (
        *(Feature(name, STRING) for name in _FIELDS), Feature("token", TOP), Feature("head", WORD),
        *(Feature(name, FS_ARRAY, PAIR) for name in _LISTS), Feature("deps", FS_ARRAY, ARROW),
    )),
    Type(PAIR, TOP, (Feature("name", STRING), Feature("value", STRING))),
    Type(ARROW, TOP, (Feature("head", WORD), Feature("rel", STRING))),
)  # fmt: skip


def for_dkpro(article: Article) -> Article:
    """The article with those of its words that DKPro's types can hold: the first of each token."""
    words: list[Word] | None = article.get("words")
    if not words:
        return article
    first: dict[str, Word] = {}
    for word in words:
        if word.get("token"):
            first.setdefault(word["token"], word)
    kept = {word["id"] for word in first.values()}
    return {**article, "words": [_plain(word, kept) for word in first.values()]}


def _plain(word: Word, kept: set[str]) -> dict[str, Any]:
    plain = {name: value for name, value in word.items() if name not in {"prov", "misc", "head", "deprel", "deps"}}
    plain["misc"] = [part for part in word.get("misc") or () if part["name"] in _DKPRO_HOLDS]
    if _holds(word, word, kept):
        plain |= {name: word[name] for name in ("head", "deprel") if word.get(name) is not None}
    plain["deps"] = [dep for dep in word.get("deps") or () if _holds(word, dep, kept)]
    return plain


def _holds(word: Word, arrow: Word, kept: set[str]) -> bool:
    """Whether DKPro can say what a word depends on: another word of those, or nothing."""
    head = arrow.get("head")
    return head is None or (head in kept and head != word["id"])


def write_words(words: Iterable[Word], tokens: Mapping[str, int], following: int, add: Add) -> None:
    """Add the words; `tokens` are the numbers of tokens by id, `following` the number that is given out next."""
    listed = list(words)
    numbers = {word["id"]: following + number for number, word in enumerate(listed)}
    inner = following + len(listed)
    pairs: list[tuple[str, dict[str, Value]]] = []

    def held(kind: str, values: dict[str, Value]) -> Ref:
        pairs.append((kind, values))
        return Ref(inner + len(pairs) - 1)

    for word in listed:
        values: dict[str, Value] = {name: word[name] for name in _FIELDS if word.get(name) is not None}
        if word.get("token") in tokens:
            values["token"] = Ref(tokens[word["token"]])
        if word.get("head") in numbers:
            values["head"] = Ref(numbers[word["head"]])
        for name in _LISTS:
            if word.get(name):
                values[name] = tuple(held(PAIR, _set(part)) for part in word[name])
        if word.get("deps"):
            values["deps"] = tuple(held(ARROW, _arrow(dep, numbers)) for dep in word["deps"])
        add(WORD, values)
    for kind, values in pairs:
        add(kind, values)


def _set(part: Word) -> dict[str, Value]:
    return {name: part[name] for name in ("name", "value") if part.get(name) is not None}


def _arrow(dep: Word, numbers: Mapping[str, int]) -> dict[str, Value]:
    head = numbers.get(dep.get("head") or "")
    return {"rel": dep["rel"], **({"head": Ref(head)} if head is not None else {})}


def read_words(cas: Cas, structures: Iterable[Structure]) -> list[dict[str, Any]] | None:
    """The words as they were written; None where there are none."""
    found = [each for each in structures if each.type == WORD and each.text("id") and each.text("form") is not None]
    return [dict(_properties(cas, each)) for each in found] or None


def _properties(cas: Cas, word: Structure) -> Iterator[tuple[str, Any]]:
    for name in _FIELDS:
        if (said := word.text(name)) is not None:
            yield name, said
    for name in ("token", "head"):
        if (named := _named(cas, word.ref(name))) is not None:
            yield name, named
    for name in _LISTS:
        if parts := [_texts(each, "name", "value") for each in _held(cas, word, name) if each.text("name")]:
            yield name, parts
    if deps := [_dependency(cas, each) for each in _held(cas, word, "deps") if each.text("rel") is not None]:
        yield "deps", deps


def _held(cas: Cas, word: Structure, name: str) -> Iterator[Structure]:
    for each in cas.several(word.values.get(name)):
        if isinstance(each, Ref) and each.id in cas.structures:
            yield cas.structures[each.id]


def _named(cas: Cas, number: int | None) -> str | None:
    """The id that a token or a word has."""
    found = cas.structures.get(number or 0)
    return found.text("id") if found is not None else None


def _texts(one: Structure, *names: str) -> dict[str, str]:
    return {name: said for name in names if (said := one.text(name)) is not None}


def _dependency(cas: Cas, one: Structure) -> dict[str, str]:
    head = _named(cas, one.ref("head"))
    return {**({"head": head} if head is not None else {}), "rel": one.text("rel") or ""}


def agree(words: list[dict[str, Any]], article: Article) -> bool:
    """Whether DKPro's layers, as the article has them, say of tokens what their words do."""
    tokens = {None, *(one["id"] for one in article.get("tokens") or ())}
    said = {one.get("token"): one for one in article.get("words") or ()}
    ids = [word["id"] for word in words]
    if len(set(ids)) < len(ids) or any(word.get("token") not in tokens for word in words):
        return False
    first: dict[str, dict[str, Any]] = {}
    for word in words:
        if word.get("token"):
            first.setdefault(word["token"], word)
    return all(said.get(token, {}).get(name) == word.get(name) for token, word in first.items() for name in _SAID_TWICE)
