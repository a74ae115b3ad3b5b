# Copyright: the amazon_connect.sap contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draw a dashboard of CloudWatch from its definition and its metrics, and take its picture.

    python -m tests.soak.dashboard_picture --folder .cache/soak docs/pictures/dashboard.png

Run it after "python -m tests.soak.soak --keep". The arrangement is the definition's and the data are the metrics';
colours and axes are this script's: it is no picture of the console.
"""

from __future__ import annotations

import argparse
import html
import json
import math
import re
import subprocess
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.clients import ROOT
from tests.local_cloud.launcher import LocalCloud

from .soak_site import SoakSite
from .soak_site import utc_now

COLUMN, ROW, GAP = 52, 44, 8
COLOURS = ("#1f77b4", "#2ca02c", "#ff7f0e", "#9467bd", "#d62728", "#8c564b", "#17becf", "#7f7f7f")
PERIOD = 300
_SEARCH = re.compile(
    r"SEARCH\('\{(?P<namespace>[^,]+),(?P<names>[^}]+)\} MetricName=\"(?P<metric>\w+)\" "
    r"Environment=\"(?P<environment>[^\"]+)\"', '(?P<stat>\w+)'"
)


def draw(site: SoakSite, name: str, *, start: datetime, end: datetime) -> str:
    """Return the dashboard as a page."""
    body = json.loads(site.client("cloudwatch").get_dashboard(DashboardName=name)["DashboardBody"])
    boxes = [_box(widget, _content(site, widget, start, end)) for widget in body["widgets"]]
    width = 24 * COLUMN + GAP
    height = max(widget["y"] + widget["height"] for widget in body["widgets"]) * ROW + 40
    return (
        "<!doctype html><meta charset=utf-8><style>"
        "body{margin:0;background:#f2f3f3;font:12px sans-serif;color:#16191f}"
        ".box{position:absolute;background:#fff;border:1px solid #d5dbdb;border-radius:4px;padding:8px;"
        "box-sizing:border-box}"
        "h1{font-size:15px;margin:10px 8px}h2{font-size:13px;margin:0 0 4px}"
        ".alarm{display:inline-block;margin:2px 6px 2px 0;padding:3px 8px;border-radius:3px;color:#fff}"
        "</style>"
        f"<div style='position:relative;width:{width}px;height:{height}px'><h1>{html.escape(name)}"
        f" &nbsp; {start:%H:%M} to {end:%H:%M} UTC</h1>{''.join(boxes)}</div>"
    )


def _box(widget: dict[str, Any], content: str) -> str:
    title = html.escape(widget["properties"].get("title", ""))
    left, top = widget["x"] * COLUMN + GAP, widget["y"] * ROW + 40
    width, height = widget["width"] * COLUMN - GAP, widget["height"] * ROW - GAP
    style = f"left:{left}px;top:{top}px;width:{width}px;height:{height}px"
    return f"<div class=box style='{style}'><h2>{title}</h2>{content}</div>"


def _content(site: SoakSite, widget: dict[str, Any], start: datetime, end: datetime) -> str:
    if widget["type"] == "alarm":
        return _alarms(site, widget["properties"]["alarms"])
    lines = _lines(site, widget["properties"], start, end)
    width, height = widget["width"] * COLUMN - GAP - 18, widget["height"] * ROW - GAP - 40
    return _chart(lines, width, height, start, end, stacked=widget["properties"].get("stacked", False))


def _alarms(site: SoakSite, arns: list[str]) -> str:
    names = [arn.rpartition(":")[2] for arn in arns]
    states = {
        alarm["AlarmName"]: alarm["StateValue"]
        for alarm in site.client("cloudwatch").describe_alarms(AlarmNames=names)["MetricAlarms"]
    }
    colours = {"OK": "#1d8102", "ALARM": "#d13212", "INSUFFICIENT_DATA": "#687078"}
    shown = {name: colours[states.get(name, "INSUFFICIENT_DATA")] for name in names}
    return "".join(
        f"<span class=alarm style='background:{colour}'>{html.escape(name)}</span>" for name, colour in shown.items()
    )


@dataclass(frozen=True)
class Line:
    """A line of a chart; ``right``: it belongs to the axis on the right."""

    label: str
    values: list[tuple[datetime, float]]
    right: bool = False


def _lines(site: SoakSite, properties: dict[str, Any], start: datetime, end: datetime) -> list[Line]:
    """Return every line of a widget."""
    found = []
    for row in properties["metrics"]:
        options = row[-1] if isinstance(row[-1], dict) else {}
        if "expression" in options:
            found += _searched(site, options["expression"], start, end)
            continue
        namespace, metric, *pairs = [word for word in row if not isinstance(word, dict)]
        dimensions = dict(zip(pairs[::2], pairs[1::2], strict=True))
        stat = options.get("stat") or properties.get("stat", "Sum")
        values = _values(site, namespace, metric, dimensions, stat, start, end)
        found.append(Line(options.get("label", metric), values, options.get("yAxis") == "right"))
    return found


def _searched(site: SoakSite, expression: str, start: datetime, end: datetime) -> list[Line]:
    search = _SEARCH.search(expression)
    assert search, f"This search is not understood: {expression}"
    answer = site.client("cloudwatch").list_metrics(Namespace=search["namespace"], MetricName=search["metric"])
    found = []
    for item in answer["Metrics"]:
        dimensions = {pair["Name"]: pair["Value"] for pair in item["Dimensions"]}
        if set(dimensions) == set(search["names"].split(",")) and dimensions["Environment"] == search["environment"]:
            values = _values(site, search["namespace"], search["metric"], dimensions, search["stat"], start, end)
            found.append(Line(dimensions.get("Reason", search["metric"]), values))
    return sorted(found, key=lambda line: line.label)


def _values(
    site: SoakSite,
    namespace: str,
    metric: str,
    dimensions: dict[str, str],
    stat: str,
    start: datetime,
    end: datetime,
) -> list[tuple[datetime, float]]:
    which = {
        "Namespace": namespace,
        "MetricName": metric,
        "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
    }
    query = {"Id": "m", "MetricStat": {"Metric": which, "Period": PERIOD, "Stat": stat}}
    answer = site.client("cloudwatch").get_metric_data(MetricDataQueries=[query], StartTime=start, EndTime=end)
    (result,) = answer["MetricDataResults"]
    return sorted(zip(result["Timestamps"], result["Values"], strict=True))


class Axis:
    """A vertical axis from 0 to the largest value; values that are too far apart get a logarithmic one."""

    def __init__(self, values: list[float], height: float) -> None:
        self._height = height
        most, least = max([*values, 1]), min([value for value in values if value] or [1])
        if most / least > 1000:
            power = math.ceil(math.log10(most))
            self.ticks, self._scale = [0.0, *(10.0**number for number in range(1, power + 1))], math.log1p
        else:
            size = 10 ** math.floor(math.log10(most))
            step = next(step for step in (size / 5, size / 2, size, size * 2) if most / step <= 5)
            self.ticks, self._scale = [step * number for number in range(math.ceil(most / step) + 1)], float

    def y(self, value: float) -> float:
        return 8 + (self._height - 8) * (1 - self._scale(value) / self._scale(self.ticks[-1]))


def _chart(lines: list[Line], width: int, height: int, start: datetime, end: datetime, *, stacked: bool) -> str:
    """Return lines, or columns on each other, with a grid, hours and a legend."""
    left, right, plot_height = 44, 44 if any(line.right for line in lines) else 6, height - 34
    plot_width = width - left - right
    totals: Counter[datetime] = Counter()
    for line in lines:
        totals.update(dict(line.values))
    single = [value for line in lines if not line.right for _at, value in line.values]
    axes = {
        False: Axis(list(totals.values()) if stacked else single, plot_height),
        True: Axis([value for line in lines if line.right for _at, value in line.values], plot_height),
    }

    def x(moment: datetime) -> float:
        return left + (moment - start) / (end - start) * plot_width

    parts = [f"<svg width={width} height={height} font-size=10 font-family=sans-serif>"]
    for value in axes[False].ticks:
        y = axes[False].y(value)
        parts.append(f"<line x1={left} x2={width - right} y1={y:.1f} y2={y:.1f} stroke=#eaeded />")
        parts.append(f"<text x={left - 4} y={y + 4:.1f} text-anchor=end fill=#687078>{value:,g}</text>")
    for value in axes[True].ticks if right > 6 else []:
        y = axes[True].y(value)
        parts.append(f"<text x={width - right + 4} y={y + 4:.1f} fill=#687078>{value:,g}</text>")
    for step in range(5):
        moment = start + (end - start) * step / 4
        anchor = "start" if step == 0 else "end" if step == 4 else "middle"
        place = f"x={x(moment):.1f} y={plot_height + 12} text-anchor={anchor}"
        parts.append(f"<text {place} fill=#687078>{moment:%H:%M}</text>")
    below: Counter[datetime] = Counter()
    for number, line in enumerate(lines):
        colour, axis = COLOURS[number % len(COLOURS)], axes[line.right]
        points = [(x(moment), axis.y(value)) for moment, value in line.values]
        if stacked:
            column = max(2.0, plot_width * PERIOD / (end - start).total_seconds() - 1)
            for moment, value in line.values:
                low, high = axis.y(below[moment]), axis.y(below[moment] + value)
                below[moment] += value
                size = f"width={column:.1f} height={low - high:.1f}"
                parts.append(f"<rect x={x(moment):.1f} y={high:.1f} {size} fill='{colour}' />")
        else:
            corners = " ".join(f"{place:.1f},{level:.1f}" for place, level in points)
            parts.append(f"<polyline points='{corners}' fill=none stroke='{colour}' stroke-width=1.6 />")
            parts += [f"<circle cx={place:.1f} cy={level:.1f} r=2 fill='{colour}' />" for place, level in points]
        place = left + number * plot_width / max(len(lines), 3)
        parts.append(f"<rect x={place:.0f} y={height - 12} width=9 height=9 fill='{colour}' />")
        parts.append(f"<text x={place + 13:.0f} y={height - 4} fill=#16191f>{html.escape(line.label)}</text>")
    return "".join([*parts, "</svg>"])


def take_picture(page_file: Path, picture: Path) -> None:
    """Open the page in Chromium and keep what is to be seen."""
    chromium = subprocess.run(
        [ROOT / "tests/browser/find_chromium"], check=True, capture_output=True, text=True
    ).stdout.strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 24 * COLUMN + 2 * GAP, "height": 900})
        page.goto(page_file.as_uri())
        page.screenshot(path=picture, full_page=True)
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=ROOT / ".cache" / "soak")
    parser.add_argument("--hours", type=float, default=8)
    parser.add_argument("picture", type=Path)
    options = parser.parse_args()
    site = SoakSite(LocalCloud(options.folder / "cloud"), options.folder / "site")
    end = utc_now().replace(second=0, microsecond=0) + timedelta(minutes=5)
    page_file = options.folder / "dashboard.html"
    page_file.write_text(
        draw(site, f"poc-summaries-{site.region}", start=end - timedelta(hours=options.hours), end=end)
    )
    take_picture(page_file, options.picture)


if __name__ == "__main__":
    main()
