"""Pure files neither wait, ask the time, roll dice nor touch the machine: their whole tree says so."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "src" / "tellwire"

PURE = [
    *sorted((ROOT / "model").glob("*.py")),
    *sorted((ROOT / "compose").glob("*.py")),
    *sorted((ROOT / "receipts" / "formats").glob("*.py")),
    *sorted((ROOT / "gateway" / "contract").rglob("*.py")),
    *(
        ROOT / name
        for name in (
            "kernel/address.py",
            "kernel/failure.py",
            "kernel/grapheme.py",
            "kernel/gsm.py",
            "kernel/http_answer.py",
            "kernel/http_message.py",
            "kernel/http_request.py",
            "kernel/http_reuse.py",
            "kernel/ids.py",
            "kernel/lookalike.py",
            "kernel/retention.py",
            "kernel/sms.py",
            "kernel/status.py",
            "kernel/verdict.py",
            "intake/admission.py",
            "intake/allowance.py",
            "intake/clevertap.py",
            "intake/event_data.py",
            "intake/identifiers.py",
            "intake/limits.py",
            "intake/mending.py",
            "intake/profile_data.py",
            "intake/profile_field.py",
            "intake/records.py",
            "intake/refusal.py",
            "intake/token_data.py",
            "intake/unpack.py",
            "intake/unreadable.py",
            "decide/device_tokens.py",
            "decide/engine.py",
            "decide/fold.py",
            "decide/gates.py",
            "decide/predicate.py",
            "deliver/last_look.py",
            "deliver/news.py",
            "deliver/outcome.py",
            "deliver/pace.py",
            "deliver/request.py",
            "decide/property_change.py",
            "receipts/callback.py",
            "receipts/reconcile.py",
            "receipts/words.py",
            "control/campaign_state.py",
            "control/provider_advice.py",
            "senders/json_body.py",
            "senders/masking.py",
            "senders/pieces.py",
            "senders/template.py",
            "senders/tokens.py",
            "control/catalog_yaml.py",
            "gateway/submission.py",
            "gateway/links.py",
            "gateway/link_posts.py",
            "gateway/surveys/survey.py",
            "gateway/surveys/answers.py",
            "gateway/surveys/page.py",
            "gateway/admin/alerts.py",
            "gateway/admin/csv_lines.py",
            "gateway/roles.py",
            "gateway/admin/attempts.py",
            "gateway/admin/money.py",
            "gateway/admin/origin.py",
            "gateway/dialect_file.py",
            "gateway/http_outcome.py",
            "gateway/smpp/alphabets.py",
            "gateway/smpp/lenience.py",
            "gateway/smpp/pdu.py",
            "gateway/smpp/session.py",
            "gateway/smpp/joining.py",
            "gateway/smpp/stall.py",
            "gateway/smpp_address.py",
            "gateway/matching.py",
            "gateway/smpp/guard.py",
            "gateway/smpp/references.py",
            "gateway/smpp_submits.py",
            "gateway/smpp/dialect.py",
            "gateway/settling.py",
            "gateway/routing.py",
            "gateway/health.py",
            "gateway/silence.py",
            "gateway/tariff.py",
            "gateway/senders.py",
            "gateway/limits.py",
            "gateway/callback_rules.py",
            "gateway/directory.py",
            "gateway/carrier_file.py",
            "gateway/smpp/codec.py",
            "gateway/smpp/commands.py",
            "gateway/smpp/layout.py",
            "gateway/smpp/states.py",
            "gateway/smpp/times.py",
            "gateway/smpp/submission.py",
            "gateway/smpp/texts.py",
            "gateway/smpp/receipts.py",
            "gateway/smpp/deliveries.py",
            "gateway/smpp/verdicts.py",
            "gateway/smpp/pace.py",
            "gateway/smpp/accounts.py",
            "gateway/simulator/behaviour.py",
            "gateway/simulator/fates.py",
            "gateway/simulator/handsets.py",
            "gateway/simulator/receipts.py",
            "gateway/simulator/views.py",
            "control/campaign_check.py",
            "control/provider_check.py",
        )
    ),
]
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
    "random",
    "time",
    "os",
}


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(ROOT)))
def test_pure_file_stays_pure(path: Path) -> None:
    tree = ast.parse(path.read_text())

    assert [line for node in ast.walk(tree) for line in impurities(node)] == []


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
