"""Which article goes into which split: the lock decides, and for what it does not hold a hash of the group proposes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from corpus_tool.release.splits.clusters import Cluster, Node, clusters
from corpus_tool.release.splits.locks import Locked
from corpus_tool.split_settings import TRAIN, SplitSettings

NO_TEXT = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Candidate:
    """What of an article decides its split: `split` is what it says itself, `keys` what it shares with others.

    `digest` is the SHA-256 of its text, `signature` that of its words, `day` its date as YYYY-MM-DD, `labels` a digest
    of the gold annotations of each layer.
    """

    id: str
    digest: str
    split: str | None = None
    signature: bytes = b""
    keys: tuple[str, ...] = ()
    stratum: str = ""
    day: str | None = None
    labels: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Bridge:
    """An article that is left out, and an article of each of the splits that its group would join."""

    id: str
    between: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Division:
    """The split of every article that is in the release, and what was settled anew."""

    splits: Mapping[str, str]
    groups: Mapping[str, str]
    fresh: tuple[Locked, ...] = ()
    bridges: tuple[Bridge, ...] = ()
    overruled: Mapping[str, str] = field(default_factory=dict)
    """Articles whose own split is another than the lock's, with their own."""


def divide(candidates: Iterable[Candidate], lock: Mapping[str, Locked], settings: SplitSettings, name: str) -> Division:
    """Give every article a split; `name`, of the dataset, seeds the hash.

    What the lock holds stays. In a first release an article's own split stands as well. A group of new articles that
    is near settled articles of one split joins it, and of several is left out.
    """
    own = {one.id: one for one in sorted(candidates, key=lambda one: (one.id, one.digest), reverse=True)}
    found = [own[id_] for id_ in sorted(own)]
    settled = {one.id: lock[one.id] for one in found if one.id in lock}
    if not lock:
        settled |= {one.id: settle(one, one.split, name) for one in found if one.split}
    gone = [line for id_, line in sorted(lock.items()) if id_ not in own]
    nodes = [_node(one, settled.get(one.id)) for one in found]
    nodes += [Node((*line.keys, *_of_text(line.text_sha256)), split=line.split) for line in gone]
    every: list[Candidate | Locked] = [*found, *gone]
    known = {**{line.id: line for line in gone}, **settled}
    propose = _Proposal(settings, name, frozenset(line.split for line in lock.values()))
    bridges: list[Bridge] = []
    free: dict[str, list[Candidate]] = {}
    for cluster in clusters(nodes, settings.near_duplicates):
        members = [found[at] for at in cluster.members]
        near = _near(cluster, members, every)
        if len(near) > 1:
            bridges += [Bridge(one.id, near) for one in members]
        elif near:
            split, other = next(iter(near.items()))
            group = known[other].group if other in known else _group(name, members)
            settled |= {one.id: _locked(one, split, group) for one in members}
        else:
            free[_group(name, members)] = members
    for group, split in propose(free).items():
        settled |= {one.id: _locked(one, split, group) for one in free[group]}
    here = [settled[one.id] for one in found if one.id in settled]
    return Division(
        splits={line.id: line.split for line in here},
        groups={line.id: line.group for line in here},
        fresh=tuple(line for line in here if line.id not in lock),
        bridges=tuple(sorted(bridges, key=lambda bridge: bridge.id)),
        overruled={
            one.id: one.split for one in found if one.id in lock and one.split not in (None, lock[one.id].split)
        },
    )


def settle(one: Candidate, split: str, name: str) -> Locked:
    """An article whose split somebody has decided, in a group of its own keys."""
    return _locked(one, split, _group(name, [one]))


def _node(one: Candidate, line: Locked | None) -> Node:
    return Node((*one.keys, *_of_text(one.digest)), one.signature, line.split if line else None)


def _of_text(digest: str) -> tuple[str, ...]:
    """The key that copies share; articles without a character are no copies."""
    return () if digest == NO_TEXT else (f"text:{digest}",)


def _near(cluster: Cluster, members: list[Candidate], every: list[Candidate | Locked]) -> dict[str, str]:
    """The splits that a cluster would join, each with an article there: settled ones, and what its own ones ask for."""
    near = {split: every[at].id for split, at in cluster.touched.items()}
    for one in members:
        if one.split is not None:
            near.setdefault(one.split, one.id)
    return near


def _locked(one: Candidate, split: str, group: str) -> Locked:
    return Locked(one.id, split, group, one.digest, one.keys)


def _group(name: str, members: list[Candidate]) -> str:
    """The name of a group: of its smallest key, since articles of one story come and go; without keys, of its id."""
    keys = [key for one in members for key in one.keys]
    return _hash(name, min(keys) if keys else f"id:{min(one.id for one in members)}")[:16]


def _hash(name: str, text: str) -> str:
    return hashlib.sha256(f"{name}\0{text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Proposal:
    """The splits of groups that nothing settles; `taken` are the splits that earlier releases have."""

    settings: SplitSettings
    name: str
    taken: frozenset[str]

    def __call__(self, groups: Mapping[str, list[Candidate]]) -> dict[str, str]:
        grown = bool(self.taken - {self.settings.growth})
        if self.settings.date_cut:
            return {group: self._dated(members, grown=grown) for group, members in groups.items()}
        if grown:
            return dict.fromkeys(groups, self.settings.growth)
        at = {group: int(_hash(self.name, group)[:16], 16) / 2**64 for group in groups}
        if self.settings.strata is None:
            return {group: self._at(place) for group, place in at.items()}
        strata: dict[str, list[str]] = {}
        for group, members in groups.items():
            strata.setdefault(min(one.stratum for one in members), []).append(group)
        made: dict[str, str] = {}
        for alike in strata.values():
            for number, group in enumerate(sorted(alike, key=lambda one: (at[one], one))):
                made[group] = self._at((number + 0.5) / len(alike))
        return made

    def _at(self, place: float) -> str:
        """The split at a place between 0 and 1."""
        ratios = self.settings.ratios
        reached, last = 0.0, ""
        for split, share in ratios.items():
            reached += share / sum(ratios.values())
            last = split if share else last
            if place < reached:
                return split
        return last

    def _dated(self, members: list[Candidate], *, grown: bool) -> str:
        """The last split that had begun on the latest day of a group: none may know what came after."""
        day = max((one.day for one in members if one.day), default="")
        begun = [(first, split) for split, first in self.settings.date_cut.items() if first <= day]
        split = max(begun)[1] if begun else TRAIN
        return self.settings.growth if grown and split in self.taken else split
