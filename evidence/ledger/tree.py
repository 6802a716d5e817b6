"""The Merkle tree of RFC 9162: which finished nodes make a root or a proof, and how a reader checks one.

A finished node (level, place) covers the 2^level leaves from place * 2^level on and never changes; only those are
stored. Every function here is pure: it names the nodes it needs and takes their hashes from the caller.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from evidence.ledger.errors import LogEmpty, ProofOutOfRange

HASH_BYTES = 32


class NodeAt(NamedTuple):
    """Where a finished node is: level 0 are the leaves, place counts from the left within the level."""

    level: int
    place: int


Nodes = Mapping[NodeAt, bytes]
Plan = tuple[tuple[NodeAt, ...], ...]
"""A proof to be: for each hash of it, the finished nodes, left to right, that fold into that hash."""


def leaf_hash(content: bytes) -> bytes:
    """Return the hash of a leaf. Source: RFC 9162, 2.1.1 (prefix 0x00)."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node. Source: RFC 9162, 2.1.1 (prefix 0x01)."""
    return sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    # The largest power of two smaller than size, for size >= 2.
    return 1 << ((size - 1).bit_length() - 1)


def _range_nodes(start: int, end: int) -> tuple[NodeAt, ...]:
    # RFC 9162 only ever asks for ranges whose start is a multiple of their largest power of two.
    found: list[NodeAt] = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append(NodeAt(level, start >> level))
        start += 1 << level
    return tuple(found)


def root_nodes(size: int) -> tuple[NodeAt, ...]:
    """Return the finished nodes, largest first, that fold into the root over the first `size` leaves.

    Raises: LogEmpty for size 0: the hash of nothing would vouch for nothing.
    """
    if size < 1:
        raise LogEmpty
    return _range_nodes(0, size)


def fold(nodes: Nodes, places: Sequence[NodeAt]) -> bytes:
    """Return the hash over finished nodes that lie side by side, largest first.

    Raises: KeyError when `nodes` lacks one of them.
    """
    found = nodes[places[-1]]
    for place in reversed(places[:-1]):
        found = node_hash(nodes[place], found)
    return found


def grow(nodes: Nodes, size: int, leaves: Sequence[bytes]) -> dict[NodeAt, bytes]:
    """Return every node that becomes finished when `leaves` (leaf hashes) are added after the first `size` ones.

    Args:
        nodes: at least the nodes of `root_nodes(size)`; may be empty when size is 0.
        size: leaves in the tree so far, >= 0.
        leaves: hashes of the new leaves, in order.
    """
    grown: dict[NodeAt, bytes] = {}
    for seq, leaf in enumerate(leaves, start=size):
        at, found = NodeAt(0, seq), leaf
        grown[at] = found
        while at.place % 2:
            left = NodeAt(at.level, at.place - 1)
            found = node_hash(grown[left] if left in grown else nodes[left], found)
            at = NodeAt(at.level + 1, at.place // 2)
            grown[at] = found
    return grown


def inclusion_plan(seq: int, size: int) -> Plan:
    """Return what proves that leaf `seq` is among the first `size` ones, from the leaf upwards.

    Raises: ProofOutOfRange unless 0 <= seq < size.
    Source: RFC 9162, 2.1.3.1.
    """
    if not 0 <= seq < size:
        raise ProofOutOfRange(seq=seq, size=size)
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if seq < middle:
            path.append(_range_nodes(middle, end))
            end = middle
        else:
            path.append(_range_nodes(start, middle))
            start = middle
    return tuple(reversed(path))


def consistency_plan(first: int, size: int) -> Plan:
    """Return what proves that the tree of `size` leaves only adds to the tree of its first `first` ones.

    Returns: empty when both are the same tree.
    Raises: ProofOutOfRange unless 1 <= first <= size.
    Source: RFC 9162, 2.1.4.1.
    """
    if not 1 <= first <= size:
        raise ProofOutOfRange(first=first, size=size)
    start, end, path = 0, size, []
    while end != first:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(_range_nodes(middle, end))
            end = middle
        else:
            path.append(_range_nodes(start, middle))
            start = middle
    if start > 0:
        path.append(_range_nodes(start, end))
    return tuple(reversed(path))


def prove(nodes: Nodes, plan: Plan) -> tuple[bytes, ...]:
    """Return the hashes of the proof that `plan` describes."""
    return tuple(fold(nodes, places) for places in plan)


def includes(leaf: bytes, seq: int, *, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Return whether `path` proves the leaf hash at `seq` under the root over `size` leaves.

    Source: RFC 9162, 2.1.3.2.
    """
    if not 0 <= seq < size:
        return False
    place, last, found = seq, size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if place % 2 or place == last:
            found = node_hash(step, found)
            while place and not place % 2:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def extends(first: int, first_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Return whether `path` proves that the tree of `size` leaves only adds to the one of `first` leaves.

    An empty first tree is refused: everything extends it, so it proves nothing.
    Source: RFC 9162, 2.1.4.2.
    """
    if not 1 <= first <= size:
        return False
    if first == size:
        return not path and first_root == root
    steps = ([first_root] if first & (first - 1) == 0 else []) + list(path)
    if not steps:
        return False
    place, last = first - 1, size - 1
    while place % 2:
        place, last = place >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place % 2 or place == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while place and not place % 2:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, step)
        place, last = place >> 1, last >> 1
    return last == 0 and old == first_root and new == root
