"""Formats that are taken for one of ours and are none: named, so that nobody waits for a guess."""

from __future__ import annotations

import re

_SIGNS = (
    (rb"\A\xac\xed\x00\x05", "is serialised Java, which is never loaded: export UIMA CAS XMI or JSON"),
    (rb"\A\x80[\x02-\x05][\x95}\]c(]", "is a Python pickle: it is never loaded; export JSON from what wrote it"),
    (rb"\APK\x03\x04", "is a zip archive under another name: call it .zip"),
    (rb"\A\s*\d+\|t\|[^\n]*\n\d+\|a\|", "is PubTator: save the same collection as BioC (`--from bioc`)"),
    (
        rb"<(?:\w+:)?(?:newsItem|newsMessage|packageItem|conceptItem)\b[^>]*iptc\.org/std/nar/",
        "is NewsML-G2: convert it to ninjs (`--from ninjs`)",
    ),
    (
        rb"\A\s*#\s?id=\d+\r?\n#\s?text=[^\n]*\n1-1\t",
        "is WebAnno TSV 1, which has no offsets: export it as WebAnno TSV 3 or UIMA CAS XMI",
    ),
    (rb"\A%PDF-", "is a PDF, which has no text to count in: annotate what was extracted from it"),
)


def neighbour(head: bytes) -> str | None:
    """What the beginning of a file is, and what to do instead; None where it may be of a format that is read."""
    start = head.removeprefix(b"\xef\xbb\xbf")
    return next((said for sign, said in _SIGNS if re.search(sign, start)), None)
