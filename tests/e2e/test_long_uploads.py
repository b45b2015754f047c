"""The longest uploads there may be, made of the smallest things: as objects they would be forty times as large.

They have a demo of their own, whose memory is looked at in passing: what the store keeps in its caches of five times
5 MB is no loss, and would be taken for one elsewhere.
"""

import pytest
from tests.e2e.victim import works

UPLOAD_LIMIT = 5 * 1024 * 1024
# The most that all of them may cost, taken and decided. Measured are 65 to 85; one that is read into objects whole
# costs 130 to 190.
UPLOAD_ROOM_MB = 120
EVENT_WITH = b'{"d":[{"identity":"bad","type":"event","evtName":"Looked","evtData":{"a":%s}}]}'
PROFILE_WITH = b'{"d":[{"identity":"bad","type":"profile","profileData":{"a":%s}}]}'


def repeated(item):
    return item + (b"," + item) * ((UPLOAD_LIMIT - 300) // (len(item) + 1))


def profiles_of_lists():
    """The most that is taken of what is largest as objects: a thousand profiles of nothing but empty lists."""
    lists = b",".join([b"[]"] * 99)
    data = b",".join(b'"%d":[%s]' % (n, lists) for n in range(15))
    one = b'{"identity":"bad","type":"profile","profileData":{%s}}' % data
    return b'{"d":[' + b",".join([one] * 1000) + b"]}"


TINY_THINGS = {
    "lists in an event": EVENT_WITH % (b"[" + repeated(b"[]") + b"]"),
    "lists in a profile": PROFILE_WITH % (b"[" + repeated(b"[]") + b"]"),
    "lists in a name": b'{"d":[{"identity":[' + repeated(b"[]") + b"]}]}",
    "records": b'{"d":[' + repeated(b"1") + b"]}",
    "profiles": profiles_of_lists(),
}


@pytest.mark.parametrize("case", TINY_THINGS)
def test_the_longest_body_made_of_the_smallest_things_costs_little_memory_in_passing(warm_victim, case):
    body = TINY_THINGS[case]
    assert UPLOAD_LIMIT * 0.8 < len(body) <= UPLOAD_LIMIT

    assert warm_victim.upload(body)[0] in {200, 400}
    works(warm_victim)  # what was taken is decided too

    assert warm_victim.peak_mb() - warm_victim.at_start_mb <= UPLOAD_ROOM_MB
