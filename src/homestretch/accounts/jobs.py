"""Background work: the e-mail that carries an invitation."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from homestretch.accounts.actions import invitation_failed, invitation_mail
from homestretch.events.clock import now
from homestretch.events.later import job
from homestretch.kernel.actor import system
from homestretch.providers.email import EmailMessage
from homestretch.providers.errors import ProviderError
from homestretch.providers.registry import make

log = logging.getLogger(__name__)

TEXTS = {
    "en": (
        "You are invited to {organization}",
        "You are invited to work with {organization}.\n\nSet your password here, within seven days:\n{url}\n",
    ),
    "fr": (
        "Vous êtes invité à rejoindre {organization}",
        "Vous êtes invité à travailler avec {organization}.\n\n"
        "Choisissez votre mot de passe ici, dans les sept jours :\n{url}\n",
    ),
    "de": (
        "Einladung zu {organization}",
        "Sie sind eingeladen, mit {organization} zu arbeiten.\n\n"
        "Legen Sie hier innerhalb von sieben Tagen Ihr Passwort fest:\n{url}\n",
    ),
    "ar": (
        "دعوة إلى {organization}",
        "أنت مدعو للعمل مع {organization}.\n\nاختر كلمة المرور هنا خلال سبعة أيام:\n{url}\n",
    ),
}


@job("accounts.send_invitation", queue="outside")
def send_invitation(organization_id: UUID, invitation_id: UUID) -> None:
    """Send an invitation at most once; tried again only where the mail server provably took nothing."""
    by, at = system(organization_id), now()
    mail = invitation_mail(invitation_id, by=by, at=at)
    if mail is None:
        return
    subject, text = TEXTS.get(mail.language, TEXTS["en"])
    message = EmailMessage(
        key=str(invitation_id),
        to=mail.to,
        subject=subject.format(organization=mail.organization),
        text=text.format(organization=mail.organization, url=mail.url),
        html="",
        message_id=f"<{invitation_id}@{urlsplit(settings.HOMESTRETCH_URL).hostname}>",
        sent_at=at,
    )
    name, options = settings.HOMESTRETCH_PROVIDERS["email"]
    try:
        make("email", name, options).send(message)
    except ProviderError as error:
        if error.kind == "deferred":
            invitation_failed(invitation_id, by=by, at=now())
            raise
        log.warning("invitation not sent", extra={"invitation": str(invitation_id), "code": error.code})
