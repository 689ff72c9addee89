"""The column of the documentation's tables that says how far the ratio of a row could go: the ratio over the share
of the peak, or over the share of what loads alone reach, whichever share is larger."""

TITLE = "limit"
PEER = ": peer ms"  # behind an instruction set's title: the first column of the set
PEAK, LOADS = "of peak", "of loads"


def text(ratio, core_share, load_share):
    """A cell of the column."""
    return f"{ratio / max(core_share, load_share):.1f}"


def loads_text(load_share):
    """A cell of the column of loads."""
    return f"{load_share:.0%}"


def filled(page_part, load_shares):
    """The table in `page_part`, if it has one, with the limits of all rows.

    `load_shares`, by an instruction set's title and a row, are for the rows that have none."""
    lines = page_part.split("\n")
    places = [place for place, line in enumerate(lines) if line.startswith("|")]
    if not places:
        return page_part
    rows = [[cell.strip() for cell in lines[place][1:-1].split("|")] for place in places]
    starts = [column for column, title in enumerate(rows[0]) if title.endswith(PEER)]
    # From the right, so that a new column moves none that is still to come.
    for start, end in reversed(list(zip(starts, starts[1:] + [len(rows[0])]))):
        fill(rows, start, end, load_shares.get(rows[0][start].removesuffix(PEER), {}))
    for place, row in zip(places, rows):
        lines[place] = "| " + " | ".join(row) + " |"
    return "\n".join(lines)


def fill(rows, start, end, load_shares):
    """Fills the columns `start` to `end` of a set."""
    if TITLE not in rows[0][start:end]:
        column = rows[0].index(PEAK, start)
        for row, cell in zip(rows, [TITLE, "---"] + [""] * len(rows)):
            row.insert(column, cell)
    limit, ratio, peak, loads = (rows[0].index(title, start) for title in (TITLE, "ratio", PEAK, LOADS))
    for row in rows[2:]:
        if not row[peak]:
            continue  # the mean
        if not row[loads] and row[0] in load_shares:
            row[loads] = loads_text(load_shares[row[0]])
        if row[loads]:
            row[limit] = text(float(row[ratio]), percent(row[peak]), percent(row[loads]))


def percent(cell):
    return float(cell.rstrip("%")) / 100
