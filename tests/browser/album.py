"""Pictures of the tutorials: taken while the tests go through the steps, written only when they are asked for."""

import base64
import os

from playwright.sync_api import Page

from casework.settings import CHECKOUT

FOLDER = CHECKOUT / "docs" / "images" / "tutorials"
WRITES = bool(os.environ.get("TINGZHU_WRITE_SCREENSHOTS"))
WIDEST = 1200
QUALITY = 0.82

_SHRINK = """async ([png, widest, quality]) => {
    const bytes = Uint8Array.from(atob(png), letter => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const scale = Math.min(1, widest / picture.width);
    const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
    canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
    const file = await canvas.convertToBlob({ type: 'image/webp', quality });
    const letters = Array.from(new Uint8Array(await file.arrayBuffer()), byte => String.fromCharCode(byte));
    return btoa(letters.join(''));
}"""


def keep(page: Page, name: str) -> None:
    """Take the picture `name` of a tutorial; without TINGZHU_WRITE_SCREENSHOTS only see that there is one."""
    path = FOLDER / f"{name}.webp"
    if not WRITES:
        assert path.exists(), f"{path} is missing: run the browser tests with TINGZHU_WRITE_SCREENSHOTS=1"
        return
    page.wait_for_timeout(400)  # messages that pass and drawers that open have come to rest
    png = page.screenshot(animations="disabled")
    browser = page.context.browser
    assert browser is not None
    darkroom = browser.new_page()
    shrunk: str = darkroom.evaluate(_SHRINK, [base64.b64encode(png).decode(), WIDEST, QUALITY])
    darkroom.close()
    FOLDER.mkdir(parents=True, exist_ok=True)
    path.write_bytes(base64.b64decode(shrunk))
