"""The licence of one article: its own, else that of its source."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from corpus_tool.errors import SettingsError
from corpus_tool.release.pages.licences import LICENCES, check_licence


def licence_of(own: str | None, source: str | None, licences: Mapping[str, str]) -> str | None:
    """The SPDX licence of an article: the one it states, where SPDX knows that, else what is said of its source.

    `licences` are by the source itself, by the beginning of its address that ends with `/`, or by its host; of several
    the longest counts.
    """
    stated = spdx(own) if own else None
    if stated is not None or source is None:
        return stated
    keys = [key for key in licences if _covers(key, source)]
    return spdx(licences[max(keys, key=len)]) if keys else None


def _covers(key: str, source: str) -> bool:
    return key == source or (key.endswith("/") and source.startswith(key)) or key.lower() == _host(source)


@lru_cache(maxsize=4096)
def _host(source: str) -> str | None:
    try:
        return urlsplit(source).hostname
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def spdx(text: str) -> str | None:
    """A licence as SPDX writes it, also from the address of one that is known; None for what SPDX does not know."""
    known = _ADDRESSES.get(_plain(text))
    if known is not None:
        return known
    try:
        return check_licence(text)
    except SettingsError:
        return None


def _plain(address: str) -> str:
    return address.strip().removeprefix("https://").removeprefix("http://").removesuffix("legalcode").rstrip("/")


_ADDRESSES = {_plain(address): name for name, address in LICENCES.values()}
