from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from huggingface_hub import DatasetCard

from corpus_tool.errors import SettingsError
from corpus_tool.release.build import build
from corpus_tool.release.index import read_release
from corpus_tool.release.manifest import Counts
from corpus_tool.release.pages import tables
from corpus_tool.release.pages.body import counted
from corpus_tool.release.pages.card import Author, Card, front_matter_of
from corpus_tool.release.pages.citing import citation, zenodo
from corpus_tool.release.pages.licences import check_licence, hub_name, known, licence_text
from corpus_tool.release.verification.verify import verify
from corpus_tool.releasing import build_release
from tests.release.sample import released, request, write_views

ORCID = "https://orcid.org/0000-0002-1825-0097"
FULL = Card(
    title="Harbour | News: <b>1</b>",
    description="News: of a harbour, *and* <i>more</i>.\n--- not front matter",
    licence="CC-BY-4.0",
    languages=("no", "en"),
    authors=(Author("Name, Ada", "0000-0002-1825-0097", "A Place"), Author("A Laboratory")),
    homepage="https://example.org",
    source="SOURCE",
    annotation="ANNOTATION",
    limits="LIMITS",
    tags=("news", "news", "été"),
    uses="USES",
    misuses="MISUSES",
    rationale="RATIONALE",
    producers="PRODUCERS",
    personal="PERSONAL",
    biases="BIASES",
    recommendations="RECOMMENDATIONS",
    contact="CONTACT",
)

LICENCES = {
    "identifier": ("CC-BY-4.0", "CC-BY-4.0"),
    "other case": ("cc-by-sa-4.0", "CC-BY-SA-4.0"),
    "expression": ("mit and CC0-1.0", "MIT AND CC0-1.0"),
    "own": ("LicenseRef-Press-2026", "LicenseRef-Press-2026"),
}


@pytest.mark.parametrize(("text", "canonical"), LICENCES.values(), ids=LICENCES.keys())
def test_a_licence_is_written_as_spdx_writes_it(text: str, canonical: str) -> None:
    assert check_licence(text) == canonical


@pytest.mark.parametrize("text", ["CC-BY", "ask us", "", "CC-BY-4.0 AND", "LicenseRef-", "LicenseRef-a b"])
def test_what_spdx_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match=r"corpus\.toml\.licence: .* is no SPDX licence .*LicenseRef-NAME") as error:
        check_licence(text, "corpus.toml.licence")
    assert error.value.exit_code == 2


def test_a_release_under_no_licence_of_spdx_is_refused_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "corpus.toml").write_text('name = "x"\nlicence = "CC-BY"\n')
    (tmp_path / "a.jsonl").write_text("this is no article\n")
    with pytest.raises(SettingsError, match=r"corpus\.toml\.licence: 'CC-BY' is no SPDX licence"):
        build_release([str(tmp_path / "a.jsonl")], tmp_path / "releases", name=None, version=None)
    assert not (tmp_path / "releases").exists()


NAMES = {
    "none": (None, "unknown", None, "No licence is stated"),
    "data": ("ODbL-1.0", "odbl", "https://opendatacommons.org/licenses/odbl/1-0/", "licensed under ODbL-1.0"),
    "of the list": ("CC-BY-NC-3.0", "other", "https://spdx.org/licenses/CC-BY-NC-3.0.html", "CC-BY-NC-3.0.html"),
    "expression": ("MIT AND CC0-1.0", "other", None, "published under: MIT AND CC0-1.0"),
    "own": ("LicenseRef-Own", "other", None, "Its text was not given"),
}


@pytest.mark.parametrize(("licence", "hub", "address", "words"), NAMES.values(), ids=NAMES.keys())
def test_names_of_a_licence(licence: str | None, hub: str, address: str | None, words: str) -> None:
    assert hub_name(licence) == hub
    assert (known(licence) or (None, None))[1] == address
    assert words in licence_text("T", licence, None)


AUTHORS: dict[str, tuple[Author, dict[str, str], dict[str, str]]] = {
    "entity": (Author("A Laboratory"), {"name": "A Laboratory"}, {"name": "A Laboratory"}),
    "person": (
        Author("Name, Ada"),
        {"family-names": "Name", "given-names": "Ada"},
        {"name": "Name, Ada"},
    ),
    "person of one name": (
        Author("Ada", "0000-0002-1825-0097"),
        {"family-names": "Ada", "orcid": ORCID},
        {"name": "Ada", "orcid": "0000-0002-1825-0097"},
    ),
    "with a place": (
        Author("Ada Name", ORCID, "A Place"),
        {"family-names": "Ada Name", "affiliation": "A Place", "orcid": ORCID},
        {"name": "Ada Name", "affiliation": "A Place", "orcid": "0000-0002-1825-0097"},
    ),
}


@pytest.mark.parametrize(("author", "cited", "deposited"), AUTHORS.values(), ids=AUTHORS.keys())
def test_authors(tmp_path: Path, author: Author, cited: dict[str, str], deposited: dict[str, str]) -> None:
    card, manifest = Card(authors=(author,)), released(tmp_path).manifest
    assert yaml.safe_load(citation(card, manifest))["authors"] == [cited]
    assert zenodo(card, manifest)["creators"] == [deposited]


def test_what_zenodo_is_told(tmp_path: Path) -> None:
    built = build(request(tmp_path, card=FULL), write_views)
    assert json.loads((built.path / ".zenodo.json").read_bytes()) == {
        "upload_type": "dataset",
        "title": FULL.title,
        "version": "1.0.0",
        "publication_date": built.manifest.created[:10],
        "description": "<p>News: of a harbour, <em>and</em> &lt;i&gt;more&lt;/i&gt;.\n--- not front matter</p>",
        "creators": [
            {"name": "Name, Ada", "affiliation": "A Place", "orcid": "0000-0002-1825-0097"},
            {"name": "A Laboratory"},
        ],
        "keywords": ["news", "été"],
        "license": "cc-by-4.0",
    }


SECTIONS = {
    "Direct Use": "USES", "Out-of-Scope Use": "MISUSES", "Curation Rationale": "RATIONALE",
    "Data Collection and Processing": "SOURCE", "Who are the source data producers?": "PRODUCERS",
    "Annotation process": "ANNOTATION", "Personal and Sensitive Information": "PERSONAL",
    "Bias, Risks, and Limitations": "BIASES\n\nLIMITS", "Recommendations": "RECOMMENDATIONS",
    "Dataset Card Contact": "CONTACT",
}  # fmt: skip


@pytest.mark.parametrize("card", [FULL, Card()], ids=["all is said", "nothing is said"])
def test_the_card_has_the_sections_of_the_hub(tmp_path: Path, card: Card) -> None:
    path = build(request(tmp_path, card=card), write_views).path
    text = (path / "README.md").read_text()
    loaded = DatasetCard(text)
    front = front_matter_of(text.encode())
    assert loaded.data.to_dict() == front
    template = DatasetCard.default_template_path.read_text()
    wanted = [line.lstrip("# ").removesuffix(" [optional]") for line in template.splitlines() if line.startswith("##")]
    found = {part.split("\n", 1)[0].lstrip("# "): part.partition("\n")[2].strip()
             for part in loaded.text.split("\n#")}  # fmt: skip
    left = {"Glossary", "More Information"}
    assert [name for name in wanted if name not in found and name not in left] == []
    if card is FULL:
        assert {name: found[name] for name in SECTIONS} == SECTIONS
    else:
        assert {found[name] for name in SECTIONS} == {"*Not stated.*"}


def test_the_card_tells_agreement_and_every_label(tmp_path: Path) -> None:
    def write(folder: Path) -> Any:
        return replace(write_views(folder), agreement=(("names", "PER", 4, 0.75),))

    text = (build(request(tmp_path), write).path / "README.md").read_text()
    assert "| names | PER | 4 | 0.750 |" in text
    assert "| names | NO | 1 | 0 |  |" in text
    assert "Not measured." in (released(tmp_path, "1.0.1").path / "README.md").read_text()


def test_splits_stand_as_people_list_them(tmp_path: Path) -> None:
    manifest, _ = read_release(released(tmp_path).path)
    counts = Counts(dict.fromkeys(("dev", "test", "train", "validation"), 1))
    shards = (replace(manifest.shards[0], view="articles", split="train", rows=7),)
    views = (replace(manifest.views[0], name="articles"),)
    shown = tables.splits(replace(manifest, counts=counts, shards=shards, views=views)).splitlines()
    assert [line.split(" | ")[0] for line in shown[2:6]] == ["| train", "| validation", "| test", "| dev"]
    assert [line for line in shown if line.startswith("| articles")] == ["| articles | 7 | 0 | 0 | 0 |"]


def test_layers_are_counted_in_one_order(tmp_path: Path) -> None:
    manifest, _ = read_release(released(tmp_path).path)
    counts = Counts({"test": 1, "train": 2}, {"test": {"words": 3}, "train": {"entities": 1, "words": 4}})
    assert counted(replace(manifest, counts=counts)) == "3 articles, 1 entities, 7 words."


PAGES = {
    "cff version": ("CITATION.cff", "version: 1.0.0", "version: 1.0.1", "another version"),
    "cff title": ("CITATION.cff", "title: Harbour News", "title: Other", "another title"),
    "cff is no yaml": ("CITATION.cff", "title:", "\x00title:", "cannot be read"),
    "zenodo version": (".zenodo.json", '"version": "1.0.0"', '"version": "1"', "another version"),
    "zenodo title": (".zenodo.json", '"title": "Harbour News"', '"title": ""', "another title"),
    "zenodo is no object": (".zenodo.json", "{", "[{", "cannot be read"),
}


@pytest.mark.parametrize(("page", "old", "new", "words"), PAGES.values(), ids=PAGES.keys())
def test_verify_finds_pages_that_differ(tmp_path: Path, page: str, old: str, new: str, words: str) -> None:
    path = released(tmp_path).path
    text = (path / page).read_text()
    assert old in text
    (path / page).write_text(text.replace(old, new, 1))
    found = [finding.message for finding in verify(path, "logical") if finding.code == "RLS906"]
    assert [message for message in found if words in message]
