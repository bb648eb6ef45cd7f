"""Articles that belong together: joined by what they share, and told apart from those whose split is settled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpus_tool.near_duplicates import buckets, matrix_of

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Node:
    """What joins an article to others; `split` is that of an article whose split is settled, None of one that is free.

    Articles that have one of `keys` in common belong together, and so do those whose signatures agree.
    """

    keys: tuple[str, ...]
    signature: bytes = b""
    split: str | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """Free articles that belong together, by number; `touched` is the first settled article of each split near them."""

    members: tuple[int, ...]
    touched: dict[str, int]


def clusters(nodes: Sequence[Node], threshold: float) -> list[Cluster]:
    """The free nodes as clusters, in the order of their first member.

    Settled nodes join nothing: two that are alike stay what they are. The result depends on the nodes and their order
    only in that a cluster names members and touched nodes by number.
    """
    joined = _Joined(nodes)
    for members in _shared_keys(nodes):
        joined.together(members)
    own = [at for at, node in enumerate(nodes) if node.signature]
    if len(own) > 1:
        matrix = matrix_of([nodes[at].signature for at in own])
        numbers = np.array(own)
        for rows in buckets(matrix, threshold):
            joined.compare(numbers[rows], matrix[rows], threshold)
    return joined.clusters()


def _shared_keys(nodes: Sequence[Node]) -> Iterator[list[int]]:
    holders: dict[str, list[int]] = {}
    for at, node in enumerate(nodes):
        for key in node.keys:
            holders.setdefault(key, []).append(at)
    return (members for members in holders.values() if len(members) > 1)


class _Joined:
    """Union-find whose roots are looked up for many at once: each free node has the number of its smallest one."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.free = np.array([node.split is None for node in nodes], dtype=np.bool_)
        self.names = sorted({node.split for node in nodes if node.split is not None})
        number = {name: at for at, name in enumerate(self.names)}
        self.split = np.array([-1 if node.split is None else number[node.split] for node in nodes], dtype=np.int64)
        self.root = np.arange(len(nodes))
        self.touched: dict[int, dict[int, int]] = {}

    def together(self, members: list[int]) -> None:
        """Join nodes that share a key."""
        free = [at for at in members if self.free[at]]
        for other in free[1:]:
            self.join(free[0], other)
        for at in members:
            if free and not self.free[at]:
                self.touch(free[0], at)

    def compare(self, members: NDArray[np.int64], matrix: NDArray[np.uint32], threshold: float) -> None:
        """Join those of a bucket that are alike; what is together already is not compared again."""
        for at, one in enumerate(members.tolist()):
            if not self.free[one]:
                continue
            root = int(self.root[one])
            apart = self.free[members] & (self.root[members] != root)
            apart |= ~self.free[members] & ~np.isin(self.split[members], list(self.touched.get(root, ())))
            others = np.flatnonzero(apart)
            if not len(others):
                continue
            alike = others[np.mean(matrix[others] == matrix[at], axis=1) >= threshold]
            for other in members[alike].tolist():
                if self.free[other]:
                    self.join(one, other)
                else:
                    self.touch(one, other)

    def join(self, one: int, other: int) -> None:
        kept, gone = sorted((int(self.root[one]), int(self.root[other])))
        if kept == gone:
            return
        self.root[self.root == gone] = kept
        for at in self.touched.pop(gone, {}).values():
            self.touch(kept, at)

    def touch(self, one: int, settled: int) -> None:
        near = self.touched.setdefault(int(self.root[one]), {})
        split = int(self.split[settled])
        near[split] = min(near.get(split, settled), settled)

    def clusters(self) -> list[Cluster]:
        members: dict[int, list[int]] = {}
        for at in np.flatnonzero(self.free).tolist():
            members.setdefault(int(self.root[at]), []).append(at)
        return [
            Cluster(tuple(own), {self.names[split]: at for split, at in sorted(self.touched.get(root, {}).items())})
            for root, own in sorted(members.items())
        ]
