"""Feature structures to UIMA CAS XMI, and type systems to their descriptions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corpus_tool.formats.cas.document_writing import UnwritableError
from corpus_tool.formats.cas.structures import SOFA, Cas, Ref, Structure, Value
from corpus_tool.formats.cas.types import Feature, Type, TypeSystem

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_SPECIAL = re.compile('[&<>"\\x01-\\x1f\\x7f-\\x9f\\u2028]')
_ONLY_ELEVEN = re.compile("&#(?:[1-8]|1[124-9]|2[0-9]|3[01]);")
_NEVER = re.compile("[\\x00\\ud800-\\udfff\\ufffe\\uffff]")
_CAS = ("cas", "http:///uima/cas.ecore")


def xmi_files(cas: Cas) -> dict[str, bytes]:
    """The file of a CAS, and its type system beside it. Raises UnwritableError."""
    return {".xmi": dump_xmi(cas), ".xml": dump_typesystem(cas.types)}


def dump_xmi(cas: Cas) -> bytes:
    """XML 1.0, and 1.1 where control characters need it. Raises UnwritableError."""
    prefixes = _prefixes(cas.structures.values())
    lines = [
        '    <cas:NULL xmi:id="0"/>',
        *(_structure(each, prefixes) for each in cas.structures.values() if each.type != SOFA),
        *(_structure(each, prefixes) for each in cas.structures.values() if each.type == SOFA),
        *(f'    <cas:View sofa="{view.sofa}" members="{" ".join(map(str, view.members))}"/>' for view in cas.views),
    ]
    spaces = "".join(f' xmlns:{prefix}="{space}"' for space, prefix in prefixes.items())
    opening = f'<xmi:XMI xmlns:xmi="http://www.omg.org/XMI"{spaces} xmi:version="2.0">'
    return _document([opening, *lines, "</xmi:XMI>"])


def dump_typesystem(types: TypeSystem) -> bytes:
    """The description of the types that are not built in. Raises UnwritableError."""
    lines = [line for each in types.own.values() for line in _type(each)]
    opening = '<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier">'
    return _document([opening, "    <types>", *lines, "    </types>", "</typeSystemDescription>"])


def _document(lines: Iterable[str]) -> bytes:
    text = "\n".join(lines)
    if (found := _NEVER.search(text)) is not None:
        raise UnwritableError(f"U+{ord(found[0]):04X} is a character that XML cannot hold")
    version = "1.1" if _ONLY_ELEVEN.search(text) else "1.0"
    return f'<?xml version="{version}" encoding="UTF-8"?>\n{text}\n'.encode()


def _prefixes(structures: Iterable[Structure]) -> dict[str, str]:
    """Namespaces and their prefixes: the last part of the package, numbered where that is taken."""
    prefixes = {_CAS[1]: _CAS[0]}
    taken = {"cas", "xmi", "xml", "xmlns"}
    for space in sorted({_space(each.type) for each in structures} - prefixes.keys()):
        name = space.removesuffix(".ecore").rpartition("/")[2]
        number = next(number for number in range(len(taken) + 1) if f"{name}{number or ''}" not in taken)
        prefixes[space] = f"{name}{number or ''}"
        taken.add(prefixes[space])
    return prefixes


def _space(kind: str) -> str:
    package, _, _ = kind.rpartition(".")
    return f"http:///{(package or 'uima.noNamespace').replace('.', '/')}.ecore"


def _structure(one: Structure, prefixes: dict[str, str]) -> str:
    tag = f"{prefixes[_space(one.type)]}:{one.type.rpartition('.')[2]}"
    attributes, inner = [f' xmi:id="{one.id}"'], []
    for name, value in one.values.items():
        if isinstance(value, tuple) and not all(isinstance(each, Ref) for each in value):
            inner += [f"        <{name}>{_escaped(str(each))}</{name}>" for each in value]
        else:
            attributes.append(f' {name}="{_escaped(_written(value))}"')
    opening = f"    <{tag}{''.join(attributes)}"
    return "\n".join([f"{opening}>", *inner, f"    </{tag}>"]) if inner else f"{opening}/>"


def _written(value: Value) -> str:
    if isinstance(value, tuple):
        return " ".join(_written(each) for each in value)
    if isinstance(value, Ref):
        return str(value.id)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda match: _ESCAPES.get(match[0]) or f"&#{ord(match[0])};", text)


def _type(one: Type) -> Iterator[str]:
    yield "        <typeDescription>"
    yield f"            <name>{_escaped(one.name)}</name>"
    yield f"            <description>{_escaped(one.description)}</description>"
    yield f"            <supertypeName>{_escaped(one.parent)}</supertypeName>"
    if one.features:
        yield "            <features>"
        yield from (f"                {_feature(each)}" for each in one.features)
        yield "            </features>"
    yield "        </typeDescription>"


def _feature(one: Feature) -> str:
    element = f"<elementType>{_escaped(one.element)}</elementType>" if one.element else ""
    said = f"<name>{_escaped(one.name)}</name><description/><rangeTypeName>{_escaped(one.range)}</rangeTypeName>"
    return f"<featureDescription>{said}{element}</featureDescription>"
