"""Metadata: what is asked for, dates, and what may not be published."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from corpus_tool.compiling import compile_schema
from corpus_tool.contract import Contract, load_contract
from corpus_tool.policy import Policy
from tests.program import lines, run
from tests.rules.tables import article, checked, places

TODAY = date(2026, 3, 2)
PLAIN = replace(load_contract(None, None), policy=Policy(today=TODAY))
EXAMPLES = Path(__file__).parents[2] / "examples"


def about(**metadata: object) -> dict[str, object]:
    return article("text", metadata=metadata)


@pytest.mark.parametrize(
    ("metadata", "found"),
    [
        ({}, ["language", "uri", "usageTerms"]),
        ({"language": "en", "uri": "urn:x", "usageTerms": "CC0"}, []),
        ({"language": "", "uri": None, "usageTerms": " \n"}, ["language", "uri", "usageTerms"]),
    ],
    ids=["nothing", "all", "blank"],
)
def test_what_is_asked_for(metadata, found) -> None:
    contract = replace(PLAIN, policy=Policy(required_metadata=("language", "uri", "licence")))
    assert places(about(**metadata), contract=contract, codes="MET701") == [
        ("MET701", f"/metadata/{at}") for at in found
    ]
    assert places(about(**metadata), contract=PLAIN, codes="MET701") == []


def test_an_article_without_metadata_lacks_it() -> None:
    contract = replace(PLAIN, policy=Policy(required_metadata=("licence", "split")))
    found = checked(article("a", split="test"), article("b"), contract=contract, codes="MET701")
    assert [(at, message) for _, at, message, _ in found] == [
        ("/metadata/usageTerms", "the article states no licence"),
        ("/metadata/usageTerms", "the article states no licence"),
        ("/split", "the article states no split"),
    ]


def test_a_schema_that_cannot_say_it() -> None:
    lighthouse = load_contract(EXAMPLES / "lighthouse" / "schema.json", None)
    contract = replace(lighthouse, policy=Policy(required_metadata=("status", "language")))
    made = {"kennung": "a", "wortlaut": "x", "kopf": {"sprache": "de", "baujahr": 1900, "bewohnt": False}}
    [(_, at, message, _)] = checked(made, contract=contract, codes="MET701")
    assert (at, message) == ("", "the article states no status: the schema has no field that means it")


@pytest.mark.parametrize(
    ("first", "version", "wrong"),
    [
        ("2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z", False),
        ("2026-03-01T10:00:00Z", "2026-03-01T09:59:59Z", True),
        ("2026-03-01T10:00:00Z", "2026-03-01T10:00:00.5Z", False),
        ("2026-03-01T10:00:00.5Z", "2026-03-01T10:00:00Z", True),
        ("2026-03-01T00:30:00+05:00", "2026-02-28T20:00:00Z", False),
        ("2026-02-28T23:00:00-12:00", "2026-03-01T01:00:00+14:00", True),
        ("2026-03-01T10:00:00z", "2026-03-01t11:00:00Z", False),
        (None, "2026-03-01T10:00:00Z", False),
        ("2026-03-01T10:00:00Z", None, False),
    ],
    ids=[
        "same",
        "older",
        "fraction",
        "fraction-older",
        "zones",
        "zones-older",
        "small-letters",
        "no-first",
        "no-version",
    ],
)
def test_a_version_older_than_the_first(first, version, wrong) -> None:
    made = about(firstCreated=first, versionCreated=version)
    fine = about(firstCreated="2026-01-01T00:00:00Z", versionCreated="2026-01-02T00:00:00Z")
    found = places(fine, made, contract=PLAIN, codes="MET701")
    assert found == ([("MET701", "/metadata/versionCreated")] if wrong else [])


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("contentCreated", "2026-03-02", False),
        ("contentCreated", "2026-03-03", False),
        ("contentCreated", "2026-03-04", True),
        ("versionCreated", "2026-03-03T23:59:59Z", False),
        ("versionCreated", "2026-03-04T05:00:00+09:00", False),
        ("firstCreated", "2026-03-04T00:00:00Z", True),
        ("embargoedUntil", "2999-01-01T00:00:00Z", False),
    ],
    ids=["today", "tomorrow", "later", "tomorrow-at-night", "tomorrow-elsewhere", "first", "embargo"],
)
def test_dates_in_the_future(name, value, wrong) -> None:
    assert places(about(**{name: value}), contract=PLAIN, codes="MET701") == [("MET701", f"/metadata/{name}")] * wrong


def test_the_clock_says_what_today_is() -> None:
    now = datetime.now(UTC).date()
    contract = replace(PLAIN, policy=Policy())
    made = [about(contentCreated=(now + timedelta(days=days)).isoformat()) for days in (0, 1, 3)]
    assert len(places(*made, contract=contract, codes="MET701")) == 1


@pytest.mark.parametrize(
    ("kind", "value"), [("date32", "2026-03-09"), ("timestamp[us]", "2026-03-09T00:00:00Z")], ids=str
)
def test_dates_of_another_type(kind, value) -> None:
    dated = {
        "type": "string",
        "format": "date" if kind == "date32" else "date-time",
        "x-field": "date",
        "x-arrow": kind,
    }
    schema = {"type": "object", "properties": {
        "key": {"type": "string", "x-id": True}, "body": {"type": "string", "x-text": True}, "tag": dated,
    }}  # fmt: skip
    contract = Contract(compile_schema(schema, None, None, "own"), None, Policy(today=TODAY))
    made = [{"key": "a", "body": "x", "tag": value}, {"key": "b", "body": "y", "tag": value.replace("09", "01")}]
    assert places(*made, contract=contract, codes="MET701") == [("MET701", "/tag")]


def test_a_date_that_is_none_is_no_matter_of_this_rule() -> None:
    schema = {"type": "object", "properties": {
        "key": {"type": "string", "x-id": True}, "body": {"type": "string", "x-text": True},
        "on": {"type": "string", "x-field": "date"}, "first": {"type": "string", "x-field": "first-created"},
        "last": {"type": "string", "x-field": "version-created"}, "until": {"type": "string", "x-field": "embargo"},
    }}  # fmt: skip
    contract = Contract(compile_schema(schema, None, None, "own"), None, Policy(today=TODAY))
    made = {
        "key": "a",
        "body": "x",
        "on": "spring 2031",
        "first": "yesterday",
        "last": "before",
        "until": "someone says so",
    }
    assert places(made, contract=contract, codes="MET701 MET702") == []


@pytest.mark.parametrize(
    ("metadata", "found"),
    [
        ({"pubStatus": "usable"}, None),
        ({"pubStatus": "withheld"}, "the article is 'withheld'"),
        ({"pubStatus": "canceled"}, "the article is 'canceled'"),
        ({"embargoedUntil": "2026-03-01T23:00:00Z"}, None),
        ({"embargoedUntil": "2026-03-02T01:00:00+02:00"}, None),
        (
            {"embargoedUntil": "2026-03-01T23:00:00-02:00"},
            "the article is under embargo until 2026-03-01T23:00:00-02:00",
        ),
        ({"embargoedUntil": "2027-01-01T00:00:00Z"}, "the article is under embargo until 2027-01-01T00:00:00Z"),
    ],
    ids=["usable", "withheld", "canceled", "over", "over-elsewhere", "not-over-elsewhere", "embargo"],
)
def test_what_may_be_published(metadata, found) -> None:
    ran = checked(about(), about(**metadata), contract=PLAIN, codes="MET702")
    assert [message for _, _, message, _ in ran] == ([found] if found else [])


SETTINGS = {
    "plain": "",
    "ignored": '[validate]\nignore = ["MET702"]\n',
    "lowered": '[severity]\nMET702 = "info"\n',
    "by-path": '[[ignore]]\npaths = ["**"]\nrules = ["MET"]\nreason = "we know"\n',
}


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_no_release_holds_what_may_not_be_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "corpus.toml").write_text(f"{settings}[release]\nexclude = []\n")
    (tmp_path / "a.jsonl").write_bytes(lines(about(), {**about(pubStatus="withheld"), "id": "b", "text": "other text"}))
    assert run("validate", "a.jsonl").code == 0
    ran = run("release", "build", "a.jsonl", "--name", "tide", "--output", "out")
    assert ran.code == 1
    assert "nothing was written" in ran.out
    assert not (tmp_path / "out").exists()
