"""A person without a pointer: they press keys, and see where they are."""

from datetime import date, datetime
from typing import NamedTuple

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 60
"""More stops than any page has before what is sought; a stop that is not reached within them is not reached at all."""
IS_FOCUSED = "one => one === document.activeElement"
FOCUSED = """async () => {
    const one = document.activeElement;
    await Promise.allSettled(one.getAnimations().map(({ finished }) => finished));
    const label = one.matches("[type=radio], [type=checkbox]") ? one.labels[0] : undefined;
    const styles = [getComputedStyle(one)];
    if (label) styles.push(getComputedStyle(label), getComputedStyle(label, "::before"));
    const outlined = ({ outlineStyle, outlineWidth, outlineColor }) =>
        outlineStyle !== "none" && parseFloat(outlineWidth) >= 1 && !outlineColor.endsWith(", 0)");
    const box = (label ?? one).getBoundingClientRect();
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    return {
        nowhere: one === document.body,
        html: one.outerHTML.slice(0, 160),
        outlined: styles.some(outlined),
        inView: box.width > 0 && x > 0 && x < innerWidth && y > 0 && y < innerHeight,
    };
}"""


class Unseen(NamedTuple):
    """A stop of the Tab key at which nothing shows where one is."""

    path: str
    html: str
    outlined: bool
    in_view: bool


class Keyboard:
    """One page, moved by keys alone."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.unseen: list[Unseen] = []
        self.stops = 0

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Type text into what has the focus."""
        self.page.keyboard.type(text)

    def type_day(self, day: date) -> None:
        """Type a day as Chromium's field takes it in English: month, day, year."""
        self.type(f"{day:%m%d%Y}")

    def type_clock(self, moment: datetime) -> None:
        """Type a time as Chromium's field takes it in English: hour, minute, half of the day."""
        self.type(f"{moment:%I%M%p}")

    def reach(self, target: Locator) -> None:
        """Press Tab until the focus is on the target, looking at every stop on the way."""
        expect(target).to_be_visible()
        for _ in range(MOST_TABS):
            self.press("Tab")
            self._look()
            if target.evaluate(IS_FOCUSED):
                return
        raise AssertionError(f"{target} is not reached by {MOST_TABS} Tabs at {self.page.url}")

    def reach_button(self, name: str, within: Locator | None = None) -> None:
        """Reach the button of this name."""
        self.reach((within or self.page).get_by_role("button", name=name, exact=True).first)

    def reach_link(self, name: str) -> None:
        """Reach the link of this name."""
        self.reach(self.page.get_by_role("link", name=name, exact=True).first)

    def reach_field(self, label: str, within: Locator | None = None) -> None:
        """Reach the field under this label."""
        self.reach((within or self.page).get_by_label(label).first)

    def _look(self) -> None:
        seen = self.page.evaluate(FOCUSED)
        self.stops += 1
        # After the last stop of a page the browser's own frame has its turn.
        if not seen["nowhere"] and not (seen["outlined"] and seen["inView"]):
            self.unseen.append(Unseen(self.page.url.split("/", 3)[-1], seen["html"], seen["outlined"], seen["inView"]))
