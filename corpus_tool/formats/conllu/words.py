"""Rows of one sentence as words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus_tool.formats.conllu.draft import Annotation, Draft, column

if TYPE_CHECKING:
    from corpus_tool.formats.conllu.cells import Cache
    from corpus_tool.formats.conllu.shape import Row, Shape

HEAD = "Head"
"""The MISC item for a head that is an empty node."""
_OWN = ("LEMMA", "UPOS", "XPOS", "FEATS", "HEAD", "DEPREL", "DEPS")


@dataclass(frozen=True, slots=True)
class WordReader:
    """Reads the words of one sentence, called by its short name."""

    draft: Draft
    cache: Cache
    shape: Shape
    short: str

    def read(self) -> list[Annotation]:
        """The words; a head that is none of them is told to the draft."""
        known, features = self.cache.misc, self.cache.features
        word_prefix, token_prefix = f"W{self.short}:", f"K{self.short}:"
        ids = {row[0]: word_prefix + row[0] for row in self.shape.words}
        words: list[Annotation] = []
        append = words.append
        for row, owner in zip(self.shape.words, self.shape.owners, strict=True):
            number, form, lemma, upos, xpos, feats, head, deprel, deps, cell = row
            if owner is None or lemma == "_" or upos == "_" or deprel == "_":
                word = _sparse(row, ids[number], token_prefix + owner if owner is not None else None)
            else:  # at once: most words have all of these, and a dictionary that grows takes long
                word = {
                    "id": ids[number], "token": token_prefix + owner, "form": form, "lemma": lemma, "upos": upos,
                    "deprel": deprel,
                }  # fmt: skip
            if xpos != "_":
                word["xpos"] = xpos
            if feats != "_":
                word["feats"] = features.get(feats) or self.cache.features_of(feats)
            target = ids.get(head)
            if target is not None and deps == f"{head}:{deprel}":
                word["head"] = target
                word["deps"] = [{"head": target, "rel": deprel}]
            else:
                self._bind(word, row, ids)
            if cell != "_":
                items = (known.get(cell) or self.cache.misc_of(cell)).items
                if items is not None and "misc" not in word:
                    word["misc"] = items
            append(word)
        return words

    def _bind(self, word: Annotation, row: Row, ids: dict[str, str]) -> None:
        head, deps = row[6], row[8]
        if head == "_" and f"{HEAD}=" in row[9]:
            head = self._elsewhere(word, row, ids)
        if head in ids:
            word["head"] = ids[head]
        elif head not in {"0", "_"}:
            self._astray(row, 6)
        if deps == "_":
            return
        word["deps"] = found = []
        for part in deps.split("|"):
            target, sign, rel = part.partition(":")
            if sign and target in ids:
                found.append({"head": ids[target], "rel": rel})
            elif sign and target == "0":
                found.append({"rel": rel})
            else:
                self._astray(row, 8)

    def _elsewhere(self, word: Annotation, row: Row, ids: dict[str, str]) -> str:
        """The empty node that a word depends on: MISC names it, since HEAD cannot."""
        items = self.cache.misc_of(row[9]).items or []
        found = next((item for item in items if item["name"] == HEAD and "." in item.get("value", "")), None)
        if found is None or found["value"] not in ids:
            return "_"
        word["misc"] = [item for item in items if item is not found]
        return found["value"]

    def _astray(self, row: Row, number: int) -> None:
        pairs = zip(self.shape.lines, self.shape.words, strict=True)
        line = next(line for line, one in pairs if one is row)
        name = "HEAD" if number == 6 else "DEPS"
        message = f"{name} is '{row[number][:40]}', which names no word of the sentence: left out"
        self.draft.malformed((line, column(row, number)), message)

    def ranges(self, tokens: list[Annotation]) -> None:
        """What stands on the rows of ranges, which are tokens and no words: notes on the token."""
        for row, line, token in zip(self.shape.surface, self.shape.surface_lines, tokens, strict=True):
            if "-" not in row[0]:
                continue
            cells = {name: row[number] for number, name in enumerate(_OWN, 2) if row[number] not in {"_", ""}}
            left = self.cache.misc_of(row[9]).items
            if left:
                cells["MISC"] = "|".join(
                    f"{one['name']}={one['value']}" if "value" in one else one["name"] for one in left
                )
            for name, value in cells.items():
                note = {"id": f"N{self.short}:{row[0]}:{name}", "type": name, "ref": token["id"], "text": value}
                self.draft.add("notes", note, line)


def _sparse(row: Row, name: str, token: str | None) -> Annotation:
    """A word that lacks what most have."""
    word: Annotation = {"id": name, "form": row[1]} if token is None else {"id": name, "token": token, "form": row[1]}
    # The lemma of an underscore is one, where the word is analysed at all.
    if row[2] != "_" or (row[1] == "_" and row[3] != "_" and token is not None):
        word["lemma"] = row[2]
    if row[3] != "_":
        word["upos"] = row[3]
    if row[7] != "_":
        word["deprel"] = row[7]
    return word
