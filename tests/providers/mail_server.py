"""A real SMTP server on loopback (aiosmtpd) that takes mail, or fails at a chosen step."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HANG, DROP, BABBLE = "hang", "drop", "babble"


class Handler:  # aiosmtpd calls its methods by these names
    """`at` says what is answered at a step (`MAIL`, `RCPT`, `DATA`); what is taken is in `taken`, with its envelope."""

    def __init__(self) -> None:
        self.at: dict[str, str] = {}
        self.taken: list[tuple[Envelope, EmailMessage]] = []
        self.secure: list[bool] = []

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, *given: Any) -> str:  # noqa: N802
        envelope.mail_from = given[0]
        return self.at.get("MAIL", "250 OK")

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, *given: Any) -> str:  # noqa: N802
        if "RCPT" in self.at:
            return await self._answer(server, self.at["RCPT"])
        envelope.rcpt_tos.append(given[0])
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if "DATA" in self.at:
            return await self._answer(server, self.at["DATA"])
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append((envelope, message))
        self.secure.append(session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None)
        return "250 taken"

    async def _answer(self, server: SMTP, answer: str) -> str:
        if answer == HANG:
            await asyncio.Event().wait()
        if answer == DROP:
            server.transport.abort()
            return "250 too late"
        if answer == BABBLE:
            return "what do you mean"
        return answer


class MailServer:
    def __init__(self, port: int, handler: Handler) -> None:
        self.port = port
        self.handler = handler


@contextmanager
def serving(*, security: str = "none", folder: Path | None = None, password: str = "") -> Iterator[MailServer]:
    """A server of its own; `security` as in the adapter's options; with a `password` it wants user `ops`."""

    def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"ops", password.encode())
        return AuthResult(success=right, handled=False)

    handler = Handler()
    options: dict[str, Any] = {"timeout": 5}
    context = None if folder is None or security == "none" else _tls(folder)
    if security == "starttls":
        options.update(tls_context=context, require_starttls=True)
    if password:
        options.update(authenticator=authenticate, auth_required=True)
    with _loop() as loop:

        async def start() -> asyncio.Server:
            implicit = context if security == "tls" else None
            return await loop.create_server(lambda: SMTP(handler, **options), "127.0.0.1", 0, ssl=implicit)

        server = asyncio.run_coroutine_threadsafe(start(), loop).result()
        try:
            yield MailServer(server.sockets[0].getsockname()[1], handler)
        finally:
            asyncio.run_coroutine_threadsafe(_stop(server), loop).result()


@contextmanager
def _loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _stop(server: asyncio.Server) -> None:
    """Close, and end the conversations that still wait."""
    server.close()
    waiting = asyncio.all_tasks() - {asyncio.current_task()}
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1, signed by itself; the file holds the key too."""
    path = folder / "server.pem"
    if path.exists():
        return path
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail of the tests")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path.write_bytes(
        key.private_bytes(encoding, form, serialization.NoEncryption()) + made.public_bytes(encoding),
    )
    return path


def _tls(folder: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(folder))
    return context
