"""Secrets that change while the gateway serves: their files are read again, and whoever uses them is told."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from gateway.errors import SettingError
from gateway.setting_fields import is_secret, variable
from gateway.settings import Settings, reread_secrets
from gateway.telemetry import log

logger = logging.getLogger(__name__)


class SecretReload:
    """Reads the files of secrets that `environment` names.

    `take` has, by the names of settings, what takes a new value at once. The others take effect with a new process.
    """

    def __init__(
        self, settings: Settings, environment: Mapping[str, str], take: Mapping[str, Callable[[Any], None]]
    ) -> None:
        self._settings = settings
        self._environment = environment
        self._take = take

    def reload(self) -> None:
        """Read them again. Where one cannot be used, all stays as it was."""
        try:
            again = reread_secrets(self._settings, self._environment)
        except SettingError as error:
            log.event(logger, logging.ERROR, "secrets_refused", reason=str(error))
            return
        changed = [
            one
            for one in fields(Settings)
            if is_secret(one) and getattr(again, one.name) != getattr(self._settings, one.name)
        ]
        for one in changed:
            if one.name in self._take:
                self._take[one.name](getattr(again, one.name))
                log.event(logger, logging.INFO, "secret_changed", setting=variable(one))
            else:
                remedy = "restart the gateway: it goes on with the old value"
                log.event(logger, logging.WARNING, "secret_change_ignored", setting=variable(one), remedy=remedy)
        self._settings = again
