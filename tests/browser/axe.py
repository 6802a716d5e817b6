"""Asking axe about a page, by the rules of WCAG 2.0 to 2.2, A and AA."""

from pathlib import Path

from playwright.sync_api import Page

AXE = (Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js").read_text()
FAULTS = """async () => {
    const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
    const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"], preload: false });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, html }) => `${id}: ${target} ${html}`));
}"""
LOADED = "() => 'axe' in window"


def faults(page: Page, where: str) -> list[str]:
    """Return what axe finds in the page as it is now, each with where it was found."""
    if not page.evaluate(LOADED):
        page.evaluate(AXE)
    return [f"{where} {fault}" for fault in page.evaluate(FAULTS)]
