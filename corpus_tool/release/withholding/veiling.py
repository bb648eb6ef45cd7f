"""An article without a character of its text, and with it again."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from corpus_tool.release.withholding.quoting import Piece, joined, pieces, quotes, shown
from corpus_tool.release.withholding.strings import spots

if TYPE_CHECKING:
    from corpus_tool.contract import Contract

Quoted = dict[str, list[Piece] | None]
"""By pointer, what makes a value again of the text; None of one that was null. A span covers what is not named here."""


def veil(article: Mapping[str, Any], contract: Contract) -> tuple[dict[str, Any], Quoted]:
    """The article without its text, and what it takes besides the text to make it whole again.

    What spans cover and words spell is taken out, and everywhere else what repeats the text. Ids, labels, and what else
    names something stay. An article without a text stays as it is.
    """
    text = article.get(contract.text or "")
    if text is None:
        return dict(article), {}
    out = copy.deepcopy(dict(article))
    quoted: Quoted = {}
    for spot in spots(out, contract):
        value, near = spot.value, spot.near
        if spot.spells:
            covered = None if near is None else text[near[0] : near[1]]
            if value != covered:
                quoted[spot.pointer] = None if value is None else pieces(value, text, near)
            spot.holder[spot.key] = None
        elif value is not None and quotes(value, text):
            parts = quoted[spot.pointer] = pieces(value, text)
            spot.holder[spot.key] = shown(parts)
    out[str(contract.text)] = None
    return out, quoted


def unveil(article: Mapping[str, Any], text: str, quoted: Quoted, contract: Contract) -> dict[str, Any]:
    """The article as it was before it was veiled; raises LookupError where `quoted` is of another one."""
    out = copy.deepcopy(dict(article))
    left = dict(quoted)
    for spot in spots(out, contract):
        if spot.pointer in left:
            parts = left.pop(spot.pointer)
            spot.holder[spot.key] = None if parts is None else joined(parts, text)
        elif spot.spells and spot.near is not None:
            spot.holder[spot.key] = text[spot.near[0] : spot.near[1]]
    if left:
        raise LookupError(f"nothing stands at {next(iter(left))}")
    out[str(contract.text)] = text
    return out
