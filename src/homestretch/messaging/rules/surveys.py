"""What may be said with a rating, and what is wrong on the page's own list of problems."""

from __future__ import annotations

from collections.abc import Collection

from homestretch.kernel.refusal import Refusal

UNHAPPY = 2  # a score up to this one wants somebody to look at it
GOOD = ("on_time", "friendly", "careful", "instructions_followed")
BAD = ("late", "unfriendly", "careless", "instructions_ignored")
TAGS = (*GOOD, *BAD)
PROBLEMS = ("not_received", "damaged", "incomplete", "wrong_goods", "other")
MOST_COMMENT = 2000


def tags_for(score: int) -> tuple[str, ...]:
    """What is offered with a score: what pleases for 4 and 5, what does not for 1 and 2, both between."""
    if score >= 4:
        return GOOD
    return BAD if score <= UNHAPPY else TAGS


def check_words(tags: Collection[str], comment: str) -> None:
    """Refuses `survey.tag_unknown` and `field.too_long`."""
    unknown = sorted(set(tags) - set(TAGS))
    if unknown:
        raise Refusal("survey.tag_unknown", unknown[0][:30], remedy=f"some of {', '.join(TAGS)}", field="tags")
    check_comment(comment, "comment")


def check_problem(kind: str, text: str) -> None:
    """Refuses `problem.kind_unknown` and `field.too_long`."""
    if kind not in PROBLEMS:
        raise Refusal("problem.kind_unknown", kind[:20], remedy=f"one of {', '.join(PROBLEMS)}", field="kind")
    check_comment(text, "text")


def check_comment(comment: str, field: str) -> None:
    """Refuses `field.too_long`."""
    if len(comment) > MOST_COMMENT:
        raise Refusal("field.too_long", "the text is too long", remedy=f"at most {MOST_COMMENT}", field=field)
