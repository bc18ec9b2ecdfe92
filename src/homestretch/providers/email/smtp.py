"""A real mail server, by SMTP (RFC 5321), over TLS from the start or by STARTTLS (RFC 8314, 3207)."""

from __future__ import annotations

import email.message
import email.policy
import email.utils
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from homestretch.kernel.refusal import Refusal
from homestretch.providers.email import EmailMessage, Receipt
from homestretch.providers.errors import Outcome, ProviderError
from homestretch.providers.registry import adapter

_PORTS = {"starttls": 587, "tls": 465, "none": 25}


@dataclass(frozen=True)
class SmtpOptions:
    """`sender` is `Name <address>` or an address. `security`: `starttls` (required, never skipped), `tls`, or `none`,
    for a server on the same machine. `port` 0 is the usual one. `ca_file`: authorities other than the system's."""

    host: str
    sender: str
    port: int = 0
    security: str = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout_seconds: float = 20.0

    def __post_init__(self) -> None:
        if not self.host:
            raise Refusal("provider.option_missing", "host is empty", remedy="set host", field="host")
        if self.security not in _PORTS:
            raise Refusal(
                "provider.option_invalid",
                f"security is {self.security!r}",
                remedy=f"one of {', '.join(_PORTS)}",
                field="security",
            )
        if "@" not in email.utils.parseaddr(self.sender)[1]:
            raise Refusal(
                "provider.option_invalid", "sender has no e-mail address", remedy="name@domain", field="sender"
            )


@adapter("email", "smtp", SmtpOptions)
class Smtp:
    def __init__(self, options: SmtpOptions) -> None:
        self._options = options
        self._address = email.utils.parseaddr(options.sender)[1]
        self._tls = ssl.create_default_context(cafile=options.ca_file)

    def send(self, message: EmailMessage) -> Receipt:
        recipient, content = _recipient(message.to), self._content(message)
        with _before_content():
            server = self._connect()
        try:
            with _before_content():
                self._envelope(server, recipient)
            _hand_over(server, content)
        finally:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()
        return Receipt(message.message_id)

    def _connect(self) -> smtplib.SMTP:
        options = self._options
        port = options.port or _PORTS[options.security]
        helo = self._address.rpartition("@")[2]
        if options.security == "tls":
            return smtplib.SMTP_SSL(options.host, port, helo, timeout=options.timeout_seconds, context=self._tls)
        return smtplib.SMTP(options.host, port, helo, timeout=options.timeout_seconds)

    def _envelope(self, server: smtplib.SMTP, recipient: str) -> None:
        """Everything before the content: until here nothing can have been accepted."""
        if self._options.security == "starttls":
            server.starttls(context=self._tls)
        if self._options.username:
            server.login(self._options.username, self._options.password)
        server.ehlo_or_helo_if_needed()
        _expect(server.mail(self._address), "sender_refused", "MAIL")
        _expect(server.rcpt(recipient), "recipient_refused", "RCPT")

    def _content(self, message: EmailMessage) -> bytes:
        mime = email.message.EmailMessage(email.policy.SMTP)
        headers = {
            "From": self._options.sender,
            "To": message.to,
            "Subject": message.subject,
            "Date": email.utils.format_datetime(message.sent_at),
            "Message-ID": message.message_id,
            "Auto-Submitted": "auto-generated",
            **message.headers,
        }
        try:
            for name, value in headers.items():
                mime[name] = value
        except ValueError as error:  # a line break in a header would start another header
            raise ProviderError("permanent", "message_malformed", "a header cannot be sent as it is") from error
        mime.set_content(message.text, cte="quoted-printable")
        if message.html:
            mime.add_alternative(message.html, subtype="html", cte="quoted-printable")
        return mime.as_bytes()


def _recipient(address: str) -> str:
    """The address for the envelope, its domain as IDNA; a local part beyond ASCII needs what few servers offer."""
    local, _, domain = address.rpartition("@")
    try:
        ascii_address = f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise ProviderError("permanent", "address_invalid", "the domain of the address is not one") from error
    if not local or not domain or not ascii_address.isascii() or any(char in ascii_address for char in " \r\n<>"):
        raise ProviderError("permanent", "address_invalid", "the address is not one that can be written to")
    return ascii_address


def _hand_over(server: smtplib.SMTP, content: bytes) -> None:
    """Send the content. From its first byte on, only a reply tells whether it was accepted; a lost one is `unknown`."""
    try:
        reply = server.data(content)
    except smtplib.SMTPDataError as error:
        raise _refused(error.smtp_code, "content_refused", "DATA") from error
    except (smtplib.SMTPException, OSError) as error:
        raise ProviderError("unknown", "no_answer", "the mail server was lost before it confirmed") from error
    if not 200 <= reply[0] < 600:
        raise ProviderError("unknown", "answer_unreadable", "the mail server's last reply is not one")
    _expect(reply, "content_refused", "the content")


def _expect(reply: tuple[int, bytes], code: str, step: str) -> None:
    if not 200 <= reply[0] < 300:
        raise _refused(reply[0], code, step)


def _refused(status: int, code: str, step: str) -> ProviderError:
    """5xx is for good; anything else before acceptance may be tried again (RFC 5321, 4.2.1)."""
    kind: Outcome = "permanent" if 500 <= status < 600 else "deferred"
    return ProviderError(kind, code, f"the mail server answered {status} to {step}")


@contextmanager
def _before_content() -> Iterator[None]:
    """What fails before the content was not accepted, whatever it is."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        cause = f"the mail server answered {error.smtp_code} to our credentials"
        raise ProviderError("deferred", "credentials_refused", cause) from error
    except smtplib.SMTPNotSupportedError as error:
        raise ProviderError("deferred", "tls_missing", "the mail server lacks STARTTLS or a login") from error
    except ssl.SSLError as error:
        raise ProviderError("deferred", "tls_failed", "no trusted TLS connection to the mail server") from error
    except (smtplib.SMTPException, OSError) as error:
        raise ProviderError("deferred", "unreachable", "no working connection to the mail server") from error
