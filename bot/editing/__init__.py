"""An editor changes a queued post: its words, its link, its card, its time. All is judged anew."""

from bot.editing.card import Dress, redraw
from bot.editing.link import POLICIES, moved, policy_of, retagged
from bot.editing.times import post_now, reschedule
from bot.editing.words import Judged, Typed, judge, mend, mended, restore, revise, reword

__all__ = [
    "POLICIES",
    "Dress",
    "Judged",
    "Typed",
    "judge",
    "mend",
    "mended",
    "moved",
    "policy_of",
    "post_now",
    "redraw",
    "reschedule",
    "restore",
    "retagged",
    "revise",
    "reword",
]
