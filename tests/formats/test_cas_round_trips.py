"""UIMA CAS: articles there and back, the field's library on our output, real files."""

from __future__ import annotations

import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from corpus_tool.findings import Finding, Severity
from corpus_tool.formats import Loss
from corpus_tool.formats.cas.typesystem_reading import read_typesystem
from corpus_tool.formats.fidelity import items
from tests.corpora import corpora
from tests.formats.cas_files import DKPRO
from tests.formats.round_trips import SHAPES, check_declared, check_kept, read, samples, there_and_back, written
from tests.generated import Shape

BOTH = pytest.mark.parametrize("name", ["cas", "cas-json"])


class TestRoundTrips:
    @BOTH
    def test_the_declaration_is_what_comes_back(self, name: str) -> None:
        check_declared(name)

    @BOTH
    @settings(max_examples=25, deadline=None)
    @given(shape=SHAPES)
    def test_what_is_declared_is_kept(self, name: str, shape: Shape) -> None:
        check_kept(name, shape)

    @BOTH
    def test_twice_is_as_once(self, name: str) -> None:
        once = there_and_back(name, samples())
        assert there_and_back(name, once) == once

    def test_a_type_system_is_written_beside(self, tmp_path: Path) -> None:
        assert not [one for one in written("cas", samples()[:1], tmp_path) if isinstance(one, Finding)]
        assert sorted(path.name for path in tmp_path.iterdir()) == ["sample-00.xmi", "sample-00.xml"]

    @pytest.mark.parametrize(
        ("name", "text", "code"), [("cas", "a\0b", "IO019"), ("cas", "a\ufffe", "IO019"), ("cas", "\ud800", "IO019"), ("cas-json", "\ud800", "IO001")]
    )  # fmt: skip
    def test_what_no_file_can_hold_is_refused(self, name: str, text: str, code: str, tmp_path: Path) -> None:
        (finding,) = written(name, [{"id": "x", "text": text}], tmp_path)
        assert isinstance(finding, Finding)
        assert finding.code == code
        assert list(tmp_path.iterdir()) == []

    @BOTH
    def test_control_characters_come_back(self, name: str) -> None:
        article = {"id": "x", "text": "a\x01b\x0b\x1f\x85\u2028\r\n\tc"}
        (after,) = there_and_back(name, [article])
        assert after["text"] == article["text"]

    @BOTH
    @pytest.mark.parametrize(
        "kind", [f"{DKPRO}segmentation.type.Sentence", "uima.tcas.DocumentAnnotation", "uima.cas.FSArray"]
    )
    def test_labels_that_are_types_of_something_else_are_refused(self, name: str, kind: str, tmp_path: Path) -> None:
        span = {"start": 0, "end": 4, "text": "Mara"}
        article = {"id": "x", "text": "Mara", "entities": [{"id": "T1", "type": kind, "spans": [span]}]}
        (finding,) = written(name, [article], tmp_path)
        assert isinstance(finding, Finding)
        assert f"can be called {kind}" in finding.message

    @BOTH
    def test_one_name_for_layers_of_two_kinds_is_refused(self, name: str, tmp_path: Path) -> None:
        span = {"start": 0, "end": 4, "text": "Mara"}
        ends = [{"role": "Governor", "ref": "T1"}, {"role": "Dependent", "ref": "T1"}]
        article = {
            "id": "x", "text": "Mara", "entities": [{"id": "T1", "type": "my.types.Frame", "spans": [span]}],
            "relations": [{"id": "R1", "type": "my.types.Frame", "arguments": ends}],
        }  # fmt: skip
        (finding,) = written(name, [article], tmp_path)
        assert isinstance(finding, Finding)
        assert finding.message == "no layer of spans can be called my.types.Frame: those are relations"

    @BOTH
    def test_small_things_come_back(self, name: str) -> None:
        span = {"start": 0, "end": 4, "text": "Mara"}
        link = {"db": "wikidata", "id": "Q1", "text": "Mara", "id_in_source": "N1"}
        entity = {
            "id": "T1",
            "type": "PER",
            "spans": [span],
            "links": [link],
            "attributes": [{"id": "A1", "name": "Sure", "value": "High"}],
        }
        article = {
            "id": "x", "text": "Mara", "entities": [entity, {"id": "T2", "type": "PER", "spans": [span]}],
            "notes": [{"id": "M1", "ref": "T1", "text": "who?", "id_in_source": "#1"}],
            "coreference": [{"id": "C1", "type": "identity", "mentions": ["T1", "T2"], "representative": "T2"}],
        }  # fmt: skip
        (after,) = there_and_back(name, [article])
        made = {
            layer: [{key: value for key, value in one.items() if key != "prov"} for one in after[layer]]
            for layer in ("entities", "notes", "coreference")
        }
        assert made == {layer: article[layer] for layer in made}

    @BOTH
    def test_nothing_of_the_samples_is_lost(self, name: str, tmp_path: Path) -> None:
        assert [one for one in written(name, samples(), tmp_path) if isinstance(one, Loss)] == []

    def test_metadata_stand_where_dkpro_has_them(self, tmp_path: Path) -> None:
        metadata = {
            "language": "de",
            "uri": "https://example.org/1",
            "headlines": [{"role": "main", "value": "a"}, {"value": "b"}],
        }
        written("cas", [{"id": "x", "text": "Mara", "metadata": metadata}], tmp_path)
        data = (tmp_path / "x.xmi").read_text()
        assert 'language="de" documentTitle="x" documentId="x" documentUri="https://example.org/1"' in data
        assert 'key="headlines/1/value" value="b"' in data
        (found,) = read("cas", tmp_path)
        assert found.article is not None
        assert found.article["metadata"] == metadata

    @BOTH
    def test_unsafe_ids_are_refused(self, name: str, tmp_path: Path) -> None:
        (finding,) = written(name, [{"id": "../x", "text": ""}], tmp_path)
        assert isinstance(finding, Finding)
        assert finding.code == "IO010"

    def test_words_of_ours_yield_to_a_tool_that_changed_the_layers(self, tmp_path: Path) -> None:
        span = {"start": 0, "end": 4, "text": "Mara"}
        article = {
            "id": "x", "text": "Mara", "tokens": [{"id": "K1", "spans": [span]}],
            "words": [{"id": "W1", "token": "K1", "form": "Mara", "lemma": "mara"}],
        }  # fmt: skip
        written("cas", [article], tmp_path)
        file = tmp_path / "x.xmi"
        file.write_bytes(
            file.read_bytes().replace(
                b'Lemma xmi:id="4" sofa="1" begin="0" end="4" value="mara"',
                b'Lemma xmi:id="4" sofa="1" begin="0" end="4" value="Mara"',
            )
        )
        (found,) = read("cas", tmp_path)
        assert [one["lemma"] for one in found.article["words"]] == ["Mara"]
        assert [one.code for one in found.findings] == ["IO020"]


def _loaded(name: str, folder: Path, article: str) -> Any:
    """What the field's library makes of our output."""
    cassis = pytest.importorskip("cassis")
    if name == "cas":
        types = cassis.load_typesystem(folder / f"{article}.xml")
        return cassis.load_cas_from_xmi(folder / f"{article}.xmi", typesystem=types)
    return cassis.load_cas_from_json((folder / f"{article}.json").read_text(encoding="utf-8"))


class TestPeers:
    @BOTH
    def test_cassis_reads_every_sample_and_agrees_on_spans(self, name: str, tmp_path: Path) -> None:
        written(name, samples(), tmp_path)
        for article in samples():
            cas = _loaded(name, tmp_path, article["id"])
            assert cas.sofa_string == article["text"]
            ours = Counter(
                (span["start"], span["end"], one["type"]) for one in article.get("entities", ()) for span in one["spans"]
            )  # fmt: skip
            if ours:
                assert ours == Counter(
                    (one.begin, one.end, one.value) for one in cas.select(f"{DKPRO}ner.type.NamedEntity")
                )
            if article.get("tokens"):
                tokens = [one.get_covered_text() for one in cas.select(f"{DKPRO}segmentation.type.Token")]
                assert tokens == [one["spans"][0]["text"] for one in article["tokens"]]

    @BOTH
    def test_what_cassis_writes_again_is_the_same_article(self, name: str, tmp_path: Path) -> None:
        (before,) = there_and_back(name, samples()[:1])
        written(name, [before], tmp_path)
        cas = _loaded(name, tmp_path, before["id"])
        suffix = ".xmi" if name == "cas" else ".json"
        (cas.to_xmi if name == "cas" else cas.to_json)(tmp_path / (before["id"] + suffix))
        (after,) = read(name, tmp_path)
        assert [one for one in after.findings if one.severity is Severity.ERROR] == []
        assert items(after.article) == items(before)


class TestRealFiles:
    def test_every_file_is_an_article_or_says_why_not(self) -> None:
        folder = corpora("uima-cas")
        files = sorted([*folder.rglob("*.xmi"), *folder.rglob("*.json")])
        assert Counter(path.suffix for path in files) == {".xmi": 27, ".json": 16}
        refused = set()
        for path in files:
            (found,) = read("cas" if path.suffix == ".xmi" else "cas-json", path)
            if found.article is None:
                assert [one.severity for one in found.findings][-1] is not Severity.INFO
                refused.add(path.relative_to(folder).as_posix().removeprefix("json/fs_as_array/"))
        assert refused == {
            *(f"ser-ref/{name}/{file}" for name in _NO_TEXT for file in ("data.json", "debug.xmi")),
            "ser-ref/casWithTextAndAnnotations/debug.xmi",
            "json/child_type_before_parent.json",
            *(f"xmi/{name}.xmi" for name in _UNREADABLE),
        }

    def test_type_systems_are_read(self) -> None:
        files = sorted(corpora("uima-cas").rglob("*.xml"))
        assert len(files) == 29
        types = {path.name: read_typesystem(path.read_bytes()) for path in files}
        assert len(types["important_dkpro_types.xml"].own) > 50
        assert types["typesystem_with_inheritance.xml"].is_a("cassis.Child", "cassis.Parent")

    @pytest.mark.parametrize(
        ("file", "tokens", "sentences"), [("small_cas", 11, 2), ("cas_with_smileys", 148, 3), ("cas_with_references", 7, 1)]
    )  # fmt: skip
    def test_counts(self, file: str, tokens: int, sentences: int) -> None:
        (found,) = read("cas", corpora("uima-cas") / "xmi" / f"{file}.xmi")
        assert (len(found.article["tokens"]), len(found.article["sentences"])) == (tokens, sentences)

    def test_smileys_stand_where_cassis_sees_them(self) -> None:
        cassis = pytest.importorskip("cassis")
        folder = corpora("uima-cas")
        with (folder / "typesystems/important_dkpro_types.xml").open("rb") as types, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on types that the type system lacks
            cas = cassis.load_cas_from_xmi(
                folder / "xmi/cas_with_smileys.xmi", cassis.load_typesystem(types), lenient=True
            )
        (found,) = read("cas", folder / "xmi/cas_with_smileys.xmi")
        ours = [
            (one["spans"][0]["start"], one["spans"][0]["end"], one["spans"][0]["text"])
            for one in found.article["tokens"]
        ]
        theirs = [(one.begin, one.end, one.get_covered_text()) for one in cas.select(f"{DKPRO}segmentation.type.Token")]
        assert ours == theirs
        assert any(ord(character) > 0xFFFF for _, _, text in ours for character in text)

    def test_emoji_are_whole_in_json_and_xmi(self) -> None:
        folder = corpora("uima-cas") / "json/fs_as_array/ser-ref/casWithEmojiUnicodeTextAndAnnotations"
        (of_json_,), (of_xmi,) = read("cas-json", folder / "data.json"), read("cas", folder / "debug.xmi")
        texts = [one["spans"][0]["text"] for one in of_json_.article["entities"]]
        assert texts == of_json_.article["text"].split()
        assert [one["spans"] for one in of_xmi.article["entities"]] == [
            one["spans"] for one in of_json_.article["entities"]
        ]

    @BOTH
    def test_there_and_back(self, name: str) -> None:
        folder = corpora("uima-cas")
        suffix = "*.xmi" if name == "cas" else "*.json"
        articles = [
            found.article for path in sorted(folder.rglob(suffix)) for found in read(name, path) if found.article
        ]
        unlike = [{**article, "id": f"a{number:02}"} for number, article in enumerate(articles)]
        assert len(unlike) >= 9
        assert there_and_back(name, unlike) == unlike

    def test_suite_there_and_back(self) -> None:
        files = sorted(corpora("webanno-tsv3-suite").rglob("*.xmi"))
        assert len(files) == 48
        articles = [
            {**found.article, "id": path.parent.name} for path in files for found in read("cas", path) if found.article
        ]
        assert len(articles) == 48
        assert there_and_back("cas", articles) == articles


_NO_TEXT = (
    "casWithFloatingPointSpecialValues", "casWithSofaDataArray", "casWithSofaDataURI", "casWithoutTextButWithAnnotations", "emptyCas",
)  # fmt: skip
_UNREADABLE = (
    "cas_with_array_features", "cas_with_list_features", "cas_with_multiple_references_allowed_string_array", "cas_with_two_sofas",
)  # fmt: skip
