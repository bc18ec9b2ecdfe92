"""What a recipient may say of the own door."""

from __future__ import annotations

from collections.abc import Collection

from homestretch.kernel.refusal import Refusal

MOST_WHERE, MOST_CODE = 200, 40


def check_door(leave_with: str, leave_where: str, gate_code: str | None, allowed: Collection[str]) -> None:
    """Refuses `door.place_not_offered` for a place that the organization does not leave goods at, `door.place_vague`
    where a neighbor or a safe place is not named, `field.too_long`."""
    if leave_with and leave_with not in allowed:
        raise Refusal(
            "door.place_not_offered",
            "the goods can't be left there",
            remedy=f"one of {', '.join(sorted(allowed))}" if allowed else "leave it empty",
            field="leave_with",
        )
    if leave_with in ("neighbor", "safe_place") and not leave_where.strip():
        raise Refusal("door.place_vague", "the driver can't find it so", remedy="say where it is", field="leave_where")
    for name, text, most in (("leave_where", leave_where, MOST_WHERE), ("gate_code", gate_code or "", MOST_CODE)):
        if len(text) > most:
            raise Refusal("field.too_long", "the text is too long", remedy=f"at most {most} characters", field=name)
