"""Ids of articles whose file holds several."""

from __future__ import annotations

from dataclasses import dataclass, field
from zlib import crc32

LONGEST = 200


@dataclass(slots=True)
class ArticleIds:
    """Ids for the articles of one file, `stem` being the one that its path gives; each is given once."""

    stem: str
    taken: dict[str, int] = field(default_factory=dict)
    """How often each was asked for: a text may come again a million times."""

    def make(self, own: object, text: str, *, alone: bool) -> str:
        """The id that the source gives; else that of the path, if it holds one article; else one made of the text."""
        name = str(own) if isinstance(own, str | int) else ""
        if not 0 < len(name) <= LONGEST:
            name = self.stem if alone else f"{self.stem}-{crc32(text.encode('utf-8', 'surrogatepass')):08x}"
        made, number = name, self.taken.get(name, 0)
        while made in self.taken:
            number += 1
            made = f"{name}-{number}"
        self.taken[name] = max(number, 1)
        self.taken.setdefault(made, 1)
        return made
