"""People in a release: under the names of a list that stays with the team, and with nothing that gives them away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from corpus_tool.errors import SettingsError
from corpus_tool.exported import Exported
from corpus_tool.release.manifest import parse_manifest
from corpus_tool.release.verification.verify import verify
from corpus_tool.releasing import build_release
from corpus_tool.settings import Options
from tests.program import lines, run

MARA, ADA = "mara.quill@news.example", "Ada Vell"


def article(name: str, *agents: str, **record: Any) -> dict[str, Any]:
    spans = [{"start": 0, "end": 4, "text": "Mara"}]
    made = [{"id": f"T{at}", "type": "PER", "spans": spans, "prov": f"A{at}"} for at, _ in enumerate(agents)]
    people = [
        {"id": f"A{at}", "agent": agent, "agent_type": "human", "role": "annotator", **record}
        for at, agent in enumerate(agents)
    ]
    model = {"id": "M1", "agent": "tagger", "agent_type": "model", "model_version": "1.0"}
    return {"id": name, "text": f"Mara wrote {name}.", "entities": made, "provenance": [*people, model]}


def built(folder: Path, *articles: dict[str, Any], settings: str = "", **options: Any) -> Exported:
    (folder / "a.jsonl").write_bytes(lines(*articles))
    (folder / "corpus.toml").write_text(f'name = "bay"\nlicence = "CC-BY-4.0"\n{settings}')
    return build_release([str(folder / "a.jsonl")], folder / "out", name=None, version=None, options=Options(**options))


def agents(made: Exported) -> list[list[str]]:
    view = "articles_raw" if (made.path / "articles_raw").exists() else "articles"
    return [[one["agent"] for one in row["provenance"]] for row in pq.read_table(made.path / view).to_pylist()]


LISTED = '[release]\npseudonyms = "who.json"\n'


def test_nobody_is_named_anywhere_in_the_release(tmp_path: Path) -> None:
    made = built(tmp_path, article("a", MARA, ADA), article("b", ADA), article("c", "annotator-09"), settings=LISTED)
    assert not made.refused
    assert verify(made.path, "logical") == ()
    assert agents(made) == [
        ["annotator-01", "annotator-02", "tagger"],
        ["annotator-02", "tagger"],
        ["annotator-03", "tagger"],
    ]
    assert json.loads((tmp_path / "who.json").read_bytes()) == {
        MARA: "annotator-01", ADA: "annotator-02", "annotator-09": "annotator-03",
    }  # fmt: skip
    manifest = parse_manifest((made.path / "manifest.json").read_bytes(), "")
    assert {who.agent for who in manifest.counts.annotators} == {"annotator-01", "annotator-02", "annotator-03"}
    assert "| annotator-02 | human | annotator | 2 |" in (made.path / "README.md").read_text()
    for path in made.path.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        plain = json.dumps(pq.read_table(path).to_pylist()).encode() if path.suffix == ".parquet" else data
        for name in (MARA, ADA, "annotator-09"):
            assert name.encode() not in plain + data, path


def test_a_name_stays_from_release_to_release_and_the_list_only_grows(tmp_path: Path) -> None:
    built(tmp_path, article("a", MARA), article("b", ADA), settings=LISTED)
    before = (tmp_path / "who.json").read_bytes()
    made = built(tmp_path, article("0", ADA), article("a", MARA), settings=LISTED)
    assert agents(made) == [["annotator-02", "tagger"], ["annotator-01", "tagger"]]
    assert (tmp_path / "who.json").read_bytes() == before
    made = built(tmp_path, article("0", "Iben Holm"), article("a", MARA), article("c", "annotator-02"), settings=LISTED)
    assert agents(made) == [["annotator-03", "tagger"], ["annotator-01", "tagger"], ["annotator-02", "tagger"]]


@pytest.mark.parametrize("jobs", [1, 2])
def test_names_do_not_depend_on_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    monkeypatch.setattr("corpus_tool.blocks.read_blocks.__defaults__", (500,))
    articles = [article(f"a{number:02}", f"person {number % 7}") for number in range(20)]
    made = built(tmp_path, *articles, settings=LISTED, jobs=jobs)
    assert [names[0] for names in agents(made)] == [f"annotator-{number % 7 + 1:02}" for number in range(20)]


def test_the_option_and_the_plan_take_the_list(tmp_path: Path) -> None:
    built(tmp_path, article("a", MARA), settings=LISTED)
    (tmp_path / "corpus.toml").write_text('name = "bay"\nlicence = "CC-BY-4.0"\n')
    source, out, who = str(tmp_path / "a.jsonl"), str(tmp_path / "out"), str(tmp_path / "who.json")
    told = run("release", "plan", source, "-o", out, "--pseudonyms", who, "--format", "json").json
    assert told["reasons"] == []
    ran = run("release", "build", source, "-o", out, "--pseudonyms", who)
    assert ran.code == 0
    assert (tmp_path / "out" / "bay" / "1.0.1").is_dir()


def test_a_refused_build_writes_no_list(tmp_path: Path) -> None:
    broken = {**article("b", ADA), "entities": 7}
    assert built(tmp_path, article("a", MARA), broken, settings=LISTED).refused
    assert not (tmp_path / "who.json").exists()


def test_what_a_list_must_be(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(lines(article("a", MARA)))
    (tmp_path / "who.json").write_text('["Mara"]')
    words = (
        "release",
        "build",
        "--name",
        "bay",
        "-o",
        str(tmp_path / "out"),
        "--pseudonyms",
        str(tmp_path / "who.json"),
    )
    ran = run(*words, str(tmp_path / "a.jsonl"))
    assert ran.code == 2
    assert "is no list of pseudonyms" in ran.err


def test_a_list_and_standard_input_do_not_go_together(tmp_path: Path) -> None:
    words = (
        "release",
        "build",
        "-",
        "--name",
        "bay",
        "-o",
        str(tmp_path / "out"),
        "--pseudonyms",
        str(tmp_path / "w.json"),
    )
    ran = run(*words, stdin=lines(article("a", MARA)))
    assert ran.code == 2
    assert "standard input" in ran.err


PERSONAL = {
    "e-mail of an agent": ((MARA,), {}),
    "e-mail in a tool": (("annotator-01",), {"tool": f"brat of {MARA}"}),
    "phone": (("annotator-01",), {"run": "+44 20 7946 0018"}),
    "home": (("annotator-01",), {"decoding": "--model=/home/mara/m.bin"}),
    "orcid": (("https://orcid.org/0000-0002-1825-0097",), {}),
}
SETTINGS = {
    "plain": "",
    "ignored": '[validate]\nignore = ["PRV"]\n',
    "lowered": '[severity]\nPRV707 = "info"\nPRV703 = "info"\n',
    "by path": '[[ignore]]\npaths = ["**"]\nrules = ["PRV"]\nreason = "we know"\n',
    "listed": f'[policy]\nannotators = ["{MARA}", "annotator-01", "tagger"]\n',
}


@pytest.mark.parametrize(("people", "record"), PERSONAL.values(), ids=PERSONAL)
@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_personal_data_is_refused(tmp_path: Path, people: tuple[str], record: dict[str, str], settings: str) -> None:
    made = built(tmp_path, article("a", *people, **record), settings=settings)
    assert made.refused
    assert "PRV707" in {finding.code for finding in made.report.findings}
    assert not (tmp_path / "out").exists()
    assert MARA not in "".join(finding.message for finding in made.report.findings if finding.code == "PRV707")


@pytest.mark.parametrize("name", ["e-mail of an agent", "orcid"])
def test_pseudonyms_mend_it(tmp_path: Path, name: str) -> None:
    people, record = PERSONAL[name]
    assert not built(tmp_path, article("a", *people, **record), settings=LISTED).refused


@pytest.mark.parametrize("name", ["e-mail in a tool", "phone", "home"])
def test_pseudonyms_mend_nothing_else(tmp_path: Path, name: str) -> None:
    people, record = PERSONAL[name]
    assert built(tmp_path, article("a", *people, **record), settings=LISTED).refused


def test_an_orcid_that_is_listed_is_meant_to_be_seen(tmp_path: Path) -> None:
    people, _ = PERSONAL["orcid"]
    settings = f'[policy]\nannotators = ["{people[0]}", "tagger"]\n'
    assert not built(tmp_path, article("a", *people), settings=settings).refused


def test_a_path_that_is_none_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="null byte"):
        built(tmp_path, article("a", ADA), settings='[release]\npseudonyms = "a\\u0000b"\n')
