"""Features of annotations: values as strings, and what refers to other annotations as slots."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from corpus_tool.formats.cas.feature_names import from_written
from corpus_tool.formats.cas.noted import Noted
from corpus_tool.formats.cas.structures import Cas, Ref, Structure, Value
from corpus_tool.formats.cas.types import element_of
from corpus_tool.formats.typed_layers import TypedLink, TypedSlot

PLACES = frozenset({"begin", "end", "sofa"})


@dataclass(frozen=True, slots=True)
class FeatureReader:
    """Reads the features of annotations; `there` are the numbers of those that may be referred to.

    A link feature that is unset is a slot that nobody filled, unless `ours` says that the file tells the two apart.
    """

    cas: Cas
    there: Collection[int]
    noted: Noted
    ours: bool = False
    links: dict[str, dict[str, str]] = field(default_factory=dict)
    """By type its features that are declared to hold links, and the types of those."""

    def read(self, structure: Structure, without: Collection[str] = ()) -> tuple[dict[str, str], tuple[TypedSlot, ...]]:
        """The features that are set, but for some and for where it stands."""
        features: dict[str, str] = {}
        slots = []
        links = self._link_features(structure.type)
        for name, value in {**dict.fromkeys(() if self.ours else links), **structure.values}.items():
            if name in PLACES or name in without or (value is None and name not in links):
                continue
            values = [each for each in self.cas.several(value) if each is not None]
            if any(isinstance(each, Ref) for each in values):
                slots.append(self._slot(structure, name, [each.id for each in values if isinstance(each, Ref)]))
            elif values:
                if len(values) > 1:
                    self.noted.lose("lists of values, which are joined by spaces", f"{name} of {structure.type}")
                features[from_written(name)] = " ".join(map(written, values))
            elif name in links:
                slots.append(TypedSlot(from_written(name), (), links[name], self._target_feature(links[name])))
        return features, tuple(slots)

    def _link_features(self, kind: str) -> dict[str, str]:
        if kind not in self.links:
            declared = self.cas.types.features(kind).values()
            held = {each.name: element_of(each) for each in declared}
            self.links[kind] = {name: each for name, each in held.items() if each and self._target_feature(each)}
        return self.links[kind]

    def _target_feature(self, kind: str) -> str | None:
        feature = self.cas.types.features(kind).get("target")
        return feature.range if feature is not None else None

    def _slot(self, structure: Structure, name: str, numbers: list[int]) -> TypedSlot:
        """Links with the annotations that they lead to; a direct reference is a link without a type and a role."""
        links, kind = [], None
        for number in numbers:
            held = self.cas.structures.get(number)
            through = (
                held if held is not None and self._target_feature(held.type) and number not in self.there else None
            )
            kind = through.type if through is not None else kind
            target = through.ref("target") if through is not None else number
            if target in self.there:
                links.append(TypedLink(through.text("role") if through is not None else None, str(target)))
            elif target:
                self._lost(structure, name, target)
        return TypedSlot(from_written(name), tuple(links), kind, self._target_feature(kind) if kind else None)

    def _lost(self, structure: Structure, name: str, target: int) -> None:
        what = f"'{name}' of {structure.type} {structure.id}"
        if target not in self.cas.structures:
            self.noted.malformed(f"{what} leads to {target}, which is not there", structure.place)
        else:
            self.noted.lose("references to what is no annotation of the text", what)


def written(value: Value) -> str:
    """A value as XMI has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
