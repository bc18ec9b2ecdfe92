"""Background work: the e-mail that carries an invitation."""

from __future__ import annotations

import smtplib
from uuid import UUID

from django.core.mail import EmailMessage

from homestretch.accounts.actions import invitation_failed, invitation_mail
from homestretch.events.clock import now
from homestretch.events.later import job
from homestretch.kernel.actor import system

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
}
NOT_ACCEPTED = (
    ConnectionRefusedError,
    smtplib.SMTPConnectError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPHeloError,
)


@job("accounts.send_invitation")
def send_invitation(organization_id: UUID, invitation_id: UUID) -> None:
    """Send an invitation at most once; tried again only where the mail server provably took nothing."""
    by = system(organization_id)
    mail = invitation_mail(invitation_id, by=by, at=now())
    if mail is None:
        return
    subject, text = TEXTS.get(mail.language, TEXTS["en"])
    message = EmailMessage(
        subject.format(organization=mail.organization),
        text.format(organization=mail.organization, url=mail.url),
        to=[mail.to],
    )
    try:
        message.send()
    except NOT_ACCEPTED:
        invitation_failed(invitation_id, by=by, at=now())
        raise
