"""The verdict of the contract on one article, and its explanation where the verdict is no."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from corpus_tool import vocabulary
from corpus_tool.breaches import (
    Breach,
    Path_,
    cut,
    follow,
    in_int64,
    misspelt,
    nearest_branch,
    null_message,
    shallow,
    shape_message,
    unknown_properties,
    value_breach,
)
from corpus_tool.errors import SettingsError

if TYPE_CHECKING:
    from corpus_tool.contract import Contract


_VALUE = frozenset({
    "enum", "const", "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "minLength", "maxLength", "multipleOf",
})  # fmt: skip
_BOUNDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
EXPLAINED_LEVELS = 250
"""Of a value over 255 levels deep jsonschema-rs says that it is wrong, and cannot say why."""
_ENGINE_FAILURES = frozenset({"BacktrackLimitExceeded", "RegexEngineFailure"})


@dataclass(frozen=True)
class Verdict:
    """Decides whether an article keeps the contract: by jsonschema-rs alone.

    The jsonschema package reads patterns, formats and numbers otherwise, fetches references, and its patterns can
    hang: it would explain what is not so.
    """

    contract: Contract

    @cached_property
    def _validator(self) -> Any:
        import jsonschema_rs

        schema = dict(self.contract.schema)
        options: dict[str, Any] = {"validate_formats": True, "retriever": _refuse}
        try:
            return jsonschema_rs.Draft202012Validator(schema, pattern_options=jsonschema_rs.RegexOptions(), **options)
        except jsonschema_rs.ValidationError:
            # Look-around needs the backtracking engine; its limit keeps a pattern from hanging the run.
            fancy = jsonschema_rs.FancyRegexOptions(backtrack_limit=100_000)
            try:
                return jsonschema_rs.Draft202012Validator(schema, pattern_options=fancy, **options)
            except jsonschema_rs.ValidationError as error:
                raise SettingsError(f"the contract is no JSON Schema: {cut(error.message)}") from error
        except jsonschema_rs.ReferencingError as error:
            raise SettingsError(f"the contract refers to what it does not hold: {error}") from error

    def accepts(self, article: Any) -> bool:
        """Whether the article keeps the contract."""
        try:
            return bool(self._validator.is_valid(article))
        except UnicodeEncodeError:  # a lone surrogate, which no JSON text that was decoded here holds
            return False

    def check_patterns(self) -> None:
        """Raise SettingsError where the contract cannot be compiled."""
        _ = self._validator

    def breaches(self, article: Any) -> list[Breach]:
        """Every breach of a refused article, sorted by path.

        Raises SettingsError where a pattern of the contract takes too long to match.
        """
        deepest: Path_ = ()
        try:
            errors = list(self._validator.iter_errors(article))
        except UnicodeEncodeError:
            return [Breach("IO001", (), "a string holds a lone surrogate, which is no character", shape=True)]
        except ValueError:
            article, deepest = shallow(article, EXPLAINED_LEVELS)
            errors = list(self._validator.iter_errors(article))
        found = [breach for error in errors for breach in self._explain(error, article)]
        if deepest:
            found = [breach for breach in found if len(breach.path) < EXPLAINED_LEVELS] or [
                Breach(
                    "SCH101", deepest, f"what stands over {EXPLAINED_LEVELS} levels deep breaks the schema", shape=True
                )
            ]
        return sorted(found, key=lambda breach: [(isinstance(step, str), step) for step in breach.path])

    def _explain(self, error: Any, article: Any) -> Iterator[Breach]:
        kind, path = error.kind.name, tuple(error.instance_path)
        node = follow(self.contract.schema, error.schema_path[:-1])
        value = follow(article, path)
        if type(error.kind).__name__ in _ENGINE_FAILURES:
            raise SettingsError(f"a pattern of the contract takes too long to match at {vocabulary.pointer(path)}")
        if kind in ("additionalProperties", "unevaluatedProperties"):
            yield from unknown_properties(error.kind.unexpected, path, node, value)
        elif kind == "required":
            missing = error.kind.property
            message = f"'{cut(missing, 60)}' is missing{misspelt(missing, value, node)}"
            yield Breach("SCH101", path, message, shape=True)
        elif kind in _BOUNDS and self._is_offset(error.schema_path) and in_int64(value):
            return  # SPN301 says the same with the length of the text
        elif kind in _VALUE and isinstance(node, Mapping) and "type" in node:
            yield value_breach(kind, path, node, value)
        elif kind in ("anyOf", "oneOf"):
            yield nearest_branch(path, node, value, error)
        elif kind == "type" and value is None:
            yield Breach("SCH105", path, null_message(node), shape=True)
        else:
            yield Breach("SCH101", path, shape_message(kind, node, value, error), shape=True)

    def _is_offset(self, schema_path: list[str | int]) -> bool:
        """Whether a schema path leads to a keyword of the start or end of a span."""
        if len(schema_path) < 3:
            return False
        span = (follow(self.contract.schema, schema_path[:-3]) or {}).get(vocabulary.SPAN)
        names = {"start": "start", "end": "end", **(span if isinstance(span, Mapping) else {})}
        return bool(span) and schema_path[-2] in names.values()


def _refuse(uri: str) -> Any:
    raise ValueError(f"nothing is fetched: {uri}")
