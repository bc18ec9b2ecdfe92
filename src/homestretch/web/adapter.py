"""How allauth is held: nobody signs up, and what a browser is told of an account's existence is nothing."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):
    """Sign-up is closed: people come by invitation, the first owner by the console script."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:  # noqa: FBT001
        """Refused as a bug: the door above is shut."""
        raise PermissionError("nobody signs up here")
