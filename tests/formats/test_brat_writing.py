from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus_tool.contract import load_contract
from corpus_tool.errors import StoreError
from corpus_tool.findings import Finding, Severity
from corpus_tool.formats import Article, Loss
from corpus_tool.formats.brat import EXPORTER, IMPORTER
from corpus_tool.formats.brat.conf import parse
from corpus_tool.records import Record
from corpus_tool.rules import selected
from corpus_tool.validate import Checker
from tests.corpora import corpora, seed
from tests.formats.brat_pairs import CONF, EVERYTHING, LAYERS, TEXT, article, lines_of, read_path, source, write
from tests.formats.round_trips import SHAPES, check_declared, check_kept
from tests.generated import Shape


def test_lines_come_back_in_order(tmp_path: Path) -> None:
    shuffled = "\n".join(reversed(EVERYTHING.strip().split("\n"))) + "\n"
    files, said = write([article(shuffled)], tmp_path)
    assert files["news/a.ann"].decode() == EVERYTHING
    assert said == []


def test_numbers_are_sorted_as_numbers(tmp_path: Path) -> None:
    ann = [f"T{number}\tPER 0 4\tMara" for number in (1, 2, 9, 10, 11, 100)]
    assert lines_of(article("\n".join(sorted(ann))), tmp_path) == ann


def test_export_needs_no_order_of_keys_and_no_empty_lists(tmp_path: Path) -> None:
    made = article(EVERYTHING)
    canonical = {
        key: [
            {"attributes": [], "confidence": None, **dict(sorted(item.items()))} if key in LAYERS else item
            for item in value
        ]
        if isinstance(value, list)
        else value
        for key, value in sorted(made.items())
    }
    canonical["entities"][0] |= {"attributes": [{"value": None, "name": "Known", "id": "M4"}], "links": []}
    files, said = write([canonical], tmp_path)
    assert files["news/a.ann"].decode() == EVERYTHING
    assert said == []


def test_export_after_an_entity_was_deleted(tmp_path: Path) -> None:
    made = article(EVERYTHING)
    made["entities"] = [entity for entity in made["entities"] if entity["id"] != "T4"]
    expected = [line for line in EVERYTHING.split("\n")[:-1] if not line.startswith(("T4", "N1"))]
    assert lines_of(made, tmp_path) == expected


def span(start: int, end: int) -> dict[str, Any]:
    return {"start": start, "end": end, "text": TEXT[start:end]}


FOREIGN: Article = {
    "id": "f",
    "text": TEXT,
    "entities": [
        {"id": "e-1", "type": "PER", "spans": [span(0, 9)], "attributes": [{"name": "Known"}]},
        {"id": "T4", "type": "PER", "spans": [span(26, 30)], "attributes": [{"id": "A7", "name": "Known"}]},
        {"id": "R1", "type": "Big ship", "spans": [span(35, 36)], "links": [{"db": "a:b", "id": "1"}]},
    ],
    "relations": [
        {"id": "x", "type": "Owns", "arguments": [{"role": "A", "ref": "e-1"}, {"role": "B", "ref": "R1"}]},
        {"id": "y", "type": "Owns", "arguments": [{"role": "A", "ref": "e-1"}], "attributes": [{"name": "Odd"}]},
        {"id": "z", "type": "Owns", "arguments": [{"role": "A", "ref": "T50"}, {"role": "B", "ref": "T4"}]},
    ],
    "passages": [{"id": "p", "type": "paragraph", "spans": [span(0, 24)]}],
    "coreference": [{"id": "c", "mentions": ["e-1", "T4"], "representative": "e-1"}],
    "quotations": [{"id": "Q:T4", "type": "direct", "spans": [span(0, 4)]}, {"id": "q", "type": "direct", "spans": []}],
    "notes": [
        {"id": "n", "ref": "e-1", "text": "two\nlines"},
        {"id": "m", "ref": "p", "text": "on a passage"},
        {"id": "o", "text": "on nothing"},
        {"id": "r", "ref": "Q:T4", "text": "on a copy"},
    ],
    "metadata": {"language": "en"},
    "provenance": [{"id": "M1", "agent": "model", "agent_type": "model"}],
    "coverage": [{"layer": "entities", "prov": "M1", "status": "partial"}],
}


def test_foreign_ids_get_numbers_that_nothing_refers_to(tmp_path: Path) -> None:
    assert lines_of(FOREIGN, tmp_path) == [
        "T4\tPER 26 30\tLind",
        "T51\tPER 0 9\tMara Lind",
        "T52\tBig_ship 35 36\t🚢",
        "R2\tOwns A:T51 B:T52",
        "R4\tOwns A:T50 B:T4",
        "*\tEquiv T51 T4",
        "A7\tKnown T4",
        "A8\tKnown T51",
        "#1\tAnnotatorNotes T51\ttwo lines",
        "#4\tAnnotatorNotes T4\ton a copy",
        "N1\tReference T52 a_b:1",
    ]


def test_what_brat_cannot_hold_is_counted(tmp_path: Path) -> None:
    _, said = write([FOREIGN, FOREIGN | {"id": "g"}], tmp_path)
    assert {loss.what: loss.count for loss in said if isinstance(loss, Loss)} == {
        "passages": 2,
        "metadata": 2,
        "quotations": 2,
        "coreference: representative": 2,
        "provenance": 2,
        "coverage that is partial": 2,
        "labels: characters brat cannot hold": 2,
        "relations with other than two arguments": 2,
        "attributes of relations with other than two arguments": 2,
        "texts of notes: line breaks": 2,
        "notes on passages": 2,
        "notes on the whole article": 2,
        "names of knowledge bases: characters brat cannot hold": 2,
    }
    assert all(isinstance(loss, Loss) and loss.example.startswith("f: ") for loss in said)


def test_an_empty_layer_needs_its_section(tmp_path: Path) -> None:
    made = article("", inventory=CONF)
    _, without = write([made], tmp_path / "a")
    _, within = write([made], tmp_path / "b", CONF)
    assert [(loss.what, loss.count) for loss in without if isinstance(loss, Loss)] == [
        ("layers that were annotated and are empty", 2)
    ]
    assert within == []


def test_what_annotation_conf_cannot_name_is_not_forbidden(tmp_path: Path) -> None:
    made = article("T1\tPER 0 4\tRain\nT2\tPER 5 7\tat\nA1\tHead T1 1,2\n*\tAlias T1 T2\n")
    assert made["coreference"][0]["type"] == "Alias"
    write([made], tmp_path)
    found = IMPORTER.inventory([tmp_path / "news" / "a.ann"])
    assert found is not None
    assert found.attributes == ()
    assert found.names("coreference") == ("identity", "Alias")
    assert [(one.name, one.symmetric, one.transitive) for one in found.of("relation")] == [("Alias", True, True)]


def test_a_section_makes_layers_empty_that_nobody_annotated(tmp_path: Path) -> None:
    full = article(EVERYTHING)
    bare = {key: value for key, value in full.items() if key not in {"relations", "coverage", "attributes", "notes"}}
    _, said = write([full, bare | {"id": "b"}], tmp_path)
    assert [(loss.what, loss.count, loss.example) for loss in said if isinstance(loss, Loss)] == [
        ("layers that were not annotated, which come back empty", 1, "b: relations")
    ]


def test_the_inventory_is_written_and_found_again(tmp_path: Path) -> None:
    files, said = write([article(EVERYTHING)], tmp_path, CONF)
    assert said == []
    assert set(files) == {"annotation.conf", "news/a.ann", "news/a.txt"}
    assert IMPORTER.inventory([tmp_path / "news" / "a.ann"]) == CONF


@pytest.mark.parametrize(
    "name",
    [
        "../a", "a/../../b", "/etc/a", "a\0b", "a//b", "a/", "", ".", "a/./b", "x" * 252, "é" * 126, "y" * 256 + "/b",
        "..\\a", "C:/a", "\ud800",
    ],
    ids=[
        "parent", "hidden-parent", "absolute", "nul", "empty-part", "ends-in-slash", "empty", "dot", "inner-dot",
        "long", "long-in-bytes", "long-folder", "backslash", "drive", "surrogate",
    ],
)  # fmt: skip
def test_an_unsafe_id_is_refused_and_the_others_written(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    files, said = write([{"id": name, "text": "x"}, {"id": "good/one", "text": "y"}], folder)
    assert [(f.code, f.severity) for f in said if isinstance(f, Finding)] == [("IO010", Severity.ERROR)]
    assert files == {"good/one.txt": b"y", "good/one.ann": b""}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    "names",
    [("a", "a"), ("a", "a.txt/b"), ("a.ann/b", "a"), ("a", "annotation.conf/b")],
    ids=["twice", "file-as-folder", "folder-as-file", "conf-as-folder"],
)
def test_ids_that_collide(names: tuple[str, str], tmp_path: Path) -> None:
    first, second = ({"id": name, "text": name} for name in names)
    files, said = write([first, second], tmp_path, CONF)
    assert [(f.code, f.location.article) for f in said if isinstance(f, Finding)] == [("IO010", names[1])]
    assert files.keys() == {"annotation.conf", f"{names[0]}.txt", f"{names[0]}.ann"}
    assert files[f"{names[0]}.txt"] == names[0].encode()


@pytest.mark.parametrize("taken", ["out", "out/annotation.conf"], ids=["output-is-a-file", "conf-is-there"])
def test_what_is_there_is_never_replaced(taken: str, tmp_path: Path) -> None:
    file = tmp_path / taken
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"mine")
    with pytest.raises(StoreError, match="File exists"):
        list(EXPORTER.write([{"id": "a", "text": ""}], tmp_path / "out", CONF))
    assert file.read_bytes() == b"mine"


WORDS = st.text(st.characters(codec="utf-8", exclude_characters=" \t\r\n:"), min_size=1, max_size=6)
TEXTS = st.text(st.characters(codec="utf-8"), min_size=4, max_size=40)
IDS = st.one_of(st.from_regex(r"\A[TREAN#][0-9]{1,3}\Z"), st.text("abT1-", min_size=1, max_size=4))
ONE_LINE = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=10)
VALUES = st.text(st.characters(codec="utf-8", exclude_characters="\t\r\n "), min_size=1, max_size=8)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    text = draw(TEXTS)
    ids = draw(st.lists(IDS, min_size=8, max_size=16, unique=True))
    numbers = iter(range(1, 99))

    def attributes() -> list[dict[str, Any]]:
        pairs = draw(st.lists(st.tuples(WORDS, st.none() | VALUES), max_size=2))
        return [
            {"id": f"A{next(numbers)}", "name": name} | ({} if value is None else {"value": value})
            for name, value in pairs
        ]

    def spans() -> list[dict[str, Any]]:
        ends = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=4)))
        return [
            {"start": start, "end": end, "text": text[start:end]}
            for start, end in zip(ends[::2], ends[1::2], strict=False)
        ]

    entities: list[dict[str, Any]] = []
    for name in ids[:4]:
        links = [
            {"db": draw(WORDS), "id": draw(WORDS), "text": draw(ONE_LINE), "id_in_source": f"N{next(numbers)}"}
            for _ in range(draw(st.integers(0, 2)))
        ]
        entities.append({"id": name, "type": draw(WORDS), "spans": spans(), "attributes": attributes(), "links": links})
    known = st.sampled_from(ids[:4])

    def arguments(number: int) -> list[dict[str, str]]:
        return [{"role": draw(WORDS), "ref": draw(known)} for _ in range(number)]

    relations = [
        {"id": name, "type": draw(WORDS), "arguments": arguments(2), "attributes": attributes()} for name in ids[4:6]
    ]
    events = [
        {"id": name, "type": draw(WORDS), "trigger": draw(known), "arguments": arguments(draw(st.integers(0, 3)))}
        for name in ids[6:7]
    ]
    mentions = draw(st.lists(known, min_size=2, max_size=4, unique=True))
    notes = [{"id": name, "type": draw(WORDS), "ref": draw(known), "text": draw(ONE_LINE)} for name in ids[7:]]
    chains = [{"id": "chain", "type": "identity", "mentions": mentions}]
    return {
        "id": "h",
        "text": text,
        "entities": entities,
        "relations": relations,
        "events": events,
        "coreference": chains,
        "notes": notes,
    }


def shape(made: Article) -> dict[str, Any]:
    """An article with every id replaced by what it stands on, since foreign ids are numbered anew."""
    entities = {
        entity["id"]: repr(
            (
                entity["type"],
                entity["spans"],
                sorted((a["id"], a["name"], a.get("value")) for a in entity.get("attributes", [])),
                sorted((x["id_in_source"], x["db"], x["id"], x["text"]) for x in entity.get("links", [])),
            )
        )
        for entity in made["entities"]
    }

    def filled(item: dict[str, Any]) -> str:
        return repr(
            (
                item["type"],
                entities.get(item.get("trigger", "")),
                [(a["role"], entities[a["ref"]]) for a in item["arguments"]],
                sorted((a["id"], a["name"], a.get("value")) for a in item.get("attributes", [])),
            )
        )

    return {
        "text": made["text"],
        "entities": sorted(entities.values()),
        "relations": sorted(map(filled, made["relations"])),
        "events": sorted(map(filled, made["events"])),
        "chains": sorted([entities[ref] for ref in chain["mentions"]] for chain in made["coreference"]),
        "notes": sorted((note["type"], entities[note["ref"]], note["text"]) for note in made["notes"]),
    }


@settings(max_examples=80, deadline=None, database=None)
@given(articles())
def test_what_brat_can_hold_survives(made: Article) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files, said = write([made], Path(folder))
    (imported,) = IMPORTER.read(source({".ann": files["h.ann"], ".txt": files["h.txt"]}), None)
    assert said == []
    assert imported.findings == ()
    assert imported.article is not None
    assert shape(imported.article) == shape(made)


class TestSeed:
    def test_counts(self) -> None:
        (path,) = seed().glob("*.ann")
        imported = read_path(path, IMPORTER.inventory([path]))
        made = imported.article
        assert made is not None
        carriers = [item for layer in ("entities", "relations", "events") for item in made[layer]]
        assert imported.findings == ()
        assert {
            **{layer: len(made[layer]) for layer in LAYERS},
            "discontinuous": sum(len(entity["spans"]) > 1 for entity in made["entities"]),
            "links": sum(len(entity.get("links", [])) for entity in made["entities"]),
            "attributes": sum(len(item.get("attributes", [])) for item in carriers),
        } == {
            "entities": 145,
            "relations": 31,
            "events": 8,
            "coreference": 10,
            "notes": 1,
            "discontinuous": 1,
            "links": 1,
            "attributes": 5,
        }
        spans = [each for entity in made["entities"] for each in entity["spans"]]
        assert all(made["text"][each["start"] : each["end"]] == each["text"] for each in spans)

    def test_comes_back_byte_for_byte(self, tmp_path: Path) -> None:
        (path,) = seed().glob("*.ann")
        inventory = IMPORTER.inventory([path])
        made = read_path(path, inventory).article
        assert made is not None
        files, said = write([made], tmp_path, inventory)
        assert said == []
        assert files[path.name] == path.read_bytes()
        assert files[f"{path.stem}.txt"] == path.with_suffix(".txt").read_bytes()


class TestCorpora:
    @pytest.mark.parametrize(
        ("corpus", "pattern"),
        [
            ("litbank-brat", "entities/brat/*.ann"),
            ("litbank-brat", "coref/brat/1023*.ann"),
            ("litbank-brat", "events/brat/*.ann"),
            ("brat-tutorials", "*/*.ann"),
        ],
    )
    def test_lines_come_back(self, corpus: str, pattern: str, tmp_path: Path) -> None:
        paths = sorted(corpora(corpus).glob(pattern))
        assert paths
        for path in paths:
            inventory = IMPORTER.inventory([path])
            imported = read_path(path, inventory)
            assert (imported.findings, imported.article is None) == ((), False)
            assert imported.article is not None
            files, said = write([imported.article], tmp_path / path.parent.name / path.stem, inventory)
            assert said == []
            # Some versions of brat end a relation with a tab, which no field stands for.
            wanted = {line.rstrip(b"\t") for line in path.read_bytes().split(b"\n")}
            assert set(files[path.name].split(b"\n")) == wanted | {b""}

    def test_fragments_joined_without_a_space_convert(self) -> None:
        imported = read_path(corpora("bioc") / "brat" / "example1.ann")
        assert imported.article is not None
        assert [(f.code, f.severity, f.location.line) for f in imported.findings] == [("SPN304", Severity.WARNING, 1)]

    def test_another_format_in_ann_files_is_all_findings(self) -> None:
        for path in sorted((corpora("litbank-brat") / "quotations").rglob("*.ann")):
            imported = read_path(path)
            lines = [line for line in path.read_bytes().split(b"\n") if line.strip()]
            assert len(imported.findings) == len(lines)
            assert (imported.article is None) == bool(lines)


def test_without_an_inventory_the_labels_are_those_of_the_articles(tmp_path: Path) -> None:
    made = article(
        "T1\tPER 0 4\tMara\nT2\tORG 5 9\tLind\nT3\tSale 10 14\tsold\nR1\tOwns Arg1:T1 Arg2:T2\n"
        "E1\tSale:T3 Seller:T1 Seller2:T2\nA1\tSure T1 High\nA2\tNegation E1\n"
    )
    files, losses = write([made, {**made, "id": "other"}], tmp_path)
    assert losses == []
    assert files["annotation.conf"].decode() == (
        "[entities]\nORG\nPER\n\n[relations]\nOwns\tArg1:PER, Arg2:ORG\n\n[events]\nSale\tSeller*:ORG|PER\n\n"
        "[attributes]\nNegation\tArg:<EVENT>\nSure\tArg:<ENTITY>, Value:High\n"
    )
    checker = Checker(
        load_contract(None, parse(files["annotation.conf"].decode(), "annotation.conf")), selected(("LBL",), ())
    )
    assert [finding.code for finding in checker.check([Record(made, "a.ann", None)]).findings] == []


def test_what_comes_back_is_what_is_declared() -> None:
    check_declared("brat")


@settings(max_examples=25, deadline=None)
@given(SHAPES)
def test_what_is_declared_as_kept_is_kept(shape: Shape) -> None:
    check_kept("brat", shape)
