CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE answers (
	seq INTEGER NOT NULL,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	fingerprint TEXT NOT NULL,
	status INTEGER NOT NULL,
	headers TEXT NOT NULL,
	body TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (seq),
	UNIQUE (id)
)
 STRICT
;
CREATE TABLE events (
	seq INTEGER NOT NULL,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	type TEXT NOT NULL,
	resource TEXT NOT NULL,
	occurred_at INTEGER NOT NULL,
	actor_id TEXT,
	owner_id TEXT,
	public INTEGER NOT NULL,
	details TEXT NOT NULL, kind TEXT, ip TEXT, request_id TEXT, sequence INTEGER,
	PRIMARY KEY (seq),
	UNIQUE (id)
)
 STRICT
;
CREATE TABLE users (
	seq INTEGER NOT NULL,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	username TEXT NOT NULL,
	username_key TEXT,
	email TEXT NOT NULL,
	email_key TEXT,
	email_verified INTEGER NOT NULL,
	full_name TEXT,
	full_name_key TEXT,
	bio TEXT,
	age INTEGER,
	avatar_url TEXT,
	role TEXT NOT NULL,
	is_active INTEGER NOT NULL,
	password_hash TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	erased_at INTEGER,
	PRIMARY KEY (seq),
	UNIQUE (id)
)
 STRICT
;
CREATE TABLE sessions (
	seq INTEGER NOT NULL,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	user_id TEXT NOT NULL,
	scopes TEXT,
	refresh_id TEXT NOT NULL,
	revoked TEXT NOT NULL,
	ip TEXT,
	user_agent TEXT,
	created_at INTEGER NOT NULL,
	last_used_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	PRIMARY KEY (seq),
	UNIQUE (id)
)
 STRICT
;
CREATE TABLE api_keys (
	seq INTEGER NOT NULL,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	user_id TEXT NOT NULL,
	name TEXT NOT NULL,
	prefix TEXT NOT NULL,
	digest TEXT NOT NULL,
	scopes TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	expires_at INTEGER,
	last_used_at INTEGER,
	PRIMARY KEY (seq),
	UNIQUE (id)
)
 STRICT
;
CREATE TABLE items (
	seq INTEGER NOT NULL,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	owner_id TEXT NOT NULL,
	name TEXT NOT NULL,
	name_key TEXT NOT NULL,
	description TEXT,
	price INTEGER NOT NULL,
	final_price INTEGER NOT NULL,
	tax INTEGER NOT NULL,
	discount INTEGER NOT NULL,
	stock INTEGER NOT NULL,
	tags TEXT NOT NULL,
	is_public INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	name_words TEXT NOT NULL,
	words TEXT NOT NULL, images TEXT DEFAULT '[]' NOT NULL,
	PRIMARY KEY (seq),
	UNIQUE (id)
)
 STRICT
;
CREATE UNIQUE INDEX users_username_key ON users (username_key);
CREATE UNIQUE INDEX users_email_key ON users (email_key);
CREATE UNIQUE INDEX api_keys_digest ON api_keys (digest);
CREATE INDEX answers_created_at ON answers (created_at);
CREATE INDEX users_full_name_key ON users (full_name_key);
CREATE INDEX sessions_expires_at ON sessions (expires_at);
CREATE INDEX users_newest ON users (created_at DESC, id);
CREATE INDEX sessions_of ON sessions (user_id, created_at DESC, id);
CREATE INDEX api_keys_of ON api_keys (user_id, created_at DESC, id);
CREATE INDEX items_of ON items (owner_id, created_at DESC, id);
CREATE INDEX items_newest ON items (created_at DESC, id, is_public, owner_id);
CREATE INDEX items_public ON items (created_at DESC, id) WHERE is_public = 1;
CREATE INDEX items_by_name ON items (name_key, id);
CREATE INDEX items_by_price ON items (price, id);
CREATE VIRTUAL TABLE items_words USING fts5(name_words, words, content='items', content_rowid='seq', tokenize='ascii', prefix='1 2 3');
CREATE TABLE items_tags (
	value TEXT NOT NULL,
	owner INTEGER NOT NULL,
	PRIMARY KEY (value, owner)
)
 WITHOUT ROWID,
 STRICT
;
CREATE TRIGGER items_added AFTER INSERT ON items BEGIN INSERT INTO items_words(rowid, name_words, words) VALUES (new.seq, new.name_words, new.words); INSERT INTO items_tags(value, owner) SELECT value, new.seq FROM json_each(new.tags); END;
CREATE TRIGGER items_removed AFTER DELETE ON items BEGIN INSERT INTO items_words(items_words, rowid, name_words, words) VALUES ('delete', old.seq, old.name_words, old.words); DELETE FROM items_tags WHERE owner = old.seq AND value IN (SELECT value FROM json_each(old.tags)); END;
CREATE TRIGGER items_reworded AFTER UPDATE ON items WHEN old.words <> new.words OR old.name_words <> new.name_words BEGIN INSERT INTO items_words(items_words, rowid, name_words, words) VALUES ('delete', old.seq, old.name_words, old.words); INSERT INTO items_words(rowid, name_words, words) VALUES (new.seq, new.name_words, new.words); END;
CREATE TRIGGER items_retagged AFTER UPDATE ON items WHEN old.tags <> new.tags BEGIN DELETE FROM items_tags WHERE owner = old.seq AND value IN (SELECT value FROM json_each(old.tags)); INSERT INTO items_tags(value, owner) SELECT value, new.seq FROM json_each(new.tags); END;
CREATE TABLE orders (
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	user_id TEXT NOT NULL,
	status TEXT NOT NULL,
	lines TEXT NOT NULL,
	subtotal INTEGER NOT NULL,
	discount_total INTEGER NOT NULL,
	tax_total INTEGER NOT NULL,
	total INTEGER NOT NULL,
	currency TEXT NOT NULL,
	shipping_address TEXT NOT NULL,
	notes TEXT,
	payment TEXT NOT NULL,
	cancel_reason TEXT,
	paid_at INTEGER,
	shipped_at INTEGER,
	delivered_at INTEGER,
	cancelled_at INTEGER,
	expires_at INTEGER,
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	PRIMARY KEY (id)
)
 STRICT
;
CREATE TABLE wallets (
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	balance INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (id)
)
 STRICT
;
CREATE TABLE entries (
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	movement_id TEXT NOT NULL,
	account TEXT NOT NULL,
	kind TEXT NOT NULL,
	amount INTEGER NOT NULL,
	balance_after INTEGER,
	counterparty_id TEXT,
	order_id TEXT,
	reference TEXT,
	note TEXT,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (id)
)
 STRICT
;
CREATE UNIQUE INDEX entries_reference ON entries (reference);
CREATE INDEX orders_expires_at ON orders (expires_at);
CREATE INDEX orders_newest ON orders (created_at DESC, id);
CREATE INDEX orders_of ON orders (user_id, created_at DESC, id);
CREATE INDEX entries_of ON entries (account, created_at DESC, id);
CREATE TABLE posts (
	seq INTEGER NOT NULL,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	author_id TEXT NOT NULL,
	title TEXT NOT NULL,
	content TEXT NOT NULL,
	tags TEXT NOT NULL,
	status TEXT NOT NULL,
	is_public INTEGER NOT NULL,
	comment_count INTEGER NOT NULL,
	published_at INTEGER,
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	name_words TEXT NOT NULL,
	words TEXT NOT NULL,
	PRIMARY KEY (seq),
	UNIQUE (id)
)
 STRICT
;
CREATE VIRTUAL TABLE posts_words USING fts5(name_words, words, content='posts', content_rowid='seq', tokenize='ascii', prefix='1 2 3');
CREATE TRIGGER posts_added AFTER INSERT ON posts BEGIN INSERT INTO posts_words(rowid, name_words, words) VALUES (new.seq, new.name_words, new.words); END;
CREATE TRIGGER posts_removed AFTER DELETE ON posts BEGIN INSERT INTO posts_words(posts_words, rowid, name_words, words) VALUES ('delete', old.seq, old.name_words, old.words); END;
CREATE TRIGGER posts_reworded AFTER UPDATE ON posts WHEN old.words <> new.words OR old.name_words <> new.name_words BEGIN INSERT INTO posts_words(posts_words, rowid, name_words, words) VALUES ('delete', old.seq, old.name_words, old.words); INSERT INTO posts_words(rowid, name_words, words) VALUES (new.seq, new.name_words, new.words); END;
CREATE TABLE posts_tags (
	value TEXT NOT NULL,
	owner INTEGER NOT NULL,
	PRIMARY KEY (value, owner)
)
 WITHOUT ROWID,
 STRICT
;
CREATE TRIGGER posts_tagged AFTER INSERT ON posts BEGIN INSERT INTO posts_tags(value, owner) SELECT value, new.seq FROM json_each(new.tags); END;
CREATE TRIGGER posts_untagged AFTER DELETE ON posts BEGIN DELETE FROM posts_tags WHERE owner = old.seq AND value IN (SELECT value FROM json_each(old.tags)); END;
CREATE TRIGGER posts_retagged AFTER UPDATE ON posts WHEN old.tags <> new.tags BEGIN DELETE FROM posts_tags WHERE owner = old.seq AND value IN (SELECT value FROM json_each(old.tags)); INSERT INTO posts_tags(value, owner) SELECT value, new.seq FROM json_each(new.tags); END;
CREATE TABLE comments (
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	post_id TEXT NOT NULL,
	author_id TEXT NOT NULL,
	content TEXT NOT NULL,
	sentiment TEXT,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (id)
)
 STRICT
;
CREATE INDEX posts_of ON posts (author_id, created_at DESC, id);
CREATE INDEX posts_newest ON posts (created_at DESC, id, is_public, author_id);
CREATE INDEX posts_public ON posts (created_at DESC, id) WHERE is_public = 1;
CREATE INDEX comments_on ON comments (post_id, created_at, id);
CREATE INDEX comments_of ON comments (author_id, created_at DESC, id);
CREATE TABLE todos (
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	owner_id TEXT NOT NULL,
	title TEXT NOT NULL,
	description TEXT,
	priority INTEGER NOT NULL,
	due_at INTEGER,
	due_rising INTEGER NOT NULL,
	due_falling INTEGER NOT NULL,
	done INTEGER NOT NULL,
	completed_at INTEGER,
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	PRIMARY KEY (id)
)
 STRICT
;
CREATE INDEX todos_of ON todos (owner_id, created_at DESC, id);
CREATE INDEX todos_by_priority ON todos (owner_id, priority, id);
CREATE INDEX todos_by_due ON todos (owner_id, due_rising, id);
CREATE INDEX todos_by_due_last_first ON todos (owner_id, due_falling DESC, id);
CREATE TABLE files (
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	owner_id TEXT NOT NULL,
	purpose TEXT NOT NULL,
	item_id TEXT,
	blob TEXT NOT NULL,
	filename TEXT NOT NULL,
	content_type TEXT NOT NULL,
	size INTEGER NOT NULL,
	sha256 TEXT NOT NULL,
	width INTEGER,
	height INTEGER,
	is_public INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	PRIMARY KEY (id)
)
 STRICT
;
CREATE UNIQUE INDEX files_blob ON files (blob);
CREATE INDEX files_of ON files (owner_id, purpose, created_at DESC, id);
CREATE TABLE tasks (
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	kind TEXT NOT NULL,
	owner_id TEXT,
	payload TEXT NOT NULL,
	status TEXT NOT NULL,
	done INTEGER NOT NULL,
	result TEXT,
	error TEXT,
	attempts INTEGER NOT NULL,
	due_at INTEGER,
	leased_to TEXT,
	created_at INTEGER NOT NULL,
	started_at INTEGER,
	finished_at INTEGER,
	PRIMARY KEY (id)
)
 STRICT
;
CREATE TABLE schedules (
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	due_at INTEGER NOT NULL,
	PRIMARY KEY (id)
)
 STRICT
;
CREATE INDEX tasks_due_at ON tasks (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX tasks_leased_to ON tasks (leased_to) WHERE leased_to IS NOT NULL;
CREATE INDEX tasks_finished_at ON tasks (finished_at, id) WHERE finished_at IS NOT NULL;
CREATE INDEX tasks_of ON tasks (owner_id, created_at DESC, id) WHERE owner_id IS NOT NULL;
CREATE INDEX tasks_newest ON tasks (created_at DESC, id);
CREATE TABLE mailed_tokens (
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	user_id TEXT NOT NULL,
	purpose TEXT NOT NULL,
	digest TEXT NOT NULL,
	email TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	PRIMARY KEY (id)
)
 STRICT
;
CREATE TABLE notifications (
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	user_id TEXT NOT NULL,
	subject TEXT NOT NULL,
	message TEXT NOT NULL,
	unread INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	read_at INTEGER,
	PRIMARY KEY (id)
)
 STRICT
;
CREATE UNIQUE INDEX mailed_tokens_digest ON mailed_tokens (digest);
CREATE INDEX mailed_tokens_expires_at ON mailed_tokens (expires_at);
CREATE INDEX mailed_tokens_of ON mailed_tokens (user_id);
CREATE INDEX notifications_of ON notifications (user_id, created_at DESC, id);
CREATE INDEX notifications_unread ON notifications (user_id, unread, created_at DESC, id);
CREATE TABLE webhooks (
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	owner_id TEXT NOT NULL,
	url TEXT NOT NULL,
	events TEXT NOT NULL,
	sealed_secret TEXT NOT NULL,
	is_active INTEGER NOT NULL,
	failing_since INTEGER,
	created_at INTEGER NOT NULL,
	ended_at INTEGER,
	PRIMARY KEY (id)
)
 STRICT
;
CREATE TABLE deliveries (
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	webhook_id TEXT NOT NULL,
	message_id TEXT NOT NULL,
	event TEXT NOT NULL,
	body TEXT NOT NULL,
	status TEXT NOT NULL,
	attempts INTEGER NOT NULL,
	tries INTEGER NOT NULL,
	response_status INTEGER,
	error TEXT,
	next_attempt_at INTEGER,
	due_at INTEGER,
	lease TEXT,
	created_at INTEGER NOT NULL,
	delivered_at INTEGER,
	PRIMARY KEY (id)
)
 STRICT
;
CREATE INDEX webhooks_of ON webhooks (owner_id, created_at DESC, id);
CREATE INDEX webhooks_active ON webhooks (is_active, id);
CREATE INDEX webhooks_ended_at ON webhooks (ended_at);
CREATE INDEX deliveries_of ON deliveries (webhook_id, created_at DESC, id);
CREATE INDEX deliveries_due_at ON deliveries (due_at, id);
CREATE INDEX deliveries_created_at ON deliveries (created_at, id);
CREATE TABLE counters (
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	value INTEGER NOT NULL,
	PRIMARY KEY (id)
)
 STRICT
;
CREATE INDEX events_newest ON events (occurred_at DESC, id);
CREATE INDEX events_waiting ON events (id) WHERE sequence IS NULL;
CREATE INDEX events_sequence ON events (sequence) WHERE sequence IS NOT NULL;
CREATE INDEX events_by ON events (actor_id, occurred_at DESC, id) WHERE actor_id IS NOT NULL;
CREATE INDEX events_of_type ON events (type, occurred_at DESC, id);
CREATE INDEX events_of_kind ON events (kind, occurred_at DESC, id);
CREATE INDEX events_about ON events (resource, occurred_at DESC, id);
CREATE TABLE rooms (
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	owner_id TEXT NOT NULL,
	name TEXT NOT NULL,
	is_private INTEGER NOT NULL,
	member_count INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (id)
)
 STRICT
;
CREATE TABLE members (
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	room_id TEXT NOT NULL,
	user_id TEXT NOT NULL,
	place TEXT NOT NULL,
	in_private INTEGER NOT NULL,
	joined_at INTEGER NOT NULL,
	PRIMARY KEY (id)
)
 STRICT
;
CREATE TABLE messages (
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	room_id TEXT NOT NULL,
	sequence INTEGER NOT NULL,
	author_id TEXT NOT NULL,
	text TEXT NOT NULL,
	client_id TEXT,
	client_key TEXT,
	created_at INTEGER NOT NULL,
	PRIMARY KEY (id)
)
 STRICT
;
CREATE TABLE counts (
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	last INTEGER NOT NULL,
	closed INTEGER NOT NULL,
	PRIMARY KEY (id)
)
 STRICT
;
CREATE TABLE presences (
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	room_id TEXT NOT NULL,
	worker_id TEXT NOT NULL,
	people TEXT NOT NULL,
	expires_at INTEGER NOT NULL,
	PRIMARY KEY (id)
)
 STRICT
;
CREATE UNIQUE INDEX members_place ON members (place);
CREATE UNIQUE INDEX messages_client_key ON messages (client_key);
CREATE INDEX presences_expires_at ON presences (expires_at);
CREATE INDEX presences_in ON presences (room_id);
CREATE INDEX counts_closed ON counts (closed);
CREATE INDEX rooms_newest ON rooms (created_at DESC, id);
CREATE INDEX rooms_of ON rooms (owner_id, created_at DESC, id);
CREATE INDEX members_in ON members (room_id, joined_at DESC, id);
CREATE INDEX members_of ON members (user_id, joined_at DESC, id);
CREATE INDEX messages_in ON messages (room_id, sequence DESC, id);
CREATE INDEX messages_by ON messages (author_id, created_at DESC, id);
CREATE TABLE search (
	seq INTEGER NOT NULL,
	id TEXT NOT NULL,
	version INTEGER NOT NULL,
	kind TEXT NOT NULL,
	owner_id TEXT NOT NULL,
	is_public INTEGER NOT NULL,
	created_at INTEGER NOT NULL,
	name_words TEXT NOT NULL,
	words TEXT NOT NULL,
	PRIMARY KEY (seq),
	UNIQUE (id)
)
 STRICT
;
CREATE VIRTUAL TABLE search_words USING fts5(name_words, words, content='search', content_rowid='seq', tokenize='ascii', prefix='1 2 3');
CREATE TRIGGER search_added AFTER INSERT ON search BEGIN INSERT INTO search_words(rowid, name_words, words) VALUES (new.seq, new.name_words, new.words); END;
CREATE TRIGGER search_removed AFTER DELETE ON search BEGIN INSERT INTO search_words(search_words, rowid, name_words, words) VALUES ('delete', old.seq, old.name_words, old.words); END;
CREATE TRIGGER search_reworded AFTER UPDATE ON search WHEN old.words <> new.words OR old.name_words <> new.name_words BEGIN INSERT INTO search_words(search_words, rowid, name_words, words) VALUES ('delete', old.seq, old.name_words, old.words); INSERT INTO search_words(rowid, name_words, words) VALUES (new.seq, new.name_words, new.words); END;
CREATE INDEX search_newest ON search (created_at DESC, id, is_public, owner_id);
INSERT INTO alembic_version VALUES ('0011');
