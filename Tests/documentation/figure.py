#!/usr/bin/env python3
"""Takes a figure out of a page that ecpipe wrote, with the legend above it, as a picture of its own.

Usage: figure.py REPORT.html NUMBER FIGURE.svg [--no-legend]      (NUMBER from 1, in the order of the page)"""

import re
import sys

KEY = re.compile(r'<li(?: class="(c\d+)")?><svg[^>]*>(.*?)</svg>(.*?)</li>', re.S)
LEGEND, FIGURE = r'<ul class="legend">.*?</ul>', r'<svg viewBox="[^"]*" role="img".*?</svg>'


def figure(page, number, has_legend):
    style = re.search(r"<style>(.*?)</style>", page, re.S).group(1)
    parts = re.findall(f"{LEGEND}|{FIGURE}", page, re.S)
    places = [place for place, part in enumerate(parts) if part.startswith("<svg")]
    place = places[number - 1]
    legends = [part for part in parts[:place] if part.startswith("<ul")]
    keys = KEY.findall(legends[-1]) if legends and has_legend else []
    head, body = re.match(r"(<svg[^>]*>)(.*)</svg>", parts[place], re.S).groups()
    width, height = (float(text) for text in re.search(r'"0 0 ([\d.]+) ([\d.]+)"', head).groups())
    rows = []
    longest = max([len(title.strip()) for _, _, title in keys], default=0)
    columns = max(1, min(3, int((width - 70) // (26 + 6.5 * longest))))
    for index, (colour, mark, title) in enumerate(keys):
        x, y = 60 + index % columns * (width - 70) / columns, height + 8 + index // columns * 18
        rows.append(
            f'<g class="{colour or "level"}" transform="translate({x:.0f} {y:.0f})">{mark}'
            f'<text class="tick" x="18" y="11" style="stroke:none">{title.strip()}</text></g>')
    if keys:
        height += 12 + (len(keys) + columns - 1) // columns * 18
    head = head.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    head = re.sub(r'viewBox="[^"]*"', f'viewBox="0 0 {width} {height}"', head)
    colours = "".join(
        f".{name} > path{{fill:var(--c)}}" for name in sorted({key[0] for key in keys if key[0]}))
    return f"{head}\n<style>{style}{colours}</style>{body}" + "\n".join(rows) + "</svg>\n"


report, number, output, *options = sys.argv[1:]
with open(report, encoding="utf-8") as file:
    picture = figure(file.read(), int(number), "--no-legend" not in options)
with open(output, "w", encoding="utf-8") as file:
    file.write(picture)
