"""Near neighbours of XMI and JSON, by name: none of them is ever opened."""

from __future__ import annotations

from corpus_tool.formats.cas.noted import UnreadableError

_BEGINNINGS = (
    (b"\xac\xed\x00\x05", "Java serialisation, which runs code where it is read: export UIMA CAS XMI or JSON"),
    (b"PK\x03\x04", "a ZIP archive, as a project is exported: unpack it, and convert the XMI or JSON in it"),
    (b"UIMA", "the binary form of a CAS: export UIMA CAS XMI or JSON"),
    (b"AMIU", "the binary form of a CAS: export UIMA CAS XMI or JSON"),
    (b"\x1f\x8b", "compressed: unpack it first"),
)
_SUFFIXES = (".ser", ".bcas", ".scas", ".zip")
_XCAS = (b"<CAS>", b"<CAS ")


def refuse(path: str, data: bytes) -> None:
    """Raise UnreadableError where the file is one of them."""
    for beginning, what in _BEGINNINGS:
        if data.startswith(beginning):
            raise UnreadableError(f"the file is {what}")
    if path.lower().endswith(_SUFFIXES):
        raise UnreadableError(f"files of {path[path.rfind('.') :]} are not read: export UIMA CAS XMI or JSON")
    if any(sign in data[:1024] for sign in _XCAS):
        raise UnreadableError("the file is XCAS, the form before XMI: export UIMA CAS XMI")
