"""The contract of a corpus: one compiled JSON Schema, and everything that is derived from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus_tool import vocabulary
from corpus_tool.arrow_types import arrow_field, carries
from corpus_tool.compiling import compile_schema
from corpus_tool.errors import SettingsError
from corpus_tool.fields import Field, read_fields
from corpus_tool.inventory import Inventory
from corpus_tool.layers import Layer, Path_, is_layer, read_layer, read_meanings, span_names
from corpus_tool.policy import NOTHING_ASKED, Policy
from corpus_tool.resources import read_json
from corpus_tool.resources import schema as packaged

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Contract:
    """A compiled contract. `schema` is flat and closed; `inventory` is what its labels came from (None: no limits).

    `policy` is what rules ask for beyond both, and no part of the digest.
    """

    schema: Mapping[str, Any]
    inventory: Inventory | None = None
    policy: Policy = NOTHING_ASKED

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the compiled schema and the inventory, as canonical JSON."""
        inventory = self.inventory.as_json() if self.inventory else None
        # Not sorted: the order of properties is that of columns.
        data = json.dumps([self.schema, inventory], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(data.encode()).hexdigest()

    @cached_property
    def root(self) -> Field:
        return read_fields(self.schema)

    @cached_property
    def layers(self) -> tuple[Layer, ...]:
        """The layers in schema order."""
        return tuple(
            read_layer(field) for field in self.root.fields if field.says(vocabulary.LAYER) and is_layer(field)
        )

    @cached_property
    def nested_lists(self) -> Mapping[str, tuple[str, ...]]:
        """Of each layer the properties that are lists of objects: spans, attributes, arguments."""
        return {
            layer.name: tuple(
                one.name for one in layer.item.fields if one.item is not None and one.item.type == "object"
            )
            for layer in self.layers
        }

    def of_kind(self, kind: str) -> tuple[Layer, ...]:
        return tuple(layer for layer in self.layers if layer.kind == kind)

    @cached_property
    def text(self) -> str | None:
        """The property that holds the text."""
        field = self.root.child(vocabulary.TEXT)
        return field.name if field else None

    @cached_property
    def id(self) -> str | None:
        """The property that holds the article's id."""
        field = self.root.child(vocabulary.ID)
        return field.name if field else None

    @cached_property
    def meanings(self) -> Mapping[str, Path_]:
        """Path of each field of the article, outside layers, whose meaning is known."""
        return dict(read_meanings(self.root, (), skip_layers=True))

    @cached_property
    def problems(self) -> tuple[tuple[str, str], ...]:
        """What has no Arrow type: (schema pointer, why)."""
        found = [(field.pointer, field.problem) for field in self.root.walk() if field.problem]
        if self.root.type == "object" and self.text is None:
            found.append(("#", "names no text: one string must carry x-text"))
        if self.root.type == "object" and self.id is None:
            found.append(("#", "names no article id: one top-level string must carry x-id"))
        return tuple((at, str(why)) for at, why in found)

    @cached_property
    def arrow(self) -> pa.Schema:
        """The Arrow schema of an article: properties in schema order, labels as strings.

        Raises SettingsError naming the schema's pointer where a field has no Arrow type.
        """
        import pyarrow as pa

        if self.problems:
            at, why = self.problems[0]
            raise SettingsError(f"the schema at {at} {why}, so it has no Arrow type")
        return pa.schema([arrow_field(field) for field in self.root.fields])

    def relabelled(self, inventory: Inventory) -> Contract:
        """The same contract under another inventory."""
        return Contract(compile_schema(self.schema, inventory, None, "the contract"), inventory, self.policy)


def base_schema() -> dict[str, Any]:
    """The packaged schema of an article."""
    return packaged("article-1")


def load_contract(schema: Path | None, inventory: Inventory | None, extension: Path | None = None) -> Contract:
    """Compile a contract from files; the packaged article schema where none is given.

    Raises SettingsError with the place where a schema cannot be read or is none.
    """
    base = base_schema() if schema is None else read_json(schema, "schema")
    more = None
    if extension is not None:
        more = read_json(extension, "extension")
        vocabulary.check_schema(more, str(extension))
    place = str(schema) if schema else "article-1"
    place = f"{place} extended by {extension}" if extension else place
    contract = Contract(compile_schema(base, inventory, more, place), inventory)
    try:
        _check_roles(contract, place)
    except RecursionError as error:
        raise SettingsError("the schema is nested too deeply", place) from error
    return contract


_ON_STRINGS = (
    vocabulary.TEXT, vocabulary.SURFACE, vocabulary.ID, vocabulary.REF, vocabulary.ROLE, vocabulary.LABEL,
    vocabulary.PROVENANCE,
)  # fmt: skip


_ONCE = (vocabulary.SURFACE, vocabulary.ID, vocabulary.ROLE, vocabulary.LABEL, vocabulary.PROVENANCE)
_OF_ANNOTATIONS = (
    vocabulary.SPAN, vocabulary.SURFACE, vocabulary.REF, vocabulary.ROLE, vocabulary.LABEL, vocabulary.PROVENANCE,
)  # fmt: skip


def _check_apart(top: Field, place: str) -> None:
    """Outside of layers no rule looks at what such keywords promise."""
    for field in top.walk():
        for keyword in _OF_ANNOTATIONS:
            if field.says(keyword) and not (keyword == vocabulary.LABEL and field.labels):
                raise SettingsError(f"{keyword} stands inside a layer only", f"{place}{field.pointer}")


def _check_roles(contract: Contract, place: str) -> None:
    """Keywords must stand where they mean something."""
    top = contract.root.fields
    texts = [field for field in top if field.says(vocabulary.TEXT)]
    if len(texts) > 1:
        raise SettingsError("two fields carry x-text: an article has one text", f"{place}{texts[1].pointer}")
    kinds = {field.says(vocabulary.LAYER) for field in top}
    layers = {field.pointer for field in top if is_layer(field) or (field.item is not None and field.item.problem)}
    for field in contract.root.walk():
        problem = _misplaced(field, kinds, layers, texts)
        if problem is not None:
            raise SettingsError(problem, f"{place}{field.pointer}")
    for field in contract.root.walk():
        for keyword in _ONCE:
            if len(carriers := [child for child in field.fields if child.says(keyword)]) > 1:
                raise SettingsError(f"two fields of one object carry {keyword}", f"{place}{carriers[1].pointer}")
    for field in top:
        if not field.says(vocabulary.LAYER):
            _check_apart(field, place)


def _misplaced(field: Field, kinds: set[str | None], layers: set[str], texts: list[Field]) -> str | None:
    """What is wrong with a field's keywords; None where nothing is."""
    if field.says(vocabulary.LAYER) and field.pointer not in layers:
        return "x-layer stands on a top-level array of objects only"
    if field.says(vocabulary.TEXT) and field not in texts:
        return "x-text stands on a top-level string only"
    for kind in field.says(vocabulary.REF) or ():
        if kind not in kinds:
            return f"x-ref names the kind {kind}, and no layer is of it"
    for keyword in _ON_STRINGS:
        if field.says(keyword) and field.type not in ("string", "any"):
            return f"{keyword} stands on strings only"
    arrow = field.says(vocabulary.ARROW)
    if arrow and field.type != "any" and not carries(field.type, arrow):
        return f"x-arrow '{arrow}' cannot hold what the schema calls {field.type}"
    return _span_problem(field) if field.says(vocabulary.SPAN) else None


def _span_problem(field: Field) -> str | None:
    if field.type not in ("object", "any"):
        return "x-span stands on objects only"
    for end, name in span_names(field).items():
        found = next((child for child in field.fields if child.name == name), None)
        if field.type == "object" and (found is None or found.type != "integer"):
            return f"x-span needs an integer field '{name}' for its {end}"
    return None
