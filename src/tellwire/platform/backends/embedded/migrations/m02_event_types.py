"""Migration 2: names of events that uploads brought in."""

from typing import Final

# event_type  names of events, folded, that uploads brought in: an account may have only so many. Those of before
#             are what profiles did, without the events that we raise ourselves.
SCRIPT: Final = """
CREATE TABLE event_type (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO event_type (name) SELECT DISTINCT name FROM activity WHERE name NOT IN (
  'notificationsent', 'notificationdelivered', 'notificationfailed', 'notificationclicked', 'notificationreplied');
"""
