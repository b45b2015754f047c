"""What is the embedded back end's own: its lock, its migrations, its plans of reading."""

import re
import stat
from datetime import timedelta
from pathlib import Path

import apsw
import msgspec
import pytest
from conformance_harness import START_OF_TIME, EmbeddedHarness
from conformance_nouns import (
    LATER,
    LEASE,
    MAIN,
    activity,
    campaign,
    event,
    message,
    number,
    profile,
    provider,
    read_all,
    receipt,
    record,
    send,
    skip,
    subject,
)

from tellwire.kernel.retention import Step, horizon
from tellwire.kernel.sqlite import Unopened
from tellwire.platform.backends.embedded import schema
from tellwire.platform.backends.embedded.backend import EmbeddedBackend, InUse, open_embedded
from tellwire.platform.backends.embedded.codec import encode
from tellwire.platform.backends.embedded.migrations import m09_campaign_history
from tellwire.platform.backends.embedded.record import profile_hash
from tellwire.platform.language.shortening import of_before
from tellwire.platform.model.audit import Deed
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet
from tellwire.platform.model.campaign_version import Moment
from tellwire.platform.model.event import EventId
from tellwire.platform.model.facts import Needs
from tellwire.platform.model.inbound import Arrival, Inbound
from tellwire.platform.model.message import HandedOver, TryAgain
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import ProfileId, SuppressionChange
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.ports.audit import AuditQuery
from tellwire.platform.ports.catalog import DeleteProvider, PutCampaign, PutProvider
from tellwire.platform.ports.ledger import Activity, Recording
from tellwire.platform.ports.stream import START


@pytest.fixture
async def harness(tmp_path: Path):
    harness = EmbeddedHarness(tmp_path)
    yield harness
    await harness.close()


async def live(backend: EmbeddedBackend) -> None:
    """Go once through everything that the ports can do."""
    await backend.stream.append([event(1), event(2)])
    await backend.stream.append([event(2), event(3)])
    await backend.stream.read(0, START, 10)
    await backend.catalog.save((PutCampaign(campaign()), PutProvider(provider(is_default=True))), 0)
    await backend.catalog.save((PutProvider(provider("other")), DeleteProvider(provider("other").id)), 1)
    deed = Deed(kind="campaign", object_id="1", name="Other", what="changed", at=LATER)
    await backend.catalog.save(
        (PutCampaign(campaign(name="Other", provider_id="main")),), 2, "ann", (deed,) * 2
    )
    await backend.catalog.next_campaign_id()
    suppression = SuppressionChange(address=number(7), is_suppressed=True, source="api", at=LATER)
    batch = Recording(
        profiles=(profile(phone=number()),),
        suppressions=(suppression,),
        activity=activity(event(1), event(2)),
        decisions=(send(message(1)), send(message(2, repeats=True)), send(message(3)), skip(9)),
    )
    await record(backend, batch, by=3)
    await backend.ledger.facts(Needs(subjects=[subject()], numbers=[number(7)]))
    await backend.messages.suppress([suppression])
    await backend.messages.holders([number()])
    await backend.messages.waiting()
    await backend.messages.claim({MAIN: 3}, LATER, LEASE)
    later = TryAgain(message_id=message(3).id, at=LATER, code="", reason="busy")
    await backend.messages.settle([HandedOver(message_id=message(1).id), later], LATER)
    await backend.messages.claim({MAIN: 3}, LATER + LEASE + timedelta(seconds=1), LEASE)
    await backend.messages.permissions([message(1)])
    await backend.messages.apply([receipt(message(1).id)])
    await backend.messages.contexts([message(1).id])
    said = Inbound(key="k", event=event(1), address=number(7), text="STOP", provider_id=MAIN, keyword="stop")
    again = msgspec.structs.replace(said, key="k2", keyword=None)
    await backend.inbox.take([Arrival(inbound=said, change=suppression), Arrival(inbound=again)], LATER)
    await backend.inbox.mark_read([subject()], 1)
    await backend.inbox.forget([subject("nobody")])
    await backend.consents.change([suppression])
    await backend.consents.expire(LATER)
    await backend.consents.forget_texts(ProfileId("nobody"), [number(8)])
    await look(backend)


async def forget(backend: EmbeddedBackend) -> list[Step]:
    old = horizon(LATER + timedelta(days=500), timedelta(days=90))
    retention = backend.retention
    steps = (
        retention.forget_stream,
        retention.forget_activity,
        retention.forget_messages,
        retention.forget_inbound,
        retention.forget_journeys,
        retention.forget_history,
        retention.forget_audit,
    )
    return [await step(old, 0) for step in steps]


async def look(backend: EmbeddedBackend) -> None:
    reports = backend.reports
    await reports.recent_events(5)
    await reports.recent_events(5, before="e000002")
    await reports.event(EventId("e000001"))
    await reports.profile(subject())
    await reports.profile_by_number(number())
    await reports.profile_events(ProfileId("profile-ann"), 5, name="Order Placed")
    await reports.decisions(OccasionId("e000001"))
    await reports.is_suppressed(number())
    await reports.recent_messages(5, before=message(2).id)
    await reports.recent_messages(5, campaign_id=CampaignId(1))
    await reports.recent_messages(5, to=number(), campaign_id=CampaignId(1))
    await reports.traffic(LATER - timedelta(days=1))
    await reports.message(message(1).id)
    await reports.changes((await reports.changes("", 5)).cursor, 5)
    await reports.funnel([CampaignId(1)])
    await reports.decided(CampaignId(1), 5)
    await reports.decided(CampaignId(1), 5, profile_id=ProfileId("profile-ann"))
    await reports.departed(CampaignId(1), 5)
    await reports.names([ProfileId("profile-ann")])
    history = backend.history
    await history.versions([(CampaignId(1), 1)])
    await history.versions_of(CampaignId(1), 5)
    await history.log_of(CampaignId(1), 5)
    await history.newest([CampaignId(1)])
    await history.around([Moment(campaign_id=CampaignId(1), at=LATER)])
    await history.changed_since(LATER)
    await backend.audit.lines(AuditQuery(), 5)
    await backend.audit.lines(AuditQuery(kind="campaign", object_id="1"), 5)
    await backend.inbox.conversations(5)
    await backend.inbox.conversations(5, 9, is_unread=True)
    await backend.inbox.said([subject()], 5, 9)
    await backend.inbox.sent([number()], 5)
    await backend.inbox.newest_place()
    await backend.consents.suppressed([number(7)])
    await backend.consents.suppressions(5)
    await backend.consents.suppressions(5, (1, 1), "api")
    await backend.consents.lines(0, 5)
    await backend.consents.lines_of(ProfileId("profile-ann"), [number(7)], 5)


# Small whatever happens: claims in flight, and what people configure.
SMALL = {"claim", "catalog", "campaign", "provider", "progress", "trouble", "taken"}
TABLES = set(re.findall(r"CREATE TABLE (\w+)", "".join(schema.MIGRATIONS))) - SMALL


async def test_no_statement_scans_a_table_that_grows(harness: EmbeddedHarness) -> None:
    backend = await harness.open()
    seen: dict[str, object] = {}

    def note(_cursor: apsw.Cursor, sql: str, bindings: object) -> bool:
        seen[sql] = bindings
        return True

    backend._database._reader.exec_trace = note
    backend._database._writer._connection.exec_trace = note
    await live(backend)
    steps = await forget(backend)

    assert all(step.rows for step in steps), "a step that finds nothing old shows no deletion"
    await backend.close()
    plans = apsw.Connection(str(harness._directory / "data" / "tellwire.db"))
    for sql in sorted(s for s in seen if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE)", s)):
        for _, _, _, step in plans.execute("EXPLAIN QUERY PLAN " + sql, seen[sql]):
            scanned = re.match(r"SCAN (\w+)", step)
            assert not (scanned and _table(scanned[1], sql) in TABLES), f"{step}\n{sql}"
            assert "AUTOMATIC" not in step, f"{step}\n{sql}"
    assert len(seen) > 40
    plans.close()


def _table(name: str, sql: str) -> str:
    alias = re.search(rf"\b(\w+) AS {name}\b", sql + "".join(schema.MIGRATIONS))
    return alias[1] if alias else name


async def test_a_second_process_is_refused_with_what_to_do(harness: EmbeddedHarness) -> None:
    await harness.open()

    with pytest.raises(InUse, match="stop it, or choose another data directory"):
        await harness.open()


async def test_a_closed_directory_can_be_opened_again(harness: EmbeddedHarness) -> None:
    backend = await harness.open()
    await backend.close()

    await harness.open()


async def test_claims_of_a_dead_process_are_told_at_once_when_the_store_opens(
    harness: EmbeddedHarness,
) -> None:
    backend = await harness.open()
    await record(backend, Recording(decisions=(send(message(1)), send(message(2, repeats=True)))))
    await backend.messages.claim({MAIN: 2}, LATER, LEASE)

    backend = await harness.reopen()

    claims = await backend.messages.claim({MAIN: 2}, LATER, LEASE)
    assert [one.message.id for one in claims.run_out] == [message(1).id, message(2).id]


async def test_a_directory_that_failed_to_open_is_let_go_of(tmp_path: Path) -> None:
    (tmp_path / "tellwire.db").write_bytes(b"this is no database, and it is long enough to be told so" * 20)
    with pytest.raises(Unopened):
        await open_embedded(tmp_path)
    (tmp_path / "tellwire.db").unlink()

    backend = await open_embedded(tmp_path)

    await backend.close()


async def test_only_the_owner_may_read_what_is_kept(harness: EmbeddedHarness) -> None:
    await harness.open()

    directory = harness._directory / "data"
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in directory.iterdir())


async def test_profiles_whose_ids_hash_alike_keep_their_events_apart(harness: EmbeddedHarness) -> None:
    backend = await harness.open()
    one, other = ProfileId("plumless"), ProfileId("buckeroo")
    assert profile_hash(one) == profile_hash(other)
    await record(backend, Recording(activity=(Activity(one, event(1)), Activity(other, event(2)))))

    (row,) = await backend.reports.profile_events(one, 10)

    assert (row.event, row.profile_id) == (event(1), one)


OLD_ROW = """{"id":7,"name":"n","state":"running","event":"Order Placed","provider_id":"main",
"respects_consent":false,"content":{"text":"Hi"},"created_at":"2026-01-31T08:00:00Z",
"updated_at":"2026-01-31T08:00:00Z"}"""


async def test_campaigns_of_an_earlier_release_run_and_keep_their_provider(tmp_path: Path) -> None:
    backend = await open_embedded(tmp_path)
    await backend.catalog.save((PutProvider(provider()), PutCampaign(campaign())), 0)
    await backend.close()
    connection = apsw.Connection(str(tmp_path / "tellwire.db"))
    connection.execute("INSERT INTO campaign (id, name, body) VALUES (7, 'n', ?)", (OLD_ROW,))
    connection.close()

    backend = await open_embedded(tmp_path)
    newest = await backend.catalog.snapshot()

    old = newest.campaigns[CampaignId(7)]
    assert [one.id for one in newest.answering("order placed")] == [1, 7]
    assert old.only_send is not None
    assert (old.only_send.through, old.only_send.passes) == ("main", ("consent",))
    with pytest.raises(ValueError, match="campaign 7 names"):
        await backend.catalog.save((DeleteProvider(ProviderId("main")),), newest.version)
    saved = await backend.catalog.save((PutCampaign(old),), newest.version)
    assert isinstance(saved, CampaignSet)
    with pytest.raises(ValueError, match="campaign 7 names"):
        await backend.catalog.save((DeleteProvider(ProviderId("main")),), newest.version + 1)
    await backend.close()
    backend = await open_embedded(tmp_path)
    assert (await backend.catalog.snapshot()).campaigns == saved.campaigns
    await backend.close()


@pytest.mark.parametrize("version", range(1, len(schema.MIGRATIONS) + 1))
async def test_a_database_of_each_older_version_opens_and_works(tmp_path: Path, version: int) -> None:
    connection = apsw.Connection(str(tmp_path / "tellwire.db"))
    for script in schema.MIGRATIONS[:version]:
        connection.execute(script)
    connection.pragma("user_version", version)
    connection.close()

    backend = await open_embedded(tmp_path)
    await live(backend)

    assert len(await read_all(backend)) == 3
    await forget(backend)
    await backend.close()


async def test_traffic_of_before_is_summed_up_when_it_begins_to_be_kept(tmp_path: Path) -> None:
    backend = await open_embedded(tmp_path)
    await live(backend)
    kept = [provider.hours for provider in await backend.reports.traffic(START_OF_TIME)]
    await backend.close()
    connection = apsw.Connection(str(tmp_path / "tellwire.db"))
    for table in (
        "traffic",
        "trouble",
        "taken",
        "session",
        "refused_record",
        "refused_callback",
        "campaign_hour",
        "fact_change",
        "campaign_version",
        "campaign_log",
        "saved_view",
        *(
            "enrollment",
            "waking",
            "departure",
            "entering",
            "goal_watch",
            "call",
            "campaign_day",
            *("list_member", "list_size", "list_change"),
            "account",
            "sweep",
            "campaign_run",
            "run_number",
            "audit",
            "audience",
            "merger",
        ),
        *("trial", "tried", "resumption"),
        *("consent", "inbound", "conversation"),
        *("link", "click", "erasure"),
        *("asked", "tally", "absorbed"),
        *("fed_from", "fed_person", "fed_number", "fed_member", "audience_day"),
    ):
        connection.execute(f"DROP TABLE {table}")
    for trigger in ("new_person", "person", "gone_person", "number", "changed_number", "gone_number"):
        connection.execute(f"DROP TRIGGER feed_{trigger}")
    for index in (
        *("suppression_by_moment", "suppression_by_end", "profile_by_name", "profile_by_rest_of_name"),
    ):
        connection.execute(f"DROP INDEX {index}")
    for column in ("until_ms", "reason", "author", "address"):
        connection.execute(f"ALTER TABLE suppression DROP COLUMN {column}")
    connection.execute("DROP INDEX profile_by_email")
    connection.execute("DROP INDEX message_by_phone")
    connection.execute("ALTER TABLE message DROP COLUMN counts")
    connection.execute("CREATE INDEX message_by_phone ON message (phone)")
    connection.execute("ALTER TABLE timeline DROP COLUMN answer")
    connection.execute("ALTER TABLE subject DROP COLUMN version")
    connection.pragma("user_version", 2)
    connection.close()

    backend = await open_embedded(tmp_path)

    assert [provider.hours for provider in await backend.reports.traffic(START_OF_TIME)] == kept
    assert kept[0][0].taken > 0
    await backend.close()


def store_without_history(file: Path, *campaigns: Campaign) -> None:
    """Make a store of the last release that kept no history."""
    connection = apsw.Connection(str(file))
    before = schema.MIGRATIONS.index(m09_campaign_history.SCRIPT)
    for script in schema.MIGRATIONS[:before]:
        connection.execute(script)
    rows = [(one.id, one.name, encode(one)) for one in campaigns]
    connection.executemany("INSERT INTO campaign (id, name, body) VALUES (?, ?, ?)", rows)
    connection.execute("UPDATE catalog SET version = 700")
    connection.pragma("user_version", before)
    connection.close()


async def test_what_ran_before_histories_were_kept_is_version_1_since_it_was_last_saved(
    tmp_path: Path,
) -> None:
    saved_at = START_OF_TIME + timedelta(days=3, milliseconds=123)
    running = msgspec.structs.replace(campaign(1), updated_at=saved_at)
    stopped = msgspec.structs.replace(campaign(2), updated_at=saved_at, state="stopped")
    draft = msgspec.structs.replace(campaign(3), state="draft")
    store_without_history(tmp_path / "tellwire.db", running, stopped, draft)

    backend = await open_embedded(tmp_path)

    (version,) = await backend.history.versions_of(running.id, 9)
    assert (version.number, version.campaign, version.published_at) == (1, of_before(running), saved_at)
    assert await backend.history.newest([running.id, stopped.id, draft.id]) == {1: 1}
    asked = [
        Moment(campaign_id=one.id, at=saved_at + timedelta(milliseconds=late), catalog_version=number)
        for one in (running, stopped, draft)
        for late, number in ((-1, None), (0, None), (-1, 650), (0, 650))
    ]
    found = await backend.history.around(asked)
    assert [one.number for one in found] == [None, 1, None, 1, *[None] * 8]
    assert [one.is_known for one in found] == [False, True, False, True] * 2 + [True] * 4
    await backend.close()


async def test_a_campaign_of_before_goes_on_with_the_next_number(tmp_path: Path) -> None:
    stopped = msgspec.structs.replace(campaign(2), state="stopped")
    store_without_history(tmp_path / "tellwire.db", campaign(1), stopped)
    backend = await open_embedded(tmp_path)

    changed = campaign(1, text="Other")
    await backend.catalog.save((PutCampaign(changed), PutCampaign(campaign(2))), 700)

    assert await backend.history.newest([changed.id, stopped.id]) == {1: 2, 2: 1}
    assert [line.catalog_version for line in await backend.history.log_of(changed.id, 9)] == [701, 0]
    await backend.close()
