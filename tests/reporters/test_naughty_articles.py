"""The big list of naughty strings as articles: text, id, label, surface and file name, through the whole program."""

from __future__ import annotations

import json
from pathlib import Path

import junitparser
import pytest

from corpus_tool.reporters import REPORTERS
from tests.program import lines, run
from tests.reporters.hostile import LEGACY, OWN, SEEN_OR_OBEYED, naughty


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus in which every string is wrong somewhere, and the names of some files are such strings."""
    folder = tmp_path_factory.mktemp("naughty")
    articles = []
    for number, text in enumerate(naughty()):
        spans = [{"start": 0, "end": len(text) + 1, "text": text}, {"start": 0, "end": 1, "text": f"{text}?"}]
        entity = {"id": text, "type": text, "spans": spans, "attributes": [{"name": text, "value": text}], "prov": text}
        articles.append({"id": f"{number}{text}", "text": text, "entities": [entity], text or "-": text})
        articles.append({"id": f"{number}", "text": text, "entities": [entity]})
    (folder / "articles.jsonl").write_bytes(lines(*articles))
    for text in (*OWN, *naughty()):
        name = f"{text.replace('/', '_')}.json"
        if (
            "\0" not in name
            and len(name.encode("utf-8", "surrogatepass")) < 200
            and not name.startswith(("README", "."))
        ):
            try:
                (folder / name).write_bytes(b"{")
            except (OSError, UnicodeEncodeError):
                continue
    return folder


@pytest.mark.parametrize("name", REPORTERS)
def test_nothing_gets_out_of_its_place(corpus: Path, name: str) -> None:
    ran = run("validate", ".", "--format", name, "--severity", "info", "--max-findings", "0", "--no-cache", cwd=corpus)
    assert ran.code == 1
    assert SEEN_OR_OBEYED.findall(ran.out) == []
    assert LEGACY.findall(ran.out) == []
    if name == "github":
        assert ran.out.count("::stop-commands::") == 1
    else:
        assert [line for line in ran.out.split("\n") if line.lstrip().startswith("::")] == []
    if name in ("json", "gitlab", "sarif"):
        assert json.loads(ran.out)
    if name == "jsonl":
        assert all(json.loads(line) for line in ran.out.rstrip("\n").split("\n"))
    if name == "junit":
        assert junitparser.JUnitXml.fromstring(ran.out.encode()).failures > 500
