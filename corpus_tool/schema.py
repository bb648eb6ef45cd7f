"""The verdict of the contract on one article, and its explanation where the verdict is no."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
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
    null_breach,
    shallow,
    shape_message,
    unknown_properties,
    value_breach,
)
from corpus_tool.errors import SettingsError
from corpus_tool.portions import MOST_BREACHES, in_whole, is_large, portions

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


def _refuse(uri: str) -> Any:
    raise ValueError(f"nothing is fetched: {uri}")


def validator(schema: Mapping[str, Any], retrieve: Callable[[str], Any] = _refuse, *, formats: bool = True) -> Any:
    """The validator of a compiled schema: formats asserted, nothing fetched, patterns in linear time where they can be.

    Raises SettingsError where no validator can be made of it.
    """
    import jsonschema_rs

    compiled = jsonschema_rs.Draft202012Validator
    options: dict[str, Any] = {"validate_formats": formats, "retriever": retrieve}
    try:
        try:
            return compiled(dict(schema), pattern_options=jsonschema_rs.RegexOptions(), **options)
        except jsonschema_rs.ValidationError:
            # Look-around needs the backtracking engine; its limit keeps a pattern from hanging the run.
            fancy = jsonschema_rs.FancyRegexOptions(backtrack_limit=10_000)
            return compiled(dict(schema), pattern_options=fancy, **options)
    except jsonschema_rs.ValidationError as error:
        raise SettingsError(f"the contract is no JSON Schema: {cut(error.message)}") from error
    except jsonschema_rs.ReferencingError as error:
        raise SettingsError(f"the contract refers to what it does not hold: {error}") from error
    except ValueError as error:
        raise SettingsError("the contract is nested too deeply: a value in it has over 255 levels") from error


@dataclass(frozen=True)
class Verdict:
    """Decides whether an article keeps the contract: by jsonschema-rs alone.

    The jsonschema package reads patterns, formats and numbers otherwise, fetches references, and its patterns can
    hang: it would explain what is not so.
    """

    contract: Contract

    @cached_property
    def _validator(self) -> Any:
        return validator(self.contract.schema)

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
        """Every breach of a refused article, sorted by path; of a very large one the first MOST_BREACHES.

        Raises SettingsError where a pattern of the contract takes too long to match.
        """
        found = self._of_large(article) if is_large(article) else list(self._of(article, self._validator.iter_errors))
        return sorted(found, key=lambda breach: [(isinstance(step, str), step) for step in breach.path])

    def _of_large(self, article: Any) -> list[Breach]:
        found: list[Breach] = []
        dense = False
        for first, part in portions(article):
            if dense or len(found) == MOST_BREACHES:
                break
            if not self.accepts(part):
                dense = is_large(part)
                errors = self._of(part, self._first_error if dense else self._validator.iter_errors)
                moved = (in_whole(breach, first, article) for breach in errors)
                found += islice((breach for breach in moved if breach is not None), MOST_BREACHES - len(found))
        found = found or list(islice(self._of(article, self._first_error), MOST_BREACHES))
        if dense or len(found) == MOST_BREACHES:
            message = "the article is very large: not every place that breaks the schema is listed"
            found.append(Breach("SCH101", (), message, shape=True))
        return found

    def _first_error(self, article: Any) -> Iterator[Any]:
        import jsonschema_rs

        try:
            self._validator.validate(article)
        except jsonschema_rs.ValidationError as error:
            yield error

    def _of(self, article: Any, errors_of: Callable[[Any], Iterable[Any]]) -> Iterator[Breach]:
        deepest: Path_ = ()
        try:
            errors = list(errors_of(article))
        except UnicodeEncodeError:
            yield Breach("IO001", (), "a string holds a lone surrogate, which is no character", shape=True)
            return
        except ValueError:
            article, deepest = shallow(article, EXPLAINED_LEVELS)
            errors = list(errors_of(article))
        found = (breach for error in errors for breach in self._explain(error, article))
        if not deepest:
            yield from found
            return
        kept = [breach for breach in found if len(breach.path) < EXPLAINED_LEVELS]
        message = f"what stands over {EXPLAINED_LEVELS} levels deep breaks the schema"
        yield from kept or [Breach("SCH101", deepest, message, shape=True)]

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
        elif kind == "enum" and value is None and isinstance(node, Mapping) and "null" not in node.get("type", "null"):
            return  # SCH105 says the same: the type admits no null either
        elif kind in _VALUE and isinstance(node, Mapping) and "type" in node:
            yield value_breach(kind, path, node, value)
        elif kind in ("anyOf", "oneOf"):
            yield nearest_branch(path, node, value, error)
        elif kind == "type" and value is None:
            yield null_breach(path, node, error.schema_path, self.contract.schema)
        else:
            yield Breach("SCH101", path, shape_message(kind, node, value, error), shape=True)

    def _is_offset(self, schema_path: list[str | int]) -> bool:
        """Whether a schema path leads to a keyword of the start or end of a span."""
        if len(schema_path) < 3:
            return False
        span = (follow(self.contract.schema, schema_path[:-3]) or {}).get(vocabulary.SPAN)
        names = {"start": "start", "end": "end", **(span if isinstance(span, Mapping) else {})}
        return bool(span) and schema_path[-2] in names.values()
