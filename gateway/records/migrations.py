"""The tables of the records file, as the steps that lead from each version of the file to the next."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """
        CREATE TABLE idempotency (
            key BLOB PRIMARY KEY,
            arguments BLOB NOT NULL,
            state TEXT NOT NULL,
            answer BLOB,
            player BLOB,
            skus TEXT,
            order_id INTEGER,
            expires_at REAL NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX idempotency_expiry ON idempotency (expires_at)",
        "CREATE INDEX idempotency_player ON idempotency (player) WHERE player IS NOT NULL",
    ),
    (
        """
        CREATE TABLE webhooks (
            number INTEGER PRIMARY KEY,
            key BLOB NOT NULL UNIQUE,
            expires_at REAL NOT NULL
        ) STRICT
        """,
        "CREATE INDEX webhooks_expiry ON webhooks (expires_at)",
    ),
    # Who made a record: changes are made in that attempt's name only.
    ("ALTER TABLE idempotency ADD COLUMN attempt BLOB",),
)
"""A version's statements, in order. A step that was released is never changed: add one, and the file moves up."""
