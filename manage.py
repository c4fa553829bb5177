#!/usr/bin/env python3
"""Entry point of every command; `up` and `check_all` also set up their own environment first."""

import os
import sys

from config.bootstrap import ensure_environment


def main() -> None:
    ensure_environment(sys.argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 (Django may have just been installed)

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
