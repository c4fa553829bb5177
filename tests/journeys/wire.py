"""What a page costs on the wire, as Chromium counts it: headers and compressed bodies."""

from typing import Any

from playwright.sync_api import Page

MAP = ("/vendor/leaflet", "/vendor/land")  # loaded when the map comes into view, if it does


def weigh(page: Page, url: str) -> dict[str, int]:
    """Bytes of one visit by the address of what was loaded."""
    found: dict[str, int] = {}
    urls: dict[str, str] = {}

    def note(event: dict[str, Any]) -> None:
        name = urls[event["requestId"]]
        if not any(part in name for part in MAP):
            found[name] = found.get(name, 0) + int(event["encodedDataLength"])

    wire = page.context.new_cdp_session(page)
    wire.on(
        "Network.requestWillBeSent", lambda e: urls.update({e["requestId"]: e["request"]["url"]})
    )
    wire.on("Network.loadingFinished", note)
    wire.send("Network.enable")
    page.goto(url)
    wire.send("Network.disable")
    wire.detach()
    return found
