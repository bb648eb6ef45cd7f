"""A fixed set of findings that has everything a finding can have, and the summary of the run they come from."""

from __future__ import annotations

from corpus_tool.findings import ABSENT, Edit, Excerpt, Finding, Fix, Location, Replacement, Severity, Suppression
from corpus_tool.summary import Summary

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

PLACED = Finding(
    "LBL501", "label-is-in-the-inventory", ERROR,
    Location("articles/harbour.jsonl", 12, 401, 12, 406, "/entities/0/type", "harbour-0001", "T1"),
    "label 'per' is not in the inventory: did you mean 'PER'?",
    Fix("write 'PER'", (Edit("/entities/0/type", "per", "PER"),)),
    Excerpt(5, 15, "Tide\n", "Mara Quill", " sailed from Port Ellery.\n\nThe crew"),
    "b5b6c0ff3f5d4d0f9e3c8a2d1c7e6f50",
)  # fmt: skip
WIDE = Finding(
    "SPN304", "surface-is-what-the-span-covers", ERROR,
    Location("articles/harbour.jsonl", 13, 88, 13, 96, "/entities/3/spans/0/text", "harbour-0002", "T4"),
    "the surface is '岸辺', the text has '港町 👩‍👧'",
    Fix("move the span to where the text has its surface",
        (Edit("/entities/3/spans/0/start", 4, 9), Edit("/entities/3/spans/0/end", 8, 11)), "unsafe"),
    Excerpt(4, 9, "今日は\t", "港町 👩‍👧", "に着いた\u200b。"),
    "0a6e2f3f5d4d0f9e3c8a2d1c7e6f5001",
)  # fmt: skip
RIGHT_TO_LEFT = Finding(
    "SPN307", "span-cuts-no-word", WARNING,
    Location("articles/marfa.json", 4, 9, 6, 2, "/entities/1/spans/0", "marfa", "T2"),
    "'الميناء' goes on with 'ات'",
    None,
    Excerpt(11, 18, "وصلت السفينة إلى ", "الميناء", "ات القديمة"),
    "1b6e2f3f5d4d0f9e3c8a2d1c7e6f5002",
)  # fmt: skip
EMPTY = Finding(
    "SPN303", "span-has-width", ERROR, Location("articles/marfa.json", 9, 3, 9, 40, "/entities/2/spans/0", "marfa", "T3"),
    "the span at 5 has no width", None, Excerpt(5, 5, "Mara ", "", "Quill"), "2c6e2f3f5d4d0f9e3c8a2d1c7e6f5003",
)  # fmt: skip
TEXTUAL = Finding(
    "TXT201", "text-is-in-normal-form-c", WARNING, Location("articles/marfa.json", 3, 10, 3, 60, "/text", "marfa"),
    "the text is not in normal form C in 2 places",
    Fix("compose the text", (Edit("/note", ABSENT, [1]), Edit("/old", "x", ABSENT)), "unsafe", (Replacement(4, "e\u0301", "\u00e9"),)),
    None, "3d6e2f3f5d4d0f9e3c8a2d1c7e6f5004",
)  # fmt: skip
SOURCE = Finding(
    "IO009", "line-is-readable", ERROR, Location("notes/a b,c:50%.ann", 17), "the line has no tab: '::error::x ##[error]y'"
)  # fmt: skip
BARE = Finding(
    "COL802", "text-is-unique", INFO, Location("<stdin>", article="rain"), "the text is that of article 'tide'"
)
OWN = Finding(
    "XYZ001", "own-rule", WARNING, Location("articles/harbour.jsonl", 14), "an own rule with {braces} and [a link](x)"
)
KNOWN = Finding(
    "SPN305", "span-has-no-white-space-at-its-edges", WARNING, Location("articles/harbour.jsonl", 12, 5, 12, 9, "/entities/0"),
    "the span 'Mara ' has white space at its edge", None, None, "4e6e2f3f5d4d0f9e3c8a2d1c7e6f5005", Suppression("baseline", "known since 2.1"),
)  # fmt: skip

FINDINGS = (PLACED, WIDE, OWN, KNOWN, RIGHT_TO_LEFT, EMPTY, TEXTUAL, SOURCE, BARE)


def summed(findings: tuple[Finding, ...] = FINDINGS) -> Summary:
    """The summary of a run with these findings."""
    summary = Summary(articles=2140, files=3, refused=1, not_checked={"SPN307": 3}, left_out={"dot-files": 2})
    for finding in findings:
        summary.count(finding)
    return summary
