"""What the checks of a decision may answer: one table of gates and codes, with their sentences as templates.

A decision stores codes and values; `control.gate_words` makes the words when somebody looks, and masks numbers then.
`{name:kind}` is a value and how it is shown. A row is found by gate, code and how many values there are, since some
answers have two forms.
"""

from typing import Final, Literal, get_args

import msgspec

# In the order they are asked; the first that fails ends the decision. An event that fails the first starts nothing
# and leaves no decision: it is in no trace but those of releases that kept it there, and in what explain works out.
GateName = Literal[
    "event_conditions",
    "schedule",
    "triggering_window",
    "profile_conditions",
    "entry",
    "winner",
    "reachability",
    "consent",
    "suppression",
    "holdout",
    "frequency",
    "gap",
    "quiet_hours",
    "daily_limit",
    "run_limit",
    "provider",
    "content",
]
GATE_NAMES: Final[tuple[GateName, ...]] = get_args(GateName)

# How a stored decision names its gates: a number is never given to another gate.
GATE_NUMBERS: Final[dict[GateName, int]] = {
    "schedule": 1,
    "triggering_window": 2,
    "event_conditions": 3,
    "profile_conditions": 4,
    "reachability": 5,
    "consent": 6,
    "suppression": 7,
    "provider": 8,
    "content": 9,
    "entry": 10,
    "holdout": 11,
    "frequency": 12,
    "gap": 13,
    "quiet_hours": 14,
    "daily_limit": 15,
    "run_limit": 16,
    "winner": 21,
}
PASSED: Final = ""  # the code of a gate that let the message pass
FAILED: Final = "failed"  # an error of ours, at any gate


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of one gate: what its values are called, why it said no, and what it saw and wanted.

    An empty `saw` is the sentence.
    """

    gate: GateName
    code: str = PASSED
    values: tuple[str, ...] = ()
    sentence: str = ""
    saw: str = ""
    wanted: str = ""


_WINDOW: Final = "at most 2 h before and 2 min after it arrived"
_HAPPENED: Final = "happened {occurred_at:moment}, arrived {received_at:moment}"
_PERIOD: Final = "{starts_at:from}{ends_at:until}"

ANSWERS: Final[tuple[Answer, ...]] = (
    Answer(gate="event_conditions", wanted="no conditions"),
    Answer(
        gate="event_conditions", values=("conditions",), saw="{conditions:seen}", wanted="{conditions:wanted}"
    ),
    Answer(
        gate="event_conditions",
        code="event_conditions",
        values=("conditions",),
        sentence="The event's {conditions:properties} is not as the campaign wants it.",
        saw="{conditions:seen}",
        wanted="{conditions:wanted}",
    ),
    Answer(gate="schedule", saw="no start and no end"),
    Answer(gate="schedule", values=("now", "starts_at", "ends_at"), saw="{now:moment}", wanted=_PERIOD),
    Answer(
        gate="schedule",
        code="not_started",
        values=("now", "starts_at", "ends_at"),
        sentence="The campaign had not started yet.",
        saw="{now:moment}",
        wanted=_PERIOD,
    ),
    Answer(
        gate="schedule",
        code="ended",
        values=("now", "starts_at", "ends_at"),
        sentence="The campaign had ended.",
        saw="{now:moment}",
        wanted=_PERIOD,
    ),
    Answer(
        gate="schedule",
        code="overdue",
        values=("due",),
        sentence="It was due at {due:moment}, while the campaign was paused, and was left out when that went on.",
        saw="due {due:moment}, while the campaign was paused",
        wanted="in time",
    ),
    Answer(gate="triggering_window", values=("occurred_at", "received_at"), saw=_HAPPENED, wanted=_WINDOW),
    Answer(
        gate="triggering_window",
        code="own_doing",
        sentence="The event was caused by a message of this very campaign.",
        saw="caused by this campaign",
        wanted="caused by another",
    ),
    Answer(
        gate="triggering_window",
        code="chain_too_long",
        values=("depth", "limit"),
        sentence="Messages answered messages too often in a row.",
        saw="{depth} automatic events in a row",
        wanted="at most {limit}",
    ),
    Answer(
        gate="triggering_window",
        code="taken_back",
        sentence="The message was taken back on purpose, which no campaign is to answer.",
        saw="a message taken back",
        wanted="one that failed",
    ),
    Answer(
        gate="triggering_window",
        code="outside_triggering_window",
        values=("occurred_at", "received_at"),
        sentence="The event happened too long before it arrived, or after.",
        saw=_HAPPENED,
        wanted=_WINDOW,
    ),
    Answer(gate="profile_conditions", wanted="no conditions"),
    Answer(
        gate="profile_conditions",
        values=("conditions",),
        saw="{conditions:seen}",
        wanted="{conditions:wanted}",
    ),
    Answer(
        gate="profile_conditions",
        code="profile_conditions",
        values=("conditions",),
        sentence="The profile's {conditions:properties} is not as the campaign wants it.",
        saw="{conditions:seen}",
        wanted="{conditions:wanted}",
    ),
    Answer(
        gate="profile_conditions",
        values=("rule", "seen"),
        saw="{seen:seen_value}",
        wanted="{rule:value}",
    ),
    Answer(
        gate="profile_conditions",
        code="profile_conditions",
        values=("rule", "seen"),
        sentence="The person is none of those whom the campaign is for.",
        saw="{seen:seen_value}",
        wanted="{rule:value}",
    ),
    Answer(
        gate="profile_conditions",
        code="not_counted_yet",
        values=("rule",),
        sentence="What people did before the campaign was published is still being counted.",
        saw="not counted yet",
        wanted="{rule:value}",
    ),
    Answer(gate="entry", saw="may enter"),
    Answer(
        gate="entry",
        code="paused",
        sentence="The campaign was paused, and nobody entered it.",
        saw="paused",
        wanted="running",
    ),
    Answer(
        gate="entry",
        code="not_running",
        sentence="The campaign was called, and did not run any more, or is no longer for calls.",
        saw="not running",
        wanted="running, with a start by call",
    ),
    Answer(
        gate="entry",
        code="no_key",
        values=("property",),
        sentence="The event had no {property}, by which the campaign tells enrollments apart.",
        saw="no {property}",
        wanted="{property}",
    ),
    Answer(
        gate="entry",
        code="already_inside",
        values=("entered_at",),
        sentence="The person was inside the campaign already.",
        saw="inside since {entered_at:moment}",
        wanted="not inside",
    ),
    Answer(
        gate="entry",
        code="ever",
        values=("entries", "limit"),
        sentence="The person has entered the campaign as often as one person may.",
        saw="entered {entries} times",
        wanted="fewer than {limit} times",
    ),
    Answer(
        gate="entry",
        code="missed",
        values=("due",),
        sentence="The moment of the person's date, {due:moment}, had passed.",
        saw="{due:moment}",
        wanted="a moment to come",
    ),
    Answer(
        gate="winner",
        values=("branch", "due"),
        saw="waited until {due:moment}, and {branch} won",
        wanted="the branch that won",
    ),
    Answer(gate="reachability", values=("number",), saw="{number:number}", wanted="a phone number"),
    Answer(
        gate="reachability",
        code="no_phone",
        sentence="The profile has no phone number.",
        saw="no Phone",
        wanted="a phone number",
    ),
    Answer(
        gate="reachability",
        code="bad_phone",
        values=("phone",),
        sentence="The profile's Phone is no number that can be written to.",
        saw="Phone = {phone:value}",
        wanted="a phone number",
    ),
    Answer(gate="consent", saw="MSG-sms is not set", wanted="MSG-sms not false"),
    Answer(gate="consent", values=("consent",), saw="MSG-sms {consent:set}", wanted="MSG-sms not false"),
    Answer(
        gate="consent",
        values=("consent", "respects_consent"),
        saw="MSG-sms {consent:set}",
        wanted="nothing: this campaign sends what a person must get",
    ),
    Answer(
        gate="consent",
        code="no_consent",
        values=("consent",),
        sentence="The profile has opted out of text messages.",
        saw="MSG-sms {consent:set}",
        wanted="MSG-sms not false",
    ),
    Answer(
        gate="suppression",
        values=("number",),
        saw="{number:number} is not suppressed",
        wanted="not suppressed",
    ),
    Answer(
        gate="suppression",
        code="suppressed",
        values=("number",),
        sentence="The number must not be written to.",
        saw="{number:number} is suppressed",
        wanted="not suppressed",
    ),
    Answer(
        gate="suppression",
        code="suppressed",
        sentence="The number must not be written to.",
        saw="no number",
        wanted="not suppressed",
    ),
    Answer(gate="holdout", saw="not held out"),
    Answer(
        gate="holdout",
        code="holdout",
        values=("percent",),
        sentence="The person is held out: followed, and not written to.",
        saw="held out",
        wanted="none of the {percent} % held out",
    ),
    Answer(gate="frequency", saw="under every cap"),
    *(
        Answer(
            gate="frequency",
            code=code,
            values=("messages", "limit", "window"),
            sentence=f"The person had as many messages {whose} as one may have.",
            saw="{messages} in {window}",
            wanted="fewer than {limit} in {window}",
        )
        for code, whose in (("person_cap", "of this campaign"), ("account_cap", "of all campaigns"))
    ),
    Answer(gate="gap", saw="the last message is long enough ago"),
    Answer(
        gate="gap",
        code="gap",
        values=("until",),
        sentence="The last message to this person is not long enough ago.",
        saw="a message lately",
        wanted="none until {until:moment}",
    ),
    Answer(gate="quiet_hours", saw="no quiet hours"),
    Answer(
        gate="quiet_hours",
        code="quiet_hours",
        values=("hours", "zone"),
        sentence="It was in quiet hours.",
        saw="{hours} in {zone}",
        wanted="no quiet hours",
    ),
    Answer(
        gate="quiet_hours",
        code="quiet_hours",
        values=("hours", "zone", "until"),
        sentence="It was in quiet hours, which end at {until:moment}.",
        saw="{hours} in {zone}",
        wanted="no quiet hours",
    ),
    Answer(gate="daily_limit", saw="under the limit of the day"),
    Answer(
        gate="daily_limit",
        code="per_day",
        values=("messages", "limit"),
        sentence="The campaign had sent as much on this day as it may.",
        saw="{messages} today",
        wanted="fewer than {limit}",
    ),
    Answer(
        gate="daily_limit",
        code="cut_off",
        values=("cut_off",),
        sentence="The time of the day after which nothing is sent had come.",
        saw="after {cut_off}",
        wanted="before {cut_off}",
    ),
    Answer(gate="run_limit", saw="under the limit of the run"),
    Answer(
        gate="run_limit",
        code="cut_off",
        values=("cut_off",),
        sentence="The run had ended, at the time of the day after which nobody is chosen.",
        saw="after {cut_off}",
        wanted="before {cut_off}",
    ),
    Answer(
        gate="run_limit",
        code="per_run",
        values=("messages", "limit"),
        sentence="The run had sent as much as it may.",
        saw="{messages} in this run",
        wanted="fewer than {limit}",
    ),
    Answer(
        gate="run_limit",
        code="number_twice",
        values=("number",),
        sentence="Another profile of this number was written to in the same run.",
        saw="{number:number} again",
        wanted="a number once a run",
    ),
    Answer(gate="provider", values=("nickname",), saw="{nickname}", wanted="a provider in use"),
    Answer(
        gate="provider",
        code="no_provider",
        sentence="There is no provider to send it through.",
        saw="no default provider",
        wanted="a provider in use",
    ),
    Answer(
        gate="provider",
        code="no_provider",
        values=("provider",),
        sentence="There is no provider to send it through.",
        saw="the campaign's provider is archived or gone",
        wanted="a provider in use",
    ),
    Answer(gate="content", values=("encoding", "parts"), saw="{encoding:encoding}, {parts:parts}"),
    Answer(gate="content", code="empty_text", sentence="The text came out empty.", wanted="a text to send"),
    Answer(
        gate="content",
        code="too_long",
        values=("parts",),
        sentence="The text came out as {parts} parts; at most 10 are sent.",
        wanted="a text to send",
    ),
    Answer(
        gate="content",
        code="too_long",
        values=("name", "limit"),
        sentence="{name} came out longer than {limit} characters.",
        wanted="a text to send",
    ),
    Answer(
        gate="content",
        code="aborted",
        sentence="The template came to {{% abort %}} (LiquidLogicAborted).",
        wanted="a text to send",
    ),
    Answer(
        gate="content",
        code="template_failed",
        values=("reason",),
        sentence="The template could not be rendered: {reason}.",
        wanted="a text to send",
    ),
    *(
        Answer(
            gate=gate,
            code=FAILED,
            values=("error",),
            sentence="Deciding failed by an error of ours ({error}): please report it.",
            saw="an error of ours ({error})",
        )
        for gate in GATE_NAMES
    ),
)
