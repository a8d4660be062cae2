export type Migration = { readonly version: number; readonly sql: string }

const SYNCED = `
  id TEXT NOT NULL UNIQUE,
  user_id INTEGER NOT NULL,
  rev INTEGER NOT NULL,
  at TEXT NOT NULL DEFAULT '{}',
  purged INTEGER NOT NULL DEFAULT 0`

/**
 * Append only: a migration that has been released is never changed, for somebody's data stands at its version.
 * Rowid tables with an index on (user_id, rev): the feed reads them several times faster than tables keyed by UUID.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: `
CREATE TABLE conversations (${SYNCED},
  title TEXT NOT NULL,
  model TEXT,
  system_prompt TEXT,
  params TEXT NOT NULL DEFAULT '{}',
  tags TEXT NOT NULL DEFAULT '[]',
  active_leaf_id TEXT,
  pinned_at INTEGER,
  archived_at INTEGER,
  deleted_at INTEGER,
  device_id TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);
CREATE INDEX conversations_feed ON conversations (user_id, rev);
CREATE INDEX conversations_recent ON conversations (user_id, updated_at DESC, id DESC) WHERE deleted_at IS NULL AND purged = 0;
CREATE INDEX conversations_listed ON conversations (user_id, updated_at DESC, id DESC) WHERE purged = 0;

CREATE TABLE messages (${SYNCED},
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  parent_id TEXT,
  role TEXT NOT NULL,
  content TEXT NOT NULL,
  reasoning TEXT,
  attachments TEXT NOT NULL DEFAULT '[]',
  citations TEXT NOT NULL DEFAULT '[]',
  model TEXT,
  status TEXT NOT NULL,
  finish_reason TEXT,
  error TEXT,
  run_id TEXT,
  tokens_input INTEGER,
  tokens_output INTEGER,
  tokens_cache_read INTEGER,
  tokens_cache_write INTEGER,
  tokens_reasoning INTEGER,
  cost_nanousd INTEGER,
  price_state TEXT,
  device_id TEXT,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL,
  first_token_at INTEGER,
  finished_at INTEGER
);
CREATE INDEX messages_feed ON messages (user_id, rev);
CREATE INDEX messages_conversation ON messages (conversation_id, created_at, id);
CREATE VIRTUAL TABLE messages_fts USING fts5 (content, content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2");

CREATE TABLE personas (${SYNCED},
  name TEXT NOT NULL,
  system_prompt TEXT,
  model TEXT,
  params TEXT NOT NULL DEFAULT '{}',
  deleted_at INTEGER,
  created_at INTEGER NOT NULL
);
CREATE INDEX personas_feed ON personas (user_id, rev);

CREATE TABLE settings (
  id TEXT NOT NULL,
  user_id INTEGER NOT NULL,
  rev INTEGER NOT NULL,
  at TEXT NOT NULL DEFAULT '{}',
  purged INTEGER NOT NULL DEFAULT 0,
  value TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (user_id, id)
);
CREATE INDEX settings_feed ON settings (user_id, rev);

CREATE TABLE attachments (${SYNCED},
  sha256 TEXT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  width INTEGER,
  height INTEGER,
  deleted_at INTEGER,
  created_at INTEGER NOT NULL
);
CREATE INDEX attachments_feed ON attachments (user_id, rev);

CREATE TABLE runs (
  id TEXT NOT NULL UNIQUE,
  user_id INTEGER NOT NULL,
  conversation_id TEXT NOT NULL REFERENCES conversations (id),
  message_id TEXT NOT NULL REFERENCES messages (id),
  user_message_id TEXT NOT NULL,
  device_id TEXT,
  model TEXT NOT NULL,
  request TEXT NOT NULL,
  state TEXT NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0,
  generation INTEGER NOT NULL DEFAULT 1,
  last_seq INTEGER NOT NULL DEFAULT 0,
  cancel_at INTEGER,
  error TEXT,
  created_at INTEGER NOT NULL,
  ended_at INTEGER
);
CREATE INDEX runs_unfinished ON runs (created_at) WHERE ended_at IS NULL;
CREATE INDEX runs_conversation ON runs (conversation_id);
CREATE TABLE cancelled_runs (id TEXT NOT NULL UNIQUE, user_id INTEGER NOT NULL, cancelled_at INTEGER NOT NULL);

CREATE TABLE run_events (
  run_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  channel TEXT NOT NULL,
  data TEXT NOT NULL,
  PRIMARY KEY (run_id, seq)
) WITHOUT ROWID;

CREATE TABLE usage_logs (
  id TEXT NOT NULL UNIQUE,
  user_id INTEGER NOT NULL,
  rev INTEGER NOT NULL,
  run_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  conversation_id TEXT NOT NULL,
  message_id TEXT NOT NULL,
  device_id TEXT,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  served_model TEXT,
  outcome TEXT NOT NULL,
  tokens_input INTEGER NOT NULL,
  tokens_output INTEGER NOT NULL,
  tokens_cache_read INTEGER NOT NULL,
  tokens_cache_write INTEGER NOT NULL,
  tokens_reasoning INTEGER NOT NULL,
  cost_nanousd INTEGER,
  price_state TEXT NOT NULL,
  price_version TEXT,
  price_lines TEXT,
  raw_usage TEXT,
  provider_request_id TEXT,
  timestamp INTEGER NOT NULL,
  UNIQUE (run_id, attempt)
);
CREATE INDEX usage_logs_feed ON usage_logs (user_id, rev);
CREATE INDEX usage_logs_time ON usage_logs (user_id, timestamp);
CREATE INDEX usage_logs_conversation ON usage_logs (conversation_id);
CREATE TRIGGER usage_logs_immutable BEFORE UPDATE ON usage_logs BEGIN SELECT RAISE (ABORT, 'the ledger is immutable'); END;

CREATE TABLE devices (
  id TEXT NOT NULL UNIQUE,
  user_id INTEGER NOT NULL,
  name TEXT,
  last_n INTEGER NOT NULL DEFAULT 0,
  schema INTEGER NOT NULL DEFAULT 1,
  seen_at INTEGER NOT NULL
);
CREATE TABLE device_mutations (
  device_id TEXT NOT NULL,
  n INTEGER NOT NULL,
  mid TEXT NOT NULL,
  PRIMARY KEY (device_id, n)
) WITHOUT ROWID;
CREATE TABLE conflicts (
  user_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  row_id TEXT NOT NULL,
  field TEXT NOT NULL,
  value TEXT,
  at TEXT NOT NULL,
  recorded_at INTEGER NOT NULL
);
CREATE INDEX conflicts_row ON conflicts (user_id, row_id);
CREATE INDEX conflicts_time ON conflicts (recorded_at);
CREATE TABLE history (last_rev INTEGER PRIMARY KEY, nonce TEXT NOT NULL);
CREATE TABLE epochs (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, policy TEXT NOT NULL, minted_at INTEGER NOT NULL);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
`,
  },
  {
    version: 2,
    // Search goes back in time through it.
    sql: `CREATE INDEX messages_recent ON messages (user_id, created_at DESC, id DESC) WHERE purged = 0 AND deleted_at IS NULL;`,
  },
  {
    version: 3,
    // Also when all that a user has is deleted: what was paid stays paid, and a line of the ledger holds nothing that anybody wrote.
    sql: `CREATE TRIGGER usage_logs_kept BEFORE DELETE ON usage_logs BEGIN SELECT RAISE (ABORT, 'the ledger is immutable'); END;`,
  },
  {
    version: 4,
    sql: `
CREATE TABLE push_subscriptions (
  endpoint TEXT NOT NULL UNIQUE,
  user_id INTEGER NOT NULL,
  device TEXT NOT NULL UNIQUE,
  p256dh TEXT NOT NULL,
  auth TEXT NOT NULL,
  created_at INTEGER NOT NULL
);`,
  },
  {
    version: 5,
    // Numbers and names, so that a call is counted also when the process that made it died; nothing that anybody wrote.
    sql: `
CREATE TABLE temporary_calls (
  run_id TEXT NOT NULL UNIQUE,
  user_id INTEGER NOT NULL,
  conversation_id TEXT NOT NULL,
  message_id TEXT NOT NULL,
  device_id TEXT,
  model TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  tokens_prompt INTEGER NOT NULL,
  started_at INTEGER NOT NULL
);`,
  },
  {
    version: 6,
    // With the first token's time it says how long a model reasoned.
    sql: 'ALTER TABLE messages ADD COLUMN first_text_at INTEGER;',
  },
]
