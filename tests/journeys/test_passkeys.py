"""A passkey in a real browser, whose virtual authenticator recognises everybody."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Site
from tests.journeys.person import PASSWORD, Person

pytestmark = pytest.mark.browser

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_authenticator(person: Person, site: Site) -> Callable[[bool], None]:
    """Give the person's browser a device for passkeys; the result tells whether it recognises them.

    Browsers know passkeys without https for the name localhost alone, not for a number.
    """
    person.base = person.base.replace("127.0.0.1", "localhost")
    devices = person.page.context.new_cdp_session(person.page)
    devices.send("WebAuthn.enable")
    added = devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    def recognise(whether: bool) -> None:
        values = {"authenticatorId": added["authenticatorId"], "isUserVerified": whether}
        devices.send("WebAuthn.setUserVerified", values)

    return recognise


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_person_signs_in_with_a_passkey_alone(person, site, language):
    lin = person(language)
    recognise = with_authenticator(lin, site)
    lin.sign_up("Lin", f"lin-{language}@example.org")

    lin.go("/account/2fa/webauthn/add/")
    lin.fill(password=PASSWORD)
    lin.press("Confirm")
    lin.fill(name="Laptop")
    lin.press("Add a passkey")
    expect(lin.page).to_have_url(re.compile("/recovery-codes/$"))
    lin.sees("The passkey is added.")
    lin.go("/account/2fa/webauthn/")
    lin.sees("signs in alone")

    lin.go("/account/logout/")
    lin.press("Sign out")
    lin.go("/account/login/")
    recognise(False)
    lin.press("Sign in with a passkey")
    expect(lin.page.locator("#passkey-fault")).to_be_visible()
    recognise(True)
    lin.press("Sign in with a passkey")
    expect(lin.page).to_have_url(re.compile(f"/{language}/my/$"))


def test_passkey_is_the_second_factor_after_the_password(person, site):
    ana = person("en")
    with_authenticator(ana, site)
    ana.sign_up("Ana", "ana-second@example.org")

    ana.go("/account/2fa/webauthn/add/")
    ana.fill(password=PASSWORD)
    ana.press("Confirm")
    ana.page.locator("[name=passwordless]").uncheck()
    ana.press("Add a passkey")
    expect(ana.page).to_have_url(re.compile("/recovery-codes/$"))
    ana.go("/account/logout/")
    ana.press("Sign out")

    ana.go("/account/login/")
    ana.fill(login=ana.address, password=PASSWORD)
    ana.press("Sign in")
    expect(ana.page).to_have_url(re.compile("/2fa/authenticate/$"))
    ana.press("Use a passkey")
    expect(ana.page).to_have_url(re.compile("/en/my/$"))
