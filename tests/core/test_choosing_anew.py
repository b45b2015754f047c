"""Which changes of the account let an audience that is being taken down begin anew."""

import msgspec
import pytest
from tests.rehearsing import campaign

from tellwire.platform.backends.choosing_anew import chooses_anew
from tellwire.platform.model.account import Account
from tellwire.platform.model.people_list import ListId, PeopleList
from tellwire.platform.model.rule import All, Condition, Has, Listed, Member, Not, Rule
from tellwire.platform.model.start import Now, OnSchedule

GOLD = Has(Condition(property="Plan", operator="equals", value="gold"))
TIN = Has(Condition(property="Plan", operator="equals", value="tin"))
VIPS = PeopleList(id=ListId(1), name="VIPs")
ACCOUNT = Account(
    audiences={
        "Gold": GOLD,
        "Best": All((Member("Gold"), Not(Listed("VIPs")))),
        "Tin": TIN,
        "Loop": Member("Loop"),
    },
    lists=(VIPS,),
)


@pytest.mark.parametrize(
    ("who", "changed", "anew"),
    [
        (None, {"is_paused": True, "holdout": 5}, False),
        (None, {"zone": "Asia/Tokyo"}, True),
        (GOLD, {"audiences": {}}, False),
        (Member("Gold"), {"audiences": {**ACCOUNT.audiences, "Tin": GOLD}}, False),
        (Member("Gold"), {"audiences": {**ACCOUNT.audiences, "Gold": TIN}}, True),
        (Not(Member("Best")), {"audiences": {**ACCOUNT.audiences, "Gold": TIN}}, True),
        (Member("Best"), {"lists": ()}, True),
        (Member("Best"), {"lists": (VIPS, PeopleList(id=ListId(2), name="Others"))}, False),
        (Listed("vips"), {"lists": (PeopleList(id=ListId(9), name="VIPs"),)}, True),
        (Member("Gold"), {"lists": ()}, False),
        (Member("Loop"), {"is_paused": True}, False),
    ],
)
def test_an_audience_begins_anew_where_what_it_goes_by_is_otherwise(
    who: Rule | None, changed: dict[str, object], *, anew: bool
) -> None:
    after = msgspec.structs.replace(ACCOUNT, **changed)

    assert chooses_anew(campaign(OnSchedule(when=Now()), who=who), ACCOUNT, after) is anew
