"""Takes keys, players and secrets out of what the Admin calls return, and remembers where something was taken out.

Names decide for whole values: what a project's configuration has no use for and looks like a credential or a person is
left out. Inside of texts, credentials, addresses with a password, and e-mail addresses are replaced.
"""

import base64
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, quote_plus

REMOVED = "[removed]"

_SECRET_NAME = re.compile(
    r"secret|passw|pwd|passphrase|token|apikey|privatekey|accesskey|signingkey|credential|authori[sz]|oauth|cookie"
    r"|session|signature|jwt|bearer|salt"
)
_PLAYER_NAME = re.compile(
    r"^(users?|userids?|players?|playerids?|customers?|authors?|ip|ips)$|mail|phone|contribut|createdby|updatedby|ipaddress"
)
# Counts of what players bought, and the state of a schedule: they differ at each reading and configure nothing.
_VOLATILE = frozenset({"available", "reserved", "sold", "can_delete"})

# Whole runs are looked at once, each by a function: a search within them would take quadratic time on hostile text.
_DOTTED_RUN = re.compile(r"(?<![A-Za-z0-9_.-])[A-Za-z0-9_-]*+(?:\.[A-Za-z0-9_-]*+)++")
_CREDENTIAL = re.compile(r"\b(?:bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}+", re.IGNORECASE)
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+")
_USER_INFO = re.compile(r"(?<=://)[^\s/?#@]*+@")
_QUERY_MEMBER = re.compile(r"(?<=[?&])([^=&#\s]*+)=[^&#\s]*+")
_QUERY_SECRET = re.compile(r"key|sig|token|secret|passw|credential|auth|session", re.IGNORECASE)


class Cleaner:
    """Cleans values; `left_out` names the fields from which something was taken, by their paths."""

    def __init__(self, secrets: Iterable[str], known_names: Iterable[str]) -> None:
        """Take secrets that must not appear in any form, and the names that configurations are documented to have."""
        self.left_out: set[str] = set()
        self._known = frozenset(known_names)
        forms = {form for secret in secrets if secret for form in _forms(secret)}
        self._secrets = sorted(forms, key=len, reverse=True)

    # Any: JSON as it came.
    def clean(self, value: Any, path: str) -> Any:
        """Return the value without what does not belong into a snapshot."""
        if isinstance(value, dict):
            return self._members(value, path)
        if isinstance(value, list):
            return [self.clean(one, path) for one in value]
        if isinstance(value, str):
            return self._noted(value, self.text(value), path)
        return self._number(value, path)

    def text(self, text: str) -> str:
        """Return a text without credentials."""
        for secret in self._secrets:
            text = text.replace(secret, REMOVED)
        text = _USER_INFO.sub("", text)
        text = _QUERY_MEMBER.sub(lambda one: REMOVED if _QUERY_SECRET.search(one[1]) else one[0], text)
        text = _MAIL.sub(REMOVED, text)
        text = _DOTTED_RUN.sub(lambda run: REMOVED if _is_jwt(run[0]) else run[0], text)
        return _CREDENTIAL.sub(REMOVED, text)

    def _members(self, value: dict[str, Any], path: str) -> dict[str, Any]:
        cleaned = {}
        for given, member in value.items():
            name = self.text(given)
            at = f"{path}.{name}"
            if given in _VOLATILE:
                continue
            if name != given or self._is_private(given):
                self.left_out.add(at)
                continue
            cleaned[name] = self.clean(member, at)
        return cleaned

    def _is_private(self, name: str) -> bool:
        if name in self._known:
            return False
        plain = re.sub(r"[^a-z0-9]", "", name.lower())
        return bool(_SECRET_NAME.search(plain) or _PLAYER_NAME.search(plain))

    def _number(self, value: Any, path: str) -> Any:
        """A key may be a number, and a number may come as one."""
        is_secret = not isinstance(value, bool) and value is not None and str(value) in self._secrets
        return self._noted(value, None if is_secret else value, path)

    def _noted(self, before: Any, after: Any, path: str) -> Any:
        if after != before:
            self.left_out.add(path)
        return after


def _is_jwt(run: str) -> bool:
    _, start, rest = run.partition("eyJ")
    return bool(start) and rest.count(".") >= 2


def _forms(secret: str) -> Iterable[str]:
    """Yield a secret as it is, as URLs have it, and as base64 of any bytes around it has it."""
    yield from (secret, quote(secret, safe=""), quote_plus(secret))
    content = secret.encode()
    for offset in range(3):
        # Which of its bits share a character with others depends on where it begins.
        whole = slice(-(-offset * 8 // 6), (offset + len(content)) * 8 // 6)
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(b"\0" * offset + content).decode()[whole]
