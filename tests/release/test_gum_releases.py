"""Real articles released, corrected, and released again: what the second release says of the first."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus_tool.release.verification.verify import verify
from tests.corpora import corpora
from tests.program import run

Articles = list[dict[str, Any]]


def retype(articles: Articles) -> None:
    """One entity of the first article gets another label that the corpus has already."""
    entity = articles[0]["entities"][0]
    entity["type"] = "organization" if entity["type"] != "organization" else "person"


def renumber(articles: Articles) -> None:
    """Ids of chains change, and the order of mentions' annotations; nothing that anybody annotated."""
    for article in articles:
        for number, chain in enumerate(article["coreference"]):
            chain["id"] = f"renumbered-{number}"
        article["entities"].reverse()


def forget(articles: Articles) -> None:
    """An article goes."""
    articles.pop()


def rewrite(articles: Articles) -> None:
    """A character of one text changes, where no annotation is."""
    article = articles[1]
    article["text"] += "\n"
    article.pop("text_sha256", None)


def nothing(articles: Articles) -> None:
    """Released again as it was."""


CORRECTIONS: dict[str, tuple[Callable[[Articles], None], str]] = {
    "a label": (retype, "1.1.0"),
    "ids and order": (renumber, "1.0.1"),
    "nothing": (nothing, "1.0.1"),
    "an article less": (forget, "2.0.0"),
    "another text": (rewrite, "2.0.0"),
}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the articles, and a first release of them made of CoNLL-U."""
    folder = tmp_path_factory.mktemp("gum")
    source = corpora("gum-news") / "conllu"
    assert run("convert", source, "--to", "jsonl", "--output", folder / "articles.jsonl", "--quiet").code == 0
    done = run("release", "build", source, "--name", "gum-news", "--output", folder / "releases", "--quiet")
    assert done.code == 0, done.err
    return folder


def released_again(first: Path, folder: Path, correct: Callable[[Articles], None]) -> Path:
    """The releases after the articles were corrected and released once more, with no version named."""
    lines = (first / "articles.jsonl").read_text("utf-8").rstrip("\n").split("\n")
    articles = [json.loads(line) for line in lines]
    correct(articles)
    source, releases = folder / "articles.jsonl", folder / "releases"
    source.write_text("".join(json.dumps(article) + "\n" for article in articles), "utf-8")
    shutil.copytree(first / "releases", releases)
    done = run("release", "build", source, "--name", "gum-news", "--output", releases, "--quiet")
    assert done.code == 0, done.err
    return releases / "gum-news"


@pytest.mark.parametrize(("correct", "version"), CORRECTIONS.values(), ids=CORRECTIONS)
def test_corrected_and_released_again(
    first: Path, tmp_path: Path, correct: Callable[[Articles], None], version: str
) -> None:
    home = released_again(first, tmp_path, correct)
    assert [verify(home / which, "logical") for which in ("1.0.0", version)] == [(), ()]
    old, new = (json.loads((home / which / "manifest.json").read_bytes()) for which in ("1.0.0", version))
    assert new["parent"]["version"] == "1.0.0"
    assert (old["digests"]["logical"] == new["digests"]["logical"]) is (correct is nothing)


def test_the_difference_is_the_correction(first: Path, tmp_path: Path) -> None:
    home = released_again(first, tmp_path, retype)
    told = run("release", "diff", home / "1.0.0", home / "1.1.0", "--format", "json").json
    assert told["counts"] == {"annotation retyped": 1}
    (change,) = told["annotations"]
    assert (change["layer"], change["before"], change["label"]) == ("entities", "event", "organization")
    assert told["splits"] == [{"split": "train", "members": 0, "texts": 0, "gold": 1, "comparable": False}]


def test_ids_and_order_are_no_difference(first: Path, tmp_path: Path) -> None:
    home = released_again(first, tmp_path, renumber)
    told = run("release", "diff", home / "1.0.0", home / "1.0.1", "--format", "json").json
    assert told["empty"] is True
    assert told["renumbered"]["annotations"] > 0
