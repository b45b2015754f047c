"""The tables of the gateway's store, as numbered forward-only migrations.

    accept -> message + ready(lane, place)  or  later(due, seq) when scheduled
    claim     reads ready behind a cursor; the row stays until the message is settled
    settle -> part (carrier's references), change, callback; ready goes away, or later takes it for another try
    receipt-> part -> message -> change -> callback; one that matches nothing waits in early

`place` is one ever-growing number for all lanes, so a reader that remembers the last place it saw misses nothing,
whatever the clock does. After a crash the cursor starts at 0 and what was claimed and not settled comes again.
"""

from typing import Final

_ACCOUNTS = """
CREATE TABLE account (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, is_prepaid INT NOT NULL DEFAULT 0,
  balance_micro INT NOT NULL DEFAULT 0, currency TEXT NOT NULL DEFAULT 'EUR', created_ms INT NOT NULL
) WITHOUT ROWID;

CREATE TABLE subaccount (
  id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (id), default_source TEXT NOT NULL,
  settings TEXT NOT NULL DEFAULT '{}', created_ms INT NOT NULL
) WITHOUT ROWID;

-- The key itself is never kept: its SHA-256 finds it, its last six characters name it to people.
CREATE TABLE api_key (
  id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (id), name TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE, last_six TEXT NOT NULL, is_enabled INT NOT NULL DEFAULT 1,
  addresses TEXT NOT NULL DEFAULT '[]', created_ms INT NOT NULL
) WITHOUT ROWID;

-- subaccount '*' is the whole account; authorization and oauth are sealed.
CREATE TABLE webhook (
  id INTEGER PRIMARY KEY, account TEXT NOT NULL REFERENCES account (id), subaccount TEXT NOT NULL,
  url TEXT NOT NULL, authorization TEXT, oauth TEXT, signing_key TEXT, is_enabled INT NOT NULL DEFAULT 1,
  UNIQUE (account, subaccount)
);
"""

_MESSAGES = """
-- One row: the next place, which is also the next message's and the next callback's number.
CREATE TABLE counter (one INTEGER PRIMARY KEY CHECK (one = 1), next INT NOT NULL);
INSERT INTO counter VALUES (1, 1);

CREATE TABLE message (
  seq INTEGER PRIMARY KEY, umid TEXT NOT NULL UNIQUE, account TEXT NOT NULL, subaccount TEXT NOT NULL,
  batch TEXT, client_batch TEXT, client_id TEXT, source TEXT NOT NULL, destination TEXT NOT NULL,
  body TEXT NOT NULL, encoding TEXT NOT NULL, parts INT NOT NULL, is_tracked INT NOT NULL DEFAULT 0,
  status TEXT NOT NULL, detail TEXT, error INT NOT NULL DEFAULT 0, changes INT NOT NULL DEFAULT 0,
  created_ms INT NOT NULL, changed_ms INT NOT NULL, due_ms INT, expiry_ms INT NOT NULL,
  callback_url TEXT, style TEXT NOT NULL, price_micro INT NOT NULL, currency TEXT NOT NULL,
  lane TEXT NOT NULL, attempts INT NOT NULL DEFAULT 0
);
CREATE INDEX message_batch ON message (batch) WHERE batch IS NOT NULL;

CREATE TABLE ready (lane TEXT, place INT, seq INT NOT NULL, PRIMARY KEY (lane, place)) WITHOUT ROWID;
CREATE TABLE later (due_ms INT, seq INT, lane TEXT NOT NULL, PRIMARY KEY (due_ms, seq)) WITHOUT ROWID;

-- What became of a message, in order; number 0 would be its acceptance, which the message itself knows.
CREATE TABLE change (
  seq INT, number INT, at_ms INT NOT NULL, status TEXT NOT NULL, detail TEXT, error INT NOT NULL,
  PRIMARY KEY (seq, number)
) WITHOUT ROWID;

-- A carrier that uses an id again means the newer message by it.
CREATE TABLE part (
  carrier TEXT, reference TEXT, seq INT NOT NULL, number INT NOT NULL,
  status TEXT NOT NULL, detail TEXT, PRIMARY KEY (carrier, reference)
) WITHOUT ROWID;
CREATE INDEX part_of ON part (seq);

-- Receipts that came before the answer that names their reference.
CREATE TABLE early (
  id INTEGER PRIMARY KEY, carrier TEXT NOT NULL, reference TEXT NOT NULL,
  status TEXT NOT NULL, detail TEXT, error INT NOT NULL, at_ms INT NOT NULL, kept_ms INT NOT NULL
);
CREATE INDEX early_of ON early (carrier, reference);

-- callback holds all that wait, callback_due the first of each message: its successors wait for its fate.
-- A first try has due_ms 0, so that no jump of the clock can hold it up.
CREATE TABLE callback (
  id INTEGER PRIMARY KEY, lane TEXT NOT NULL, url TEXT NOT NULL, style TEXT NOT NULL, webhook INT,
  seq INT NOT NULL, number INT NOT NULL, attempts INT NOT NULL DEFAULT 0, due_ms INT NOT NULL DEFAULT 0
);
CREATE INDEX callback_of ON callback (seq, id);
CREATE TABLE callback_due (
  lane TEXT, due_ms INT, id INT, PRIMARY KEY (lane, due_ms, id)
) WITHOUT ROWID;
"""

_PORTAL = """
-- Who may sign in to the portal; password is an Argon2id hash.
CREATE TABLE person (
  email TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, password TEXT NOT NULL, created_ms INT NOT NULL
) WITHOUT ROWID;
"""

_RECORDS = """
CREATE TABLE feedback (
  seq INTEGER PRIMARY KEY REFERENCES message (seq), outcome TEXT NOT NULL, at_ms INT NOT NULL
);

-- Messages whose personal data goes as soon as nothing has to be sent for them any more.
CREATE TABLE erasure (seq INTEGER PRIMARY KEY REFERENCES message (seq));

CREATE TABLE export_job (
  id TEXT PRIMARY KEY, subaccount TEXT NOT NULL, wish TEXT NOT NULL, status TEXT NOT NULL,
  token TEXT NOT NULL UNIQUE, expires_ms INT NOT NULL
) WITHOUT ROWID;

-- What one part costs an account, by the longest prefix of the number; operator, mcc and mnc are for people.
CREATE TABLE price (
  account TEXT NOT NULL REFERENCES account (id), direction TEXT NOT NULL, prefix TEXT NOT NULL,
  country TEXT NOT NULL, country_name TEXT NOT NULL, operator TEXT NOT NULL DEFAULT '',
  mcc TEXT NOT NULL DEFAULT '', mnc TEXT NOT NULL DEFAULT '', part_micro INT NOT NULL,
  PRIMARY KEY (account, direction, prefix)
) WITHOUT ROWID;

CREATE INDEX message_subaccount ON message (subaccount, created_ms);
"""

_TRAFFIC = """
-- Routing rules, virtual numbers, senders and SMPP logins: small tables that people edit, read whole.
CREATE TABLE document (kind TEXT, key TEXT, value TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;

-- Texts from handsets; the parts of long ones wait in inbound_part until all are there, or long enough.
CREATE TABLE inbound (
  id INTEGER PRIMARY KEY, umid TEXT NOT NULL UNIQUE, account TEXT NOT NULL, subaccount TEXT NOT NULL,
  carrier TEXT NOT NULL, source TEXT NOT NULL, destination TEXT NOT NULL, body TEXT NOT NULL,
  encoding TEXT NOT NULL, parts INT NOT NULL, received_ms INT NOT NULL
);
CREATE INDEX inbound_subaccount ON inbound (subaccount, received_ms);
CREATE TABLE inbound_part (
  carrier TEXT, source TEXT, destination TEXT, reference INT, total INT, number INT,
  body TEXT NOT NULL, encoding TEXT NOT NULL, received_ms INT NOT NULL,
  PRIMARY KEY (carrier, source, destination, reference, total, number)
) WITHOUT ROWID;
ALTER TABLE callback ADD COLUMN inbound INT;

-- Parts that SMPP customers submitted, until their text is whole.
CREATE TABLE smpp_part (
  subaccount TEXT, system_id TEXT, source TEXT, destination TEXT, reference INT, total INT, wants_receipt INT,
  number INT, umid TEXT NOT NULL, body TEXT NOT NULL, received_ms INT NOT NULL,
  PRIMARY KEY (subaccount, system_id, source, destination, reference, total, wants_receipt, number)
) WITHOUT ROWID;

-- For the search by number, and to find the conversation that a reply belongs to.
CREATE INDEX message_destination ON message (destination);
"""

_LOG = """
-- Every try of a callback: the newest some hundred thousand.
CREATE TABLE callback_log (
  id INTEGER PRIMARY KEY, at_ms INT NOT NULL, lane TEXT NOT NULL, url TEXT NOT NULL, style TEXT NOT NULL,
  webhook INT, seq INT NOT NULL, number INT NOT NULL, inbound INT, attempt INT NOT NULL, status INT,
  reason TEXT NOT NULL, is_over INT NOT NULL
);
"""

_ONCE = """
-- Client ids of subaccounts that asked for a message to be taken once only.
CREATE TABLE taken_once (
  subaccount TEXT, client_id TEXT, umid TEXT NOT NULL, at_ms INT NOT NULL, PRIMARY KEY (subaccount, client_id)
) WITHOUT ROWID;
"""

_NETWORK = """
-- The handset's network as far as the carrier's receipts told it.
ALTER TABLE message ADD COLUMN mcc TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN mnc TEXT NOT NULL DEFAULT '';
ALTER TABLE early ADD COLUMN mcc TEXT NOT NULL DEFAULT '';
ALTER TABLE early ADD COLUMN mnc TEXT NOT NULL DEFAULT '';
"""

_LINKS = """
-- Short links: to a text's own link (`target`) or to a survey's form; `url` is what stands in the text.
CREATE TABLE link (
  slug TEXT PRIMARY KEY, umid TEXT NOT NULL, url TEXT NOT NULL, target TEXT NOT NULL, survey TEXT,
  variables TEXT NOT NULL, expires_ms INT NOT NULL, clicks INT NOT NULL DEFAULT 0, opened_ms INT, answered_ms INT
) WITHOUT ROWID;
CREATE INDEX link_of ON link (umid);
CREATE INDEX link_expiry ON link (expires_ms);

-- What people did with a message's link, as its webhook is told: `body` is the post itself.
CREATE TABLE happening (
  id INTEGER PRIMARY KEY, seq INT NOT NULL, kind TEXT NOT NULL, at_ms INT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX happening_of ON happening (seq);
CREATE INDEX happening_at ON happening (at_ms);
ALTER TABLE callback ADD COLUMN happening INT;
ALTER TABLE callback_log ADD COLUMN happening INT;

CREATE TABLE survey_answer (
  id INTEGER PRIMARY KEY, survey TEXT NOT NULL, umid TEXT NOT NULL, opened_ms INT NOT NULL,
  answered_ms INT NOT NULL, answers TEXT NOT NULL
);
CREATE INDEX survey_answer_in ON survey_answer (survey, id);
CREATE INDEX survey_answer_of ON survey_answer (umid);

-- How often each answer was given; without a question, how many links were sent, opened and answered.
CREATE TABLE survey_count (
  survey TEXT, question TEXT, answer TEXT, n INT NOT NULL, PRIMARY KEY (survey, question, answer)
) WITHOUT ROWID;
"""

_YEARS = """
-- Who is signed in to the portal: `key` is made of the cookie, which is in no store; `owner` is an e-mail address,
-- or empty for the bearer of the admin token.
CREATE TABLE session (
  key TEXT PRIMARY KEY, owner TEXT NOT NULL, opened_ms INT NOT NULL, ends_ms INT NOT NULL
) WITHOUT ROWID;

-- To find what waits of a text that is old, and the client ids that are.
CREATE INDEX callback_inbound ON callback (inbound) WHERE inbound IS NOT NULL;
CREATE INDEX taken_once_at ON taken_once (at_ms);
"""

_INBOUND = """
-- Who was told of a text from a handset. Few callbacks are of texts, so receipts pay nothing for it.
CREATE INDEX callback_log_inbound ON callback_log (inbound) WHERE inbound IS NOT NULL;
"""

_PIECES = """
-- Parts of long texts as octets, since a cut may fall inside a character. `joint` is the text that a part belongs to:
-- a reference that is used again names another one. The tables of before stay for the release of before.
CREATE TABLE smpp_piece (
  joint INT, number INT, subaccount TEXT NOT NULL, system_id TEXT NOT NULL, bind TEXT NOT NULL, source TEXT NOT NULL,
  destination TEXT NOT NULL, reference INT NOT NULL, total INT NOT NULL, umid TEXT NOT NULL, alphabet TEXT NOT NULL,
  octets BLOB NOT NULL, receipt_to TEXT, due_ms INT, expiry_ms INT, received_ms INT NOT NULL,
  PRIMARY KEY (joint, number)
) WITHOUT ROWID;
CREATE INDEX smpp_piece_key ON smpp_piece (destination, reference);
CREATE TABLE inbound_piece (
  joint INT, number INT, carrier TEXT NOT NULL, source TEXT NOT NULL, destination TEXT NOT NULL,
  reference INT NOT NULL, total INT NOT NULL, alphabet TEXT NOT NULL, octets BLOB NOT NULL,
  received_ms INT NOT NULL, PRIMARY KEY (joint, number)
) WITHOUT ROWID;
CREATE INDEX inbound_piece_key ON inbound_piece (source, reference);

-- What waits at the update; numbers below zero meet no other.
INSERT OR IGNORE INTO smpp_piece
SELECT -dense_rank() OVER (ORDER BY subaccount, system_id, source, destination, reference, total), number,
  subaccount, system_id, '', source, destination, reference, total, umid, 'UTF8', CAST(body AS BLOB),
  iif(wants_receipt, 'smpp://' || system_id || '?of=' || total, NULL), NULL, NULL, received_ms FROM smpp_part;
INSERT INTO inbound_piece
SELECT -dense_rank() OVER (ORDER BY carrier, source, destination, reference, total), number,
  carrier, source, destination, reference, total, 'UTF8', CAST(body AS BLOB), received_ms FROM inbound_part;
DELETE FROM smpp_part;
DELETE FROM inbound_part;
"""

_SHARED_IDS = """
-- Carriers use ids again: two messages may have parts of one id, and a receipt's number says which it means.
CREATE TABLE part_of_id (
  carrier TEXT, reference TEXT, seq INT NOT NULL, number INT NOT NULL,
  status TEXT NOT NULL, detail TEXT, PRIMARY KEY (carrier, reference, seq, number)
) WITHOUT ROWID;
INSERT INTO part_of_id SELECT carrier, reference, seq, number, status, detail FROM part;
DROP TABLE part;
ALTER TABLE part_of_id RENAME TO part;
CREATE INDEX part_of ON part (seq);
-- Messages of several parts of which the carrier told something and not the end, and when it told last.
CREATE TABLE half_told (seq INTEGER PRIMARY KEY, told_ms INT NOT NULL);
CREATE INDEX half_told_at ON half_told (told_ms);
ALTER TABLE early ADD COLUMN numbers TEXT NOT NULL DEFAULT '';
ALTER TABLE early ADD COLUMN is_of_message INT NOT NULL DEFAULT 0;
"""

_CARRIER_ERRORS = """
-- What the carrier wrote as its error where no table says what it means; empty where 8x8's code stands for it.
ALTER TABLE change ADD COLUMN carrier_error TEXT NOT NULL DEFAULT '';
ALTER TABLE early ADD COLUMN carrier_error TEXT NOT NULL DEFAULT '';
"""

_GONE = """
-- Parts of texts that were whole, for some minutes: one that comes again alone is no text of its own.
CREATE TABLE gone_piece (
  text TEXT, number INT, octets BLOB NOT NULL, received_ms INT NOT NULL, PRIMARY KEY (text, number)
) WITHOUT ROWID;
CREATE INDEX gone_piece_at ON gone_piece (received_ms);
"""

MIGRATIONS: Final = (
    _ACCOUNTS + _MESSAGES + _PORTAL,
    _RECORDS,
    _TRAFFIC,
    _LOG,
    _ONCE,
    _NETWORK,
    _LINKS,
    _YEARS,
    _INBOUND,
    _PIECES,
    _SHARED_IDS,
    _CARRIER_ERRORS,
    _GONE,
)
