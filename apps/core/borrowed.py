"""Words of Django that its own Chinese catalogue lacks; ours, which comes first, has them."""

from django.utils.translation import gettext_noop

BORROWED = [
    gettext_noop("Model name"),
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
    gettext_noop("Changes"),
    gettext_noop("After you’ve created a user, you’ll be able to edit more user options."),
]
