#!/usr/bin/env python3
"""Opens an HTML report in headless Chromium, in light and dark, and uses it as a reader would.

usage: report_check.py REPORT.html SCREENSHOT_FOLDER

Fails when the console gets an error (a blocked resource or script too), when a link to evidence does not unfold it, when
a picture has no size, or when the page does not have the theme's background. Screenshots of both themes stay in the
folder, to be looked at.
"""

import pathlib
import sys

from web_driver import Browser, first_pixel

# A link to evidence with a chart, outside of the evidence itself: its address.
LINK_TO_CHART = """
  const links = [...document.querySelectorAll('a.id[href^="#e"]')];
  const link = links.find(a => document.querySelector(a.getAttribute('href'))?.querySelector('svg.drawing'));
  return link ? link.getAttribute('href') : null;
"""
IS_OPEN = "return document.querySelector(arguments[0]).closest('details').open;"
# Pictures that can be seen now, by id, with their size.
SIZES = """
  const seen = {};
  for (const svg of document.querySelectorAll('svg.drawing')) {
    const box = svg.getBoundingClientRect();
    if (svg.checkVisibility()) seen[svg.getAttribute('aria-labelledby')] = [box.width, box.height];
  }
  return seen;
"""
CHART_ID = "return document.querySelector(arguments[0]).querySelector('svg.drawing').getAttribute('aria-labelledby');"
HAS_DIAGRAM = "return document.querySelector('svg[aria-labelledby=\"diagram\"]') !== null;"
IN_SIGHT = """
  const box = document.querySelector(arguments[0]).getBoundingClientRect();
  return box.top < innerHeight && box.bottom > 0;
"""
OVERFLOW = "return document.documentElement.scrollWidth - document.documentElement.clientWidth;"
BACKGROUND = "return getComputedStyle(document.body).backgroundColor;"
INK = "return getComputedStyle(document.querySelector('svg.drawing text')).fill;"


def check_theme(browser, report, theme, folder, fail):
    browser.prefer(theme)
    browser.open(report.as_uri())
    (folder / f"{report.stem}-{theme}.png").write_bytes(browser.screenshot())

    corner = first_pixel(browser.screenshot())
    background = browser.run(BACKGROUND)
    if background != "rgb({}, {}, {})".format(*corner):
        fail(f"{theme}: the screenshot begins with {corner}, the page says {background}")
    if (sum(corner) > 3 * 128) != (theme == "light"):
        fail(f"{theme}: the background is {background}")

    if browser.run(OVERFLOW) > 0:
        fail(f"{theme}: the page is wider than the window")
    link = browser.run(LINK_TO_CHART)
    if link is None:
        fail(f"{theme}: no link leads to evidence with a chart")
        return
    if browser.run(IS_OPEN, link):
        fail(f"{theme}: {link} is unfolded before anybody asked for it")
    browser.click(f'a.id[href="{link}"]')
    if not browser.run(IS_OPEN, link):
        fail(f"{theme}: the link to {link} does not unfold it")
    if not browser.run(IN_SIGHT, link):
        fail(f"{theme}: the link to {link} does not lead there")
    sizes = browser.run(SIZES)
    if browser.run(CHART_ID, link) not in sizes:
        fail(f"{theme}: the chart in {link} cannot be seen")
    if "charts" not in sizes:
        fail(f"{theme}: the overview of all charts cannot be seen")
    if browser.run(HAS_DIAGRAM) and "diagram" not in sizes:
        fail(f"{theme}: the diagram cannot be seen")
    for name, (width, height) in sizes.items():
        if width < 100 or height < 50:
            fail(f"{theme}: the picture {name} is {width} x {height}")
    (folder / f"{report.stem}-{theme}-evidence.png").write_bytes(browser.screenshot())
    for entry in browser.console():
        fail(f"{theme}: console: {entry['level']} {entry['message']}")
    return browser.run(INK)


def main():
    report = pathlib.Path(sys.argv[1]).resolve()
    folder = pathlib.Path(sys.argv[2])
    failures = []
    with Browser() as browser:
        inks = [check_theme(browser, report, theme, folder, failures.append) for theme in ("light", "dark")]
    if inks[0] == inks[1]:
        failures.append(f"the pictures have the same colours in both themes: {inks[0]}")
    for failure in failures:
        print(f"browser_check: {report.name}: {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
