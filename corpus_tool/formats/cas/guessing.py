"""Types and features that no type system declares: what their names and shapes tell."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from corpus_tool.formats.cas.noted import Noted
from corpus_tool.formats.cas.structures import ANNOTATION, ANNOTATION_BASE, Cas, Ref, Structure, Value
from corpus_tool.formats.cas.types import STRING, TOP, Feature, Type, TypeSystem

_REFERENCES = frozenset({"sofa", "Governor", "Dependent", "first", "next", "target", "head", "tail"})
_OFFSETS = frozenset({"begin", "end"})


def guessed(cas: Cas, unknown: Mapping[str, set[str]], noted: Noted) -> Cas:
    """The same, with undeclared values read as references and numbers where they can be nothing else.

    A feature that has the name of a reference, and lists of the numbers of link structures (those with a `target`),
    become references; all else stays the string that it is.
    """
    named = [name for name in unknown if cas.types.get(name) is None]
    added = {name: sorted(unknown[name]) for name in unknown if name not in named}
    if named:
        noted.ambiguous(f"no type system declares {_some(named)}: read by the names and shapes of what they have")
    if added:
        listed = [f"'{feature}' of {name}" for name, features in added.items() for feature in features]
        noted.ambiguous(f"no type system declares {_some(listed)}: read by name and shape")
    if not unknown:
        return cas
    links = {number for number, each in cas.structures.items() if "target" in each.values}
    structures = {
        number: replace(each, values=_values(each, unknown[each.type], cas, links)) if each.type in unknown else each
        for number, each in cas.structures.items()
    }
    types = [*cas.types.own.values(), *_types(structures, unknown, cas.types)]
    return replace(cas, structures=structures, types=TypeSystem.of(types))


def _values(structure: Structure, undeclared: set[str], cas: Cas, links: set[int]) -> dict[str, Value]:
    return {
        name: _value(name, value, cas, links) if name in undeclared else value
        for name, value in structure.values.items()
    }


def _value(name: str, value: Value, cas: Cas, links: set[int]) -> Value:
    if not isinstance(value, str):
        return value
    parts = value.split()
    if not parts or not all(part.isascii() and part.isdigit() and len(part) < 18 for part in parts):
        return value
    numbers = [int(part) for part in parts]
    if name in _OFFSETS and len(numbers) == 1:
        return numbers[0]
    if name in _REFERENCES and len(numbers) == 1 and numbers[0] in cas.structures:
        return Ref(numbers[0])
    return tuple(map(Ref, numbers)) if links.issuperset(numbers) else value


def _types(structures: Mapping[int, Structure], unknown: Mapping[str, set[str]], known: TypeSystem) -> Iterable[Type]:
    """What the values show: a reference leads to the type of all that it leads to, or to any annotation."""
    found: dict[str, dict[str, list[Value]]] = {name: {} for name in unknown}
    for each in structures.values():
        for name in unknown.get(each.type, set()) & each.values.keys():
            found[each.type].setdefault(name, []).append(each.values[name])
    for name, values in found.items():
        declared = known.get(name)
        parent = declared.parent if declared else _parent(values)
        yield Type(name, parent, tuple(Feature(one, *_range(said, structures)) for one, said in values.items()))


def _parent(values: Collection[str]) -> str:
    if _OFFSETS.issubset(values):
        return ANNOTATION
    return ANNOTATION_BASE if "sofa" in values else TOP


def _range(values: Iterable[Value], structures: Mapping[int, Structure]) -> tuple[str, str | None]:
    """The range of a feature, and what it holds where it is a list."""
    listed = list(values)
    refs = [ref for value in listed for ref in (value if isinstance(value, tuple) else [value]) if isinstance(ref, Ref)]
    kinds = {structures[ref.id].type for ref in refs if ref.id in structures}
    leads_to = kinds.pop() if len(kinds) == 1 else ANNOTATION
    if any(isinstance(value, tuple) for value in listed):
        return ("uima.cas.FSArray", leads_to) if refs else ("uima.cas.StringArray", None)
    return (leads_to if refs else STRING), None


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
