"""The endpoints of routes: the rules in force, their change as a whole and what it would do, and the dry run."""

import asyncio
import hashlib
import os
import re
from datetime import timedelta
from typing import Annotated, Any, Final, Literal

import msgspec

from tellwire.gateway.accounts.accounts import AccountBook
from tellwire.gateway.admin.endpoint import Ask, Problem, flaws, wrong
from tellwire.gateway.carriers.choosing import Traffic
from tellwire.gateway.store.flows import Flows
from tellwire.gateway.store.reports import CHUNK, NEWEST
from tellwire.kernel.address import parse_msisdn, parse_sender_id
from tellwire.kernel.choice.rerouting import Rerouting, digits_that_count
from tellwire.kernel.choice.routing import Rule, Share, Table, weights
from tellwire.kernel.clock import Clock, to_ms
from tellwire.kernel.ids import new_ids

RULES: Final = 2_000  # the world's operators are some 1,500
SHARES: Final = 20
# All of them, with some room: a rule with two carriers takes about 200 bytes.
RULES_LIMIT: Final = RULES * 512
PREVIEWED: Final = timedelta(hours=24)
# At most 50,000 messages are compared: some 30 ms of the store's reader, in chunks that others get in between.
PREVIEW_CHUNKS: Final = 10
# So many comparisons, some 10 ms, and then the event loop has its turn.
_AT_ONCE: Final = 250
_PREFIX: Final = re.compile(r"[0-9]{0,15}")
_MCC: Final = re.compile(r"([0-9]{3})?")
_MNC: Final = re.compile(r"([0-9]{2,3})?")
_STALE: Final = Problem(
    status=409,
    code="stale",
    message="Somebody else changed the routes meanwhile. Load the page anew and make your change again.",
)

_NOTHING: Final = "Say which messages it fits: a prefix, a sender ID or a network. Or choose every number."
_NOT_ALL: Final = "A rule for every number names no prefix, sender ID or network."

Text = Annotated[str, msgspec.Meta(max_length=64)]


class SavedShare(msgspec.Struct, kw_only=True, frozen=True):
    """A carrier of a rule; weight 0 keeps it for the time when all others are down."""

    carrier: Text
    weight: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 1


class SavedRule(msgspec.Struct, kw_only=True, frozen=True):
    """A rule as the form has it; an empty `id` is a new one.

    `fits_all` says what the rule is meant to be, and what it says must hold: a form that was left empty says False,
    and does not become a rule for every number. Absent, the conditions alone speak.
    """

    id: Text = ""
    prefix: Text = ""
    mcc: Text = ""
    mnc: Text = ""
    source: Text = ""
    fits_all: bool | None = None
    by: Literal["weight", "price"] = "weight"
    is_enabled: bool = True
    shares: Annotated[list[SavedShare], msgspec.Meta(min_length=1, max_length=SHARES)]


class SavedRules(msgspec.Struct, kw_only=True, frozen=True):
    """All rules in their order, and the version that they were made from."""

    rules: Annotated[list[SavedRule], msgspec.Meta(max_length=RULES)]
    version: Text


class DryRunWish(msgspec.Struct, kw_only=True, frozen=True):
    """A message that is not sent."""

    number: Text
    source: Text = ""
    account: Text = ""


class RoutesPage:
    """The routing table as people edit it."""

    def __init__(self, traffic: Traffic, book: AccountBook, flows: Flows, *, clock: Clock) -> None:
        self._traffic = traffic
        self._book = book
        self._flows = flows
        self._clock = clock

    async def show(self, _ask: Ask) -> object:
        """`GET /admin/api/routes`: in their order, with what each carrier takes now."""
        return self._shown()

    async def save(self, ask: Ask) -> object:
        """`PUT /admin/api/routes`: replaces all rules."""
        rules = self._read(ask.body)
        if isinstance(rules, Problem):
            return rules
        await self._traffic.save_rules(rules)
        return self._shown()

    async def preview(self, ask: Ask) -> object:
        """`POST /admin/api/routes/preview`, with the body of a change: what it would do; changes nothing.

        Answers how many of the last day's messages the rules in force and the changed ones would give to different
        carriers, as those are now. Of carriers that share by weight only the difference of their parts counts.
        """
        rules = self._read(ask.body)
        if isinstance(rules, Problem):
            return rules
        return await self._compare(Table(rules))

    def _read(self, saved: SavedRules) -> list[Rule] | Problem:
        if saved.version != self._version():
            return _STALE
        wrongs: dict[str, str] = {}
        for at, one in enumerate(saved.rules):
            wrongs |= {f"rules.{at}.{field}": words for field, words in self._flaws(one).items()}
        if problem := flaws(**wrongs):
            return problem
        ids = iter(new_ids(self._clock.now(), int.from_bytes(os.urandom(8)), max(1, len(saved.rules))))
        return [_rule(one, order, one.id or next(ids)) for order, one in enumerate(saved.rules)]

    async def _compare(self, changed: Table) -> dict[str, Any]:
        rerouting = Rerouting(self._traffic.table, changed, self._traffic.conditions)
        tariffs = {account: self._book.tariff(account) for account in self._book.directory().accounts}
        priced = [tariff.network_digits for tariff in tariffs.values()]
        digits = digits_that_count(self._traffic.table, changed, priced)
        since_ms = to_ms(self._clock.now() - PREVIEWED)
        place: int | None = NEWEST
        for _ in range(PREVIEW_CHUNKS):
            if place is None:
                break
            chunk = await self._flows.newest(since_ms, place, digits)
            for at, flow in enumerate(chunk.flows, start=1):
                rerouting.add(flow, self._book.tariff(flow.account).network(flow.digits))
                if at % _AT_ONCE == 0:
                    await asyncio.sleep(0)
            place = chunk.next_seq
        moves = rerouting.moves
        return {
            "messages": rerouting.messages,
            "moved": sum(move.messages for move in moves),
            "moves": moves,
            "is_whole": place is None,
            "compared_at_most": CHUNK * PREVIEW_CHUNKS,
        }

    async def dry_run(self, ask: Ask) -> object:
        """`POST /admin/api/routes/dry-run`: which carrier a number would take, and why."""
        wish: DryRunWish = ask.body
        number = parse_msisdn(wish.number)
        if number is None:
            return wrong(
                number="This can be no number. Write it with its country code, such as +65 9123 4567."
            )
        account = wish.account or next(iter(self._book.directory().accounts), "")
        choice = self._traffic.dry_run(number.digits, wish.source.strip(), self._book.tariff(account))
        return {"number": number.e164, "country": number.country, **msgspec.structs.asdict(choice)}

    def _shown(self) -> dict[str, Any]:
        rules = self._traffic.rules
        conditions = self._traffic.conditions
        return {
            "version": self._version(),
            "is_default": self._traffic.is_default,
            "rules": [
                {
                    **msgspec.structs.asdict(rule),
                    "fits_all": _fits_all(rule),
                    "shares": self._shares(rule),
                }
                for rule in sorted(rules, key=lambda rule: (rule.order, rule.id))
            ],
            "carriers": [{"name": name, **msgspec.structs.asdict(one)} for name, one in conditions.items()],
        }

    def _shares(self, rule: Rule) -> list[dict[str, Any]]:
        weighed = weights(rule, self._traffic.conditions)
        total = sum(weighed.values())
        return [
            {
                "carrier": share.carrier,
                "weight": share.weight,
                "takes": round(weighed.get(share.carrier, 0.0) / total, 4),
            }
            for share in rule.shares
        ]

    def _version(self) -> str:
        return hashlib.sha256(msgspec.json.encode(self._traffic.rules)).hexdigest()[:16]

    def _flaws(self, rule: SavedRule) -> dict[str, str]:
        """Return what is wrong with a rule, by field: everything at once."""
        unknown = {share.carrier for share in rule.shares} - self._traffic.lanes.keys()
        checks = {
            "prefix": _PREFIX.fullmatch(rule.prefix) is None
            and "A prefix is digits without a plus, such as 65.",
            "fits_all": rule.fits_all is not None
            and rule.fits_all != _fits_all(rule)
            and (_NOT_ALL if rule.fits_all else _NOTHING),
            "mcc": _MCC.fullmatch(rule.mcc) is None and "An MCC has three digits.",
            "mnc": (_MNC.fullmatch(rule.mnc) is None or (rule.mnc and not rule.mcc))
            and "An MNC has two or three digits and stands beside an MCC.",
            "source": rule.source
            and parse_sender_id(rule.source) is None
            and "This can be no sender ID: at most 11 letters, digits and spaces, or a number.",
            "shares": unknown and f"There is no carrier {', '.join(sorted(unknown))}.",
        }
        return {field: str(words) for field, words in checks.items() if words}


def _fits_all(rule: Rule | SavedRule) -> bool:
    return not (rule.prefix or rule.mcc or rule.mnc or rule.source.strip())


def _rule(saved: SavedRule, order: int, identifier: str) -> Rule:
    return Rule(
        id=identifier,
        shares=tuple(Share(share.carrier, share.weight) for share in saved.shares),
        prefix=saved.prefix,
        mcc=saved.mcc,
        mnc=saved.mnc,
        source=saved.source.strip(),
        order=order,
        by=saved.by,
        is_enabled=saved.is_enabled,
    )
