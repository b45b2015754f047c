"""The tables of `tellwire.db`, as numbered, forward-only migrations: one file each, in `migrations`.

To add one, write the next file there and append it here. Which of them made or changed a table, `grep` says best.
Every script but the newest is frozen: a change is a new script, which leaves the previous release able to run.
Moments are milliseconds since the epoch, numbers of phones are E.164 digits as integers, bodies are JSON of the
nouns in `tellwire.platform.model`, which evolve by fields with defaults.
What is old is deleted by `retention`; profiles, suppressions, counters and the catalog stay.
"""

from typing import Final

from tellwire.platform.backends.embedded.migrations import (
    m01_first,
    m02_event_types,
    m03_traffic,
    m04_sessions,
    m05_answers,
    m06_refused,
    m07_campaign_hours,
    m08_fact_versions,
    m09_campaign_history,
    m10_people_inside,
    m11_lists,
    m12_winners_and_overdue,
    m13_audit,
    m14_views,
    m15_callees,
    m16_broadcasts,
    m17_behaviour,
    m18_feed,
    m19_consent_and_replies,
    m20_links,
    m21_people,
)

MIGRATIONS: Final = (
    m01_first.SCRIPT,  # the stream, the ledger, the outbox, sums, and the catalog
    m02_event_types.SCRIPT,  # names of events that uploads brought in
    m03_traffic.SCRIPT,  # traffic and troubles of providers
    m04_sessions.SCRIPT,  # who is signed in
    m05_answers.SCRIPT,  # what providers answered
    m06_refused.SCRIPT,  # refused records and callbacks
    m07_campaign_hours.SCRIPT,  # what campaigns decided, by the hour
    m08_fact_versions.SCRIPT,  # versions of facts
    m09_campaign_history.SCRIPT,  # versions and logs of campaigns
    m10_people_inside.SCRIPT,  # people inside campaigns, and what guards and reports remember of them
    m11_lists.SCRIPT,  # lists of people
    m12_winners_and_overdue.SCRIPT,  # trials of splits, and those who are overdue
    m13_audit.SCRIPT,  # the audit log
    m14_views.SCRIPT,  # saved views of lists
    m15_callees.SCRIPT,  # people by their e-mail address
    m16_broadcasts.SCRIPT,  # audiences of runs
    m17_behaviour.SCRIPT,  # what rules ask of behaviour
    m18_feed.SCRIPT,  # what changed, for the copy in columns
    m19_consent_and_replies.SCRIPT,  # the consent ledger, suppressions with ends, and what people answer
    m20_links.SCRIPT,  # short links and clicks
    m21_people.SCRIPT,  # people by name, and their erasure
)
