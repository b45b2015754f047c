"""The endpoints of routes: the rules in force, their change as a whole, and the dry run of one number."""

import hashlib
import os
import re
from typing import Annotated, Any, Final, Literal

import msgspec

from tellwire.gateway.accounts import AccountBook
from tellwire.gateway.admin.endpoint import Ask, Problem, wrong
from tellwire.gateway.routing import Rule, Share, weights
from tellwire.gateway.traffic import DEFAULT_RULE, Traffic
from tellwire.kernel.address import parse_msisdn, parse_sender_id
from tellwire.kernel.clock import Clock
from tellwire.kernel.ids import new_ids

RULES: Final = 2_000  # the world's operators are some 1,500
SHARES: Final = 20
_PREFIX: Final = re.compile(r"[0-9]{0,15}")
_MCC: Final = re.compile(r"([0-9]{3})?")
_MNC: Final = re.compile(r"([0-9]{2,3})?")
_STALE: Final = Problem(
    status=409,
    code="stale",
    message="Somebody else changed the routes meanwhile. Load the page anew and make your change again.",
)

Text = Annotated[str, msgspec.Meta(max_length=64)]


class SavedShare(msgspec.Struct, kw_only=True, frozen=True):
    """A carrier of a rule; weight 0 keeps it for the time when all others are down."""

    carrier: Text
    weight: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 1


class SavedRule(msgspec.Struct, kw_only=True, frozen=True):
    """A rule as the form has it; an empty `id` is a new one."""

    id: Text = ""
    prefix: Text = ""
    mcc: Text = ""
    mnc: Text = ""
    source: Text = ""
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

    def __init__(self, traffic: Traffic, book: AccountBook, *, clock: Clock) -> None:
        self._traffic = traffic
        self._book = book
        self._clock = clock

    async def show(self, _ask: Ask) -> object:
        """`GET /admin/api/routes`: in their order, with what each carrier takes now."""
        return self._shown()

    async def save(self, ask: Ask) -> object:
        """`PUT /admin/api/routes`: replaces all rules."""
        saved: SavedRules = ask.body
        if saved.version != self._version():
            return _STALE
        for at, one in enumerate(saved.rules):
            if flaw := self._flaw(one, f"rules.{at}"):
                return flaw
        ids = iter(new_ids(self._clock.now(), int.from_bytes(os.urandom(8)), max(1, len(saved.rules))))
        await self._traffic.save_rules(
            [_rule(one, order, one.id or next(ids)) for order, one in enumerate(saved.rules)]
        )
        return self._shown()

    async def dry_run(self, ask: Ask) -> object:
        """`POST /admin/api/routes/dry-run`: which carrier a number would take, and why."""
        wish: DryRunWish = ask.body
        number = parse_msisdn(wish.number)
        if number is None:
            return wrong(
                number="This can be no number. Write it with its country code, such as +65 9123 4567."
            )
        account = wish.account or next(iter(self._book.directory().accounts), "")
        found = self._traffic.dry_run(number.digits, wish.source.strip(), self._book.tariff(account))
        return {"number": number.e164, "country": number.country, **msgspec.structs.asdict(found)}

    def _shown(self) -> dict[str, Any]:
        rules = self._traffic.rules
        conditions = self._traffic.conditions
        return {
            "version": self._version(),
            "is_default": [rule.id for rule in rules] == [DEFAULT_RULE],
            "rules": [
                {**msgspec.structs.asdict(rule), "shares": self._shares(rule)}
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

    def _flaw(self, rule: SavedRule, at: str) -> Problem | None:
        unknown = {share.carrier for share in rule.shares} - self._traffic.lanes.keys()
        flaws = {
            "prefix": _PREFIX.fullmatch(rule.prefix) is None
            and "A prefix is digits without a plus, such as 65.",
            "mcc": _MCC.fullmatch(rule.mcc) is None and "An MCC has three digits.",
            "mnc": (_MNC.fullmatch(rule.mnc) is None or (rule.mnc and not rule.mcc))
            and "An MNC has two or three digits and stands beside an MCC.",
            "source": rule.source
            and parse_sender_id(rule.source) is None
            and "This can be no sender ID: at most 11 letters, digits and spaces, or a number.",
            "shares": unknown and f"There is no carrier {', '.join(sorted(unknown))}.",
        }
        return next((wrong(**{f"{at}.{field}": str(words)}) for field, words in flaws.items() if words), None)


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
