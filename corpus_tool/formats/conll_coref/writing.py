"""An article as a document of CoNLL coreference: number, word, brackets with types."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from corpus_tool.formats import Article
from corpus_tool.formats.conll import comments
from corpus_tool.formats.conll.laying import Laid, lay
from corpus_tool.formats.conll.tagging import called, covered
from corpus_tool.formats.conll.writing import misc_cells, plain_word
from corpus_tool.formats.conll_coref.brackets import Mention, ambiguous, cells
from corpus_tool.formats.conll_coref.drafts import WIKIDATA, WIKIPEDIA
from corpus_tool.formats.tally import Tally

_NUMBERED = re.compile(r"C(?:0|[1-9][0-9]{0,8})")
_LAYERS = ("sentences", "tokens", "entities", "coreference")


def write(article: Article, tally: Tally) -> str:
    """The lines of a document; a column before the last says what stands between words where that is not one space."""
    laid = lay(article, tally)
    if "sentences" not in laid.layers:
        laid = replace(laid, sentences=[(0, len(laid.tokens))] if laid.tokens else [])
    words = [plain_word(laid.word(number)) for number in range(len(laid.tokens))]
    brackets = cells(len(words), _mentions(article, laid, tally))
    misc = misc_cells(laid, words)
    shown = any(cell != "_" for cell in misc)
    if not laid.tokens and laid.text:
        tally.add("texts without a word", f"{article['id']}: {laid.text!r}")
    lines = list(_header(article, tally))
    for first, behind in laid.sentences:
        for number in range(first, behind):
            own = [misc[number]] if shown else []
            lines.append("\t".join([str(number), words[number], *own, brackets[number]]))
        if "sentences" in laid.layers:
            lines.append("")
    return "".join(f"{line}\n" for line in [*lines, "# end document"])


def _header(article: Article, tally: Tally) -> Iterator[str]:
    name = " ".join(article["id"].split("\n")).strip()
    if name != article["id"]:
        tally.add("ids: white space a comment cannot hold", article["id"])
    yield f"# begin document {name}"
    layers = [layer for layer in _LAYERS if article.get(layer) is not None]
    if "tokens" not in layers or "entities" not in layers or "coreference" not in layers:
        yield f"# {comments.LAYERS} = {' '.join(layers)}"
    for key, value in comments.write(article, tally):
        yield f"# {key} = {value}"


def _numbered(chains: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], int]]:
    """Chains and their numbers: that of the id where it has one, else one that no other has."""
    own = {chain["id"]: int(chain["id"][1:]) for chain in chains if _NUMBERED.fullmatch(chain["id"])}
    last = max(own.values(), default=0)
    for chain in chains:
        if chain["id"] not in own:
            last += 1
        yield chain, own.get(chain["id"], last)


def _identity(article: Article, entity: Mapping[str, Any], tally: Tally) -> str | None:
    """The name that stands behind the cluster of a mention."""
    names = []
    for link in entity.get("links") or ():
        if link["db"] == WIKIPEDIA and not link["id"].startswith(f"{WIKIDATA}:"):
            names.append(link["id"])
        elif link["db"] == WIKIDATA:
            names.append(f"{WIKIDATA}:{link['id']}")
        else:
            tally.add("links to other than wikipedia and wikidata", f"{article['id']}: {link['db']}:{link['id']}")
    for name in names[1:]:
        tally.add("more links than one", f"{called(article, entity)}: {name}")
    return names[0] if names else None


def _mentions(article: Article, laid: Laid, tally: Tally) -> list[Mention]:
    """The entities as mentions: those of a chain share its number, every other one has its own."""
    numbers: dict[str, int] = {}
    last = 0
    for chain, number in _numbered(article.get("coreference") or ()):
        last = max(last, number)
        if (chain.get("type") or "identity") != "identity":
            tally.add(
                "chains of other kinds than identity: they come back as identity", f"{article['id']}: {chain['id']}"
            )
        for name in chain["mentions"]:
            if numbers.setdefault(name, number) != number:
                tally.add("mentions of several chains: the first is written", f"{article['id']}: {name}")
    found = {}
    for one in covered(article, laid, tally):
        if one.entity["id"] not in numbers:
            last += 1
        number = numbers.get(one.entity["id"], last)
        identity = _identity(article, one.entity, tally)
        made = Mention(one.first, one.behind, str(one.entity["type"]), str(number), identity)
        found[one.entity["id"]] = (one, made)
    confused = {id(one) for one in ambiguous([made for _, made in found.values()])}
    for one, made in found.values():
        if id(made) in confused:
            tally.add("mentions that cross another of their chain", called(article, one.entity))
    return [made for _, made in found.values() if id(made) not in confused]
