"""Rows of one sentence as words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus_tool.formats.conllu.draft import Annotation, Draft, column

if TYPE_CHECKING:
    from corpus_tool.formats.conllu.cells import Cache, NameValue
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
            target = ids.get(head)
            if owner is None or lemma == "_" or upos == "_" or xpos == "_" or deprel == "_" or target is None:
                append(self._sparse(row, token_prefix + owner if owner is not None else None, ids))
                continue
            # At once: most words have all of these, and a dictionary that grows takes long.
            bound = [{"head": target, "rel": deprel}] if deps == f"{head}:{deprel}" else self._deps(row, ids)
            word: Annotation
            if feats == "_":
                word = {
                    "id": ids[number], "token": token_prefix + owner, "form": form, "lemma": lemma, "upos": upos,
                    "xpos": xpos, "head": target, "deprel": deprel,
                }  # fmt: skip
            else:
                word = {
                    "id": ids[number], "token": token_prefix + owner, "form": form, "lemma": lemma, "upos": upos,
                    "xpos": xpos, "feats": features.get(feats) or self.cache.features_of(feats),
                    "head": target, "deprel": deprel,
                }  # fmt: skip
            if bound is not None:
                word["deps"] = bound
            if cell != "_":
                items = (known.get(cell) or self.cache.misc_of(cell)).items
                if items is not None:
                    word["misc"] = items
            append(word)
        return words

    def _sparse(self, row: Row, token: str | None, ids: dict[str, str]) -> Annotation:
        """A word that lacks what most have."""
        number, form, lemma, upos, xpos, feats, _, deprel, deps, _ = row
        word: Annotation = {"id": ids[number]} if token is None else {"id": ids[number], "token": token}
        word["form"] = form
        # The lemma of an underscore is one, where the word is analysed at all.
        if lemma != "_" or (form == "_" and upos != "_" and token is not None):
            word["lemma"] = lemma
        word |= {name: said for name, said in (("upos", upos), ("xpos", xpos)) if said != "_"}
        if feats != "_":
            word["feats"] = self.cache.features_of(feats)
        head, items = self._head(row, ids)
        if head is not None:
            word["head"] = head
        if deprel != "_":
            word["deprel"] = deprel
        if deps != "_":
            word["deps"] = self._deps(row, ids)
        if items is not None:
            word["misc"] = items
        return word

    def _head(self, row: Row, ids: dict[str, str]) -> tuple[str | None, list[NameValue] | None]:
        """The word that one depends on, and what MISC says besides."""
        head, items = row[6], self.cache.misc_of(row[9]).items
        if head == "_" and f"{HEAD}=" in row[9]:
            head, items = self._elsewhere(items or [], ids)
        if head not in ids and head not in {"0", "_"}:
            self._astray(row, 6)
        return ids.get(head), items

    def _deps(self, row: Row, ids: dict[str, str]) -> list[dict[str, str]] | None:
        """The enhanced dependencies of a row; None where it has none."""
        if row[8] == "_":
            return None
        found = []
        for part in row[8].split("|"):
            target, sign, rel = part.partition(":")
            if sign and target in ids:
                found.append({"head": ids[target], "rel": rel})
            elif sign and target == "0":
                found.append({"rel": rel})
            else:
                self._astray(row, 8)
        return found

    @staticmethod
    def _elsewhere(items: list[NameValue], ids: dict[str, str]) -> tuple[str, list[NameValue] | None]:
        """The empty node that a word depends on: MISC names it, since HEAD cannot; and what else MISC has."""
        found = next((item for item in items if item["name"] == HEAD and "." in item.get("value", "")), None)
        if found is None or found["value"] not in ids:
            return "_", items or None
        return found["value"], [item for item in items if item is not found] or None

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
