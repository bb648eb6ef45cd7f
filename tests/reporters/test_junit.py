from __future__ import annotations

import junitparser

from corpus_tool.findings import Finding
from corpus_tool.reporters import Style
from corpus_tool.reporters.junit import junit
from tests.reporters.samples import BARE, FINDINGS, KNOWN, PLACED, RIGHT_TO_LEFT, summed


def read(*findings: Finding, style: Style = Style()) -> junitparser.JUnitXml:  # noqa: B008 (a frozen value)
    return junitparser.JUnitXml.fromstring("".join(junit(findings, summed(findings), style)).encode())


def test_a_suite_a_file_and_one_of_the_run() -> None:
    report = read(*FINDINGS)
    files = list(dict.fromkeys(finding.location.path for finding in FINDINGS))
    assert [suite.name for suite in report] == [*files, "corpus-tool"]
    assert (report.tests, report.failures, report.errors, report.skipped) == (10, 4, 0, 5)
    for suite in report:
        assert suite.tests == len(list(suite))


def test_an_error_fails_with_all_there_is_to_say() -> None:
    suite = next(iter(read(PLACED)))
    (case,) = suite
    (failure,) = case.result
    assert isinstance(failure, junitparser.Failure)
    assert (failure.type, failure.message) == ("LBL501", PLACED.message)
    assert "--> articles/harbour.jsonl:12:401" in (failure.text or "")
    assert case.name == "LBL501 label-is-in-the-inventory harbour-0001/entities/0/type"


def test_what_is_no_error_or_does_not_count_is_skipped_with_the_reason() -> None:
    cases = [case for suite in read(RIGHT_TO_LEFT, BARE, KNOWN) for case in suite][:3]
    said = [case.result[0].message for case in cases]
    assert all(case.is_skipped for case in cases)
    assert said[0].startswith("warning: articles/marfa.json:4:9: ")
    assert said[1].startswith("info: <stdin>: ")
    assert said[2].startswith("suppressed (baseline: known since 2.1): ")


def test_a_clean_run_is_a_case_that_passes_with_the_summary() -> None:
    (suite,) = read()
    (case,) = suite
    assert case.is_passed
    assert "no findings" in (case.system_out or "")


def test_errors_beyond_the_cap_fail_the_run() -> None:
    *_, suite = read(PLACED, PLACED, PLACED, style=Style(most=1))
    (case,) = suite
    assert case.is_failure
    assert "2 more findings not shown: 2 errors" in (case.system_out or "")
