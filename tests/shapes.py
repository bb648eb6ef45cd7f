"""Articles that keep a contract, made at random from its fields."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from corpus_tool.fields import Field

TEXTS = st.text(st.sampled_from("ab é😀\u0301\u200d👩🏽\r\n\u2028\ufeff"), max_size=12)
FORMATS = {"uri": "urn:x", "date-time": "2026-01-01T00:00:00Z", "date": "2026-01-01"}


def values(field: Field) -> st.SearchStrategy[Any]:
    """Values that a field takes; what is not required may be absent or null."""
    says = field.keywords
    if "enum" in says:
        return st.sampled_from(says["enum"])
    if field.type == "object":
        return st.fixed_dictionaries(
            {child.name: values(child) for child in field.fields if child.required},
            optional={child.name: maybe(child) for child in field.fields if not child.required},
        )
    if field.type == "array":
        assert field.item is not None
        return st.lists(values(field.item), min_size=says.get("minItems", 0), max_size=2)
    return scalars(field.type, says)


def maybe(field: Field) -> st.SearchStrategy[Any]:
    return values(field) | st.none() if field.nullable else values(field)


def scalars(kind: str, says: Any) -> st.SearchStrategy[Any]:
    if kind == "integer":
        offsets = st.integers(max(says["minimum"], -3), min(says["maximum"], 15))
        return offsets | offsets.map(float) | st.sampled_from([says["minimum"], says["maximum"]])
    if kind == "number":
        return st.integers(says["minimum"], says["maximum"]) | st.floats(says["minimum"], says["maximum"])
    if kind == "boolean":
        return st.booleans()
    formats = (
        [says["format"]] if "format" in says else [one["format"] for one in says.get("anyOf", ()) if "format" in one]
    )
    if formats:
        return st.just(FORMATS[formats[0]])
    if "pattern" in says:
        return st.from_regex(says["pattern"], fullmatch=True, alphabet=st.characters(codec="ascii"))
    return st.text(st.sampled_from("abé😀T1"), min_size=says.get("minLength", 0), max_size=3) | (
        TEXTS if "minLength" not in says else st.just("T1")
    )
