"""An article as a document of HIPE."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus_tool.formats import Article
from corpus_tool.formats.conll.laying import Laid, lay
from corpus_tool.formats.conll.spacing import Spacing, cell
from corpus_tool.formats.conll.tagging import called, label
from corpus_tool.formats.conll.tags import tagged
from corpus_tool.formats.hipe import headers
from corpus_tool.formats.hipe.cells import (
    COLUMNS,
    LINE_END,
    LINK,
    LITERAL,
    METONYMIC_LINK,
    MISC,
    NIL,
    NO_SPACE,
    NOTHING,
    SAID_OF_MENTION,
    SENTENCE_END,
    TOKEN,
    flag,
)
from corpus_tool.formats.hipe.drafts import COLUMN, WIKIDATA
from corpus_tool.formats.hipe.placing import Placed, place
from corpus_tool.formats.tally import Tally

_CELL = str.maketrans("\t\n\r", "   ")
_FLAT = {"": NO_SPACE, "\n": LINE_END, " ": None}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The cells of a document, column by column."""

    article: Article
    laid: Laid
    tally: Tally
    columns: dict[str, list[str]]
    flags: list[list[str]]


def write(article: Article, tally: Tally) -> str:
    """The comments and rows of an article."""
    laid = lay(article, tally)
    sheet = _Sheet(article, laid, tally, {}, [[] for _ in laid.tokens])
    forms = [_form(laid.word(number)) for number in range(len(laid.tokens))]
    if article.get("entities") is not None:
        _mentions(sheet, place(article, laid, tally))
    _spaces(sheet, forms)
    shown = sheet.columns | {TOKEN: forms, MISC: ["|".join(own) or NOTHING for own in sheet.flags]}
    nothing = [NOTHING] * len(forms)
    rows = zip(*(shown.get(name, nothing) for name in COLUMNS), strict=True)
    if not laid.tokens and laid.text:
        tally.add("texts without a word", f"{article['id']}: {laid.text!r}")
    named = [name for name in COLUMNS if name in shown]
    lines = [*headers.write(article, named, _layers(article, laid), tally), *map("\t".join, rows)]
    return "".join(f"{line}\n" for line in lines)


def _layers(article: Article, laid: Laid) -> list[str] | None:
    """The layers that have to be named: those that rows alone would show otherwise."""
    made = [name for name in ("sentences", "tokens", "entities") if article.get(name) is not None]
    return None if "tokens" in made and laid.tokens else made


def _form(word: str) -> str:
    return word.translate(_CELL).strip() or NOTHING


def _spaces(sheet: _Sheet, forms: Sequence[str]) -> None:
    """Flags of what stands behind each token, and of the ends of sentences."""
    laid = sheet.laid
    ends = {behind - 1 for _, behind in laid.sentences} if "sentences" in laid.layers else set()
    for number, form in enumerate(forms):
        after, last = laid.after(number), number == len(forms) - 1
        word = None if laid.word(number) == form else laid.word(number)
        before = laid.before if number == 0 else None
        odd = after if last or after not in _FLAT else None
        said = cell(Spacing(odd, before, word), "" if last else NOTHING)
        flat = None if last else _FLAT.get(after)
        ending = SENTENCE_END if number in ends else None
        parts = (flat, ending, None if said == NOTHING else said)
        sheet.flags[number][:0] = [part for part in parts if part]


def _mentions(sheet: _Sheet, placed: Sequence[Placed]) -> None:
    size = len(sheet.laid.tokens)
    by_column: dict[str, list[Placed]] = {LITERAL: []}
    for one in placed:
        by_column.setdefault(one.column, []).append(one)
        if one.column == LITERAL:
            _said(sheet, one)
        else:
            _lose_said(sheet, one)
    for column, held in by_column.items():
        made = tagged(size, ((one.first, one.behind, label(sheet.article, one.entity, sheet.tally)) for one in held))
        before = sheet.columns.get(column, ["O"] * size)
        sheet.columns[column] = [old if new == "O" else new for new, old in zip(made, before, strict=True)]


def _said(sheet: _Sheet, one: Placed) -> None:
    """Links, attributes and partial tokens of a mention of the first column."""
    for column in SAID_OF_MENTION:
        value = next((part.get("value") for part in _attributes(one.entity) if part["name"] == column), None)
        if value:
            flat = str(value).translate(_CELL)
            _fill(sheet, column, "O", one, [f"B-{flat}", *[f"I-{flat}"] * (one.behind - one.first - 1)])
    for column, value in _links(sheet, one):
        _fill(sheet, column, NOTHING, one, [value] * (one.behind - one.first))
    for made in _flags(sheet, one):
        for number in range(one.first, one.behind):
            sheet.flags[number].append(made)
    for number, partial in one.partials():
        sheet.flags[number].append(partial)


def _fill(sheet: _Sheet, column: str, empty: str, one: Placed, cells: Sequence[str]) -> None:
    held = sheet.columns.setdefault(column, [empty] * len(sheet.laid.tokens))
    held[one.first : one.behind] = cells


def _attributes(entity: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return entity.get("attributes") or ()


def _links(sheet: _Sheet, one: Placed) -> Iterator[tuple[str, str]]:
    ids = []
    for link in one.entity.get("links") or ():
        if link["db"] == WIKIDATA and link["id"].translate(_CELL) == link["id"] and "|" not in link["id"]:
            ids.append(link["id"])
        else:
            sheet.tally.add("links to other than wikidata", f"{sheet.article['id']}: {link['db']}:{link['id']}")
    for part in _attributes(one.entity):
        value = str(part.get("value") or "").translate(_CELL)
        if part["name"] == METONYMIC_LINK and value:
            yield METONYMIC_LINK, value
        elif part["name"] == LINK and value == NIL and not ids:
            yield LINK, NIL
    if ids:
        yield LINK, "|".join(ids)


def _flags(sheet: _Sheet, one: Placed) -> Iterator[str]:
    """Attributes that no column is for."""
    for part in _attributes(one.entity):
        if part["name"] in {*SAID_OF_MENTION, LINK, METONYMIC_LINK, COLUMN}:
            continue
        made = flag(part["name"], part.get("value"))
        if made is None:
            sheet.tally.add("attributes of a name that flags have", called(sheet.article, one.entity))
        else:
            yield made


def _lose_said(sheet: _Sheet, one: Placed) -> None:
    """Count what only mentions of the first column can say."""
    for part in _attributes(one.entity):
        if part["name"] != COLUMN:
            example = f"{part['name']} of {called(sheet.article, one.entity)}"
            sheet.tally.add("attributes of entities within others", example)
    for link in one.entity.get("links") or ():
        example = f"{link['db']}:{link['id']} of {called(sheet.article, one.entity)}"
        sheet.tally.add("links of entities within others", example)
