"""Where a corpus is cut into blocks: at places that its own content chooses.

Whatever is put in, taken out or changed moves the cuts near it and no others, so that blocks elsewhere are the same as
before, and known to the cache.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

FILES = 512
"""A file weighs as much more than its bytes as makes this many empty ones a block."""
_ENDS = 256


@dataclass(frozen=True, slots=True)
class Cuts:
    """Cuts of blocks of about `size` bytes, half as many at least and half as many more at most."""

    size: int

    @property
    def least(self) -> int:
        return self.size // 2

    @property
    def most(self) -> int:
        return self.size + self.size // 2

    def weight(self, size: int) -> int:
        """What a file of so many bytes counts as."""
        return size + self.size // FILES

    def chosen(self, key: bytes, weight: int) -> bool:
        """Whether a block ends behind what has this key: the likelier, the more it weighs."""
        return zlib.crc32(key) * self.size < (weight * 2) << 32

    def in_lines(self, data: bytes) -> int:
        """The length of the first block of lines in `data`; 0 where more has to be read to know."""
        begin = data.rfind(b"\n", 0, max(self.least - 1, 0)) + 1
        while end := data.find(b"\n", begin) + 1:
            if end > self.most and begin:
                return begin
            line = data[begin : min(end, begin + _ENDS)] + data[max(begin, end - _ENDS) : end]
            if end >= self.most or (end >= self.least and self.chosen(line, end - begin)):
                return end
            begin = end
        return begin if len(data) > self.most else 0
