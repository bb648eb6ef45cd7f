"""Chains of links, each of which refers to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from corpus_tool.formats.cas.features_reading import PLACES
from corpus_tool.formats.cas.noted import Noted
from corpus_tool.formats.cas.structures import Structure
from corpus_tool.formats.typed_layers import TypedElement

_KIND, _RELATION = "referenceType", "referenceRelation"
Chain = tuple[Structure | None, list[Structure]]
"""What heads a chain, if anything does, and its links in order."""


@dataclass(slots=True)
class ChainReader:
    """Follows chains; a link belongs to the first that reaches it."""

    links: Mapping[int, Structure]
    spans: Mapping[int, tuple[int, int]]
    noted: Noted
    passed: set[int] = field(default_factory=set)

    def read(self, heads: Sequence[Structure]) -> Iterator[Chain]:
        """Every chain; one may have no links."""
        for each in heads:
            first = each.ref("first")
            links = list(self._follow(first))
            if links or not first:
                yield each, links
            else:
                self.noted.malformed(f"{each.type} {each.id} begins with {first}, no link that is free", each.place)
        followed = {each.ref("next") for each in self.links.values()}
        for number, link in self.links.items():
            if number not in self.passed and number not in followed:
                self.noted.ambiguous(f"{link.type} {number} is in no chain: it begins one", link.place)
                links = list(self._follow(number))
                if links:
                    yield None, links
        for number, link in self.links.items():
            if number not in self.passed:
                self.noted.malformed(f"{link.type} {number} is in a circle of links: left out", link.place)

    def _follow(self, number: int | None) -> Iterator[Structure]:
        """The links from one on; those that stand nowhere in the text are passed over."""
        while number is not None and number not in self.passed and (link := self.links.get(number)) is not None:
            self.passed.add(number)
            if number in self.spans:
                yield link
            number = link.ref("next")

    def element(self, link: Structure) -> TypedElement:
        """A link as a piece of text."""
        for name in sorted(link.values.keys() - PLACES - {"next", _KIND, _RELATION}):
            self.noted.lose("other features of links of chains", f"{name} of {link.type} {link.id}")
        begin, end = self.spans[link.id]
        return TypedElement(begin, end, link.text(_KIND), link.text(_RELATION))
