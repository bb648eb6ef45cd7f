"""Findings as test cases in JUnit's XML: a suite a file, a case a finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

from corpus_tool.findings import Finding, Severity
from corpus_tool.reporters.escaping import plain
from corpus_tool.reporters.paint import Paint
from corpus_tool.reporters.style import PLAIN, Chosen, Style
from corpus_tool.reporters.text import closing, paragraph, where
from corpus_tool.summary import Summary

MOST = 10_000
TOOL = "corpus-tool"


def junit(findings: Iterable[Finding], summary: Summary | None, style: Style = PLAIN) -> Iterator[str]:
    """Errors fail; warnings, notes and what is suppressed are skipped cases, with what they say as the reason.

    The last suite is about the run: its one case has the summary as its output, and passes unless there are errors
    beyond the cap.
    """
    chosen = Chosen(findings, style, MOST, suppressed=True)
    suites: dict[str, list[ET.Element]] = {}
    for finding in chosen:
        suites.setdefault(finding.location.path, []).append(_case(finding))
    made = [_suite(plain(path), cases) for path, cases in suites.items()]
    made.append(_suite(TOOL, [_run(chosen, summary)]))
    totals = {name: str(sum(int(suite.get(name, "0")) for suite in made)) for name in ("tests", "failures", "skipped")}
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield _start("testsuites", {"name": TOOL, **totals, "errors": "0"})
    for suite in made:
        ET.indent(suite, " ")
        yield ET.tostring(suite, encoding="unicode") + "\n"
    yield "</testsuites>\n"


def _start(name: str, attributes: dict[str, str]) -> str:
    return ET.tostring(ET.Element(name, attributes), encoding="unicode").removesuffix(" />") + ">\n"


def _suite(name: str, cases: list[ET.Element]) -> ET.Element:
    counts = {"failures": "failure", "skipped": "skipped"}
    numbers = {what: str(sum(case.find(tag) is not None for case in cases)) for what, tag in counts.items()}
    suite = ET.Element("testsuite", {"name": name, "tests": str(len(cases)), "errors": "0", **numbers})
    suite.extend(cases)
    return suite


def _case(finding: Finding) -> ET.Element:
    at = finding.location
    name = f"{finding.code} {finding.name} {at.article or ''}{at.pointer}".rstrip()
    case = ET.Element("testcase", {"name": plain(name), "classname": plain(at.path), "file": plain(at.path)})
    if at.line is not None:
        case.set("line", str(at.line))
    label, why = finding.severity.label, finding.suppression
    if why is not None:
        ET.SubElement(case, "skipped", {"message": plain(f"suppressed ({why.by}: {why.reason}): {finding.message}")})
    elif finding.severity is Severity.ERROR:
        failure = ET.SubElement(case, "failure", {"type": plain(finding.code), "message": plain(finding.message)})
        failure.text = "".join(paragraph(finding, Paint()))
    else:
        said = f"{label}: {where(finding)}: {finding.message}"
        ET.SubElement(case, "skipped", {"type": plain(finding.code), "message": plain(said)})
    return case


def _run(chosen: Chosen, summary: Summary | None) -> ET.Element:
    case = ET.Element("testcase", {"name": "validate", "classname": TOOL})
    if chosen.rest[Severity.ERROR]:
        ET.SubElement(case, "failure", {"type": "not shown", "message": chosen.said()})
    said = [f"{chosen.said()}\n"] if chosen.left else []
    lines = [*said, *(closing(summary) if summary is not None else ())]
    if lines:
        ET.SubElement(case, "system-out").text = "".join(lines)
    return case
