"""Which encoding the bytes of an HTML page are in: its byte order mark, what it declares, else UTF-8."""

from __future__ import annotations

import re

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED = re.compile(
    rb"""<meta\s[^>]{0,500}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_PRESCAN = 4096
# The labels of the WHATWG Encoding Standard that pages have; a page that says Latin-1 is in Windows-1252.
_LABELS = {
    "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8", "utf-16": "utf-8", "utf-16le": "utf-8", "utf-16be": "utf-8",
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "latin1": "cp1252", "iso8859-1": "cp1252",
    "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "windows-874": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "x-sjis": "cp932", "shift_jis": "cp932", "shift-jis": "cp932",
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "x-mac-cyrillic": "mac_cyrillic", "macintosh": "mac_roman",
    "x-cp1251": "cp1251", "koi8-ru": "koi8-u",
}  # fmt: skip
_KNOWN = re.compile(
    r"utf-8|windows-125[0-8]|cp125[0-8]|iso-?8859-(?:[2-8]|1[03-6])|koi8-[ru]|ibm866|cp866|gb18030|big5(?:-hkscs)?|euc-jp"
    r"|iso-2022-jp|cp1254|cp874|cp932|cp949|mac_cyrillic|mac_roman"
)


def encoding_of(data: bytes) -> tuple[str, int]:
    """The name of a codec, and how many bytes of a mark come first; what is declared and unknown is taken for UTF-8."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name, len(mark)
    declared = _DECLARED.search(data, 0, _PRESCAN)
    label = (declared[1] or declared[2]).decode().lower() if declared else "utf-8"
    name = _LABELS.get(label, label)
    return (name, 0) if _KNOWN.fullmatch(name) else ("utf-8", 0)
