"""What an SMS company posts: reports and messages, believed only by its signature.

Three addresses, all signed over themselves: `/hooks/sms/<adapter>` is the one to enter at the company for the number
that SMS are sent from: whoever of the installation's organizations knows the writer hears it. Followed by an
organization's id it is that organization's alone. With a message's id besides it is given along with each message, so
that a report finds a message whose first answer was lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from homestretch.events.clock import now
from homestretch.events.subscribe import known_organizations
from homestretch.kernel.actor import system
from homestretch.kernel.refusal import Refusal
from homestretch.messaging import actions
from homestretch.providers.registry import make
from homestretch.providers.sms import Callback, DeliveryReport, InboundSms
from homestretch.web.entry import SIGNED, deny, enter, unproven
from homestretch.web.problems import problem

MOST_FIELDS = 100
MALFORMED = "callback.malformed"  # said of what is signed and not understood; all other refusals come before the proof


@csrf_exempt  # a company's program has no session: the signature is what is asked for
@enter(SIGNED)
def sms(
    request: HttpRequest, adapter: str, organization_id: UUID | None = None, message_id: UUID | None = None
) -> HttpResponse:
    """Take a report or a message. 204 also for what is known already or is nobody's: companies repeat what is refused.

    Refuses `page.not_found` (another adapter is at work), `callback.forbidden`, `callback.malformed`; what is not
    signed is limited per address, what is signed never.
    """
    try:
        said = _read(request, adapter)
    except Refusal as refusal:
        if refusal.code != MALFORMED:
            return unproven(request, refusal)
        deny(request, refusal)
        return problem(refusal, request)
    for organization in _organizations(organization_id):
        if _tell(organization, said, message_id):
            break
    return HttpResponse(status=204)


def _read(request: HttpRequest, adapter: str) -> DeliveryReport | InboundSms:
    name, options = settings.HOMESTRETCH_PROVIDERS["sms"]
    if adapter != name:
        raise Refusal("page.not_found", "there is nothing at this address", remedy="check the address")
    if request.method != "POST":
        raise Refusal("request.method_not_allowed", "callbacks are posted", remedy="use POST")
    form = [(field, value) for field, values in request.POST.lists() for value in values]
    url = settings.HOMESTRETCH_URL + request.get_full_path()
    said = make("sms", name, options).hear(Callback(url, dict(request.headers), form))
    if len(form) > MOST_FIELDS:
        raise Refusal(MALFORMED, "there are too many fields", remedy="send the callback as documented")
    if any("\x00" in value for _, value in form):
        raise Refusal(MALFORMED, "a field holds a NUL", remedy="send the callback as documented")
    return said


def _organizations(organization_id: UUID | None) -> Iterable[UUID]:
    known = known_organizations()
    return known if organization_id is None else [ident for ident in known if ident == organization_id]


def _tell(organization_id: UUID, said: DeliveryReport | InboundSms, message_id: UUID | None) -> bool:
    """Whether that settles it: a report is about one message, what a person wrote concerns all who know the number."""
    by, at = system(organization_id), now()
    if isinstance(said, InboundSms):
        actions.hear(said.provider_id, said.sender, said.text, by=by, at=at)
        return False
    return actions.receipt(said.provider_id, said.state, said.code, message_id, by=by, at=at) is not None
