"""Article ids that become file names."""

from __future__ import annotations

import unicodedata

from corpus_tool.findings import Finding, Location, Severity

RULE = ("IO010", "article-id-makes-a-safe-name")


class SafeNames:
    """Refuses ids that leave the folder, name no file, or meet another's on some file system."""

    def __init__(self, longest_suffix: str) -> None:
        self.longest_suffix = longest_suffix
        self.taken: dict[str, str] = {}

    def refusal(self, name: str, path: str) -> Finding | None:
        """A finding where no file can have the name; None where one can, and then the name is taken."""
        reason = unsafe(name, self.longest_suffix)
        # Case and normalisation: macOS and Windows would write two articles into one file.
        key = unicodedata.normalize("NFC", name).casefold()
        if reason is None and key in self.taken:
            reason = f"on some file systems it is the file of article '{self.taken[key]}'"
        if reason is None:
            self.taken[key] = name
            return None
        message = f"the id cannot name a file in the folder: {reason}"
        return Finding(*RULE, Severity.ERROR, Location(path, article=name), message)


def unsafe(name: str, longest_suffix: str) -> str | None:
    """Why an id cannot be a path below a folder; None where it can."""
    try:
        sizes = [len(part.encode()) for part in name.split("/")]
    except UnicodeEncodeError:
        return "it is not text that UTF-8 can hold"
    parts = name.split("/")
    reasons = {
        "it has a NUL in it": "\0" in name,
        "it is absolute": name.startswith("/"),
        "it leaves the folder": ".." in parts,
        "it is a path of another system": "\\" in name or parts[0][1:2] == ":",
        "a part of it is empty": not all(part and part != "." for part in parts),
        "a part of it is longer than 255 bytes": max([*sizes[:-1], sizes[-1] + len(longest_suffix)]) > 255,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)
