"""Rules of installed packages: found by entry point, switched on by the installation, blamed by name.

A package names a module under the entry point group `corpus_tool.rules`; importing it registers its rules. Nothing
that lies in the working directory is asked, so a checked-out corpus brings no code of its own.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import distributions
from typing import TYPE_CHECKING

from corpus_tool.errors import CorpusError

if TYPE_CHECKING:
    from corpus_tool.rule import Rule

GROUP = "corpus_tool.rules"
SWITCH = "CORPUS_TOOL_PLUGINS"
"""The environment variable that says which plug-ins run: `all` (or nothing), `none`, or names of distributions."""
CODE = re.compile(r"[A-Z]{3}[0-9]{3}")
_PACKAGE = __name__.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Plugin:
    """A module of rules, and the distribution that brings it."""

    module: str
    distribution: str
    version: str

    @property
    def origin(self) -> str:
        return f"{self.distribution} {self.version}"


_loaded: dict[str, Plugin] = {}


def enabled() -> Iterator[Plugin]:
    """The plug-ins that are installed and switched on, by name."""
    wanted = os.environ.get(SWITCH, "all").strip()
    if wanted == "none":
        return
    names = {_normal(name) for name in wanted.split(",")} if wanted not in ("", "all") else None
    here = os.path.realpath(".")
    path = [folder for folder in sys.path if folder and os.path.realpath(folder) != here]
    found = {
        (one.metadata["Name"], point.value): one.version
        for one in distributions(path=path)
        for point in one.entry_points
        if point.group == GROUP
    }
    for (name, module), version in sorted(found.items()):
        if names is None or _normal(name) in names:
            yield Plugin(module, name, version)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def load() -> None:
    """Import every plug-in that is switched on; CorpusError names the one that cannot be."""
    from importlib import import_module

    for plugin in enabled():
        package = plugin.module.partition(".")[0]
        if package in _loaded:
            continue
        try:
            import_module(plugin.module)
        except (Exception, SystemExit) as error:
            raise CorpusError(f"the plug-in {plugin.origin} cannot be loaded: {_said(error)}") from error
        _loaded[package] = plugin


def is_built_in(rule: Rule) -> bool:
    return _package(rule.check) == _PACKAGE


def first_version(check: Callable[..., object]) -> str:
    """Since when a rule exists that does not say: the tool's own since its first version, others it is found out of."""
    return "0.1" if _package(check) == _PACKAGE else ""


def credited(registry: Mapping[str, Rule], reserved: frozenset[str]) -> dict[str, Rule]:
    """The rules with what they come from; CorpusError where a plug-in has a code that is not its to take."""
    found = {}
    for code, rule in registry.items():
        if is_built_in(rule):
            found[code] = rule
            continue
        plugin = _loaded.get(_package(rule.check))
        origin = plugin.origin if plugin else _package(rule.check)
        if not CODE.fullmatch(code):
            raise CorpusError(f"the plug-in {origin} has a rule '{code}': a code is three capitals and three digits")
        if code[:3] in reserved:
            raise CorpusError(f"the plug-in {origin} has a rule {code}: {code[:3]} is a family of corpus-tool's own")
        found[code] = replace(rule, origin=origin, since=rule.since or (plugin.version if plugin else ""))
    return found


@contextmanager
def blamed(rule: Rule) -> Iterator[None]:
    """Say of an exception which plug-in's rule raised it; those of the tool's own rules pass."""
    try:
        yield
    except (CorpusError, KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:
        if not rule.origin:
            raise
        raise CorpusError(f"the rule {rule.code} ({rule.name}) of {rule.origin} failed: {_said(error)}") from error


def _package(check: object) -> str:
    return str(getattr(check, "__module__", "")).partition(".")[0]


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0][:300]}"
