from __future__ import annotations

from dataclasses import replace

from corpus_tool.findings import Finding, Severity
from corpus_tool.reporters import Style
from corpus_tool.reporters.github import IN_THE_LOG, annotation, github
from tests.reporters.samples import BARE, ERROR, INFO, PLACED, RIGHT_TO_LEFT, SOURCE, WARNING, summed


def many(severity: Severity, number: int) -> list[Finding]:
    return [replace(PLACED, severity=severity, message=f"message {each}") for each in range(number)]


def lines(findings: list[Finding], style: Style = Style()) -> list[str]:  # noqa: B008 (a frozen value)
    return "".join(github(findings, summed(tuple(findings)), style)).rstrip("\n").split("\n")


def test_columns_stand_only_where_it_is_one_line() -> None:
    assert annotation(PLACED).startswith(
        "::error file=articles/harbour.jsonl,line=12,endLine=12,col=401,endColumn=406,title=LBL501 "
    )
    assert annotation(RIGHT_TO_LEFT).startswith("::warning file=articles/marfa.json,line=4,endLine=6,title=SPN307 ")
    assert annotation(BARE).startswith("::notice file=<stdin>,title=COL802 ")


def test_properties_and_data_are_escaped() -> None:
    said = annotation(SOURCE)
    assert said.startswith("::error file=notes/a b%2Cc%3A50%25.ann,line=17,title=")
    assert said.count("\n") == 1


def test_ten_of_each_severity_are_annotations_and_the_rest_is_counted_and_listed() -> None:
    found = lines([*many(ERROR, 12), *many(WARNING, 11), *many(INFO, 3)])
    assert [sum(line.startswith(f"::{name} ") for line in found) for name in ("error", "warning", "notice")] == [
        10,
        10,
        3,
    ]
    stop = next(number for number, line in enumerate(found) if line.startswith("::stop-commands::"))
    assert found[stop + 1] == "not annotated, since GitHub shows 10 of a severity: 2 errors, 1 warning"
    assert [line.rpartition(" ")[2] for line in found[stop + 2 : stop + 5]] == ["10", "11", "10"]
    assert "12 errors, 11 warnings, 3 info" in found[stop + 5]
    assert found[-1] == f"::{found[stop].rpartition(':')[2]}::"


def test_the_log_is_bounded_with_the_true_counts() -> None:
    found = lines(many(ERROR, IN_THE_LOG + 110))
    assert f"1,100 errors, of which {IN_THE_LOG:,} are listed here" in "\n".join(found)
    assert len(found) < IN_THE_LOG + 20


def test_another_number_of_annotations() -> None:
    assert sum(line.startswith("::error ") for line in lines(many(ERROR, 30), Style(most=0))) == 30
    assert sum(line.startswith("::error ") for line in lines(many(ERROR, 30), Style(most=3))) == 3


def test_nothing_found_and_nothing_to_say_is_nothing() -> None:
    assert list(github([], None)) == []
