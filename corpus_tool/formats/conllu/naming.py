"""Ids for what CoNLL-U does not name: by sentence and number, so that an insertion elsewhere renames nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

_PARTING = "-_.:/# "


@dataclass(slots=True)
class Names:
    """Names within one article.

    The words of a sentence are called by its `sent_id`, less the id of the article where it begins with that:
    `news_a-1` of the article `news_a` has the words `W1:1`, `W1:2`, and the token `K1:1-2`.
    """

    article: str
    sentences: dict[str, int] = field(default_factory=dict)
    shorts: dict[str, int] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)

    def sentence(self, sent_id: str | None) -> tuple[str, str]:
        """The id of the next sentence, and the short name for what is in it."""
        if not sent_id:
            number = len(self.shorts) + 1
            while f"S{number}" in self.sentences:
                number += 1
            sent_id = f"S{number}"
        name = self._free(sent_id, self.sentences)
        rest = name.removeprefix(self.article).lstrip(_PARTING) if name.startswith(self.article) else name
        return name, self._free(rest or name, self.shorts)

    @staticmethod
    def _free(name: str, taken: dict[str, int]) -> str:
        """The name, with a number where it is taken; `taken` counts how often each was asked for."""
        made, number = name, taken.get(name, 0)
        while made in taken:
            number += 1
            made = f"{name}-{number + 1}"
        taken[name] = max(number, taken.get(name, 0))
        taken.setdefault(made, 0)
        return made

    def other(self, name: str) -> str:
        """A name, with an ordinal where it comes again."""
        number = self.others[name] = self.others.get(name, 0) + 1
        return name if number == 1 else f"{name}.{number}"


def extent(short: str, parts: list[tuple[str, str]]) -> str:
    """The id of a mention: the sentence it begins in, and the first and last number of each of its pieces."""
    return f"T{short}:" + "+".join(first if first == last else f"{first}-{last}" for first, last in parts)
