"""Whose a text is, what it answers and what it asks for."""

import json
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import NOON, a_message, a_number, a_provider, a_subject

from tellwire.platform.model.event import Subject
from tellwire.platform.model.inbound import Arrival, Recent, is_answered, is_heard, is_settled
from tellwire.platform.model.message import MessageContext, MessageId
from tellwire.platform.model.profile import ProfileId, SuppressionChange
from tellwire.platform.model.replies import KeywordRules, ReplyRules
from tellwire.platform.model.system_event import context_of_sent
from tellwire.platform.ports.messages import Holder, HolderPerson
from tellwire.platform.receipts.replies import Hearing, arrivals_of, readable
from tellwire.platform.receipts.words import InboundText, Reply

MESSAGE = a_message()
CONTEXT = context_of_sent(MESSAGE, "Shipped", "Acme")
RULES = ReplyRules(
    stop=KeywordRules(is_answered=True, text="You get no more texts."),
    start=KeywordRules(is_answered=True, text="Welcome back."),
    help=KeywordRules(is_answered=True, text="Acme, +65 6123 4567."),
)
HEARING = Hearing(a_provider(), RULES, NOON)
ANN = HolderPerson(
    subject=a_subject(), names=(a_subject(), Subject("device", "d1")), profile_id=ProfileId("p1")
)
BOB = HolderPerson(subject=a_subject("bob"), names=(a_subject("bob"),), profile_id=ProfileId("p2"))


def reply(text: str = "hi", **changed: Any) -> Reply:
    return Reply(**{"message_id": MESSAGE.id, "at": NOON, "text": text, **changed})


def inbound(text: str = "hi", **changed: Any) -> InboundText:
    return InboundText(**{"sender": a_number(), "text_id": "u", "at": NOON, "text": text, **changed})


def holder(*people: HolderPerson, message: MessageContext | None = CONTEXT) -> Holder:
    subject = people[0].subject if people else MESSAGE.subject
    return Holder(subject=subject, message=message, people=people)


def heard(word: Reply | InboundText, held: Holder | None = None, hearing: Hearing = HEARING) -> Arrival:
    words, texts = ([word], []) if isinstance(word, Reply) else ([], [word])
    contexts = {MessageId(MESSAGE.id): CONTEXT}
    (arrival,) = arrivals_of(words, texts, contexts, {} if held is None else {a_number(): held}, hearing)
    return arrival


def said(arrival: Arrival) -> dict[str, Any]:
    properties: dict[str, Any] = json.loads(bytes(arrival.inbound.event.properties))
    return properties


@pytest.mark.parametrize("word", [reply(), inbound()])
def test_a_text_is_of_the_person_who_has_the_number_and_says_what_it_answers(
    word: Reply | InboundText,
) -> None:
    arrival = heard(word, holder(BOB, ANN))

    assert arrival.inbound.person == ANN.subject  # of two who share it, whom the message was for
    assert arrival.inbound.message_id == MESSAGE.id
    assert (said(arrival)["Campaign ID"], said(arrival)["Message ID"]) == (MESSAGE.campaign_id, MESSAGE.id)
    assert (said(arrival)["Incoming text"], said(arrival)["Channel"]) == ("hi", "SMS")
    assert arrival.change is arrival.answer is arrival.inbound.newcomer is None


def test_a_number_that_changed_its_owner_writes_for_the_new_one() -> None:
    answer, text = heard(reply(), holder(BOB)), heard(inbound(), holder(BOB))

    assert answer.inbound.person == text.inbound.person == BOB.subject
    assert answer.inbound.message_id == MESSAGE.id  # the wire says so
    assert text.inbound.message_id == ""  # the newest message to the number was for somebody else
    assert text.inbound.event.cause is None


def test_a_number_that_nobody_has_writes_for_whom_the_message_was() -> None:
    for word, held in ((reply(), None), (inbound(), holder())):
        assert heard(word, held).inbound.person == MESSAGE.subject
        assert heard(word, held).inbound.newcomer is None


def test_a_number_that_nobody_knows_becomes_somebody() -> None:
    arrival = heard(inbound())

    assert arrival.inbound.person == Subject("identity", a_number().e164)
    assert arrival.inbound.newcomer is not None
    assert arrival.inbound.newcomer.subject == arrival.inbound.person


def test_a_text_told_twice_is_the_same_text_and_another_is_another() -> None:
    texts = [inbound("STOP"), inbound("STOP", at=NOON + timedelta(hours=1)), inbound("STOP", text_id="v")]
    texts += [inbound("STAY"), inbound("STOP", sender=a_number("+6591230001"))]
    replies = [reply("a"), reply("a"), reply("b"), reply("a", at=NOON + timedelta(seconds=1))]

    assert len({heard(one).inbound.key for one in texts}) == 4
    assert len({heard(one).inbound.key for one in replies}) == 3


def test_a_text_without_a_name_is_told_by_its_moment_and_words() -> None:
    texts = [inbound("a", text_id=""), inbound("a", text_id=""), inbound("b", text_id="")]

    assert len({heard(one).inbound.key for one in texts}) == 2


@pytest.mark.parametrize(
    ("text", "keyword", "is_suppressed", "passes"),
    [
        ("STOP", "stop", True, ("consent", "suppression")),
        ("start!", "start", False, ("consent",)),
        ("Help", "help", None, ("consent", "suppression")),
    ],
)
def test_a_keyword_asks_for_its_change_and_its_answer(
    text: str, keyword: str, is_suppressed: bool | None, passes: tuple[str, ...]
) -> None:
    arrival = heard(reply(text), holder(ANN))

    assert (arrival.inbound.keyword, said(arrival)["Keyword"]) == (keyword, keyword)
    assert (None if arrival.change is None else arrival.change.is_suppressed) == is_suppressed
    assert arrival.answer is not None
    assert (arrival.answer.to, arrival.answer.passes) == (a_number(), passes)
    assert arrival.answer.id == heard(reply(text), holder(ANN)).answer.id  # type: ignore[union-attr] # as above
    assert len(arrival.answer.id) <= 50
    if arrival.change is not None:
        asked = arrival.change.request
        assert (asked.text, asked.message_id, asked.subject) == (text, MESSAGE.id, ANN.subject)


def test_nothing_is_answered_where_the_account_has_no_words_for_it() -> None:
    assert heard(reply("STOP"), None, Hearing(a_provider(), ReplyRules(), NOON)).answer is None
    assert heard(reply("tell me more")).answer is None
    archived = Hearing(a_provider(archived_at=NOON), RULES, NOON)
    assert heard(reply("STOP"), None, archived).answer is None


def test_a_word_of_a_country_counts_for_its_numbers() -> None:
    swedish = a_number("+46701234567")

    assert heard(inbound("Stopp", sender=swedish)).inbound.keyword == "stop"
    assert heard(inbound("Stopp")).inbound.keyword is None


STOOD = SuppressionChange(address=a_number(), is_suppressed=True, source="reply", at=NOON)
FREE = msgspec.structs.replace(STOOD, is_suppressed=False)


@pytest.mark.parametrize(
    ("text", "stood", "took_effect", "wanted"),
    [
        ("STOP", None, True, True),
        ("STOP", FREE, True, True),
        ("STOP", STOOD, True, False),  # again: it was confirmed
        ("STOP", FREE, False, False),  # late: the person has started again since
        ("START", STOOD, True, True),
        ("START", None, True, False),
        ("YES", FREE, True, False),  # an answer to a question
        ("HELP", STOOD, False, True),
        ("HELP", None, False, True),
        ("thanks", None, False, False),
    ],
)
def test_a_stop_and_a_start_are_confirmed_once_and_help_always(
    text: str, stood: SuppressionChange | None, took_effect: bool, wanted: bool
) -> None:
    assert is_answered(heard(reply(text)), stood, Recent(), took_effect=took_effect) is wanted


def test_two_machines_that_answer_each_other_fall_silent() -> None:
    recent, answered = Recent(), 0
    arrival = heard(reply("HELP"))
    for _ in range(100):
        if is_answered(arrival, None, recent, took_effect=False):
            answered += 1
            recent = Recent(recent.texts + 1, (*recent.answers, ("help", True)))
        else:
            recent = Recent(recent.texts + 1, recent.answers)

    assert answered == 1
    assert not is_heard(recent)


@pytest.mark.parametrize(
    ("text", "stood", "is_done"),
    [
        ("STOP", None, True),
        ("yes", None, False),
        ("yes", STOOD, True),
        ("HELP", None, False),
        ("hi", None, False),
    ],
)
def test_people_read_what_was_not_done_by_itself(
    text: str, stood: SuppressionChange | None, is_done: bool
) -> None:
    assert is_settled(heard(reply(text)), stood, took_effect=True, is_answered=False) is is_done


@given(st.text(max_size=300))
def test_any_text_is_kept_as_text_that_can_be_shown(text: str) -> None:
    shown = readable(text)

    shown.encode()
    assert readable(shown) == shown
    assert heard(reply(text or "x")).inbound.event.properties


def test_markup_and_statements_stay_what_they_are() -> None:
    text = "<script>alert(1)</script>'); DROP TABLE inbound; -- =1+1"

    assert heard(inbound(text)).inbound.text == text
    assert "DROP" not in repr(heard(inbound(text)).inbound)
