"""SCH: the JSON Schema of the contract."""

from __future__ import annotations

from corpus_tool.rules import SCHEMA, Bad, rule


@rule("SCH101", on=SCHEMA, message="{detail}", bad=[
    Bad(drop=("/text",), at=""), Bad({"/entities/0/spans": "0-6"}, "/entities/0/spans"),
    Bad({"/entities/0/spans": []}, "/entities/0/spans"), Bad({"/entities/0/confidence": 2}, "/entities/0/confidence"),
])  # fmt: skip
def article_keeps_the_schema() -> None:
    """The article is what the contract's JSON Schema asks for.

    A missing property, a wrong type or a wrong number of items stops the article: rules on it are not checked. A
    value out of bounds is a finding, and the rest is checked all the same.
    """


@rule("SCH102", on=SCHEMA, message="{detail}", bad=[Bad({"/schema_version": "7.0"}, "/schema_version")])
def schema_version_is_known() -> None:
    """`schema_version` is one that this contract knows."""


@rule(
    "SCH103",
    on=SCHEMA,
    message="{detail}",
    bad=[Bad({"/entities/0/typ": "PER"}, "/entities/0/typ"), Bad({"/note": 1}, "/note")],
)
def property_is_known() -> None:
    """Every property is one of the contract's.

    An unknown one is most often a misspelling, and would be lost on export. A corpus adds fields of its own with
    `extension` in `corpus.toml`.
    """


@rule("SCH104", on=SCHEMA, message="{detail}", bad=[
    Bad({"/metadata/contentCreated": "yesterday"}, "/metadata/contentCreated"), Bad({"/metadata/uri": "no uri"}, "/metadata/uri"),
])  # fmt: skip
def format_is_right() -> None:
    """Dates, times and addresses are written as their format asks: RFC 3339 with a zone, RFC 3986."""


@rule("SCH105", on=SCHEMA, message="{detail}", fixes=("safe", "unsafe"), bad=[
    Bad({"/entities": None}, "/entities"), Bad({"/text": None}, "/text"),
])  # fmt: skip
def null_is_not_a_layer() -> None:
    """A value stands where one must, and not null.

    A layer that was not annotated is left out; one where nothing was found is `[]`. null would be either. The fix takes
    out a property that may be left out: a layer, of which it makes one that was not annotated, with `--unsafe-fixes`
    only.
    """
