"""The house's policies in plain words, channel by channel, as they are in force."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import platforms
from bot.app import App
from bot.domain.policy import Policy, Terms, Unanswered

_POLICIES = {
    Policy.REQUIRED: "a person approves each post",
    Policy.AUTO: "a clean post goes out without a person",
    Policy.VETO: "a clean post goes out at its time unless somebody stops it",
    Policy.EARNED: "a clean post goes out without a person once {earned} in a row were approved "
    "unchanged",
}
_UNANSWERED = {
    Unanswered.HOLD: "what nobody answers is held",
    Unanswered.SKIP: "what nobody answers is never sent",
    Unanswered.POST_IF_CLEAN: "what nobody answers is sent if it is clean, else held",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What holds for one channel, or for one of its sections.

    Attributes:
        section: "" for all that no other rule of the channel names.
        automatic: posts may go out that no person has approved.
        caution: why a person should approve each post there; "" where a person does, or nothing
            speaks against it.
    """

    channel: str
    section: str
    policy: Policy
    unanswered: Unanswered
    text: str
    automatic: bool
    caution: str


def rules(app: App) -> Sequence[Rule]:
    """Return what holds now, each channel's own rule before those of its sections."""
    choices = app.settings.approval
    places = (*choices.policy_exceptions, *choices.unanswered_exceptions)
    named = sorted({place.partition("/")[2] for place in places} - {""})
    spelled = {name.casefold(): name for name in app.store.inbox.sections()} if named else {}
    found = []
    for channel in app.settings.channels:
        usual = choices.terms(channel, "")
        found.append(_rule(channel, "", usual))
        found += [
            _rule(channel, spelled.get(section, section), terms)
            for section in named
            if (terms := choices.terms(channel, section)) != usual
        ]
    return found


def _rule(channel: str, section: str, terms: Terms) -> Rule:
    policy = _POLICIES[terms.policy].format(earned=terms.earned_after)
    return Rule(
        channel=channel,
        section=section,
        policy=terms.policy,
        unanswered=terms.unanswered,
        text=f"{policy}; {_UNANSWERED[terms.unanswered]}",
        automatic=terms.automatic,
        caution=platforms.caution(channel) if terms.automatic else "",
    )


def cautions(app: App) -> Sequence[str]:
    """Return what speaks against the policies in force, each once."""
    return list(dict.fromkeys(rule.caution for rule in rules(app) if rule.caution))
