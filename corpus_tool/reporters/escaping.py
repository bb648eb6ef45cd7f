"""Text for the place it goes to: terminals, logs of CI services, JSON, XML, Markdown, URIs."""

from __future__ import annotations

import json
import os
import re
from typing import Any
from urllib.parse import quote

# What a terminal obeys or does not show: controls, bidi controls, line separators, zero-width characters, surrogates.
_UNSAFE = (
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
# Joiners belong between letters of some scripts and between pictures, and nowhere else.
_OTHER = "\x00-\u02ff\u2000-\u200c\u200e-\u206f"
_JOINERS = f"(?<![^{_OTHER}])[\u200c\u200d]|[\u200c\u200d](?![^{_OTHER}])"
_FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f"
_SHOWN = re.compile(f"(?P<flag>{_FLAG})|{_UNSAFE}|{_JOINERS}")
# `##[command]`, and others' `##vso[…]`: obeyed wherever it stands in a line of a log.
_COMMAND = re.compile(r"(##\w*)\[")
BRACKET = "\\u005b"


def plain(text: str) -> str:
    """Text that terminals and logs show as it is: what they would obey, or not show, as escapes."""
    return _COMMAND.sub(rf"\1\{BRACKET}", _SHOWN.sub(_escape, text))


def _escape(match: re.Match[str]) -> str:
    number = ord(match[0][0])
    return match[0] if match["flag"] else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def log_line(text: str) -> str:
    """One line of a log: `plain`, and not the beginning of a `::command::`."""
    shown = plain(text)
    return f"./{shown}" if shown.lstrip().startswith("::") else shown


def commands(text: str) -> list[int]:
    """Offsets of the brackets that would make a command of the line they stand in."""
    return [match.end() - 1 for match in _COMMAND.finditer(text)]


def json_text(value: Any) -> str:
    """JSON on one line that reads back as it was, and that is `plain` all the same."""
    text = json.dumps(value, ensure_ascii=False)
    return _COMMAND.sub(rf"\1\{BRACKET}", _SHOWN.sub(_json_escape, text))


def _json_escape(match: re.Match[str]) -> str:
    return match[0] if match["flag"] else json.dumps(match[0])[1:-1]


def github_data(text: str) -> str:
    """What follows the second `::` of a workflow command."""
    return plain(text).replace("%", "%25")


def github_property(text: str) -> str:
    """A value between the two `::` of a workflow command."""
    return github_data(text).replace(":", "%3A").replace(",", "%2C")


def sarif_message(text: str) -> str:
    """Plain text of a message: no placeholders, and no links (SARIF 2.1.0, 3.11.5 and 3.11.6)."""
    return plain(text).replace("{", "{{").replace("}", "}}").replace("](", "]\\u0028")


def uri(path: str) -> str:
    """A path as a URI reference: relative as it is, absolute with its scheme; bytes that are no UTF-8 stay the same."""
    slashed = path.replace(os.sep, "/")
    try:
        data = slashed.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = slashed.encode("utf-8", "surrogatepass")
    reference = quote(data, safe="/")
    return f"file://{reference}" if reference.startswith("/") else reference


_MARKS = re.compile(r"[\\`*_\[\]#.|~<>&@$]|:(?=\S)|^[\s=+-]|(?<=[0-9])\)")


def markdown(text: str) -> str:
    """Text inside a paragraph or a cell of GitHub's Markdown: no markup, no HTML, no mention, no link."""
    return _MARKS.sub(lambda match: f"&#{ord(match[0])};", plain(text))


def fenced(lines: list[str]) -> str:
    """Lines as a block of code, whatever they hold; they are `plain` already."""
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}text", *lines, fence]) + "\n"
