"""Searches a sandbox's database for anything that no sequence of actions may leave behind."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from types import MappingProxyType

Query = Callable[[str], Sequence[Iterable[object]]]

# What the lines of a step's order must be: its items, and what is inside them.
_EXPECTED_LINES = """
    expected (order_id, item_id, quantity) AS (
        SELECT order_id, item_id, quantity FROM orders JOIN step_items USING (step_id)
        UNION ALL
        SELECT order_id, content.item_id, expected.quantity * content.quantity
        FROM expected JOIN bundle_contents AS content ON bundle_id = expected.item_id
    )
"""
VIOLATIONS: Mapping[str, str] = MappingProxyType(
    {
        "a step that never renews was taken twice": """
            SELECT player_number, step_id FROM step_claims JOIN chains USING (chain_id)
            WHERE recurrent_schedule IS NULL GROUP BY player_number, step_id HAVING count(*) > 1
        """,
        "a claim without a finished order of the same player and step": """
            SELECT claim.* FROM step_claims AS claim LEFT JOIN orders USING (order_id)
            WHERE orders.player_number IS NOT claim.player_number OR orders.step_id IS NOT claim.step_id
               OR NOT EXISTS (SELECT 1 FROM order_history AS past
                              WHERE past.order_id = claim.order_id AND past.status = 'done')
        """,
        "an order that took two steps": "SELECT order_id FROM step_claims GROUP BY order_id HAVING count(*) > 1",
        # A reward chain's reset takes the claims away and leaves the orders.
        "a finished order of an offer step that was not taken": """
            SELECT order_id FROM orders JOIN chains USING (chain_id) JOIN steps USING (step_id)
            WHERE status = 'done' AND kind = 'offer' AND order_id NOT IN (SELECT order_id FROM step_claims)
        """,
        "an order that does not hold what its step does": f"""
            WITH RECURSIVE {_EXPECTED_LINES},
            lines AS (
                SELECT order_id, sku, quantity FROM expected JOIN items USING (item_id)
                UNION ALL
                SELECT order_id, sku, -quantity FROM order_items JOIN orders USING (order_id) WHERE step_id IS NOT NULL
            )
            SELECT order_id, sku FROM lines GROUP BY order_id, sku HAVING sum(quantity) <> 0
        """,
        "points that a finished paid order's items do not give, or that are missing": """
            WITH points AS (
                SELECT order_id, value_point_id, quantity * item_points.amount AS amount
                FROM orders JOIN order_items USING (order_id)
                JOIN items USING (project_id, sku) JOIN item_points USING (item_id)
                WHERE orders.status = 'done' AND orders.amount IS NOT NULL AND NOT is_bundle_content
                UNION ALL
                SELECT order_id, value_point_id, -ledger.amount
                FROM point_ledger AS ledger JOIN orders USING (order_id)
                WHERE status <> 'canceled'
            )
            SELECT order_id FROM points GROUP BY order_id, value_point_id HAVING sum(amount) <> 0
        """,
        "points of a canceled order that still count": """
            SELECT order_id, value_point_id FROM point_ledger AS ledger JOIN orders USING (order_id)
            JOIN items ON items.item_id = value_point_id
            WHERE status = 'canceled' AND entry_id > counted_after
            GROUP BY order_id, value_point_id, clan, earned_at HAVING sum(ledger.amount) <> 0
        """,
        "points of another player than the order's": """
            SELECT order_id FROM point_ledger AS ledger JOIN orders USING (order_id)
            WHERE ledger.player_number <> orders.player_number
        """,
        "a status that is not the last of its order's history": """
            SELECT order_id FROM orders WHERE status IS NOT
                (SELECT status FROM order_history AS past WHERE past.order_id = orders.order_id
                 ORDER BY entry_id DESC LIMIT 1)
        """,
        "a way of an order that is not allowed": """
            WITH moves AS (
                SELECT order_id, amount IS NULL AS is_free, order_history.status AS now, at,
                       lag(order_history.status, 1, '') OVER ways AS before, lag(at, 1, 0) OVER ways AS since
                FROM order_history JOIN orders USING (order_id)
                WINDOW ways AS (PARTITION BY order_id ORDER BY entry_id)
            )
            SELECT order_id, before, now FROM moves
            WHERE at < since OR (is_free, before, now) NOT IN (VALUES
                (1, '', 'done'),
                (0, '', 'new'), (0, 'new', 'paid'), (0, 'new', 'canceled'), (0, 'new', 'expired'),
                (0, 'expired', 'paid'), (0, 'paid', 'done'), (0, 'paid', 'canceled'), (0, 'done', 'canceled'))
        """,
        "two unpaid orders of a player for one step": """
            SELECT player_number, step_id FROM orders WHERE status = 'new' AND step_id IS NOT NULL
            GROUP BY player_number, step_id HAVING count(*) > 1
        """,
        "an order between two states": "SELECT order_id FROM orders WHERE status = 'paid'",
        "an order of which its publisher is not told exactly what happened": """
            WITH told AS (
                SELECT order_id, CASE status WHEN 'done' THEN 'order_paid' ELSE 'order_canceled' END AS kind, 1 AS times
                FROM order_history
                WHERE status IN ('done', 'canceled') AND order_id >= (SELECT min(order_id) FROM webhooks)
                UNION ALL
                SELECT order_id, kind, -1 FROM webhooks
            )
            SELECT order_id, kind FROM told GROUP BY order_id, kind HAVING sum(times) <> 0
        """,
    }
)


def audit(query: Query) -> None:
    """Raise AssertionError for what must not be, by its name."""
    found = {name: [tuple(row) for row in rows] for name, sql in VIOLATIONS.items() if (rows := query(sql))}
    assert not found, found


def audit_file(file: Path) -> None:
    """Audit a database file, its structure included; a sandbox may be running on it."""
    assert query_file(file, "PRAGMA integrity_check") == [("ok",)]
    assert query_file(file, "PRAGMA foreign_key_check") == []
    audit(lambda sql: query_file(file, sql))


def query_file(file: Path, sql: str) -> list[tuple[object, ...]]:
    """Query a database file beside the sandboxes that run on it."""
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(sql).fetchall()
