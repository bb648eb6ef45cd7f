"""Findings in which every text that comes from data is hostile."""

from __future__ import annotations

import json
import re
from functools import cache

from corpus_tool.findings import Edit, Excerpt, Finding, Fix, Location, Replacement, Severity, Suppression
from tests.corpora import corpora

OWN = (
    "::error file=x::owned", " \t::set-output name=x::y", "a\n::stop-commands::t", "a\r::error::x", "##[error]x", "a ##[group]b", "##vso[task.setvariable x]y",
    "##teamcity[x]", "#\u200b#[error]x", "\x1b[31mred\x1b[0m", "\x1b]8;;http://x.example\x07link\x1b]8;;\x07", "\x9b2J", "\x9d0;title\x9c", "\u202eabc\u2066", "\u200f\u061c",
    "a\u200bb\u2060\ufeff", "a\u00adb", "\U000e0068\U000e0069", "\u200d\u200c", "\u2028\u2029\u0085", "\ud800", "\udcff", "\udfff\ud800", "\x00", "\ufffe\uffff", "\x0b\x0c",
    "[red]x[/red]", "[/x]", "[link=http://x.example]y", "<script>alert(1)</script>", "</details><img src=x onerror=alert(1)>", "]]>", "<!--", "&lt;&amp;", "<![CDATA[x]]>",
    "| a | b |", "```\n# head\n```", "````````", "[x](javascript:alert(1))", "![x](http://x.example/y.png)", "@everyone #1 GH-1", "http://x.example/ www.x.example", "- a\n- b", "1) a", "    code",
    "{0} {{ }}", "%0A%25", "%", "a:b,c", '"', "'", "\\", "\\u001b", "$(x) `x`", "=1+1", "", " ", "\t", "../../etc/passwd", "/etc/passwd", "-", "a b?c#d", "C:\\x", "é", "e\u0301", "👩‍👩‍👧", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
)  # fmt: skip
"""What terminals, CI services, XML, Markdown, SARIF and URIs give a meaning to."""

SEEN_OR_OBEYED = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufffe\uffff]"
)
"""What no output may have, but for its own line breaks and colours."""
LEGACY = re.compile(r"##\w*\[")


@cache
def naughty() -> tuple[str, ...]:
    """The big list of naughty strings."""
    strings = json.loads((corpora("naughty-strings") / "blns.json").read_text(encoding="utf-8"))
    assert len(strings) > 500
    return tuple(strings)


def hostile(text: str, *, suppressed: bool = False) -> Finding:
    """A finding made of one text."""
    at = Location(text, 3, 4, 3, 9, f"/{text}", text, text)
    fix = Fix(text, (Edit(f"/{text}", text, {text: [text]}),), "unsafe", (Replacement(1, text, text),))
    excerpt = Excerpt(len(text), 2 * len(text), text, text, text)
    why = Suppression("path", text) if suppressed else None
    return Finding("SPN304", "surface-is-what-the-span-covers", Severity.ERROR, at, text, fix, excerpt, "", why)


def all_hostile(texts: tuple[str, ...]) -> list[Finding]:
    return [hostile(text, suppressed=suppressed) for text in texts for suppressed in (False, True)]
