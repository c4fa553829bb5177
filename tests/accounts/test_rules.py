import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from apps.accounts.models import User
from apps.accounts.permissions import require
from apps.accounts.rules import is_administrator, is_decider, is_person

PREDICATES = [is_administrator, is_decider, is_person]
ALLOWED = {
    User.Role.MEMBER: (False, False, True),
    User.Role.COORDINATOR: (False, True, True),
    User.Role.ADMINISTRATOR: (True, True, True),
}


@pytest.mark.parametrize("role", User.Role)
def test_role_is_known_by_the_rules_when_the_person_may_sign_in(role):
    answers = tuple(predicate(User(role=role)) for predicate in PREDICATES)

    assert answers == ALLOWED[role]


@pytest.mark.parametrize("role", User.Role)
def test_role_means_nothing_when_the_person_may_not_sign_in(role):
    answers = [predicate(User(role=role, is_active=False)) for predicate in PREDICATES]

    assert answers == [False, False, False]


@pytest.mark.parametrize("nobody", [AnonymousUser(), None, "ana@example.org"])
def test_visitor_is_nobody_when_the_rules_are_asked(nobody):
    assert [predicate(nobody) for predicate in PREDICATES] == [False, False, False]


def test_require_passes_when_the_rule_allows():
    require(User(role=User.Role.COORDINATOR), "postings.hold_posting")


@pytest.mark.parametrize("permission", ["postings.hold_posting", "postings.no_such_rule"])
def test_require_names_the_permission_when_it_refuses(permission):
    with pytest.raises(PermissionDenied, match=permission):
        require(User(), permission)
