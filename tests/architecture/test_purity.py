"""Pure is the default: only the shells named here wait, ask the time, roll dice or touch the machine."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "src" / "tellwire"

# A new file is pure until its name stands here. A room with a star is a shell as a whole.
_LISTED = """
asking.py cli.py consents.py demo.py options.py past.py people_lists.py remote.py replaying.py simulating.py
steering.py
gateway/accept/acceptance.py gateway/accept/refused.py gateway/accept/smpp_listener.py
gateway/accounts/accounts.py gateway/accounts/numbers.py
gateway/admin/carriers.py gateway/admin/endpoint.py gateway/admin/inbound.py gateway/admin/keys.py
gateway/admin/looking.py gateway/admin/messages.py gateway/admin/numbers.py gateway/admin/overview.py
gateway/admin/people.py gateway/admin/prices.py gateway/admin/routes.py gateway/admin/routing.py
gateway/admin/signing.py gateway/admin/simulator.py gateway/admin/surveys.py gateway/admin/watch.py
gateway/admin/webhooks.py
gateway/api/access.py gateway/api/account.py gateway/api/carrier_receipts.py gateway/api/description.py
gateway/api/exports.py gateway/api/links.py gateway/api/messages.py gateway/api/routes.py
gateway/api/sending.py gateway/api/surveys.py
gateway/app.py gateway/assembly.py gateway/gauges.py gateway/housekeeping.py
gateway/main.py gateway/running_carriers.py
gateway/callbacks/callbacks.py gateway/callbacks/credentials.py gateway/callbacks/exports.py
gateway/callbacks/receipts.py
gateway/carriers/carriers.py gateway/carriers/choosing.py gateway/carriers/dispatch.py
gateway/carriers/http_carrier.py gateway/carriers/leftovers.py gateway/carriers/waker.py
gateway/portal/pages.py
gateway/simulator/carrier.py gateway/simulator/kept.py gateway/simulator/main.py gateway/simulator/post.py
gateway/simulator/stream.py gateway/simulator/web.py
gateway/smpp/handover.py gateway/smpp/link.py gateway/smpp/server.py gateway/smpp/wire.py
gateway/store/*.py
gateway/surveys/book.py gateway/surveys/store.py
kernel/clock.py kernel/disk.py kernel/forgetting.py kernel/group_commit.py kernel/lifecycle.py
kernel/secrets.py kernel/session_table.py kernel/sessions.py kernel/sqlite.py
kernel/http/client.py kernel/http/connect.py kernel/http/connection.py kernel/http/pool.py
kernel/web/asgi.py kernel/web/changes.py kernel/web/dispatch.py kernel/web/joined.py kernel/web/live.py
kernel/web/ops.py
kernel/web/packed.py kernel/web/pages.py kernel/web/server.py kernel/web/site.py kernel/web/statics.py
platform/backends/embedded/*.py
platform/backends/sealing.py
platform/control/audience_list.py platform/control/audience_questions.py platform/control/audience_rules.py
platform/control/history_copy.py platform/control/past_questions.py
platform/history/audiences.py platform/history/copying.py platform/history/growing.py platform/history/questions.py
platform/history/store.py
platform/control/access.py platform/control/account.py platform/control/activity.py platform/control/app.py
platform/control/calling.py platform/control/campaign_calls.py platform/control/reach.py
platform/control/clevertap/api.py platform/control/clevertap/serving.py
platform/control/audit.py
platform/control/answering.py platform/control/consent.py platform/control/conversations.py
platform/control/keywords.py platform/control/suppressions.py
platform/control/campaign_demands.py platform/control/campaign_moves.py platform/control/campaign_overdue.py
platform/control/campaign_named.py platform/control/campaign_pages.py
platform/control/campaign_past.py
platform/control/campaign_people.py
platform/control/campaign_runs.py
platform/control/campaign_test.py
platform/control/campaign_trials.py
platform/control/campaign_versions.py
platform/control/campaign_why.py
platform/control/calendar.py platform/control/campaign_bulk.py platform/control/campaign_table.py
platform/control/campaign_past.py platform/control/campaign_people.py platform/control/campaign_versions.py
platform/control/campaigns.py
platform/control/desk.py platform/control/documentation.py
platform/control/explain.py platform/control/explain_campaign.py platform/control/explain_event.py
platform/control/flaws.py platform/control/preview.py
platform/control/lists.py platform/control/people.py
platform/control/planning.py platform/control/problem.py platform/control/provider_form.py
platform/control/provider_traffic.py
platform/control/providers.py platform/control/refusals.py platform/control/rehearsal.py
platform/control/replaying.py
platform/control/sessions.py platform/control/transfer.py platform/control/views.py platform/control/vocabulary.py
platform/control/walkthroughs.py platform/control/watch.py platform/control/yaml_text.py
platform/decide/taking_down.py platform/decide/tally_filling.py platform/decide/worker.py
platform/deliver/calls.py platform/deliver/worker.py
platform/intake/calling.py
platform/intake/clevertap/api.py platform/intake/clevertap/door.py platform/intake/clevertap/room.py
platform/ports/*.py
platform/receipts/clicks.py platform/receipts/link_api.py platform/receipts/link_book.py
platform/receipts/api.py platform/receipts/expiry.py platform/receipts/refused.py
platform/senders/generic.py platform/senders/oauth.py
wiring/*.py
"""
SHELLS = _LISTED.split()
NAMED = {path for pattern in SHELLS for path in ROOT.glob(pattern)}
PURE = sorted(set(ROOT.rglob("*.py")) - NAMED)

FORBIDDEN_CALLS = {
    "now",
    "utcnow",
    "time",
    "monotonic",
    "perf_counter",
    "sleep",
    "open",
    "urandom",
    "uuid4",
    "getenv",
}
FORBIDDEN_NAMES = {"environ", "random", "urandom"}
FORBIDDEN_MODULES = {
    "asyncio",
    "socket",
    "threading",
    "subprocess",
    "apsw",
    "aiohttp",
    "litestar",
    "uvicorn",
    "random",
    "time",
    "os",
}


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(ROOT)))
def test_pure_file_stays_pure(path: Path) -> None:
    assert list(impurities_of(path)) == []


@pytest.mark.parametrize("pattern", SHELLS)
def test_a_named_shell_exists_and_is_one(pattern: str) -> None:
    assert any(impurities_of(path) for path in ROOT.glob(pattern))


def test_a_file_that_asks_the_time_is_found_out() -> None:
    tree = ast.parse(
        "import time\nasync def f():\n    return time.time(), datetime.now(UTC), environ['HOME']"
    )

    found = [line for node in ast.walk(tree) for line in impurities(node)]

    assert len(found) == 5


def impurities(node: ast.AST) -> list[str]:
    match node:
        case ast.AsyncFunctionDef() | ast.Await() | ast.AsyncFor() | ast.AsyncWith():
            return [f"line {node.lineno}: async"]
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name in FORBIDDEN_CALLS:
            return [f"line {node.lineno}: calls {name}"]
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in FORBIDDEN_NAMES:
            return [f"line {node.lineno}: uses {name}"]
        case ast.Import(names=names):
            return [
                f"line {node.lineno}: imports {n.name}"
                for n in names
                if n.name.split(".")[0] in FORBIDDEN_MODULES
            ]
        case ast.ImportFrom(module=module) if module and module.split(".")[0] in FORBIDDEN_MODULES:
            return [f"line {node.lineno}: imports from {module}"]
        case _:
            return []


def impurities_of(path: Path) -> list[str]:
    return [line for node in ast.walk(ast.parse(path.read_text())) for line in impurities(node)]
