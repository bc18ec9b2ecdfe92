"""A problem's matrices are packed and come back as they were, slots of the day too."""

from homestretch.planner.problem import UNREACHABLE, Matrix, Slots, Travel
from homestretch.plans.store import packed, unpacked


def test_matrices_and_slots_come_back_as_they_were() -> None:
    plain = Matrix([[0, 7], [UNREACHABLE, 0]], [[0, 70], [UNREACHABLE, 0]], "model")
    slow = Matrix([[0, 14], [UNREACHABLE, 0]], [[0, 80], [UNREACHABLE, 0]], "model")
    travel = Travel({"van": plain, "truck.heavy": Slots((-100, 3600), (plain, slow))})
    again = unpacked(packed(travel), "model")
    assert again.profiles == travel.profiles
