"""Each case of the WebAnno TSV suite is one CAS twice, as TSV and as XMI: both become the same article."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus_tool import formats
from corpus_tool.findings import Severity
from corpus_tool.formats import Article, Source
from corpus_tool.formats.fidelity import items
from tests.corpora import SHARED, corpora
from tests.program import run

SUITE = SHARED / "corpora" / "webanno-tsv3-suite"
CASES = sorted(file.parent.name for file in SUITE.glob("*/reference.xmi")) or ["absent"]
SPAN, NAMED_ENTITY = "webanno.custom.Span", "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
UNSET = (NAMED_ENTITY, SPAN)
MOVED = {
    "testAnnotationWithLeadingWhitespaceAtStart": ((1, 4), (0, 4)),
    "testAnnotationWithTrailingWhitespace": ((0, 3), (0, 4)),
    "testZeroWidthAnnotationBeforeFirstTokenIsMovedToBeginOfFirstToken": ((2, 2), (1, 1)),
    "testZeroWidthAnnotationBetweenTokenIsMovedToEndOfPreviousToken": ((3, 3), (4, 4)),
}
"""TSV has no place between two tokens: what stands there in the XMI stands at the nearest token in the TSV."""
SAME = ("text", "sentences", "tokens", "words", "entities", "overlaps", "attributes", "links", "relations", "events",
        "coreference")  # fmt: skip


def read(name: str, file: Path) -> Article:
    def beside(suffix: str | None) -> bytes | None:
        there = file if suffix is None else file.with_suffix(suffix)
        return there.read_bytes() if there.is_file() else None

    (found,) = formats.importer(name).read(Source(file.name, "case", beside), None)
    assert [one for one in found.findings if one.severity is Severity.ERROR] == []
    assert found.losses == ()
    assert found.article is not None
    return found.article


def alike(made: Article, *, renamed: bool) -> Article:
    """An article without what only a type system tells: the XMI files have none beside them.

    That is what a slot may hold, that a layer has a feature which is nowhere set, and that an annotation has a slot
    which is empty. `renamed` is for cases whose TSV has the layer `webanno.custom.Span` where the XMI has NamedEntity.
    """
    events = [without(one, {"link_type", "target_type"}) for one in made.get("events", ()) if one.get("arguments")]
    relations = [{**one, "attributes": called(one)} for one in made.get("relations", ())]
    made = {**made, "events": events, "relations": relations}
    return {
        name: list(layer(found, renamed=renamed)) if isinstance(found, list) else found for name, found in made.items()
    }


def layer(found: list[dict[str, Any]], *, renamed: bool) -> Iterator[dict[str, Any]]:
    for one in found:
        kept = without(one, {"links"}) if "spans" in one else one
        if renamed and has(kept, "layer", f"{SPAN}:value"):
            kept = without(kept, {"layer"}) | ({"type": NAMED_ENTITY} if kept["type"] == SPAN else {})
        yield without(kept, {"layer"}) if has(kept, "layer", f"{kept.get('type')}:value") else kept


def called(one: dict[str, Any]) -> list[dict[str, Any]]:
    """Attributes, of which one has another name in the TSV files than in the XMI files."""
    names = {"integerValue": "intValue"}
    return [{**part, "name": names.get(part["name"], part["name"])} for part in one.get("attributes") or ()]


def has(one: dict[str, Any], name: str, value: str) -> bool:
    return {"name": name, "value": value} in one.get("attributes", ())


def without(one: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {**one, "attributes": [part for part in one.get("attributes") or () if part["name"] not in names]}


def moved(made: Article, where: tuple[int, int], to: tuple[int, int]) -> Article:
    """With the entity that stands at one place at another."""
    spans = [(one, one["spans"][0]) for one in made["entities"]]
    assert [(piece["start"], piece["end"]) for _, piece in spans] == [where]
    entities = [
        {**one, "spans": [{"start": to[0], "end": to[1], "text": made["text"][slice(*to)]}]} for one, _ in spans
    ]
    return {**made, "entities": entities}


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_the_same_from_tsv_and_xmi(case: str) -> None:
    folder = corpora("webanno-tsv3-suite") / case
    tsv, xmi = folder / "reference.tsv", folder / "reference.xmi"
    renamed = f"#T_SP={SPAN}|" in tsv.read_text("utf-8") and ":NamedEntity " in xmi.read_text("utf-8")
    left, right = read("webanno", tsv), read("cas", xmi)
    if case in MOVED:
        left = moved(left, *MOVED[case])
    here, there = items(alike(left, renamed=renamed)), items(alike(right, renamed=renamed))
    assert {name: here[name] for name in SAME} == {name: there[name] for name in SAME}


def test_all_cases_are_there() -> None:
    corpora("webanno-tsv3-suite")
    assert len(CASES) == 48


def test_all_cases_are_read_in_one_run(tmp_path: Path) -> None:
    folder = corpora("webanno-tsv3-suite")
    ran = run("convert", str(folder), "--from", "cas", "--to", "jsonl", "--output", str(tmp_path / "a.jsonl"),
              "--format", "json")  # fmt: skip
    assert ran.json["summary"]["articles"] == 48
    assert "COL801" not in ran.json["summary"]["codes"]
