"""Annotations of one layer that stand for another's: `[[lift]]` of corpus.toml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus_tool.errors import SettingsError
from corpus_tool.findings import Finding, Location, Severity
from corpus_tool.formats import Article
from corpus_tool.vocabulary import did_you_mean

if TYPE_CHECKING:
    from corpus_tool.contract import Contract

TARGETS: dict[str, dict[str, bool]] = {"quotations": {"speaker": False, "cue": True}}
"""The layers that can be lifted to, their fields that a relation fills, and whether they hold several."""
SOURCES = ("entities",)
PREFIX = "Q:"
_RULE = ("IO016", "lift-is-unambiguous")
_KEEP = ("spans", "prov", "confidence")


@dataclass(frozen=True, slots=True)
class Role:
    """A relation that fills a field: what is lifted stands in `self_role`, what fills the field in `other`."""

    relation: str
    self_role: str
    other: str


@dataclass(frozen=True, slots=True)
class Lift:
    """Which annotations of layer `source` are copied to `layer`, under which type, with what in which field."""

    layer: str
    source: str
    types: Mapping[str, str]
    roles: Mapping[str, Role]


def parse_lifts(tables: Any, place: str) -> tuple[Lift, ...]:
    """The `[[lift]]` tables of a configuration; SettingsError names the table and key that is wrong."""
    if not isinstance(tables, list):
        raise SettingsError("lift is a list of tables: write [[lift]]", place)
    return tuple(_lift(table, f"{place}: lift[{number}]") for number, table in enumerate(tables))


def _lift(table: Any, place: str) -> Lift:
    if not isinstance(table, dict):
        raise SettingsError("not a table", place)
    layer, source = _one_of(table, "layer", TARGETS, place), _one_of(table, "from", SOURCES, place)
    fields = TARGETS[layer]
    unknown = [key for key in table if key not in ("layer", "from", "types", *fields)]
    if unknown:
        raise SettingsError(f"unknown key '{unknown[0]}'", place)
    types = table.get("types")
    if not isinstance(types, dict) or not types or not all(isinstance(name, str) and name for name in types.values()):
        raise SettingsError('types is a table of labels, such as {QUOTE = "direct"}', f"{place}.types")
    roles = {name: _role(table[name], f"{place}.{name}") for name in fields if name in table}
    return Lift(layer, source, dict(types), roles)


def _one_of(table: Mapping[str, Any], key: str, choices: Iterable[str], place: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or value not in choices:
        raise SettingsError(f"{key} is one of: {', '.join(choices)}", f"{place}.{key}")
    return value


def _role(value: Any, place: str) -> Role:
    keys = ("relation", "self", "other")
    if not isinstance(value, dict) or set(value) != set(keys) or not all(isinstance(value[key], str) for key in keys):
        raise SettingsError("a table of three names: relation, self, other", place)
    return Role(value["relation"], value["self"], value["other"])


def lift(article: Article, lifts: Sequence[Lift]) -> tuple[Article, list[Finding]]:
    """The article with copies of what is lifted, under ids such as `Q:T28`; lifting twice changes nothing.

    Where several relations fill a field that holds one, the first does, and a finding names the others. A layer that
    was annotated and held nothing to lift becomes an empty layer; one that is absent stays absent.
    """
    out, findings = dict(article), list[Finding]()
    for each in lifts:
        if article.get(each.source) is None:
            continue
        related = {name: _related(article, role) for name, role in each.roles.items()}
        made = list(out.get(each.layer) or ())
        there = {annotation["id"] for annotation in made}
        for annotation in article[each.source]:
            if annotation["type"] in each.types and PREFIX + annotation["id"] not in there:
                findings += _ambiguous(article, each, annotation["id"], related, f"/{each.layer}/{len(made)}")
                made.append(_copy(each, annotation, related))
        out[each.layer] = made
        coverage = list(_coverage(out, each))
        if coverage:
            out["coverage"] = [*(out.get("coverage") or ()), *coverage]
    return out, findings


def _copy(
    rule: Lift, annotation: Mapping[str, Any], related: Mapping[str, Mapping[str, Sequence[str]]]
) -> dict[str, Any]:
    made: dict[str, Any] = {"id": PREFIX + annotation["id"], "type": rule.types[annotation["type"]]}
    made |= {key: annotation[key] for key in _KEEP if annotation.get(key) is not None}
    made["spans"] = [dict(span) for span in annotation.get("spans") or ()]
    for name, refs in related.items():
        found = list(dict.fromkeys(refs.get(annotation["id"], ())))
        if TARGETS[rule.layer][name]:
            made[name] = found
        elif found:
            made[name] = found[0]
    return made  # without the attributes: what the inventory licenses on the entity it need not on the copy


def check_lifts(lifts: Sequence[Lift], contract: Contract, place: str) -> None:
    """Raise SettingsError where lifts would make labels that the contract does not know."""
    for number, rule in enumerate(lifts):
        layer = next((layer for layer in contract.layers if layer.name == rule.layer), None)
        known = layer.item[layer.label].labels if layer and layer.label else None
        for name in rule.types.values():
            if known is not None and name not in known:
                hint = did_you_mean(name, known)
                raise SettingsError(f"'{name}' is no label of {rule.layer}{hint}", f"{place}.lift[{number}].types")


def _related(article: Article, role: Role) -> dict[str, list[str]]:
    """What stands in the other role, by what stands in this one."""
    found: dict[str, list[str]] = {}
    for relation in article.get("relations") or ():
        if relation["type"] != role.relation:
            continue
        arguments = relation.get("arguments") or ()
        others = [argument["ref"] for argument in arguments if argument["role"] == role.other]
        for argument in arguments:
            if argument["role"] == role.self_role:
                found.setdefault(argument["ref"], []).extend(others)
    return found


def _ambiguous(
    article: Article, rule: Lift, name: str, related: Mapping[str, Mapping[str, Sequence[str]]], pointer: str
) -> Iterator[Finding]:
    for key, refs in related.items():
        found = list(dict.fromkeys(refs.get(name, ())))
        if len(found) > 1 and not TARGETS[rule.layer][key]:
            message = f"{name} has several of {key}: {', '.join(found)}; the first is kept"
            at = Location("", pointer=f"{pointer}/{key}", article=article["id"], annotation=PREFIX + name)
            yield Finding(*_RULE, Severity.WARNING, at, message)


def _coverage(article: Article, rule: Lift) -> Iterator[dict[str, Any]]:
    """Who looked for what is lifted: those who looked for it in the layer it comes from."""
    known = {(record["layer"], record.get("prov")) for record in article.get("coverage") or ()}
    for record in article.get("coverage") or ():
        if record["layer"] != rule.source or (rule.layer, record.get("prov")) in known:
            continue
        labels = record.get("labels")
        if labels is None:
            yield {**record, "layer": rule.layer}
        elif wanted := list(dict.fromkeys(rule.types[label] for label in labels if label in rule.types)):
            yield {**record, "layer": rule.layer, "labels": wanted}
