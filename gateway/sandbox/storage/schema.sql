-- The sandbox's whole state. Localised texts are JSON maps of two-letter language codes, money is decimal text,
-- instants are seconds since 1970, and dates are kept as they were sent, beside the instants they stand for.

PRAGMA user_version = 3;

CREATE TABLE IF NOT EXISTS projects (
    project_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    api_key TEXT NOT NULL,
    login_secret TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS webhook_settings (
    project_id INTEGER PRIMARY KEY REFERENCES projects ON DELETE CASCADE,
    url TEXT NOT NULL,
    secret TEXT NOT NULL,
    is_enabled INTEGER NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE IF NOT EXISTS players (
    player_number INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    player_id TEXT NOT NULL,
    name TEXT NOT NULL,
    attributes TEXT NOT NULL,
    clan TEXT,
    UNIQUE (project_id, player_id)
) STRICT;

CREATE TABLE IF NOT EXISTS access_tokens (
    token_digest BLOB PRIMARY KEY,
    player_number INTEGER NOT NULL REFERENCES players ON DELETE CASCADE,
    expires_at REAL NOT NULL
) STRICT;

-- Everything that has a SKU: goods, currencies, bundles (currency packages among them) and value points.
CREATE TABLE IF NOT EXISTS items (
    item_id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    sku TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('virtual_good', 'virtual_currency', 'bundle', 'value_point')),
    bundle_type TEXT,
    name TEXT,
    description TEXT,
    long_description TEXT,
    image_url TEXT,
    prices TEXT NOT NULL DEFAULT '[]',
    is_free INTEGER NOT NULL DEFAULT 0,
    is_enabled INTEGER NOT NULL DEFAULT 1,
    is_clan INTEGER NOT NULL DEFAULT 0,
    sort_order INTEGER NOT NULL DEFAULT 1,
    details TEXT NOT NULL DEFAULT '{}',
    -- Of a value point: ledger entries up to this one were wiped by a reset and count no more.
    counted_after INTEGER NOT NULL DEFAULT 0,
    UNIQUE (project_id, sku),
    CHECK ((type = 'bundle') = (bundle_type IS NOT NULL))
) STRICT;

CREATE TABLE IF NOT EXISTS bundle_contents (
    bundle_id INTEGER NOT NULL REFERENCES items ON DELETE CASCADE,
    position INTEGER NOT NULL,
    item_id INTEGER NOT NULL REFERENCES items,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    PRIMARY KEY (bundle_id, position),
    CHECK (bundle_id <> item_id)
) STRICT, WITHOUT ROWID;

-- A group is created when an item first names it; numbers follow the order of creation.
CREATE TABLE IF NOT EXISTS item_groups (
    group_id INTEGER PRIMARY KEY,
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    external_id TEXT NOT NULL,
    UNIQUE (project_id, external_id)
) STRICT;

CREATE TABLE IF NOT EXISTS item_points (
    item_id INTEGER NOT NULL REFERENCES items ON DELETE CASCADE,
    value_point_id INTEGER NOT NULL REFERENCES items ON DELETE CASCADE,
    amount INTEGER NOT NULL CHECK (amount > 0),
    PRIMARY KEY (item_id, value_point_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS item_points_of_value_point ON item_points (value_point_id);

CREATE TABLE IF NOT EXISTS chains (
    chain_id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('offer', 'reward', 'daily')),
    name TEXT,
    description TEXT,
    long_description TEXT,
    image_url TEXT,
    sort_order INTEGER NOT NULL,
    date_start TEXT NOT NULL,
    date_end TEXT,
    starts_at REAL NOT NULL,
    ends_at REAL,
    is_enabled INTEGER NOT NULL,
    is_always_visible INTEGER NOT NULL,
    attribute_conditions TEXT,
    recurrent_schedule TEXT,
    value_point_id INTEGER REFERENCES items,
    clan_type TEXT,
    popup_header TEXT,
    popup_instruction TEXT,
    popup_image_url TEXT,
    -- When the schedule was last written: its first reset is the first one after that.
    schedule_since REAL NOT NULL DEFAULT 0,
    is_reset_on_completion INTEGER NOT NULL DEFAULT 0,
    -- Of a daily chain: how it counts days, whether it starts over, and when its progress was last deleted.
    daily_type TEXT CHECK (daily_type IN ('calendar_hard', 'rolling')),
    is_recurrent INTEGER NOT NULL DEFAULT 0,
    reset_at REAL,
    CHECK ((kind = 'reward') = (value_point_id IS NOT NULL)),
    CHECK ((kind = 'daily') = (daily_type IS NOT NULL))
) STRICT;

CREATE INDEX IF NOT EXISTS chains_of_project ON chains (project_id, kind, is_enabled, starts_at);

CREATE TABLE IF NOT EXISTS steps (
    step_id INTEGER PRIMARY KEY AUTOINCREMENT,
    chain_id INTEGER NOT NULL REFERENCES chains ON DELETE CASCADE,
    step_number INTEGER NOT NULL CHECK (step_number > 0),
    is_free INTEGER NOT NULL DEFAULT 0,
    points_needed INTEGER NOT NULL DEFAULT 0,
    name TEXT,
    image_url TEXT,
    UNIQUE (chain_id, step_number)
) STRICT;

CREATE TABLE IF NOT EXISTS step_items (
    step_id INTEGER NOT NULL REFERENCES steps ON DELETE CASCADE,
    position INTEGER NOT NULL,
    item_id INTEGER NOT NULL REFERENCES items,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    sort_order INTEGER NOT NULL,
    attribute_conditions TEXT,
    PRIMARY KEY (step_id, position)
) STRICT, WITHOUT ROWID;

-- A player's progress. The key makes a second grant of one step in one period impossible.
CREATE TABLE IF NOT EXISTS step_claims (
    player_number INTEGER NOT NULL REFERENCES players ON DELETE CASCADE,
    step_id INTEGER NOT NULL REFERENCES steps ON DELETE CASCADE,
    period_start INTEGER NOT NULL,
    chain_id INTEGER NOT NULL REFERENCES chains ON DELETE CASCADE,
    order_id INTEGER NOT NULL REFERENCES orders,
    claimed_at REAL NOT NULL,
    PRIMARY KEY (player_number, step_id, period_start)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS step_claims_of_chain ON step_claims (player_number, chain_id, claimed_at);

-- Every grant has an order, so what players own is the content of their finished orders.
CREATE TABLE IF NOT EXISTS orders (
    order_id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    player_number INTEGER NOT NULL REFERENCES players ON DELETE CASCADE,
    status TEXT NOT NULL CHECK (status IN ('new', 'paid', 'done', 'canceled', 'expired')),
    chain_id INTEGER,
    step_id INTEGER,
    amount TEXT,
    -- What it would be without a discount; NULL where there is none.
    full_amount TEXT,
    currency TEXT,
    payment_token TEXT UNIQUE,
    created_at REAL NOT NULL,
    CHECK ((amount IS NULL) = (currency IS NULL))
) STRICT;

CREATE INDEX IF NOT EXISTS orders_of_player ON orders (player_number, step_id, status);

CREATE TABLE IF NOT EXISTS order_items (
    order_id INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE,
    position INTEGER NOT NULL,
    sku TEXT NOT NULL,
    type TEXT NOT NULL,
    name TEXT,
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    is_bundle_content INTEGER NOT NULL,
    PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS order_history (
    entry_id INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE,
    status TEXT NOT NULL,
    at REAL NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS order_history_of_order ON order_history (order_id);

-- Append-only: a balance is a sum over this, never a number that is overwritten.
CREATE TABLE IF NOT EXISTS point_ledger (
    entry_id INTEGER PRIMARY KEY AUTOINCREMENT,
    value_point_id INTEGER NOT NULL REFERENCES items ON DELETE CASCADE,
    player_number INTEGER NOT NULL REFERENCES players ON DELETE CASCADE,
    clan TEXT,
    amount INTEGER NOT NULL CHECK (amount <> 0),
    order_id INTEGER NOT NULL REFERENCES orders,
    earned_at REAL NOT NULL
) STRICT;

CREATE INDEX IF NOT EXISTS point_ledger_of_player ON point_ledger (value_point_id, player_number, earned_at);
CREATE INDEX IF NOT EXISTS point_ledger_of_clan ON point_ledger (value_point_id, clan, earned_at);

CREATE TRIGGER IF NOT EXISTS point_ledger_is_append_only BEFORE UPDATE ON point_ledger
BEGIN
    SELECT RAISE(ABORT, 'the point ledger is append-only');
END;

-- How far the sandbox's clock is ahead of the machine's.
CREATE TABLE IF NOT EXISTS clock (
    clock_id INTEGER PRIMARY KEY CHECK (clock_id = 1),
    offset_seconds REAL NOT NULL CHECK (offset_seconds >= 0)
) STRICT;

INSERT OR IGNORE INTO clock (clock_id, offset_seconds) VALUES (1, 0);

-- The outbox of webhooks, written with the change of the order: due at an instant, waiting for an earlier one of the
-- same order, or finished.
CREATE TABLE IF NOT EXISTS webhooks (
    webhook_id INTEGER PRIMARY KEY AUTOINCREMENT,
    project_id INTEGER NOT NULL REFERENCES projects ON DELETE CASCADE,
    order_id INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('order_paid', 'order_canceled')),
    version INTEGER NOT NULL,
    created_at REAL NOT NULL,
    due_at REAL,
    outcome TEXT CHECK (outcome IN ('delivered', 'refused', 'given_up', 'dropped')),
    CHECK (due_at IS NULL OR outcome IS NULL)
) STRICT;

CREATE INDEX IF NOT EXISTS webhooks_due ON webhooks (project_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS webhooks_of_order ON webhooks (order_id);

CREATE TABLE IF NOT EXISTS webhook_attempts (
    webhook_id INTEGER NOT NULL REFERENCES webhooks ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at REAL NOT NULL,
    url TEXT NOT NULL,
    status INTEGER,
    detail TEXT NOT NULL,
    PRIMARY KEY (webhook_id, number)
) STRICT, WITHOUT ROWID;
