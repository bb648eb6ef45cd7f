from __future__ import annotations

import pytest

from corpus_tool.findings import Edit, Finding, Fix, Location, Severity
from corpus_tool.reporters.text import closing, concise, full, where
from corpus_tool.summary import Summary


def finding(message: str = "wrong", **place: object) -> Finding:
    return Finding("SPN304", "surface", Severity.ERROR, Location(**{"path": "a.jsonl", **place}), message)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ({}, "a.jsonl"), ({"line": 3}, "a.jsonl:3"), ({"line": 3, "column": 7}, "a.jsonl:3:7"),
        ({"path": "::error::x"}, "./::error::x"), ({"path": " ::error::x"}, "./ ::error::x"), ({"path": "a\n::error::x"}, "a\\u000a::error::x"),
    ],
)  # fmt: skip
def test_where(place: dict[str, object], shown: str) -> None:
    assert where(finding(**place)) == shown


def test_concise() -> None:
    fixable = Finding(
        "LBL501", "label", Severity.ERROR, Location("a", 1, 2), "no\nlabel", Fix("write it", (Edit("/x", 1, 2),))
    )
    assert list(concise([finding(), fixable], None)) == [
        "a.jsonl: SPN304 wrong\n",
        "a:1:2: LBL501 [*] no\\u000alabel\n",
    ]


def test_full() -> None:
    place = Location("a", 1, 2, pointer="/entities/0", article="x\x1b", annotation="T1")
    found = Finding(
        "LBL501", "label", Severity.WARNING, place, "no", Fix("write\x07 it", (Edit("/x", 1, 2),), "unsafe")
    )
    assert "".join(full([found, finding()], None)) == (
        "warning[LBL501] label: no\n  --> a:1:2\n   in article x\\u001b, annotation T1, /entities/0\n"
        "  fix write\\u0007 it (unsafe)\n\nerror[SPN304] surface: wrong\n  --> a.jsonl\n\n"
    )


class TestClosing:
    @pytest.mark.parametrize(
        ("levels", "shown"),
        [
            ({}, "2 articles in 1 file: no findings\n"),
            ({"error": 1}, "2 articles in 1 file: 1 error\n"),
            ({"error": 2000, "warning": 1, "info": 3}, "2 articles in 1 file: 2,000 errors, 1 warning, 3 info\n"),
        ],
        ids=["clean", "one", "all"],
    )
    def test_counts(self, levels: dict[str, int], shown: str) -> None:
        summary = Summary(articles=2, files=1)
        summary.by_severity |= levels
        assert list(closing(summary)) == [shown]

    @pytest.mark.parametrize(
        ("fixable", "shown"),
        [
            ({"safe": 0, "unsafe": 0}, []),
            ({"safe": 1200, "unsafe": 0}, ["1,200 fixable with --fix\n"]),
            ({"safe": 1, "unsafe": 2}, ["1 fixable with --fix (2 more with --unsafe-fixes)\n"]),
            ({"safe": 0, "unsafe": 2}, ["2 fixable with --unsafe-fixes\n"]),
        ],
    )
    def test_what_can_be_mended(self, fixable: dict[str, int], shown: list[str]) -> None:
        assert list(closing(Summary(fixable=fixable)))[1:] == shown

    def test_what_does_not_count(self) -> None:
        assert list(closing(Summary(suppressed={"SPN301": 2, "SPN302": 1}))) == [
            "0 articles: no findings (3 suppressed)\n"
        ]

    def test_what_was_not_looked_at(self) -> None:
        summary = Summary(
            articles=3,
            refused=1,
            not_checked={f"SPN{n}": n for n in range(301, 311)},
            left_out={"dot-files": 2, "b": 1},
        )
        _, refused, not_checked, left_out = closing(summary)
        assert refused.startswith("1 article refused")
        assert not_checked.startswith("not checked: SPN301 301, SPN302 302")
        assert not_checked.endswith("SPN308 308 and 2 more rules\n")
        assert left_out == "left out: 1 b, 2 dot-files\n"
