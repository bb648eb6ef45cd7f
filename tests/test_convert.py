from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.rule import MOST_PER_BLOCK
from corpus_tool.rules.example import example_article, example_inventory
from tests.corpora import corpora
from tests.program import Ran, lines, run

CONF = "[entities]\nPER\nLOC\n[relations]\n[events]\n[attributes]\n"
PAIRS = {
    "a": ("Ada saw Oslo.\n", "T1\tPER 0 3\tAda\nT2\tLOC 8 12\tOslo\n"),
    "bad": ("Bo saw Rome.\n", "T1\tPER 0 2\tBo\nT2 LOC 7 11 Rome\nT3\tLOC 7 99\tRome\n"),
    "c/d": ("Cy saw Bern.\n", "T1\tPER 0 2\tCy\n"),
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def convert(*arguments: str | Path, stdin: bytes = b"") -> Ran:
    return run("convert", *arguments, "--format", "json", stdin=stdin)


def article(name: str, **changes: Any) -> dict[str, Any]:
    return {"id": name, "text": f"Rain on {name}.", **changes}


def ids(path: str | Path) -> list[str]:
    return [json.loads(line)["id"] for line in Path(path).read_bytes().removesuffix(b"\n").split(b"\n")]


def brat(folder: Path) -> None:
    folder.mkdir()
    (folder / "annotation.conf").write_text(CONF)
    for name, (text, standoff) in PAIRS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / f"{name}.txt").write_text(text)
        (folder / f"{name}.ann").write_text(standoff)


class TestGoodAmongBad:
    def test_pairs(self, here: Path) -> None:
        brat(here / "in")
        (here / "in" / "alone.ann").touch()
        ran = convert("in", "--from", "brat", "--to", "jsonl", "--output", "out.jsonl", "--inventory", "inventory.toml")
        assert ran.code == 1
        found = {(finding["path"], finding["line"]) for finding in ran.json["findings"]}
        assert {("in/alone.ann", None), ("in/bad.ann", 2), ("in/bad.ann", 3)} == found
        assert {"a", "c/d"} <= set(ids("out.jsonl"))
        assert ran.json["articles"] == len(ids("out.jsonl"))
        assert 'name = "PER"' in (here / "inventory.toml").read_text()

    def test_the_inventory_that_is_written_may_be_named_already(self, here: Path) -> None:
        brat(here / "in")
        (here / "corpus.toml").write_text('inventory = "inventory.toml"')
        ran = convert(
            "in/a.ann", "--from", "brat", "--to", "jsonl", "--output", "out.jsonl", "--inventory", "inventory.toml"
        )
        assert ran.code == 0
        assert 'name = "PER"' in (here / "inventory.toml").read_text()

    def test_lines(self, here: Path) -> None:
        data = lines(article("a"), {"id": "b"}) + b"{\n" + lines(article("c", entities=[{"id": "T1", "type": "X", "spans": [
            {"start": 0, "end": 4, "text": "Snow"}]}]), article("d"))  # fmt: skip
        (here / "in.jsonl").write_bytes(data)
        ran = convert("in.jsonl", "--to", "jsonl", "--output", "out.jsonl")
        assert ran.code == 1
        assert [(finding["code"], finding["line"]) for finding in ran.json["findings"]] == [
            ("SCH101", 2),
            ("IO002", 3),
            ("SPN304", 4),
        ]
        assert ids("out.jsonl") == ["a", "d"]
        assert ran.json["articles"] == 2

    def test_errors_beyond_the_cap_keep_their_articles_out(self, here: Path) -> None:
        spans = [{"start": 0, "end": 4, "text": "Snow"}]
        bad = [{"id": f"T{number}", "type": "X", "spans": spans} for number in range(MOST_PER_BLOCK)]
        (here / "in.jsonl").write_bytes(lines(*(article(name, entities=bad) for name in "abc"), article("d")))
        assert convert("in.jsonl", "--to", "jsonl", "--output", "out.jsonl").code == 1
        assert ids("out.jsonl") == ["d"]

    @pytest.mark.parametrize("to", ["jsonl", "json", "brat"])
    def test_an_id_that_stands_twice(self, here: Path, to: str) -> None:
        (here / "in.jsonl").write_bytes(lines(article("a"), article("a", text="Snow."), article("b")))
        ran = convert("in.jsonl", "--to", to, "--output", "out")
        assert ran.code == 1
        assert [(finding["code"], finding["line"]) for finding in ran.json["findings"]] == [("COL801", 2)]
        assert "in.jsonl:1" in ran.json["findings"][0]["message"]
        assert ran.json["articles"] == 2
        assert ran.json["summary"]["articles"] == 3

    def test_an_id_that_stands_twice_where_that_is_no_matter(self, here: Path) -> None:
        (here / "in.jsonl").write_bytes(lines(article("a"), article("a", text="Snow.")))
        assert convert("in.jsonl", "--to", "jsonl", "--output", "out", "--ignore", "COL801").code == 0
        assert ids("out") == ["a", "a"]

    @pytest.mark.parametrize("to", ["json", "brat"])
    @pytest.mark.parametrize("name", ["../x", "/x", "x\0", "A", "a/../b", "a.json/x", "a.txt/x"])
    def test_an_id_that_names_no_file_of_its_own(self, here: Path, to: str, name: str) -> None:
        (here / "in.jsonl").write_bytes(lines(article("a"), article(name), article("b", entities=[])))
        ran = convert("in.jsonl", "--to", to, "--output", "out")
        taken = name.startswith("a.") and name != f"a.{'txt' if to == 'brat' else 'json'}/x"
        assert (ran.code, ran.json["articles"]) == ((0, 3) if taken else (1, 2))
        refused = [finding for finding in ran.json["findings"] if finding["severity"] == "error"]
        assert [(finding["code"], finding["path"]) for finding in refused] == ([] if taken else [("IO010", "out")])
        assert ran.json["layers"].get("entities") == 0
        assert (here / "out").is_dir()
        assert not (here / "x.txt").exists()

    def test_what_is_refused_is_a_failure_whatever_is_shown(self, here: Path) -> None:
        (here / "in.jsonl").write_bytes(lines(article("a"), {"id": "b"}))
        ran = convert("in.jsonl", "--to", "jsonl", "--output", "out.jsonl", "--ignore", "SCH101")
        assert (ran.code, ran.json["articles"], ran.json["summary"]["refused"]) == (1, 1, 1)

    @pytest.mark.parametrize("image", ["![](a.png)", "![A dog](a.png)\n*Rex.*", "[![dog](a.png)](b)"])
    def test_an_article_with_an_image(self, here: Path, image: str) -> None:
        (here / "a.md").write_text(f"A headline\n\nIt rained.\n\n{image}\n\nIt stopped.\n")
        ran = convert("a.md", "--from", "article", "--to", "jsonl", "--output", "out.jsonl")
        assert (ran.code, ran.json["articles"], ran.json["findings"]) == (0, 1, [])

    def test_a_source_that_is_not_utf8(self, here: Path) -> None:
        (here / "in").mkdir()
        (here / "in" / "a.txt").write_bytes(b"Headline\n\nRain.\n")
        (here / "in" / "b.txt").write_bytes(b"Headline\n\nRain \xff.\n")
        ran = convert("in", "--from", "article", "--to", "jsonl", "--output", "out.jsonl")
        assert ran.code == 1
        assert [(finding["code"], finding["path"], finding["line"]) for finding in ran.json["findings"]] == [
            ("IO001", "in/b.txt", 3)
        ]
        assert ids("out.jsonl") == ["a"]


class TestThereAndBack:
    def test_jsonl_to_json_to_jsonl(self, here: Path) -> None:
        second = {**example_article(), "id": "deep/er", "text": example_article()["text"]}
        (here / "in.jsonl").write_bytes(lines(example_article(), second, article("z", text="\u2028\r\n🌞\ufeff\t")))
        assert run("convert", "in.jsonl", "--to", "jsonl", "--output", "one.jsonl").code == 0
        assert run("convert", "one.jsonl", "--to", "json", "--output", "files").code == 0
        assert run("convert", "files", "--from", "json", "--to", "jsonl", "--output", "two.jsonl").code == 0
        assert sorted((here / "one.jsonl").read_bytes().split(b"\n")) == sorted(
            (here / "two.jsonl").read_bytes().split(b"\n")
        )
        assert json.loads((here / "files/z.json").read_bytes())["text"] == "\u2028\r\n🌞\ufeff\t"
        assert (here / "files" / "deep" / "er.json").exists()
        assert run("convert", "two.jsonl", "--to", "jsonl", "--output", "three.jsonl").code == 0
        assert (here / "two.jsonl").read_bytes() == (here / "three.jsonl").read_bytes()

    def test_brat(self, here: Path) -> None:
        brat(here / "in")
        for suffix in (".txt", ".ann"):
            (here / "in" / f"bad{suffix}").unlink()
        assert (
            run("convert", "in", "--from", "brat", "--to", "jsonl", "--output", "a.jsonl", "--inventory", "i.json").code
            == 0
        )
        (here / "corpus.toml").write_text('inventory = "i.json"')
        assert run("convert", "a.jsonl", "--to", "brat", "--output", "out").code == 0
        for name in ("a", "c/d"):
            for suffix in (".txt", ".ann"):
                assert (here / f"out/{name}{suffix}").read_bytes() == (here / f"in/{name}{suffix}").read_bytes()
        assert (here / "out" / "annotation.conf").exists()


class TestStreams:
    def test_from_standard_input_to_standard_output(self) -> None:
        ran = run("convert", "-", "--to", "jsonl", "--output", "-", stdin=lines(article("a"), article("b")))
        assert ran.code == 0
        assert [json.loads(line)["id"] for line in ran.out.strip().split("\n")] == ["a", "b"]
        assert "2 articles written" in ran.err

    def test_an_article_from_standard_input(self) -> None:
        ran = run(
            "convert", "-", "--from", "article", "--to", "jsonl", "--output", "-", stdin=b"Tide turns\n\nRain fell.\n"
        )
        assert json.loads(ran.out)["text"] == "Tide turns\n\nRain fell.\n"

    def test_the_file_that_is_read_can_be_the_one_that_is_written(self, here: Path) -> None:
        (here / "a.jsonl").write_bytes(lines(article("a"), {"id": "b"}))
        assert run("convert", "a.jsonl", "--to", "jsonl", "--output", "a.jsonl").code == 1
        assert ids("a.jsonl") == ["a"]

    def test_compressed(self, here: Path) -> None:
        (here / "a.jsonl.gz").write_bytes(gzip.compress(lines(article("a"))))
        assert run("convert", "a.jsonl.gz", "--to", "jsonl", "--output", "b.jsonl").code == 0
        assert ids("b.jsonl") == ["a"]

    def test_a_pair_is_one_source_by_either_name(self, here: Path) -> None:
        brat(here / "in")
        ran = convert("in/a.txt", "in/a.ann", "--from", "brat", "--to", "jsonl", "--output", "o.jsonl")
        assert (ran.code, ran.json["articles"]) == (0, 1)


TAGS = "Mara B-PER\nsaw O\nOslo I-LOC\n. O\n"
MENDED = {
    "what": "tags that contradict their scheme", "count": 1,
    "example": "I-LOC goes on where no B-LOC begins: read as the beginning",
}  # fmt: skip


class TestMending:
    def test_what_contradicts_its_form_is_refused(self, here: Path) -> None:
        (here / "a.conll").write_text(TAGS)
        result = convert("a.conll", "--to", "jsonl", "-o", "out.jsonl")
        assert (result.code, result.json["mended"]) == (1, [])
        assert [found["code"] for found in result.json["findings"]] == ["IO019"]

    def test_it_is_mended_where_it_is_asked_for(self, here: Path) -> None:
        (here / "a.conll").write_text(TAGS)
        result = convert("a.conll", "--to", "jsonl", "-o", "out.jsonl", "--fix", "--strict")
        said = result.json
        assert (result.code, said["mended"]) == (0, [MENDED])
        assert [(found["code"], found["severity"], found["line"]) for found in said["findings"]] == [
            ("IO020", "info", 3)
        ]
        assert [one["type"] for one in json.loads((here / "out.jsonl").read_text())["entities"]] == ["PER", "LOC"]

    def test_it_is_said(self, here: Path) -> None:
        (here / "a.conll").write_text(TAGS)
        result = run("convert", "a.conll", "--to", "jsonl", "-o", "out.jsonl", "--fix")
        assert f"mended: 1 {MENDED['what']} ({MENDED['example']})" in result.err

    @pytest.mark.parametrize("command", ["export", "release"])
    def test_where_articles_are_published(self, here: Path, command: str) -> None:
        (here / "a.conll").write_text(TAGS)
        names = ["release", "build", "--name", "news", "--version", "0.1.0"] if command == "release" else ["export"]
        assert run(*names, "a.conll", "-o", "out").code == 1
        result = run(*names, "a.conll", "-o", "made", "--fix", "--format", "json")
        assert (result.code, result.json["mended"]) == (0, [MENDED])

    def test_articles_are_mended_elsewhere(self, here: Path) -> None:
        (here / "a.jsonl").write_text(json.dumps(article("a")))
        result = run("convert", "a.jsonl", "--to", "brat", "-o", "out", "--fix")
        assert result.code == 2
        assert "validate --fix" in result.err


@pytest.mark.parametrize(
    ("records", "named", "hinted"),
    [
        ([], (), False),
        ([{"id": 3, "text": "Rain.", "label": ["weather"]}], (), True),
        ([{"id": 3, "text": "Rain.", "label": ["weather"]}], ("--from", "jsonl"), False),
        ([article("a"), {"id": 3, "text": "Rain.", "label": ["weather"]}], (), False),
    ],
    ids=["nothing", "no article", "named", "some articles"],
)
def test_records_that_are_no_articles_may_be_of_another_format(
    here: Path, records: list[dict[str, Any]], named: tuple[str, ...], hinted: bool
) -> None:
    (here / "in.jsonl").write_bytes(lines(*records))
    ran = run("convert", "in.jsonl", *named, "--to", "jsonl", "--output", "out.jsonl")
    assert ran.code == int(bool(records))
    assert ("--from names the format of others (doccano, " in ran.err) is hinted


def test_the_summary_as_json(here: Path) -> None:
    (here / "inventory.json").write_text(json.dumps(example_inventory().as_json()))
    (here / "corpus.toml").write_text('inventory = "inventory.json"')
    (here / "a.jsonl").write_bytes(lines(example_article()))
    ran = convert("a.jsonl", "--to", "brat", "--output", "out")
    assert set(ran.json) == {"articles", "layers", "lost", "mended", "findings", "summary"}
    expected = {
        "entities": 5,
        "relations": 1,
        "events": 1,
        "quotations": 1,
        "coreference": 1,
        "notes": 1,
        "attributes": 2,
    }
    assert expected.items() <= ran.json["layers"].items()
    assert ran.json["lost"]
    for loss in ran.json["lost"]:
        assert set(loss) == {"what", "count", "example"}
    assert run("convert", "a.jsonl", "--to", "brat", "--output", "again", "--strict").code == 1
    said = run("convert", "a.jsonl", "--to", "brat", "--output", "third")
    assert said.err.startswith("lost: ")
    assert "1 article written: " in said.out


LITBANK = [f"litbank-brat/{layer}" for layer in ("entities", "events", "coref")]


@pytest.mark.parametrize("name", [*LITBANK, "brat-tutorials", "bioc/brat"])
def test_real_standoff_converts(here: Path, name: str) -> None:
    ran = convert(corpora(name), "--from", "brat", "--to", "jsonl", "--output", "out.jsonl")
    assert ran.code == 0, ran.json["findings"][:5]
    assert ran.json["articles"] == ran.json["summary"]["articles"] > 0
    assert ran.json["layers"]["entities"] > 0
    assert not ran.json["summary"]["severity"]["error"]


@pytest.mark.parametrize(("name", "pattern"), [("markdown-posts", ""), ("factrueval-ru", "*.txt")])
def test_real_articles_keep_their_text(here: Path, name: str, pattern: str) -> None:
    source = corpora(name)
    files = sorted(path for path in source.rglob("*") if path.suffix in {".md", ".txt", ".html"})
    named = [source / pattern] if pattern and list(source.glob(pattern)) else [source]
    ran = convert(*named, "--from", "article", "--to", "jsonl", "--output", "out.jsonl")
    assert ran.json["articles"] > 0
    texts = {path.read_bytes() for path in files}
    for line in (here / "out.jsonl").read_bytes().removesuffix(b"\n").split(b"\n"):
        assert json.loads(line)["text"].encode() in texts
