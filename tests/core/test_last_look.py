"""May a message still go when its turn comes? A case is what is known by then."""

from datetime import timedelta

import pytest
from tests.builders import NOON, a_campaign, a_message

from tellwire.platform.deliver.last_look import DROPS, objection
from tellwire.platform.model.permission import Permission

SECOND = timedelta(seconds=1)
SUPPRESSED = Permission(is_suppressed=True)
OPTED_OUT = Permission(consents=(False,))


@pytest.mark.parametrize(
    ("permission", "campaign", "code"),
    [
        (Permission(), {}, None),
        (Permission(consents=(True, "yes")), {}, None),
        (OPTED_OUT, {}, "no_consent"),
        (Permission(consents=("no",)), {}, "no_consent"),
        (Permission(consents=({"what": "is this"},)), {}, "no_consent"),  # what cannot be read fails closed
        (Permission(consents=(True, False)), {}, "no_consent"),  # merged, or the device's next owner
        (OPTED_OUT, {"respects_consent": False}, None),
        (SUPPRESSED, {"respects_consent": False}, "suppressed"),
        (Permission(), {"state": "stopped"}, None),  # stopped, and its queue let go
        (Permission(), {"state": "stopped", "dropped_until": NOON + SECOND}, "campaign_stopped"),
        (Permission(), {"dropped_until": NOON + SECOND}, "campaign_stopped"),  # published again since
        (Permission(), {"dropped_until": NOON}, None),  # made after that
        (Permission(), {"ends_at": NOON + SECOND}, "campaign_ended"),
        (Permission(), {"ends_at": NOON + 3 * SECOND}, None),
        (Permission(), {"starts_at": NOON + 9 * SECOND}, None),
    ],
)
def test_the_last_look(permission, campaign, code):
    found = objection(a_message(), permission, a_campaign(**campaign), NOON + 2 * SECOND)

    assert (found and found.code) == code
    assert found is None or found.reason == DROPS[found.code]


@pytest.mark.parametrize(
    ("permission", "until", "code"),
    [
        (Permission(), NOON + SECOND, "sending_stopped"),
        (Permission(), NOON, None),  # made after that
        (Permission(), None, None),
        (SUPPRESSED, NOON + SECOND, "suppressed"),
    ],
)
def test_what_waited_when_all_sending_was_dropped_does_not_go(permission, until, code):
    for campaign in (a_campaign(), None):
        found = objection(a_message(), permission, campaign, NOON + 2 * SECOND, until)

        assert (found and found.code) == code


def test_a_campaign_that_nobody_knows_is_asked_for_consent_all_the_same():
    assert objection(a_message(), Permission(), None, NOON) is None
    assert objection(a_message(), OPTED_OUT, None, NOON) is not None
