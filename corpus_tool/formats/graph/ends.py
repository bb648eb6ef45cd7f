"""What an annotation refers to, as pairs of a role and an id, whatever its layer calls them."""

from __future__ import annotations

from typing import Any

End = tuple[str, str]
"""A role, and the id of what plays it."""
_ONE = {"quotations": ("speaker",), "coreference": ("representative",), "words": ("token", "head"), "notes": ("ref",)}
_MANY = {"quotations": {"cue": "cue"}, "coreference": {"mention": "mentions"}}
_DERIVED = {"from": "derived_from"}
_MANY |= {"provenance": _DERIVED, "adjudication": _DERIVED}
_DEP = "dep:"
TRIGGER = "trigger"


def ends_of(layer: str, one: dict[str, Any]) -> list[End]:
    """The ends of an annotation in an order that tells them apart: the trigger of an event is the first."""
    found = [(TRIGGER, one["trigger"])] if layer == "events" and one.get("trigger") else []
    found += [(name, one[name]) for name in _ONE.get(layer, ()) if one.get(name)]
    for role, name in _MANY.get(layer, {}).items():
        found += [(role, ref) for ref in one.get(name) or ()]
    found += [(_DEP + part["rel"], part["head"]) for part in one.get("deps") or () if part.get("head")]
    return found + [(part["role"], part["ref"]) for part in one.get("arguments") or ()]


def put_ends(layer: str, one: dict[str, Any], ends: list[End]) -> list[End]:
    """Give an annotation its ends; the ones that its layer has no place for are returned."""
    if layer == "events":
        first = next((ref for role, ref in ends if role == TRIGGER), None)
        if first is not None:
            one["trigger"] = first
            ends = [end for number, end in enumerate(ends) if number != ends.index((TRIGGER, first))]
    if layer in {"relations", "events"}:
        one["arguments"] = [{"role": role, "ref": ref} for role, ref in ends]
        return []
    return [end for end in ends if not _placed(layer, one, *end)]


def _placed(layer: str, one: dict[str, Any], role: str, ref: str) -> bool:
    if role in _ONE.get(layer, ()):
        return bool(one.setdefault(role, ref) == ref)
    name = _MANY.get(layer, {}).get(role)
    if name is not None:
        one.setdefault(name, []).append(ref)
    elif layer == "words" and role.startswith(_DEP):
        one.setdefault("deps", []).append({"head": ref, "rel": role.removeprefix(_DEP)})
    else:
        return False
    return True
