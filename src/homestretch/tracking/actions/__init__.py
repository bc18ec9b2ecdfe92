"""The verbs of tracking."""

from homestretch.tracking.actions.duty import erase_old, settle_duty
from homestretch.tracking.actions.following import PAGE, follow, look_for_silence
from homestretch.tracking.actions.forecasting import announce, reforecast
from homestretch.tracking.actions.thinning import thin_route
from homestretch.tracking.actions.widths import set_widths

__all__ = [
    "PAGE",
    "announce",
    "erase_old",
    "follow",
    "look_for_silence",
    "reforecast",
    "set_widths",
    "settle_duty",
    "thin_route",
]
