"""The canonical form of an article, on which digests, differences, fixes and round trips rest.

Absent equals null and is left out; a missing nested list is empty and is left out too; an integer written `1.0` is
`1`, and a number written `1` is `1.0`, as its column has it; keys stand in schema order. Layers keep the difference
between absent and empty, and what the schema requires stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import orjson

from corpus_tool import vocabulary
from corpus_tool.in_form import check_of

if TYPE_CHECKING:
    from corpus_tool.contract import Contract
    from corpus_tool.fields import Field


def canonical(article: Mapping[str, Any], contract: Contract) -> dict[str, Any]:
    """The article in canonical form. It must keep the shape of the contract; unknown properties come last.

    What it says to editors comes first. Parts that have the form already are those of the article, not copies.
    """
    said = {vocabulary.EDITORS: article[vocabulary.EDITORS]} if vocabulary.EDITORS in article else {}
    made: dict[str, Any] = _form_of(contract)(article)
    return said | made


Form = Callable[[Any], Any]
"""Makes the canonical form of a value."""
_Part = tuple[int, Form | None, bool, Any]
"""Of a property: its place in the order, its form, whether it is kept where it is empty, and what its null becomes."""
_forms: list[tuple[Contract, Form]] = []
_FORMS = 4


def _form_of(contract: Contract) -> Form:
    """The form of articles, worked out once: a walk over the contract takes longer than one over an article."""
    for known, made in _forms:
        if known is contract:
            return made
    made = _object(contract.root, top=True)
    _forms.insert(0, (contract, made))
    del _forms[_FORMS:]
    return made


def _form(field: Field) -> Form | None:
    """The form of a field; None where every value is as it should be."""
    if field.type == "object":
        return _object(field)
    if field.type == "array" and field.item is not None:
        each = _form(field.item)
        return None if each is None else lambda value: [each(one) for one in value] if type(value) is list else value
    return {"integer": _integer, "number": _number}.get(field.type)


def _form_unless_had(field: Field) -> Form | None:
    """The form of a property of articles, which is made only where a value has it not: most have."""
    form, has_form = _form(field), check_of(field)
    if form is None or has_form is None or field.type not in {"array", "object"}:
        return form
    return lambda value: value if has_form([value]) else form(value)


def _integer(value: Any) -> Any:
    return int(value) if type(value) is float and value.is_integer() else value


def _number(value: Any) -> Any:
    return float(value) if type(value) is int and float(value) == value else value


_GONE: Any = object()
_EMPTIED = (list, dict)


def _object(field: Field, *, top: bool = False) -> Form:
    parts: dict[str, _Part] = {}
    for at, child in enumerate(field.fields):
        keep = child.required or (top and child.says(vocabulary.LAYER))
        null = ([] if child.type == "array" else None) if child.required else _GONE
        parts[child.name] = (at, _form_unless_had(child) if top else _form(child), bool(keep), null)
    last = len(parts)
    missing: _Part = (last, None, True, None)

    def form(value: Any) -> Any:
        if type(value) is not dict and not isinstance(value, Mapping):
            return value
        out: dict[str, Any] = {}
        reached, ordered = 0, True
        for name, part in value.items():
            at, inner, keep, null = parts.get(name, missing)
            if at < reached:
                ordered = False
            reached = at
            if part is None:
                if null is not _GONE:
                    out[name] = null
                continue
            made = part if inner is None else inner(part)
            if made or keep or type(made) not in _EMPTIED:
                out[name] = made
        return out if ordered else dict(sorted(out.items(), key=lambda item: parts.get(item[0], missing)[0]))

    return form


def dumps_line(article: Mapping[str, Any], contract: Contract) -> bytes:
    """One line of JSONL, with its newline."""
    return orjson.dumps(canonical(article, contract), option=orjson.OPT_APPEND_NEWLINE)


def dumps_pretty(article: Mapping[str, Any], contract: Contract) -> bytes:
    """A `.json` file with one annotation a line, so that differences in git can be read."""
    lines = []
    for name, value in canonical(article, contract).items():
        key = orjson.dumps(name)
        if isinstance(value, list) and value:
            items = b",\n".join(b"  " + orjson.dumps(item) for item in value)
            lines.append(b" %b: [\n%b\n ]" % (key, items))
        else:
            lines.append(b" %b: %b" % (key, orjson.dumps(value)))
    return b"{\n" + b",\n".join(lines) + b"\n}\n"
