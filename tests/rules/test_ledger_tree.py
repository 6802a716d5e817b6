"""The Merkle tree against the published reference vectors, and inclusion and consistency for every small tree."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.ledger.errors import LogEmpty, ProofOutOfRange
from evidence.ledger.tree import (
    NodeAt,
    consistency_plan,
    extends,
    fold,
    grow,
    includes,
    inclusion_plan,
    leaf_hash,
    node_hash,
    prove,
    root_nodes,
)

# The eight leaves and their roots with which every implementation of RFC 6962 and RFC 9162 is compared.
REFERENCE_LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
REFERENCE_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# (leaf counted from 1, size, path) of the same reference.
REFERENCE_PATHS = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (3, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        2,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
# (first size, second size, path) of the same reference.
REFERENCE_EXTENSIONS = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]


def tree(leaves: list[bytes]) -> dict[NodeAt, bytes]:
    return grow({}, 0, [leaf_hash(leaf) for leaf in leaves])


def root(nodes: dict[NodeAt, bytes], size: int) -> bytes:
    return fold(nodes, root_nodes(size))


def numbered(size: int) -> list[bytes]:
    return [b"leaf %d" % number for number in range(size)]


def defined_root(leaves: list[bytes]) -> bytes:
    # The definition of RFC 9162, 2.1.1, word for word: quadratic, and nothing like the code under test.
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + defined_root(leaves[:split]) + defined_root(leaves[split:])).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_root_equals_published_reference(size: int) -> None:
    assert root(tree(REFERENCE_LEAVES), size).hex() == REFERENCE_ROOTS[size - 1]


@pytest.mark.parametrize(("leaf", "size", "path"), REFERENCE_PATHS)
def test_inclusion_path_equals_published_reference(leaf: int, size: int, path: list[str]) -> None:
    nodes = tree(REFERENCE_LEAVES)
    assert [step.hex() for step in prove(nodes, inclusion_plan(leaf - 1, size))] == path


@pytest.mark.parametrize(("first", "size", "path"), REFERENCE_EXTENSIONS)
def test_consistency_path_equals_published_reference(first: int, size: int, path: list[str]) -> None:
    nodes = tree(REFERENCE_LEAVES)
    assert [step.hex() for step in prove(nodes, consistency_plan(first, size))] == path


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=70))
def test_root_equals_its_definition(leaves: list[bytes]) -> None:
    assert root(tree(leaves), len(leaves)) == defined_root(leaves)


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=60), st.data())
def test_growing_in_pieces_gives_the_same_nodes(leaves: list[bytes], data: st.DataObject) -> None:
    """What a batch appends depends on the finished nodes at the right edge alone."""
    cut = data.draw(st.integers(0, len(leaves)))
    hashes = [leaf_hash(leaf) for leaf in leaves]
    first = grow({}, 0, hashes[:cut])
    edge = {at: first[at] for at in root_nodes(cut)} if cut else {}
    assert first | grow(edge, cut, hashes[cut:]) == grow({}, 0, hashes)


def test_every_leaf_of_every_small_tree_is_included_and_a_foreign_one_is_not() -> None:
    nodes = tree(numbered(40))
    for size in range(1, 41):
        for seq in range(size):
            path = prove(nodes, inclusion_plan(seq, size))
            leaf, whole = nodes[NodeAt(0, seq)], root(nodes, size)
            assert includes(leaf, seq, size=size, path=path, root=whole)
            assert not includes(leaf_hash(b"foreign"), seq, size=size, path=path, root=whole)


def test_every_small_tree_extends_every_smaller_one_and_no_other_history() -> None:
    nodes, forked = tree(numbered(40)), tree([b"other", *numbered(40)[1:]])
    for size in range(1, 41):
        for first in range(1, size + 1):
            path = prove(nodes, consistency_plan(first, size))
            assert extends(first, root(nodes, first), size, root(nodes, size), path)
            assert not extends(first, root(forked, first), size, root(nodes, size), path)


@given(st.integers(1, 500), st.data())
def test_damaged_inclusion_path_is_refused(size: int, data: st.DataObject) -> None:
    nodes = tree(numbered(size))
    seq = data.draw(st.integers(0, size - 1))
    whole, leaf = root(nodes, size), nodes[NodeAt(0, seq)]
    path = list(prove(nodes, inclusion_plan(seq, size)))
    assert not includes(leaf, seq, size=size, path=[*path, bytes(32)], root=whole)
    if path:
        assert not includes(leaf, seq, size=size, path=path[:-1], root=whole)
        path[data.draw(st.integers(0, len(path) - 1))] = bytes(32)
        assert not includes(leaf, seq, size=size, path=path, root=whole)


@given(st.integers(2, 500), st.data())
def test_damaged_consistency_path_is_refused(size: int, data: st.DataObject) -> None:
    nodes = tree(numbered(size))
    first = data.draw(st.integers(1, size - 1))
    old, new = root(nodes, first), root(nodes, size)
    path = list(prove(nodes, consistency_plan(first, size)))
    assert not extends(first, old, size, new, [*path, bytes(32)])
    assert not extends(first, old, size, new, path[:-1])
    path[data.draw(st.integers(0, len(path) - 1))] = bytes(32)
    assert not extends(first, old, size, new, path)


@given(st.integers(1, 2**40), st.data())
def test_proofs_read_a_logarithmic_number_of_nodes(size: int, data: st.DataObject) -> None:
    """A proof about a log of a million million entries reads some dozens of rows."""
    seq = data.draw(st.integers(0, size - 1))
    bound = 2 * size.bit_length()
    assert len(root_nodes(size)) <= bound
    assert sum(map(len, inclusion_plan(seq, size))) <= bound
    assert sum(map(len, consistency_plan(seq + 1, size))) <= bound


def test_empty_tree_has_no_root_and_no_proofs() -> None:
    """The hash of nothing vouches for nothing, and everything extends nothing."""
    empty = sha256(b"").digest()
    with pytest.raises(LogEmpty):
        root_nodes(0)
    with pytest.raises(ProofOutOfRange):
        inclusion_plan(0, 0)
    with pytest.raises(ProofOutOfRange):
        consistency_plan(0, 3)
    assert not includes(leaf_hash(b""), 0, size=0, path=(), root=empty)
    assert not extends(0, empty, 3, root(tree(numbered(3)), 3), ())
    assert not extends(0, empty, 0, empty, ())


@pytest.mark.parametrize(("seq", "size"), [(-1, 3), (3, 3), (4, 3)])
def test_inclusion_of_what_is_not_there_is_refused(seq: int, size: int) -> None:
    with pytest.raises(ProofOutOfRange):
        inclusion_plan(seq, size)
    assert not includes(bytes(32), seq, size=size, path=(), root=bytes(32))


def test_leaf_never_equals_a_node_over_the_same_bytes() -> None:
    """The prefixes keep an inner node from being passed off as an entry."""
    left, right = bytes(32), bytes([1]) * 32
    assert leaf_hash(left + right) != node_hash(left, right)
