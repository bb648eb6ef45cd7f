"""How an HTML page is told from Markdown and plain text."""

from __future__ import annotations

import re

SUFFIXES = (".html", ".htm", ".xhtml")
_VERBATIM = (".txt", ".md", ".markdown")
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*){0,9}<(?:!doctype\s+html|html)[\s>]",
    re.IGNORECASE | re.DOTALL,
)


def begins_as_page(head: bytes) -> bool:
    """Whether these are the first bytes of an HTML page."""
    return _PAGE.match(head) is not None


def is_page(name: str, head: bytes) -> bool:
    """Whether a file is an HTML page: by its name, and where that says nothing by the way it begins."""
    lower = name.lower()
    return lower.endswith(SUFFIXES) or (not lower.endswith(_VERBATIM) and begins_as_page(head))
