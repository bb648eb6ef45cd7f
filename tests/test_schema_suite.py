"""JSON-Schema-Test-Suite, draft 2020-12: the verdict of a contract's validator is the suite's, on every case."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import referencing
from jsonschema import Draft202012Validator
from referencing.jsonschema import DRAFT202012

from corpus_tool.compiling import compile_schema
from corpus_tool.contract import Contract
from corpus_tool.errors import SettingsError
from corpus_tool.schema import Verdict, validator
from tests.corpora import corpora

REMOTES = "http://localhost:1234/"
REQUIRED, OPTIONAL, FORMAT = "required", "optional", "format"
COUNTS = {REQUIRED: 1299, OPTIONAL: 162, FORMAT: 764}

ASSERTED = "format.json"
"""Its 19 cases with a wrong value want formats to be notes; a contract asserts them."""
OTHER_DRAFT = "refs to historic drafts are processed as historic drafts"

PYTHON_IS_WRONG = {
    ("pattern with Unicode property escape requires unicode mode", "ASCII letters match"): "re has no \\p",
    ("pattern with Unicode property escape requires unicode mode", "Non-ASCII letters match"): "re has no \\p",
    ("pattern with Unicode property escape requires unicode mode", "Digits do not match"): "re has no \\p",
    ("patternProperties with Unicode property escape", "Unicode letter property name matches"): "re has no \\p",
    ("patternProperties with Unicode property escape", "Non-letter property name does not match pattern"): "re has no \\p",
    ("schema that uses custom metaschema with with no validation vocabulary", "no validation: invalid number, but it still validates"): "jsonschema asserts a vocabulary that the metaschema leaves out",
}  # fmt: skip
"""Where jsonschema and jsonschema-rs differ on required cases; the suite sides with jsonschema-rs each time."""


@dataclass(frozen=True)
class Case:
    kind: str
    file: str
    group: str
    schema: Any
    tests: tuple[dict[str, Any], ...]


def groups() -> Iterator[Case]:
    top = corpora("json-schema-suite") / "tests/draft2020-12"
    for file in sorted(top.rglob("*.json")):
        kind = FORMAT if file.parent.name == "format" else OPTIONAL if "optional" in file.parts else REQUIRED
        for group in json.loads(file.read_bytes()):
            yield Case(kind, file.name, group["description"], group["schema"], tuple(group["tests"]))


def remotes() -> dict[str, Any]:
    """What the suite wants to be found at its addresses: its own folder, by no server."""
    top = corpora("json-schema-suite") / "remotes"
    return {REMOTES + file.relative_to(top).as_posix(): json.loads(file.read_bytes()) for file in top.rglob("*.json")}


def of(schema: Any, found: dict[str, Any], *, formats: bool = True) -> Any:
    return validator(schema if isinstance(schema, dict) else {"allOf": [schema]}, found.__getitem__, formats=formats)


def test_the_verdict_is_that_of_the_suite() -> None:
    found = remotes()
    counts: Counter[str] = Counter()
    wrong, asserted = [], []
    for case in groups():
        counts[case.kind] += len(case.tests)
        if case.group == OTHER_DRAFT:
            continue
        judged = of(case.schema, found)
        notes = of(case.schema, found, formats=False) if case.file == ASSERTED and case.kind == REQUIRED else judged
        for test in case.tests:
            if notes.is_valid(test["data"]) is not test["valid"]:
                wrong.append((case.file, case.group, test["description"]))
            elif judged.is_valid(test["data"]) is not test["valid"]:
                asserted.append((case.group, test["description"]))
    assert counts == COUNTS
    assert wrong == []
    assert len(asserted) == 19
    assert all("is only an annotation by default" in description for _, description in asserted)


def test_a_schema_of_another_draft_is_refused() -> None:
    """The one optional group left out above: a contract is of draft 2020-12 and of no other."""
    [case] = [case for case in groups() if case.group == OTHER_DRAFT]
    assert (case.kind, len(case.tests)) == (OPTIONAL, 1)
    with pytest.raises(SettingsError):
        compile_schema(case.schema, None, None, "schema")


def python_verdict(validate: Any, value: Any) -> bool | str:
    try:
        return bool(validate.is_valid(value))
    except Exception as error:  # noqa: BLE001 (re's own, which jsonschema lets through)
        return type(error).__name__


PYTHON_WAS_WRONG = {
    ("unevaluatedProperties with adjacent non-bool additionalProperties", "with additional properties"),
}
"""Where the oldest version that is allowed differs, and the newest no longer does."""


def test_where_python_jsonschema_differs_it_is_wrong() -> None:
    resources = [(uri, DRAFT202012.create_resource(schema)) for uri, schema in remotes().items()]
    registry: Any = referencing.Registry().with_resources(resources)
    differ = set()
    for case in groups():
        if case.kind == REQUIRED:
            python = Draft202012Validator(case.schema, registry=registry)
            for test in case.tests:
                if python_verdict(python, test["data"]) is not test["valid"]:
                    differ.add((case.group, test["description"]))
    assert PYTHON_IS_WRONG.keys() <= differ <= PYTHON_IS_WRONG.keys() | PYTHON_WAS_WRONG


def test_every_schema_of_the_suite_compiles_or_is_refused() -> None:
    """What a user may name as a contract: a SettingsError or a validator, never anything else."""
    outcomes: Counter[str] = Counter()
    said: list[str] = []
    for case in groups():
        try:
            made = compile_schema(case.schema, None, None, "schema")
            verdict = Verdict(Contract(made))
            verdict.check_patterns()
        except SettingsError as error:
            outcomes["refused"] += 1
            said.append(str(error))
            continue
        outcomes["compiled"] += 1
        for test in case.tests:
            if not verdict.accepts(test["data"]):
                verdict.breaches(test["data"])
    assert max(map(len, said)) < 600
    assert outcomes["compiled"] > 380, outcomes
    assert outcomes["refused"] < 80, outcomes


@pytest.mark.parametrize("uri", [f"{REMOTES}integer.json", "file:///etc/hostname"])
def test_a_contract_finds_nothing_at_any_address(uri: str) -> None:
    with pytest.raises(SettingsError, match="nothing is fetched"):
        validator({"$ref": uri})
