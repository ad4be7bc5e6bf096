"""What holds of any counts, and the same counts by plain loops over random lives."""

from collections import Counter
from random import Random

import pandas as pd
import pytest
from builders_return import filed
from histories import histories
from records_kit import cells, counted, flows, moves, placements, told
from slow_counts import year

SEEDS = range(4)


@pytest.fixture(scope="module", params=SEEDS)
def lives(request):
    """Returns' children by census, and what was counted from them."""
    children = histories(request.param)
    return children, counted(*(filed(census, rows) for census, rows in children.items()))


def test_plain_loops_over_the_children_count_the_same(lives):
    children, result = lives
    before = {}
    for census, rows in children.items():
        stock, flow, move, before_next = year(census, _labelled(rows), before)
        assert placements(result, census) == _college(stock)
        if before:
            assert moves(result, census) == _college(move)
            assert flows(result, census) == _college({cell: n for cell, n in flow.items() if cell[0] != "unexplained"})
            assert told(result, census)["unexplained"] == sum(n for cell, n in flow.items() if cell[0] == "unexplained")
        before = before_next


def _labelled(rows):
    return [row for row in rows if row["plans"]]


def _college(counts):
    """The small area's own word for places after 16."""
    return {tuple("college" if part == "post16" else part for part in cell): n for cell, n in counts.items()}


def test_the_children_of_a_january_are_all_who_leave_their_place_or_keep_their_plan(lives):
    _, result = lives
    for census in (2024, 2025):
        stock, left = Counter(), Counter()
        for (_, _, nc_year, provision), children in placements(result, census - 1).items():
            stock[nc_year, provision] += children
        for (_, _, nc_year, provision, _), children in moves(result, census).items():
            left[nc_year, provision] += children
        for (flow, _, _, nc_year, provision), children in flows(result, census).items():
            if flow == "cease":
                left[nc_year, provision] += children
        assert left == stock


def test_the_children_of_a_january_moved_there_began_or_arrived_or_are_unexplained(lives):
    _, result = lives
    for census in (2024, 2025):
        stock = Counter()
        for (district, need, _, provision), children in placements(result, census).items():
            stock[district, need, provision] += children
        for (district, need, _, _, to), children in moves(result, census).items():
            stock[district, need, to] -= children
        for (flow, district, need, _, provision), children in flows(result, census).items():
            if flow in {"start", "arrive"}:
                stock[district, need, provision] -= children
        assert min(stock.values()) >= 0
        assert sum(stock.values()) == told(result, census)["unexplained"]


def test_those_who_moved_away_are_among_those_whose_plans_ceased(lives):
    _, result = lives
    for census in (2023, 2024, 2025):
        found = flows(result, census)
        away = {cell[1:]: children for cell, children in found.items() if cell[0] == "transfer"}
        assert all(children <= found["cease", *cell] for cell, children in away.items())


def test_counts_are_whole_children(lives):
    _, result = lives
    for name, table in result.tables.items():
        assert pd.api.types.is_integer_dtype(table["children"]), name
        assert (table["children"] >= 0).all()
        assert not table.duplicated([column for column in table if column != "children"]).any()


def test_the_order_of_rows_does_not_matter():
    children = histories(99, children=40)
    nowhere = {census: [_without_home(row) for row in rows] for census, rows in children.items()}
    returns = [filed(census, rows) for census, rows in nowhere.items()]
    result, other = counted(*returns), counted(*(_shuffled(one) for one in returns))
    for name, table in result.tables.items():
        columns = [column for column in table if column != "children"]
        assert cells(table, *columns) == cells(other.tables[name], *columns)
    assert result.summary.equals(other.summary)


def _without_home(row):
    person = row["person"]
    lost = int(person["upn"][-1]) % 3 == 0
    return {**row, "person": {**person, "postcode": "" if lost else person["postcode"]}}


def _shuffled(one):
    """The same records, the rows of each module in another order; records that tie are left in theirs."""
    tables = dict(one.tables)
    for module in ("person", "requests", "assessment", "active_plans", "plan_detail"):
        table = tables[module]
        order = Random(module).sample(range(len(table)), len(table))  # noqa: S311 - an order, no secret
        tables[module] = table.iloc[order]
    return type(one)(one.census, one.version, one.form, tables, one.files, one.unread)
