"""What the two formats of a CAS say of themselves."""

from __future__ import annotations

import re

from corpus_tool.formats import WHOLLY, About, Unit
from corpus_tool.formats.fidelity import ASPECTS

_TAG = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?XMI[\s>]")
_SPACES = (b"http://www.omg.org/XMI", b"http:///uima/cas.ecore")
_KEY = re.compile(rb'"%(?:TYPES|FEATURE_STRUCTURES|VIEWS)"\s*:')

_FIDELITY = dict.fromkeys(ASPECTS, WHOLLY)


def _is_xmi(_: str, head: bytes) -> bool:
    return _TAG.search(head) is not None and all(space in head for space in _SPACES)


def _is_json(_: str, head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and _KEY.search(head) is not None


ABOUT_XMI = About("UIMA CAS XMI with its type system", Unit.UTF16, _FIDELITY, looks_like=_is_xmi)
ABOUT_JSON = About("UIMA CAS JSON 0.4", Unit.UTF16, _FIDELITY, looks_like=_is_json)
