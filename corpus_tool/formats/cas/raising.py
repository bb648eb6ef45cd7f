"""Types below those that tools know (`POS_NOUN`, `Person`), raised to them: the label says the same."""

from __future__ import annotations

from collections.abc import Mapping

from corpus_tool.formats.cas import dkpro
from corpus_tool.formats.cas.types import TypeSystem

_LABELS = {dkpro.POS: "coarseValue", dkpro.NAMED_ENTITY: "value"}


def raised(types: TypeSystem, name: str, features: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The type that is known, and the features with the name of the type as label, where they have none."""
    for above, label in _LABELS.items():
        if name != above and types.is_a(name, above):
            local = name.rpartition(".")[2].removeprefix("POS_")
            return above, {label: local, **features}
    return name, dict(features)
