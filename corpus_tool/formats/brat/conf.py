"""brat's `annotation.conf` as an inventory.

Where a name is given several lines, as brat allows for relations and attributes, their licences are united. Terms after
the first (`Binding|GO:0005488`) become the description; what is for display or look-up only (`<NORM>`, `<URL>`,
`<GLYPH-POS>`, separators) says nothing about labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from corpus_tool.errors import SettingsError
from corpus_tool.formats.brat.conf_writing import EQUIV, HOW, KINDS, NESTING, dumps, storable, storable_role
from corpus_tool.formats.inventories import unite, united
from corpus_tool.inventory import Argument, Attribute, Inventory, Label, Overlap

__all__ = ["dumps", "parse"]

_SECTIONS = {
    "entities": "entity",
    "spans": "entity",
    "relations": "relation",
    "events": "event",
    "attributes": "attribute",
}
_ELSEWHERE = frozenset({"labels", "drawing", "options", "search", "annotators", "disambiguators", "normalization"})
_DISPLAY = frozenset({"<NORM>", "<URL>", "<URLBASE>", "<GLYPH-POS>"})
_RESERVED = _DISPLAY | KINDS.keys() | frozenset(
    {"<ANY>", "<NONE>", "<EMPTY>", "<REL-TYPE>", "<OVL-TYPE>", "<OVERLAP>", "<DEFAULT>", "<INHERIT>", "<EQUIV>"}
)  # fmt: skip
_MACRO = re.compile(r"<([A-Za-z_-]+)>=\s*(.*?)\s*")
_ROLE = re.compile(r"(.+?)(\{([0-9]{1,9})(?:-([0-9]{1,9}))?\}|[?*+])?")
_COUNTS: dict[str | None, tuple[int, int | None]] = {None: (1, 1), "?": (0, 1), "*": (0, None), "+": (1, None)}
_ANGLES = re.compile(r"<[^<>]*>")
_MOST = 1_000_000
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class _Entry:
    """One line of a section: what is declared, under what, with which `key:value` pairs."""

    place: str
    name: str
    others: tuple[str, ...]
    abstract: bool
    parent: str | None
    pairs: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Section:
    """What holds only until the next section: macros, and the lines that deeper ones stand under."""

    macros: dict[str, str] = field(default_factory=dict)
    open: list[tuple[int, _Entry]] = field(default_factory=list)
    grown: int = 0

    def restart(self) -> None:
        """Forget both; how much macros have added so far counts for the whole file."""
        self.macros.clear()
        self.open.clear()


def parse(text: str, path: str) -> Inventory:
    """The inventory that the text of an `annotation.conf` declares.

    Event names stand among the entity labels too, at their end, since they are the type of triggers. Raises
    SettingsError with `path:line`.
    """
    sections: dict[str, list[_Entry]] = {}
    for kind, entry in _entries(text, path):
        entries = sections.setdefault(kind, [])
        if entry is not None:
            entries.append(entry)
    _check_types(sections)
    return _inventory(sections)


def _inventory(sections: dict[str, list[_Entry]]) -> Inventory:
    relations = [entry for entry in sections.get("relation", ()) if entry.name not in (*NESTING, *EQUIV)]
    equivalences = [entry for entry in sections.get("relation", ()) if entry.name in EQUIV]
    overlaps = tuple(_overlap(entry) for entry in sections.get("relation", ()) if entry.name in NESTING)
    labels: dict[str, tuple[Label, ...]] = {
        kind: _labels(sections[kind]) for kind in ("entity", "event") if kind in sections
    }
    events = [label for label in labels.get("event", ()) if not label.abstract]
    if events:
        entities = [replace(label, trigger=True) for label in labels.get("entity", ())]
        known = {label.name for label in entities}
        added = [Label(label.name, trigger=True) for label in events if label.name not in known]
        labels["entity"] = (*entities, *added)
    if "relation" in sections:
        labels["relation"] = _labels(relations)
    labels["coreference"] = _chains(equivalences, labels.get("relation", ()))
    kinds = [kind for kind in ("entity", "relation", "event", "coreference") if kind in labels]
    attributes = united(_attribute(entry) for entry in sections.get("attribute", ()))
    return Inventory(labels={kind: labels[kind] for kind in kinds}, attributes=attributes, overlaps=overlaps or None)


def _entries(text: str, path: str) -> Iterator[tuple[str, _Entry | None]]:
    """Every declaration with the kind of its section, and once None for each section that is there."""
    kind: str | None = None
    section = _Section()
    started = False
    for number, raw in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        line, place = raw.rstrip(), f"{path}:{number}"
        if not line or line.lstrip().startswith("#") or not line.strip("- \t"):
            continue
        if heading := re.fullmatch(r"\s*\[(.*)\]", line):
            kind, started = _kind(heading[1], place), True
            section.restart()
            if kind is not None:
                yield kind, None
        elif not started:
            raise SettingsError("a declaration before the first section, such as [entities]", place)
        elif kind is not None and (entry := _entry(line, section, place)) is not None:
            yield kind, entry


def _kind(heading: str, place: str) -> str | None:
    if heading not in _SECTIONS and heading not in _ELSEWHERE:
        raise SettingsError(f"unknown section [{heading}]: choose from {', '.join(sorted(_SECTIONS))}", place)
    return _SECTIONS.get(heading)


def _entry(line: str, section: _Section, place: str) -> _Entry | None:
    if macro := _MACRO.fullmatch(line):
        if f"<{macro[1]}>" in _RESERVED:
            raise SettingsError(f"<{macro[1]}> is reserved and cannot be defined", place)
        section.macros[f"<{macro[1]}>"] = _expand(macro[2], section, place)
        return None
    line = _expand(line, section, place)
    for used in _ANGLES.findall(line):
        if used not in _RESERVED:
            raise SettingsError(f"{used} is not defined in this section", place)
    indent = len(line) - len(line.lstrip())
    while section.open and section.open[-1][0] >= indent:
        section.open.pop()
    if indent and not section.open:
        raise SettingsError("indented, but nothing stands above it", place)
    entry = _declaration(line.strip(), section.open[-1][1] if section.open else None, place)
    section.open.append((indent, entry))
    return entry


def _expand(line: str, section: _Section, place: str) -> str:
    for _ in range(_DEEPEST):
        used = [name for name in _ANGLES.findall(line) if name in section.macros]
        if not used:
            return line
        section.grown += sum(len(section.macros[name]) for name in used)
        if section.grown > _MOST:
            raise SettingsError(f"macros add more than {_MOST:,} characters to this file", place)
        line = _ANGLES.sub(lambda match: section.macros.get(match[0], match[0]), line)
    raise SettingsError("a macro that is made of itself", place)


def _declaration(line: str, parent: _Entry | None, place: str) -> _Entry:
    head, tail = _halves(line)
    terms = [term.strip() for term in head.split("|") if term.strip()]
    abstract = any(term.startswith("!") for term in terms)
    names = [term.removeprefix("!") for term in terms]
    if not names or not all(names):
        raise SettingsError("a label without a name", place)
    if names[0] not in NESTING + EQUIV and storable(names[0]) != names[0]:
        raise SettingsError(f"'{names[0]}' has characters in it that a label cannot have", place)
    pairs: list[tuple[str, str]] = []
    for item in (piece.strip() for piece in tail.split(",")):
        if item == "<INHERIT>":
            pairs += parent.pairs if parent else ()
        elif item:
            key, colon, value = item.partition(":")
            if not key or not colon or not value or re.search(r"\s", key):
                raise SettingsError(f"'{item}' is not KEY:VALUE", place)
            pairs.append((key, value))
    return _Entry(place, names[0], tuple(names[1:]), abstract, parent.name if parent else None, tuple(pairs))


def _halves(line: str) -> tuple[str, str]:
    """Terms and arguments; where an argument would have a space in it, the first tab ends the terms."""
    head, *rest = line.split(None, 1)
    tail = rest[0] if rest else ""
    if "\t" in line and any(re.search(r"\s", item.strip()) for item in tail.split(",")):
        head, _, tail = line.partition("\t")
    return head, tail


def _check_types(sections: dict[str, list[_Entry]]) -> None:
    """Every type that an argument names has to be declared somewhere in the file."""
    declared = {entry.name for kind, entries in sections.items() if kind != "attribute" for entry in entries}
    declared -= {*NESTING, *EQUIV}
    for kind, entries in sections.items():
        for entry in entries:
            for key, value in entry.pairs:
                if key in _RESERVED or (kind == "attribute" and key != "Arg"):
                    continue
                for name in value.split("|"):
                    if name not in declared and name not in _RESERVED:
                        raise SettingsError(f"'{name}' is not a label of this file", entry.place)


def _labels(entries: Iterable[_Entry]) -> tuple[Label, ...]:
    return united(_label(entry) for entry in entries)


def _label(entry: _Entry) -> Label:
    types = dict(entry.pairs).get("<REL-TYPE>", "").split("-")
    return Label(
        entry.name,
        description="|".join(entry.others) or None,
        parent=entry.parent,
        abstract=entry.abstract,
        arguments=_arguments(entry),
        symmetric="symmetric" in types,
        transitive="transitive" in types,
    )


def _arguments(entry: _Entry) -> tuple[Argument, ...]:
    made: dict[str, Argument] = {}
    for key, value in entry.pairs:
        if key in _RESERVED:
            continue
        match = _ROLE.fullmatch(key)
        role, count = (match[1], _count(match)) if match else (key, (1, 1))
        least, most = count
        if (most is not None and most < max(least, 1)) or storable_role(role) != role:
            raise SettingsError(f"'{key}' cannot be read as a role and how often it may be filled", entry.place)
        if role in made:
            raise SettingsError(f"the role '{role}' is listed twice", entry.place)
        types, kinds = _licence(value, entry.place)
        made[role] = Argument(role, types, kinds, least, most)
    return tuple(made.values())


def _count(match: re.Match[str]) -> tuple[int, int | None]:
    if match[3] is None:
        return _COUNTS[match[2]]
    return int(match[3]), int(match[4] if match[4] is not None else match[3])


def _licence(value: str, place: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Types and kinds of `A|<ENTITY>`; both empty where anything may stand."""
    names = [name for name in value.split("|") if name not in ("<NONE>", "<EMPTY>")]
    if not all(names):
        raise SettingsError(f"'{value}' has an empty type", place)
    if "<ANY>" in names:
        return (), ()
    types = tuple(dict.fromkeys(name for name in names if name not in KINDS))
    return types, tuple(dict.fromkeys(KINDS[name] for name in names if name in KINDS))


def _overlap(entry: _Entry) -> Overlap:
    pairs = dict(entry.pairs)
    how = "contain" if entry.name == "ENTITY-NESTING" else pairs.get("<OVL-TYPE>")
    if how is None or not {"Arg1", "Arg2"} <= pairs.keys():
        raise SettingsError(f"{entry.name} needs Arg1, Arg2 and <OVL-TYPE>", entry.place)
    names = how.split("|")
    if unknown := [name for name in names if name not in HOW and name != "<ANY>"]:
        raise SettingsError(f"'{unknown[0]}' is not one of contain, equal, cross, <ANY>", entry.place)
    allowed = tuple(HOW.values()) if "<ANY>" in names else tuple(dict.fromkeys(HOW[name] for name in names))
    return Overlap(allowed, _spanned(pairs["Arg1"]), _spanned(pairs["Arg2"]))


def _spanned(value: str) -> tuple[str, ...]:
    """Labels of one side of an overlap; empty where it is any that has a span."""
    names = value.split("|")
    return () if "<ENTITY>" in names or "<ANY>" in names else tuple(dict.fromkeys(names))


def _chains(equivalences: Sequence[_Entry], relations: Sequence[Label]) -> tuple[Label, ...]:
    """Types of chains: identity, and every relation that brat writes as an equivalence."""
    identity = Label("identity")
    for label in (_label(entry) for entry in equivalences):
        plain = replace(
            label, name="identity", parent=None, description=None, abstract=False, symmetric=True, transitive=True
        )
        identity = plain if identity == Label("identity") else unite(identity, plain)
    return (identity, *(Label(label.name) for label in relations if label.symmetric and label.transitive))


def _attribute(entry: _Entry) -> Attribute:
    pairs = dict(entry.pairs)
    if "Arg" not in pairs:
        raise SettingsError(f"the attribute '{entry.name}' does not say what it may stand on (Arg:)", entry.place)
    types, kinds = _licence(pairs["Arg"], entry.place)
    values = tuple(dict.fromkeys(pairs["Value"].split("|"))) if "Value" in pairs else None
    if values is not None and not all(values):
        raise SettingsError(f"'{pairs['Value']}' has an empty value", entry.place)
    default = pairs.get("DEFAULT", pairs.get("<DEFAULT>"))
    if default is not None and default not in (values or ()):
        raise SettingsError(f"the default '{default}' is not one of the values", entry.place)
    return Attribute(
        entry.name, description="|".join(entry.others) or None, types=types, kinds=kinds, values=values, default=default
    )
