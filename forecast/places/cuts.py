"""Sets of places that could be too few for the children who have nowhere else: all of them, or the worst one.

Children go without exactly where some set of places is too small for the children who may use no other (Hall, 1935).
Only unions of what groups may use need a look: all of them where they are few, and where they are many the one that
a maximum flow finds, whose narrowest cut is such a set (Ford and Fulkerson, 1956).
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, maximum_flow

from forecast.model.raking import Array

Mask = NDArray[np.bool_]
MOST_UNIONS: Final = 4_096
"""Unions that are looked at one by one; where there are more, a maximum flow finds those that matter."""
_AT_ONCE: Final = 2**18
"""Numbers in a table of problems by unions: small enough for the processor's cache."""
_FLOWS_AT_ONCE: Final = 8
"""Problems in one network: more are quicker, but leave each a coarser flow."""
_FINEST: Final = 2.0**30
"""Largest number in a flow of whole numbers, which must stay below two to the power of 31."""


def parts(may: Mask) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Groups and places that have nothing to do with the others, as (positions of groups, positions of places).

    Parameters
    ----------
    may : (group, place)
        Whether the group may use the place. A group that may use none is in no part, nor is a place that none may use.
    """
    groups, places = may.shape
    group, place = np.nonzero(may)
    edges = coo_array((np.ones(group.size), (group, groups + place)), shape=(groups + places, groups + places))
    count, part = connected_components(edges, directed=False)
    for number in range(count):
        of_groups, of_places = np.flatnonzero(part[:groups] == number), np.flatnonzero(part[groups:] == number)
        if of_groups.size and of_places.size:
            yield of_groups, of_places


def unions(may: Mask) -> Mask | None:
    """Every union of what one or more groups may use, (union, place), the largest first; None where there are too many.

    Parameters
    ----------
    may : (group, place)
        Whether the group may use the place.
    """
    width = may.shape[1]
    found: set[int] = set()
    for rights in {int("".join(map(str, row)), 2) for row in may.astype(int).tolist()}:
        found |= {rights, *(rights | other for other in found)}
        if len(found) > MOST_UNIONS:
            return None
    largest_first = sorted(found, key=lambda union: (-union.bit_count(), union))
    return np.array([[digit == "1" for digit in f"{union:0{width}b}"] for union in largest_first])


def worst_sets(children: Array, places: Array, may: Mask, spans: Mask | None) -> Mask:
    """The set of places that falls furthest short of the children who may use no other: (problem, place).

    Perhaps empty. Where sets come from a flow, one that falls short by less than a hundred-thousandth of all
    children may be missed: flows are of whole numbers, and only whole children and places are exact in them.

    Parameters
    ----------
    children : (problem, group)
    places : (problem, place)
    may : (group, place)
        Whether the group may use the place; each group some place.
    spans : (union, place), or None where there are too many
        What `unions` says of `may`.
    """
    if spans is None:
        batches = _slices(len(children), _FLOWS_AT_ONCE)
        return np.concatenate([_worst_by_flow(children[at], places[at], may) for at in batches])
    sets = np.concatenate([spans, np.zeros_like(spans[:1])])
    inside, room = lies_in(may, sets).T.astype(float), sets.T.astype(float)
    blocks = _slices(len(children), max(_AT_ONCE // len(sets), 1))
    return sets[np.concatenate([(children[at] @ inside - places[at] @ room).argmax(axis=1) for at in blocks])]


def lies_in(may: Mask, spans: Mask) -> Mask:
    """Whether a group has no place outside a union: (union, group)."""
    return ~(~spans @ may.T)


def _slices(count: int, step: int) -> list[slice]:
    return [slice(start, start + step) for start in range(0, count, step)]


def _worst_by_flow(children: Array, places: Array, may: Mask) -> Mask:
    """As `worst_sets`, of a few problems side by side in one network that nothing but source and sink joins.

    Children and places, multiplied by a power of two, flow as whole numbers.
    """
    many, groups = children.shape
    scale = 2.0 ** np.floor(np.log2(_FINEST / max(children.sum(), places.sum(), 1.0)))
    given, room = np.floor(children * scale), np.ceil(places * scale)
    graph = _network(may, given, room)
    flow = maximum_flow(graph, 0, graph.shape[0] - 1).flow.toarray()
    placed, used = flow[0, 1 : given.size + 1].reshape(given.shape), flow[1 : given.size + 1, given.size + 1 : -1]
    of_problem = used.reshape(many, groups, many, -1)[np.arange(many), :, np.arange(many)] > 0
    return _reached(may, placed < given, of_problem)


def _network(may: Mask, given: Array, room: Array) -> csr_array:
    """Limits of the arcs from a source to the groups of each problem, to the places that each may use, and to a sink.

    Parameters
    ----------
    may : (group, place)
    given : (problem, group)
    room : (problem, place)
    """
    group, place = (_repeated(at, size, len(given)) for at, size in zip(np.nonzero(may), may.shape, strict=True))
    first = 1 + given.size
    sink = first + room.size
    tails = np.concatenate([np.zeros(given.size, int), 1 + group, np.arange(first, sink)])
    heads = np.concatenate([np.arange(1, first), first + place, np.full(room.size, sink)])
    limits = np.concatenate([given.ravel(), given.ravel()[group], room.ravel()])
    starts = np.searchsorted(tails, np.arange(sink + 2))
    arcs = (each.astype(np.int32) for each in (limits, heads, starts))
    return csr_array(tuple(arcs), shape=(sink + 1, sink + 1))


def _repeated(at: NDArray[np.int64], size: int, many: int) -> NDArray[np.int64]:
    """Positions in an axis of `size` labels, as positions in `many` such axes one after another."""
    return np.asarray((np.arange(many)[:, None] * size + at).ravel())


def _reached(may: Mask, left_over: Mask, used: Mask) -> Mask:
    """Places that a child left over could have, were others moved on: the source's side of the narrowest cut.

    Parameters
    ----------
    may : (group, place)
    left_over : (problem, group)
        Whether any child of the group is without a place.
    used : (problem, group, place)
        Whether any child of the group is in the place.
    """
    group = left_over
    while True:
        place = group @ may
        more = group | (used & place[:, None]).any(axis=-1)
        if (more == group).all():
            return np.asarray(place)
        group = more
