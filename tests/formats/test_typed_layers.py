from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_tool.formats.tally import Tally
from corpus_tool.formats.typed_layers import (
    LayerKind,
    TypedChain,
    TypedDocument,
    TypedElement,
    TypedLayer,
    TypedLink,
    TypedRelation,
    TypedSlot,
    TypedSpan,
    from_article,
    to_article,
)
from corpus_tool.formats.typed_layers.identifiers import comes_back, from_identifier, to_identifier
from corpus_tool.formats.typed_layers.names import (
    COREFERENCE_LINK,
    DEPENDENCY,
    EVENT,
    NAMED_ENTITY,
    POS,
    TOKEN,
    chain_type,
    from_feature,
    link_layer,
    reserved,
    to_feature,
)

TEXT = "Mara sailed far"
TOKENS = (TypedSpan("t1", TOKEN, 0, 4), TypedSpan("t2", TOKEN, 5, 11), TypedSpan("t3", TOKEN, 12, 15))


def document(*spans: TypedSpan, **more: Any) -> TypedDocument:
    return TypedDocument("a", TEXT, (), TOKENS, spans, **more)


def ne(name: str, begin: int, end: int, **features: str) -> TypedSpan:
    return TypedSpan(name, NAMED_ENTITY, begin, end, features)


# --- names ------------------------------------------------------------------------------------------------------------


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.sampled_from([None, "value", "label"]))
def test_an_attribute_of_any_name_becomes_a_feature_and_comes_back(name: str, label: str | None) -> None:
    taken = reserved(EVENT, label)
    feature = to_feature(name, taken)
    assert feature.isascii()
    assert feature.isidentifier()
    assert feature not in taken
    assert from_feature(feature, taken) == name


@pytest.mark.parametrize("feature", ["_xD800_", "_x41", "_x0041_b", "plain", "_x110000_"])
def test_a_feature_of_another_writer_keeps_its_name(feature: str) -> None:
    name = from_feature(feature, frozenset())
    assert to_feature(name, frozenset()) == feature or name == feature


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_kind_of_chain_has_a_layer_and_comes_back(kind: str) -> None:
    assert chain_type(link_layer(kind)) == kind


IDENTIFIERS = {
    "http://www.wikidata.org/entity/Q25": {"db": "wikidata", "id": "Q25"},
    "http://kb.example/onto#Sea": {"db": "http://kb.example/onto#", "id": "Sea"},
    "geonames:2643743": {"db": "geonames", "id": "2643743"},
    "Sea": {"db": "kb", "id": "Sea"},
    "http://kb.example/": None,
    ":x": None,
}


@pytest.mark.parametrize(("identifier", "link"), IDENTIFIERS.items(), ids=IDENTIFIERS)
def test_identifiers_are_links(identifier: str, link: dict[str, str] | None) -> None:
    assert from_identifier(identifier) == link
    assert link is None or to_identifier(link) == identifier


@pytest.mark.parametrize("link", [{"db": "a:b", "id": "c"}, {"db": "http://kb.example/a", "id": "b/c"}])
def test_a_link_that_no_identifier_tells_is_known_as_such(link: dict[str, str]) -> None:
    assert not comes_back(link)


# --- layers of other tools ----------------------------------------------------------------------------------------------


LABELLED = {
    "NamedEntity": (ne("n", 0, 4, value="PER"), {"type": "PER"}),
    "NamedEntity without a value": (ne("n", 0, 4), {"type": NAMED_ENTITY}),
    "a value that looks like a layer": (
        ne("n", 0, 4, value="x.y"),
        {"type": "x.y", "attributes": [{"name": "layer", "value": f"{NAMED_ENTITY}:value"}]},
    ),
    "a layer without features": (TypedSpan("n", "x.Plain", 0, 4), {"type": "x.Plain"}),
    "a layer with one feature that looks like a label": (
        TypedSpan("n", "x.Referent", 0, 4, {"entity": "person", "infstat": "new"}),
        {"type": "person", "attributes": [
            {"name": "layer", "value": "x.Referent:entity"}, {"name": "infstat", "value": "new"},
        ]},
    ),
    "a layer with two of them": (
        TypedSpan("n", "x.Both", 0, 4, {"type": "a", "kind": "b"}),
        {"type": "x.Both", "attributes": [{"name": "type", "value": "a"}, {"name": "kind", "value": "b"}]},
    ),
    "links and confidence": (
        ne("n", 0, 4, value="PER", identifier="geo:7", confidence="0.5"),
        {"type": "PER", "links": [{"db": "geo", "id": "7"}], "confidence": 0.5},
    ),
    "a confidence that is none": (
        ne("n", 0, 4, value="PER", confidence="0.50"),
        {"type": "PER", "attributes": [{"name": "confidence", "value": "0.50"}]},
    ),
    "an event of another tool": (
        TypedSpan("n", EVENT, 0, 4, {"value": "Sail"}),
        {"type": "Sail", "attributes": [{"name": "layer", "value": f"{EVENT}:value"}]},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("one", "expected"), LABELLED.values(), ids=LABELLED)
def test_a_span_is_an_entity(one: TypedSpan, expected: dict[str, Any]) -> None:
    (made,) = to_article(document(one), "tool").article["entities"]
    assert {name: made[name] for name in made if name not in ("id", "spans", "prov")} == expected


@pytest.mark.parametrize(("one", "expected"), LABELLED.values(), ids=LABELLED)
def test_and_goes_out_as_the_span_it_was(one: TypedSpan, expected: dict[str, Any]) -> None:
    lost = Tally()
    (back,) = from_article(to_article(document(one), "tool").article, lost).spans
    assert (back.type, back.begin, back.end, dict(back.features)) == (one.type, one.begin, one.end, dict(one.features))
    assert list(lost) == []
    assert expected["type"]


def test_a_layer_whose_label_is_nowhere_set_is_declared_again() -> None:
    layer = TypedLayer("x.Span", LayerKind.SPAN, ("value",))
    made = to_article(document(TypedSpan("n", "x.Span", 0, 4), layers=(layer,)), "tool").article
    assert made["entities"][0]["type"] == "x.Span"
    assert from_article(made, Tally()).layers == (layer,)


def test_a_slot_is_an_event_of_its_host() -> None:
    host = TypedSpan("h", "x.Host", 0, 4, {}, (
        TypedSlot("links", (TypedLink("who", "f"), TypedLink(None, "f")), "x.Link", "uima.tcas.Annotation"),
    ))  # fmt: skip
    before = document(host, TypedSpan("f", "x.Filler", 5, 11))
    made = to_article(before, "tool").article
    (event,) = made["events"]
    assert event["type"] == "x.Host:links"
    assert [part["role"] for part in event["arguments"]] == ["who", "links"]
    assert event["attributes"] == [
        {"name": "link_type", "value": "x.Link"}, {"name": "target_type", "value": "uima.tcas.Annotation"},
    ]  # fmt: skip
    (back,) = [span for span in from_article(made, Tally()).spans if span.type == "x.Host"]
    (slot,) = back.slots
    assert [link.role for link in slot.links] == ["who", None]
    assert (slot.feature, slot.link_type, slot.target_type) == ("links", "x.Link", "uima.tcas.Annotation")


def test_a_relation_between_tokens_has_entities_for_its_arguments() -> None:
    before = document(relations=(TypedRelation("r", "x.R", "t1", "t3", {"kind": "near"}),))
    made = to_article(before, "tool").article
    assert [(one["type"], one["spans"][0]["text"]) for one in made["entities"]] == [(TOKEN, "Mara"), (TOKEN, "far")]
    assert made["relations"][0]["type"] == "near"
    after = from_article(made, Tally())
    assert after.spans == ()
    names = {one.id: one.begin for one in after.tokens or ()}
    assert [(names[one.source], names[one.target]) for one in after.relations] == [(0, 12)]


def test_a_relation_to_what_no_argument_can_name_is_lost_and_counted() -> None:
    before = document(ne("n", 0, 4), relations=(TypedRelation("r", "x.R", "n", "nowhere"),))
    built = to_article(before, "tool")
    assert [(one.what, one.count) for one in built.losses] == [("relations to what no argument can name", 1)]
    assert "relations" not in built.article


def test_links_of_a_chain_are_the_entities_that_stand_there() -> None:
    chain = TypedChain("c", COREFERENCE_LINK, (TypedElement(0, 4), TypedElement(5, 11, "pronoun", "anaphor")))
    made = to_article(document(ne("n", 0, 4, value="PER"), chains=(chain,)), "tool").article
    known, new = made["entities"]
    assert made["coreference"][0]["mentions"] == [known["id"], new["id"]]
    assert (known["type"], new["type"]) == ("PER", "pronoun")
    (back,) = from_article(made, Tally()).chains
    assert (back.type, back.elements) == (chain.type, chain.elements)


def test_the_pieces_of_a_discontinuous_entity_are_joined() -> None:
    pieces = [{"start": 0, "end": 4, "text": "Mara"}, {"start": 12, "end": 15, "text": "far"}]
    before = {"id": "a", "text": TEXT, "entities": [{"id": "T1", "type": "PER", "spans": pieces}],
              "coreference": [{"id": "C1", "type": "identity", "mentions": ["T1"]}]}  # fmt: skip
    typed = from_article(before, Tally())
    assert [(one.begin, one.end, one.features) for one in typed.spans] == [
        (0, 4, {"value": "PER"}),
        (12, 15, {"value": "PER"}),
    ]
    made = to_article(typed, "tool").article
    assert [one["spans"] for one in made["entities"]] == [pieces]
    assert made["coreference"][0]["mentions"] == ["T1"]


def test_what_no_word_can_say_stays_an_entity() -> None:
    spans = (
        TypedSpan("p", POS, 0, 4, {"PosValue": "NN"}), TypedSpan("q", POS, 0, 4, {"PosValue": "VB"}),
        TypedSpan("w", POS, 0, 11, {"PosValue": "X"}),
    )  # fmt: skip
    heads = (TypedRelation("d", DEPENDENCY, "t2", "t1", {"DependencyType": "a"}),
             TypedRelation("e", DEPENDENCY, "t3", "t1", {"DependencyType": "b"}))  # fmt: skip
    made = to_article(document(*spans, relations=heads), "tool").article
    assert [(word["form"], word.get("xpos"), word.get("deprel")) for word in made["words"]] == [
        ("Mara", "NN", "a"), ("sailed", None, None), ("far", None, None),
    ]  # fmt: skip
    assert sorted(one["type"] for one in made["entities"]) == sorted(["VB", "X", TOKEN, TOKEN])
    assert [one["type"] for one in made["relations"]] == ["b"]
    after = from_article(made, Tally())
    said = [(one.type, one.begin, one.end, one.features["PosValue"]) for one in after.spans]
    assert sorted(said) == sorted((one.type, one.begin, one.end, one.features["PosValue"]) for one in spans)
    assert sorted(one.features["DependencyType"] for one in after.relations) == ["a", "b"]
