"""Whole runs that are known: where no file has changed, nothing is read, compiled or loaded to say so again."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from corpus_tool.caching.keys import digest, today, tool
from corpus_tool.caching.outcome import FINDINGS, Outcome
from corpus_tool.caching.plain import decode, encode
from corpus_tool.caching.states import Digests, State, States, read_states
from corpus_tool.caching.store import Store, open_store
from corpus_tool.config import Config
from corpus_tool.errors import CorpusError
from corpus_tool.resources import read_bytes
from corpus_tool.settings import Options, read_config
from corpus_tool.sources import NATIVE, Found, SourceFile, find_sources

MOST_FINDINGS = 20_000
"""A run that found more is not kept as a whole: its blocks are."""
_NOT_ASKED = ("jobs", "progress", "cache")


@dataclass(slots=True)
class Asked:
    """What a run is asked for, and what is known of its files; `seen` gathers what is read of them."""

    store: Store
    options: Options
    config: Config
    found: Found
    settings: bytes
    place: bytes
    states: States
    known: dict[str, bytes] = field(default_factory=dict)
    seen: Digests = field(default_factory=Digests)
    complete: bool = True

    def recall(self) -> Outcome | None:
        """What came of the same run before; None where there was none, or something has changed."""
        run = self.store.get(self._by_states())
        if run is not None:
            return self._outcome(run)
        self.known = self._known()
        if self.store.get(self._names()) is None:
            return None
        read = {file.name: self._digest(file) for file in self.found.files if file.name not in self.known}
        digests = self.known | {name: said for name, said in read.items() if said is not None} | self.seen.by_name()
        outcome = self._outcome(self._by_content(digests))
        if outcome is not None:
            self._keep_states(digests)
        self.known, self.seen = digests, Digests()
        return outcome

    def remember(self, outcome: Outcome) -> None:
        """Keep what came of the run, if all that it checked was what its digests are of."""
        self.store.prune()
        digests = self.seen.by_name()
        whole = self.complete and digests.keys() == {file.name for file in self.found.files}
        if not whole or len(outcome.findings) > MOST_FINDINGS:
            return
        import orjson

        with suppress(TypeError, ValueError, CorpusError):
            if _settings(self.config, self.found, self.options) != self.settings:
                return
            self.store.put(self._by_content(digests), orjson.dumps(encode(outcome, FINDINGS)))
            self.store.put(self._names(), b"")
            self._keep_states(digests)

    def _digest(self, file: SourceFile) -> bytes | None:
        """The digest of a file that is one article; what has others is read into `seen`."""
        from corpus_tool.blocks import read_chunks, whole_digest

        digest = whole_digest(file)
        if digest is None:
            for chunk in read_chunks(file, digests={}):
                self.seen.add(chunk)
        return digest

    def _outcome(self, run: bytes) -> Outcome | None:
        import orjson

        data = self.store.get(run)
        try:
            outcome = decode(orjson.loads(data or b""), FINDINGS)
        except Exception:  # noqa: BLE001 (whatever it is, it was not written by this program)
            return None
        return outcome if isinstance(outcome, Outcome) else None

    def _names(self) -> bytes:
        return digest("names", self.settings, _of(file.name for file in self.found.files))

    def _by_states(self) -> bytes:
        return digest("states", self.settings, sha256(repr(self.states.by_name).encode()).digest())

    def _by_content(self, digests: Mapping[str, bytes]) -> bytes:
        contents = (f"{file.name}\0{digests[file.name].hex()}" for file in self.found.files)
        return digest("run", self.settings, _of(contents))

    def _known(self) -> dict[str, bytes]:
        """Digests of the files that are as they were when they were last read."""
        import orjson

        try:
            data = self.store.get(self.place)
            listed: dict[str, list[Any]] = orjson.loads(data or b"{}")
            kept = {name: (tuple(state), bytes.fromhex(said)) for name, (state, said) in listed.items()}
        except (ValueError, TypeError, AttributeError):
            return {}
        now: Mapping[str, State | None] = self.states.by_name
        return {name: kept[name][1] for name, state in now.items() if name in kept and kept[name][0] == state}

    def _keep_states(self, digests: Mapping[str, bytes]) -> None:
        """Note which states the digests are of: only of files that did not change meanwhile, and not just before."""
        import orjson

        now = read_states(self.found.files).by_name
        settled = {name: self.states.by_name[name] for name in digests if self.states.settled(name, now)}
        listed = {name: [state, digests[name].hex()] for name, state in settled.items()}
        self.store.put(self.place, orjson.dumps(listed))
        if len(settled) == len(self.found.files):
            self.store.put(self._by_states(), self._by_content(digests))


def _of(lines: Iterable[str]) -> bytes:
    """Digest of thousands of strings that hold no null: names of files are such."""
    return sha256("\0".join(lines).encode("utf-8", "surrogateescape")).digest()


def ask(sources: Sequence[str], options: Options) -> Asked | None:
    """What the cache has to know of a run; None where it has no part in it, or something is wrong with the settings."""
    store = open_store() if options.cache and options.since is None else None
    if store is None:
        return None
    try:
        config = read_config(sources, options)
        found = find_sources(sources, NATIVE, config.files)
        names = [file.name for file in found.files]
        if len(set(names)) != len(names) or any(file.where is None or file.archive for file in found.files):
            return None
        settings = _settings(config, found, options)
    except (CorpusError, TypeError):
        return None
    place = digest("place", tool(), os.getcwd(), list(sources))  # noqa: PTH109 (a string)
    return Asked(store, options, config, found, settings, place, read_states(found.files))


def _settings(config: Config, found: Found, options: Options) -> bytes:
    """Digest of all that decides what is found in articles: who has the same settings finds the same."""
    chosen = [getattr(options, one.name) for one in fields(options) if one.name not in _NOT_ASKED]
    paths = [path for one in fields(config) if isinstance(path := getattr(config, one.name), Path)]
    contents = [(path, read_bytes(path, "settings")) for path in paths if path.is_file()]
    if config.releases is not None and (config.assertions or config.grace_until is not None):
        raise TypeError("what is found may depend on releases")
    real = [os.path.realpath(file.name) for file in found.files] if config.ignores else []
    here = os.getcwd()  # noqa: PTH109 (a string)
    return digest(tool(), today(), here, chosen, contents, found.left_out, real)
