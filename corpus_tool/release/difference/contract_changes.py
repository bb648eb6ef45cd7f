"""What changed in the schema, the inventory, the views, and what a corpus says of itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corpus_tool import vocabulary
from corpus_tool.layers import EACH
from corpus_tool.release.difference.changes import ContractChange

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.fields import Field
    from corpus_tool.release.difference.sides import Features, Side

ARTICLES, RAW = "articles", "articles_raw"
_SAID = ("title", "description", "$comment", "examples", "default", "deprecated", "markdownDescription")
_STRUCTURE = ("type", "properties", "items", "required", "additionalProperties", "anyOf", "oneOf", "enum")


def contract_changes(old: Side, new: Side) -> tuple[ContractChange, ...]:
    """Everything that differs beside articles and annotations."""
    return (
        *schema_changes(old.contract.root, new.contract.root),
        *inventory_changes(old.contract, new.contract),
        *view_changes(old.views, new.views),
        *_about_changes(old.about, new.about),
    )


def schema_changes(old: Field, new: Field) -> Iterator[ContractChange]:
    """The fields that came, went, were renamed, or are of another type."""
    yield from _object_changes(old, new, ())


def _object_changes(old: Field, new: Field, path: tuple[str, ...]) -> Iterator[ContractChange]:
    first = {child.name: child for child in old.fields}
    second = {child.name: child for child in new.fields}
    gone = [name for name in first if name not in second]
    come = [name for name in second if name not in first]
    for name, later in _renames([first[name] for name in gone], [second[name] for name in come]):
        gone.remove(name)
        come.remove(later)
        yield ContractChange("field renamed", _dotted(path, name), name, later)
    for name in gone:
        yield ContractChange("field removed", _dotted(path, name), _type(first[name]))
    for name in come:
        kind = "required" if second[name].required and not second[name].nullable else "nullable"
        yield ContractChange(f"{kind} field added", _dotted(path, name), None, _type(second[name]))
    both = [name for name in first if name in second]
    if both != [name for name in second if name in first]:
        yield ContractChange("fields reordered", _dotted(path, "") or "#")
    for name in both:
        yield from _field_changes(first[name], second[name], (*path, name))


def _field_changes(old: Field, new: Field, path: tuple[str, ...]) -> Iterator[ContractChange]:
    where = ".".join(path)
    if (old.type, _arrow(old)) != (new.type, _arrow(new)):
        yield ContractChange("field retyped", where, _type(old), _type(new))
        return
    optional = [not field.required or field.nullable for field in (old, new)]
    if optional[0] != optional[1]:
        yield ContractChange("field made optional" if optional[1] else "field made required", where)
    if _limits(old) != _limits(new):
        yield ContractChange("constraint changed", where)
    if _roles(old) != _roles(new):
        yield ContractChange("field retyped", where, json.dumps(_roles(old)), json.dumps(_roles(new)))
    if any(old.keywords.get(name) != new.keywords.get(name) for name in _SAID):
        yield ContractChange("description changed", where)
    yield from _object_changes(old, new, path)
    if old.item is not None and new.item is not None:
        yield from _field_changes(old.item, new.item, (*path, EACH))


def _renames(gone: Sequence[Field], come: Sequence[Field]) -> Iterator[tuple[str, str]]:
    """A field that went, and the one of all that came which is like it."""
    for field in gone:
        like = [other.name for other in come if _shape(other) == _shape(field)]
        rivals = [other for other in gone if _shape(other) == _shape(field)]
        if len(like) == len(rivals) == 1:
            yield field.name, like[0]


def _shape(field: Field) -> str:
    return json.dumps({name: value for name, value in field.keywords.items() if name not in _SAID}, sort_keys=True)


def _limits(field: Field) -> dict[str, Any]:
    """What a schema asks of a value beyond its type; labels are compared as inventories are."""
    enum = {} if field.is_label else {"enum": field.keywords.get("enum")}
    apart = (*_SAID, *_STRUCTURE)
    said = {name: value for name, value in field.keywords.items() if name not in apart and name not in _roles(field)}
    return said | enum


def _roles(field: Field) -> dict[str, Any]:
    """What a schema makes of a field; its meaning, `x-field`, only rules ask for."""
    known = vocabulary.FIELD
    return {name: value for name, value in sorted(field.keywords.items()) if name.startswith("x-") and name != known}


def _arrow(field: Field) -> Any:
    return field.says(vocabulary.ARROW)


def _type(field: Field) -> str:
    kind = field.type if field.item is None else f"[{_type(field.item)}]"
    return f"{kind} or null" if field.nullable else kind


def _dotted(path: Sequence[str], name: str) -> str:
    return ".".join([*path, name] if name else path)


def inventory_changes(old: Contract, new: Contract) -> Iterator[ContractChange]:
    """Labels by kind: what was appended, removed, or has another place in the order; then the rest of the inventory."""
    first, second = _labels(old), _labels(new)
    for kind in dict.fromkeys([*first, *second]):
        yield from label_changes("label", kind, first.get(kind, ()), second.get(kind, ()))
    left, right = (_beside_labels(contract) for contract in (old, new))
    for name in sorted(left.keys() | right.keys()):
        if left.get(name) != right.get(name):
            yield ContractChange("inventory rule changed", name)


def label_changes(what: str, where: str, old: Sequence[str], new: Sequence[str]) -> Iterator[ContractChange]:
    """Of two lists of labels; one that was put before another counts as reordered: class numbers moved."""
    kept = [name for name in old if name in new]
    come = [name for name in new if name not in old]
    for name in old:
        if name not in new:
            yield ContractChange(f"{what} removed", where, name)
    if come:
        yield ContractChange(f"{what} appended", where, None, ", ".join(come))
    if kept != list(new[: len(kept)]):
        yield ContractChange(f"{what}s reordered", where, ", ".join(old), ", ".join(new))


def _labels(contract: Contract) -> dict[str, tuple[str, ...]]:
    """The labels of each kind of layer, as its columns number them."""
    found: dict[str, tuple[str, ...]] = {}
    for layer in contract.layers:
        for field in layer.item.walk():
            if field.labels is not None:
                name = layer.kind if field.name == layer.label else f"{layer.name}.{field.name}"
                found.setdefault(name, field.labels)
    return found


def _beside_labels(contract: Contract) -> dict[str, Any]:
    """What an inventory says beyond the names of labels: of each label, attribute and axis."""
    said = contract.inventory.as_json() if contract.inventory is not None else {}
    known = set(_labels(contract))
    out: dict[str, Any] = {}
    for kind, items in said.items():
        if not isinstance(items, list):
            continue
        for number, item in enumerate(items):
            rest = {name: value for name, value in item.items() if name not in ("name", "description")}
            if rest or kind not in known:
                out[f"{kind} {item.get('name', number)}"] = rest
    return out


def view_changes(old: Mapping[str, Features], new: Mapping[str, Features]) -> Iterator[ContractChange]:
    """The views that came, went, or have other columns."""
    for name in old.keys() - new.keys():
        yield ContractChange("view removed", name)
    for name in sorted(new.keys() - old.keys()):
        yield ContractChange("view added", name)
    for name in sorted(old.keys() & new.keys()):
        if name in (ARTICLES, RAW):
            continue  # their columns are the schema's
        first, second = (dict(_columns(side[name])) for side in (old, new))
        for path in sorted(first.keys() - second.keys()):
            yield ContractChange("column removed", f"{name}: {path}")
        for path in sorted(second.keys() - first.keys()):
            yield ContractChange("column added", f"{name}: {path}")
        for path in sorted(first.keys() & second.keys()):
            yield from _column_changes(f"{name}: {path}", first[path], second[path])


def _column_changes(where: str, old: Any, new: Any) -> Iterator[ContractChange]:
    if isinstance(old, tuple) and isinstance(new, tuple):
        yield from label_changes("column label", where, old, new)
    elif old != new:
        yield ContractChange("column retyped", where, str(old)[:80], str(new)[:80])


def _columns(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each column and nested field of declared features, with its type, or the names of its labels."""
    if isinstance(value, list):
        for part in value:
            below = {name: said for name, said in part.items() if name != "name"}
            yield from _columns(below, f"{path}.{part['name']}" if path else part["name"])
    elif isinstance(value, Mapping):
        for kind, said in value.items():
            if kind == "class_label" or (isinstance(said, Mapping) and "class_label" in said):
                yield path, _names((said if kind == "class_label" else said["class_label"])["names"])
            elif isinstance(said, (list, Mapping)):
                yield f"{path}[]" if kind in ("list", "sequence") else path, kind
                yield from _columns(said, f"{path}[]" if kind in ("list", "sequence") else path)
            else:
                yield path, f"{kind} {said}"


def _names(names: Any) -> tuple[str, ...]:
    return tuple(names[key] for key in sorted(names, key=int)) if isinstance(names, Mapping) else tuple(names)


def _about_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[ContractChange]:
    for name in sorted(old.keys() | new.keys()):
        before, after = (None if side.get(name) is None else json.dumps(side[name]) for side in (old, new))
        if before != after:
            what = "card changed" if name != "licence" else "licence stated" if before is None else "licence changed"
            yield ContractChange(what, name, before, after)
