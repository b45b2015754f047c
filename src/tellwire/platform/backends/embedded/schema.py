"""The tables of `tellwire.db`, as numbered, forward-only migrations.

Every script but the newest is frozen: a change is a new script, which leaves the previous release able to run.
Moments are milliseconds since the epoch, numbers of phones are E.164 digits as integers, bodies are JSON of the
nouns in `tellwire.platform.model`, which evolve by fields with defaults.
What is old is deleted by `retention`; profiles, suppressions, counters and the catalog stay.
"""

# stream      `chunk`: the entries of one group commit, comma-joined JSON; positions are dense, `position` is that
#             of the last. `entry`: ids seen; `chunk` is the position of the first entry of the chunk it is in.
# ledger      `progress` is how far each partition was decided. `activity` is what profiles did, in that order.
#             `profile_hash` is crc32(profile_id): an index of small integers costs half of one of ids (5 us an
#             event less at 20,000 profiles), and readers compare the id too.
#             `standing` is apart from `message` because it changes: a page of it holds ten times the rows.
# outbox      `outbox` waits, clustered by provider and due time; `claim` is taken until `lease_ms`. A row moves
#             between them.
# counter     sums of what was recorded, written in the transactions that record it.
# *_line      a row of a list as one JSON array, names of today's catalog included. A list is one statement that
#             joins its lines to one text: each row that a statement steps through hands the interpreter lock over.
#             CROSS JOIN, here and elsewhere, is SQLite's word for "in this order": what is given, then by its keys.
#             A provider that was deleted is called by its id.
_V1 = """
CREATE TABLE chunk (
  position INTEGER PRIMARY KEY,
  count INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
CREATE TABLE entry (id TEXT PRIMARY KEY, chunk INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE progress (partition INTEGER PRIMARY KEY, position INTEGER NOT NULL) STRICT;
INSERT INTO progress (partition, position) VALUES (0, 0);
CREATE TABLE profile (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  phone INTEGER,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX profile_by_phone ON profile (phone) WHERE phone IS NOT NULL;
CREATE TABLE subject (key TEXT PRIMARY KEY, profile INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE suppression (
  phone INTEGER PRIMARY KEY,
  is_suppressed INTEGER NOT NULL,
  source TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE activity (
  seq INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL UNIQUE,
  profile_id TEXT NOT NULL,
  profile_hash INTEGER NOT NULL,
  name TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX activity_by_profile ON activity (profile_hash);
CREATE TABLE decision (
  event_id TEXT NOT NULL,
  campaign_id INTEGER NOT NULL,
  is_send INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (event_id, campaign_id)
) STRICT;
CREATE TABLE message (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  campaign_id INTEGER NOT NULL,
  phone INTEGER NOT NULL,
  provider_id TEXT NOT NULL,
  created_ms INTEGER NOT NULL,
  repeats INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX message_by_campaign ON message (campaign_id);
CREATE INDEX message_by_phone ON message (phone);
CREATE TABLE standing (
  message INTEGER PRIMARY KEY,
  status TEXT NOT NULL,
  detail TEXT,
  error_code TEXT NOT NULL,
  description TEXT NOT NULL,
  updated_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE timeline (
  seq INTEGER PRIMARY KEY,
  message INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  status TEXT NOT NULL,
  detail TEXT,
  what TEXT NOT NULL,
  code TEXT NOT NULL,
  description TEXT NOT NULL
) STRICT;
CREATE INDEX timeline_by_message ON timeline (message);

CREATE TABLE outbox (
  provider_id TEXT NOT NULL,
  due_ms INTEGER NOT NULL,
  message INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  PRIMARY KEY (provider_id, due_ms, message)
) STRICT, WITHOUT ROWID;
CREATE TABLE claim (message INTEGER PRIMARY KEY, lease_ms INTEGER NOT NULL, attempt INTEGER NOT NULL) STRICT;

CREATE TABLE counter (
  campaign_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (campaign_id, kind, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE catalog (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  version INTEGER NOT NULL,
  next_campaign_id INTEGER NOT NULL
) STRICT;
INSERT INTO catalog (only, version, next_campaign_id) VALUES (1, 0, 1);
CREATE TABLE campaign (id INTEGER PRIMARY KEY, name TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE TABLE provider (id TEXT PRIMARY KEY, nickname TEXT NOT NULL, body TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE VIEW event_line (seq, event_id, profile_id, profile_hash, name, line) AS
SELECT a.seq, a.event_id, a.profile_id, a.profile_hash, a.name,
  '[' || json_quote(a.profile_id) || ',' || a.body || ',' ||
  (SELECT count(*) FROM decision AS d WHERE d.event_id = a.event_id AND d.is_send) || ',' ||
  (SELECT count(*) FROM decision AS d WHERE d.event_id = a.event_id AND NOT d.is_send) || ']'
FROM activity AS a;
CREATE VIEW message_line (seq, id, campaign_id, phone, line) AS
SELECT m.seq, m.id, m.campaign_id, m.phone,
  '[' || m.body || ',' || json_array(
    s.status, s.detail, s.error_code, s.description, s.updated_ms,
    ifnull(c.name, ''), ifnull(p.nickname, m.provider_id)) || ']'
FROM message AS m CROSS JOIN standing AS s ON s.message = m.seq
LEFT JOIN campaign AS c ON c.id = m.campaign_id LEFT JOIN provider AS p ON p.id = m.provider_id;
CREATE VIEW decision_line (event_id, campaign_id, line) AS
SELECT d.event_id, d.campaign_id, '[' || d.body || ',' || json_quote(ifnull(c.name, '')) || ']'
FROM decision AS d LEFT JOIN campaign AS c ON c.id = d.campaign_id;
"""

# event_type  names of events, folded, that uploads brought in: an account may have only so many. Those of before
#             are what profiles did, without the events that we raise ourselves.
_V2 = """
CREATE TABLE event_type (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO event_type (name) SELECT DISTINCT name FROM activity WHERE name NOT IN (
  'notificationsent', 'notificationdelivered', 'notificationfailed', 'notificationclicked', 'notificationreplied');
"""

# traffic     each provider's sums by hour since the epoch, in which its messages were made: `kind` is a status, where
#             they stand now, or `taken`. Written with the moves they sum up.
# trouble     the last thing that went wrong in handing over to a provider; `taken` when one last had a message.
_V3 = """
CREATE TABLE traffic (
  hour INTEGER NOT NULL,
  provider_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (hour, provider_id, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE trouble (
  provider_id TEXT PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  code TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE taken (provider_id TEXT PRIMARY KEY, at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO traffic (hour, provider_id, kind, value)
SELECT m.created_ms / 3600000, m.provider_id, s.status, count(*)
FROM message AS m CROSS JOIN standing AS s ON s.message = m.seq GROUP BY 1, 2, 3;
INSERT INTO traffic (hour, provider_id, kind, value)
SELECT m.created_ms / 3600000, m.provider_id, 'taken', count(*) FROM message AS m WHERE EXISTS (
  SELECT 1 FROM timeline AS t
  WHERE t.message = m.seq AND t.what IN ('handed over', 'perhaps handed over', 'receipt'))
GROUP BY 1, 2;
"""

# session     who is signed in to the dashboard: `key` is made of the cookie, which is in no store.
_V4 = """
CREATE TABLE session (
  key TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  opened_ms INTEGER NOT NULL,
  ends_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""

# answer      the beginning of what a provider said to an attempt, masked (`senders/provider_words`).
_V5_ANSWERS = """
ALTER TABLE timeline ADD COLUMN answer TEXT NOT NULL DEFAULT '';
ALTER TABLE trouble ADD COLUMN answer TEXT NOT NULL DEFAULT '';
"""

# refused_*   the last records of uploads and callbacks of providers that were refused (`ports/refusals`).
_V6_REFUSED = """
CREATE TABLE refused_record (
  seq INTEGER PRIMARY KEY,
  subject TEXT,
  at_ms INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX refused_record_by_subject ON refused_record (subject) WHERE subject IS NOT NULL;
CREATE TABLE refused_callback (
  seq INTEGER PRIMARY KEY,
  provider_id TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX refused_callback_by_provider ON refused_callback (provider_id);
"""

# campaign_hour  what a campaign decided in an hour of the last days (`campaign_hours`). Those of before are filled in
#             as far as they are looked at.
_V7_CAMPAIGN_HOURS = """
CREATE TABLE campaign_hour (
  campaign_id INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  kind TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (campaign_id, hour, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO campaign_hour (campaign_id, hour, kind, value)
SELECT m.campaign_id, m.created_ms / 3600000, s.status, count(*)
FROM message AS m CROSS JOIN standing AS s ON s.message = m.seq
WHERE m.created_ms > (SELECT max(created_ms) FROM message) - 691200000 GROUP BY 1, 2, 3;
INSERT INTO campaign_hour (campaign_id, hour, kind, value)
SELECT m.campaign_id, m.created_ms / 3600000, 'taken', count(*) FROM message AS m
WHERE m.created_ms > (SELECT max(created_ms) FROM message) - 691200000 AND EXISTS (
  SELECT 1 FROM timeline AS t
  WHERE t.message = m.seq AND t.what IN ('handed over', 'perhaps handed over', 'receipt'))
GROUP BY 1, 2;
"""

# fact_change counts changes of profiles and suppressions. `subject.version` is the number of that which wrote the
#             subject's profile last, 0 for those of before: a recording writes nothing if a fact it was decided on
#             has another version by then.
_VERSIONS = """
CREATE TABLE fact_change (only INTEGER PRIMARY KEY CHECK (only = 1), number INTEGER NOT NULL) STRICT;
INSERT INTO fact_change (only, number) VALUES (1, 0);
ALTER TABLE subject ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
"""

# campaign_version  campaigns as they were published; `campaign_log` when they began to run and when they stopped
#             (`history`). `catalog_version` is the catalog's number of the save that did it. Of before nothing is
#             known but that a campaign is as it is since it was last saved: that has the number 0, and what runs now
#             is version 1.
_HISTORY = """
CREATE TABLE campaign_version (
  campaign_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  published_ms INTEGER NOT NULL,
  author TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (campaign_id, number)
) STRICT;
CREATE TABLE campaign_log (
  campaign_id INTEGER NOT NULL,
  catalog_version INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  what TEXT NOT NULL,
  number INTEGER NOT NULL,
  author TEXT NOT NULL,
  PRIMARY KEY (campaign_id, catalog_version)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_log_by_moment ON campaign_log (at_ms);
INSERT INTO campaign_log (campaign_id, catalog_version, at_ms, what, number, author)
SELECT id, 0, CAST(round(unixepoch(body->>'updated_at', 'subsec') * 1000) AS INTEGER),
  iif(body->>'state' = 'running', 'published', 'stopped'), body->>'state' = 'running', ''
FROM campaign WHERE body->>'state' IN ('running', 'stopped');
INSERT INTO campaign_version (campaign_id, number, published_ms, author, body)
SELECT l.campaign_id, 1, l.at_ms, '', c.body FROM campaign_log AS l CROSS JOIN campaign AS c ON c.id = l.campaign_id
WHERE l.what = 'published';
"""

# enrollment  who is inside a campaign, or will enter it at a moment of their own, clustered by person. `wake_ms` is
#             when the worker looks at it: when it is due, at once if its campaign changed, never while that is paused.
# waking      campaigns whose people are to be woken, and who was the last that was.
# departure   how those who were inside left, in that order.
# call        requests to other systems that wait; one that is taken is due again when its lease is over.
# goal_watch  who may still reach a campaign's goal.
# message     `counts` says whether caps and gaps count it: they look at the index alone.
# entering    how often somebody entered a campaign that limits it; campaign_day: messages of one on an account's day.
# sweep       campaigns that go through all people: from `after`, not included, to `upto`, the last there was when it
#             began; NULL before that. campaign_run: what each did; run_number: whom a run wrote to at which number.
# account     what holds over all campaigns, part of the catalog.
# decision    gains which step of the campaign it is about, so that one occasion may lead to several.
_INSIDE = """
CREATE TABLE enrollment (
  profile INTEGER NOT NULL,
  id TEXT NOT NULL,
  campaign_id INTEGER NOT NULL,
  version INTEGER NOT NULL,
  step TEXT NOT NULL,
  wake_ms INTEGER,
  body TEXT NOT NULL,
  PRIMARY KEY (profile, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX enrollment_by_wake ON enrollment (wake_ms) WHERE wake_ms IS NOT NULL;
CREATE INDEX enrollment_by_campaign ON enrollment (campaign_id, version, step);
CREATE TABLE waking (
  campaign_id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL,
  step TEXT NOT NULL,
  profile INTEGER NOT NULL,
  id TEXT NOT NULL
) STRICT;
CREATE TABLE departure (
  seq INTEGER PRIMARY KEY,
  profile INTEGER NOT NULL,
  campaign_id INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX departure_by_profile ON departure (profile);
ALTER TABLE message ADD COLUMN counts INTEGER NOT NULL DEFAULT 1;
UPDATE message SET counts = 0 WHERE seq IN (SELECT message FROM standing WHERE status = 'rejected');
DROP INDEX message_by_phone;
CREATE INDEX message_by_phone ON message (phone, created_ms, campaign_id, counts);
CREATE TABLE goal_watch (
  profile INTEGER NOT NULL,
  id TEXT NOT NULL,
  until_ms INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (profile, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX goal_watch_by_end ON goal_watch (until_ms);
CREATE TABLE call (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  campaign_id INTEGER NOT NULL,
  due_ms INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX call_by_due ON call (due_ms);
CREATE INDEX call_by_campaign ON call (campaign_id, due_ms);
CREATE TABLE entering (
  profile INTEGER NOT NULL,
  campaign_id INTEGER NOT NULL,
  entries INTEGER NOT NULL,
  PRIMARY KEY (profile, campaign_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE sweep (
  campaign_id INTEGER NOT NULL,
  run TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  after INTEGER NOT NULL,
  upto INTEGER,
  is_paused INTEGER NOT NULL,
  PRIMARY KEY (campaign_id, run)
) STRICT, WITHOUT ROWID;
CREATE INDEX sweep_by_moment ON sweep (is_paused, at_ms);
CREATE INDEX sweep_by_run ON sweep (run);
CREATE TABLE campaign_run (
  campaign_id INTEGER NOT NULL,
  run TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (campaign_id, run)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_run_by_moment ON campaign_run (at_ms);
CREATE TABLE run_number (
  campaign_id INTEGER NOT NULL,
  run TEXT NOT NULL,
  phone INTEGER NOT NULL,
  profile_id TEXT NOT NULL,
  PRIMARY KEY (campaign_id, run, phone)
) STRICT, WITHOUT ROWID;
CREATE TABLE account (only INTEGER PRIMARY KEY CHECK (only = 1), body TEXT NOT NULL) STRICT;
CREATE TABLE campaign_day (
  campaign_id INTEGER NOT NULL,
  day TEXT NOT NULL,
  messages INTEGER NOT NULL,
  PRIMARY KEY (campaign_id, day)
) STRICT, WITHOUT ROWID;

DROP VIEW event_line;
DROP VIEW decision_line;
CREATE TABLE decision_by_step (
  event_id TEXT NOT NULL,
  campaign_id INTEGER NOT NULL,
  number INTEGER NOT NULL DEFAULT 0,
  visit INTEGER NOT NULL DEFAULT 0,
  is_hold INTEGER NOT NULL DEFAULT 0,
  is_send INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (event_id, campaign_id, number, visit, is_hold)
) STRICT;
INSERT INTO decision_by_step (event_id, campaign_id, is_send, body)
SELECT event_id, campaign_id, is_send, body FROM decision ORDER BY rowid;
DROP TABLE decision;
ALTER TABLE decision_by_step RENAME TO decision;
CREATE VIEW event_line (seq, event_id, profile_id, profile_hash, name, line) AS
SELECT a.seq, a.event_id, a.profile_id, a.profile_hash, a.name,
  '[' || json_quote(a.profile_id) || ',' || a.body || ',' ||
  (SELECT count(*) FROM decision AS d WHERE d.event_id = a.event_id AND d.is_send) || ',' ||
  (SELECT count(*) FROM decision AS d WHERE d.event_id = a.event_id AND NOT d.is_send AND NOT d.is_hold) || ']'
FROM activity AS a;
CREATE VIEW decision_line (event_id, campaign_id, line) AS
SELECT d.event_id, d.campaign_id, '[' || d.body || ',' || json_quote(ifnull(c.name, '')) || ']'
FROM decision AS d LEFT JOIN campaign AS c ON c.id = d.campaign_id;
UPDATE campaign SET body = json_set(body, '$.version',
  (SELECT max(number) FROM campaign_version WHERE campaign_id = campaign.id))
WHERE id IN (SELECT campaign_id FROM campaign_version);
"""

# list_member who is on lists: `key` is a name as `subject.key` has it, or `phone:` and digits, known yet or not. By key
#             first, for rules ask about people; the other index is for who looks at a list.
# list_size   how many are on each list; its list may be gone, and then so are its members before long.
# list_change changes of lists that starts have not followed yet, in their order: kept where a start may follow them.
_LISTS = """
CREATE TABLE list_member (
  key TEXT NOT NULL,
  list INTEGER NOT NULL,
  PRIMARY KEY (key, list)
) STRICT, WITHOUT ROWID;
CREATE INDEX list_member_by_list ON list_member (list, key);
CREATE TABLE list_size (list INTEGER PRIMARY KEY, members INTEGER NOT NULL) STRICT;
CREATE TABLE list_change (
  seq INTEGER PRIMARY KEY,
  key TEXT NOT NULL,
  list INTEGER NOT NULL,
  is_added INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  catalog_version INTEGER NOT NULL
) STRICT;
CREATE INDEX list_change_by_key ON list_change (key);
"""

# trial       which branch of a split wins (`trials`): one of each split, version of the campaign, and run; `due_ms` is
#             when it is to be decided, NULL once it is. tried: who is in one that is not decided, clustered by person.
# parked_ms   when somebody became due whose campaign is paused, that is whose `wake_ms` is NULL.
# resumption  campaigns that go on after a pause, and how many of those who are overdue have (`resuming`).
_WINNERS_AND_OVERDUE = """
CREATE TABLE trial (
  campaign_id INTEGER NOT NULL,
  run TEXT NOT NULL,
  step TEXT NOT NULL,
  version INTEGER NOT NULL,
  due_ms INTEGER,
  body TEXT NOT NULL,
  PRIMARY KEY (campaign_id, run, step, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX trial_by_due ON trial (due_ms) WHERE due_ms IS NOT NULL;
CREATE TABLE tried (
  profile INTEGER NOT NULL,
  id TEXT NOT NULL,
  step TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (profile, id, step)
) STRICT, WITHOUT ROWID;
CREATE INDEX tried_by_moment ON tried (at_ms);
ALTER TABLE enrollment ADD COLUMN parked_ms INTEGER;
UPDATE enrollment SET parked_ms = CAST(round(unixepoch(body->>'due_at', 'subsec') * 1000) AS INTEGER)
WHERE wake_ms IS NULL;
CREATE INDEX enrollment_by_parking ON enrollment (campaign_id, parked_ms, profile, id, version, step, wake_ms)
WHERE wake_ms IS NULL;
CREATE TABLE resumption (campaign_id INTEGER PRIMARY KEY, done INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
"""

# audit       who changed what and when (`audit`): written in the transaction of the change. `object_id` is a text, for
#             audiences and lists go by their names; `catalog_version` is the catalog's number that the change made.
_AUDIT = """
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  author TEXT NOT NULL,
  kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  catalog_version INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_object ON audit (kind, object_id);
"""

# saved_view  views of lists that people keep by name; `folded` is the name without capitals.
_VIEWS = """
CREATE TABLE saved_view (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  page TEXT NOT NULL,
  name TEXT NOT NULL,
  folded TEXT NOT NULL,
  query TEXT NOT NULL,
  author TEXT NOT NULL,
  UNIQUE (page, folded)
) STRICT;
"""

# profile     is found by its e-mail address too: calls of the API name people by it.
_CALLEES = """
CREATE INDEX profile_by_email ON profile (lower(body->>'$.properties.Email'))
WHERE lower(body->>'$.properties.Email') IS NOT NULL;
"""

# audience    whom a run is for, taken down before its first message: places of profiles, ascending, some in a row, and
#             `last` is the greatest of them.
# merger      who became part of whom while a run was under way: the one that remains has the other's place in it.
# sweep       gains `is_chosen`: whether its audience stands, and `after` goes through that; `next_ms` is when it goes
#             on. A run that was under way goes on with an audience of those whom it had not come by.
_BROADCASTS = """
CREATE TABLE audience (
  campaign_id INTEGER NOT NULL,
  run TEXT NOT NULL,
  last INTEGER NOT NULL,
  members TEXT NOT NULL,
  PRIMARY KEY (campaign_id, run, last)
) STRICT;
CREATE TABLE merger (profile INTEGER PRIMARY KEY, into_profile INTEGER NOT NULL) STRICT;
CREATE INDEX merger_by_remaining ON merger (into_profile);
ALTER TABLE sweep ADD COLUMN is_chosen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sweep ADD COLUMN next_ms INTEGER NOT NULL DEFAULT 0;
UPDATE sweep SET next_ms = at_ms;
DROP INDEX sweep_by_moment;
CREATE INDEX sweep_by_moment ON sweep (is_paused, next_ms);
CREATE INDEX sweep_under_way ON sweep (is_chosen, campaign_id) WHERE upto IS NOT NULL AND run <> '';
UPDATE campaign_run SET body = json_set(body,
  '$.members', (body->>'people') - ifnull(body->>'$.refused.profile_conditions', 0),
  '$.met', (body->>'people') - ifnull(body->>'$.refused.profile_conditions', 0),
  '$.refused', json(json_remove(ifnull(body->'refused', '{}'), '$.profile_conditions')))
WHERE campaign_id IN (
  SELECT id FROM campaign WHERE body->>'$.start.type' = 'schedule' AND ifnull(body->>'$.start.zone', '') <> 'person');
"""

# asked       what live rules ask of behaviour (`tallies`): a line under a key, and the folded name of its event.
#             Activity behind `after` up to `upto`, the last when it was asked, is still to be counted; NULL is all
#             counted. Ids are never given twice, for tallies of a line that nobody asks any more go by and by.
# tally       the cells of a person for a line, clustered by person. The index is for forgetting.
# absorbed    who became part of whom, for activity keeps the profile that it was recorded for; from this version on.
_BEHAVIOUR = """
CREATE TABLE asked (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  key TEXT NOT NULL UNIQUE,
  event TEXT NOT NULL,
  after INTEGER,
  upto INTEGER NOT NULL
) STRICT;
CREATE TABLE tally (
  profile INTEGER NOT NULL,
  asked INTEGER NOT NULL,
  cells TEXT NOT NULL,
  PRIMARY KEY (profile, asked)
) STRICT, WITHOUT ROWID;
CREATE INDEX tally_by_line ON tally (asked, profile);
CREATE TABLE absorbed (profile_id TEXT PRIMARY KEY, into_id TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX absorbed_by_remaining ON absorbed (into_id);
"""

# fed_*       what changed of people, numbers and lists, for a copy in columns (`feed`): `is_taken` has been read and
#             not said to be kept. Each name stands here at most twice, however often it changes. Triggers write them,
#             so that no writer can forget to; they run inside its statement and hand nothing over. NOT EXISTS, for the
#             statement that fires a trigger has the last word on what its OR IGNORE would do.
# fed_from    who this store is: a copy that was made of another is made anew.
_FEED = """
CREATE TABLE fed_from (only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL) STRICT;
INSERT INTO fed_from (only, id) VALUES (1, lower(hex(randomblob(12))));
CREATE TABLE fed_person (
  is_taken INTEGER NOT NULL,
  profile INTEGER NOT NULL,
  PRIMARY KEY (is_taken, profile)
) STRICT, WITHOUT ROWID;
CREATE TABLE fed_number (
  is_taken INTEGER NOT NULL,
  phone INTEGER NOT NULL,
  PRIMARY KEY (is_taken, phone)
) STRICT, WITHOUT ROWID;
CREATE TABLE fed_member (
  is_taken INTEGER NOT NULL,
  list INTEGER NOT NULL,
  key TEXT NOT NULL,
  PRIMARY KEY (is_taken, list, key)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER feed_new_person AFTER INSERT ON profile BEGIN
  INSERT INTO fed_person (is_taken, profile) SELECT 0, new.seq WHERE NOT EXISTS (
    SELECT 1 FROM fed_person WHERE is_taken = 0 AND profile = new.seq);
END;
CREATE TRIGGER feed_person AFTER UPDATE ON profile BEGIN
  INSERT INTO fed_person (is_taken, profile) SELECT 0, new.seq WHERE NOT EXISTS (
    SELECT 1 FROM fed_person WHERE is_taken = 0 AND profile = new.seq);
END;
CREATE TRIGGER feed_gone_person AFTER DELETE ON profile BEGIN
  INSERT INTO fed_person (is_taken, profile) SELECT 0, old.seq WHERE NOT EXISTS (
    SELECT 1 FROM fed_person WHERE is_taken = 0 AND profile = old.seq);
END;
CREATE TRIGGER feed_number AFTER INSERT ON suppression BEGIN
  INSERT INTO fed_number (is_taken, phone) SELECT 0, new.phone WHERE NOT EXISTS (
    SELECT 1 FROM fed_number WHERE is_taken = 0 AND phone = new.phone);
END;
CREATE TRIGGER feed_changed_number AFTER UPDATE ON suppression BEGIN
  INSERT INTO fed_number (is_taken, phone) SELECT 0, new.phone WHERE NOT EXISTS (
    SELECT 1 FROM fed_number WHERE is_taken = 0 AND phone = new.phone);
END;
CREATE TRIGGER feed_gone_number AFTER DELETE ON suppression BEGIN
  INSERT INTO fed_number (is_taken, phone) SELECT 0, old.phone WHERE NOT EXISTS (
    SELECT 1 FROM fed_number WHERE is_taken = 0 AND phone = old.phone);
END;
CREATE TRIGGER feed_member AFTER INSERT ON list_member BEGIN
  INSERT INTO fed_member (is_taken, list, key) SELECT 0, new.list, new.key WHERE NOT EXISTS (
    SELECT 1 FROM fed_member WHERE is_taken = 0 AND list = new.list AND key = new.key);
END;
CREATE TRIGGER feed_gone_member AFTER DELETE ON list_member BEGIN
  INSERT INTO fed_member (is_taken, list, key) SELECT 0, old.list, old.key WHERE NOT EXISTS (
    SELECT 1 FROM fed_member WHERE is_taken = 0 AND list = old.list AND key = old.key);
END;
"""

# audience_day how many belonged to a saved audience on a day of the account's, as it was last counted (`growth`).
_GROWTH = """
CREATE TABLE audience_day (
  name TEXT NOT NULL,
  day TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (name, day)
) STRICT, WITHOUT ROWID;
"""

MIGRATIONS = (
    _V1,
    _V2,
    _V3,
    _V4,
    _V5_ANSWERS,
    _V6_REFUSED,
    _V7_CAMPAIGN_HOURS,
    _VERSIONS,
    _HISTORY,
    _INSIDE,
    _LISTS,
    _WINNERS_AND_OVERDUE,
    _AUDIT,
    _VIEWS,
    _CALLEES,
    _BROADCASTS,
    _BEHAVIOUR,
    _FEED,
    _GROWTH,
)
