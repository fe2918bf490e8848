"""Rows of measurements: medians with their spread, as text and as JSON."""

import json
import statistics


def figure(values, digits):
    """ "7.31 (7.02-8.40)"; one value stands alone, none is "-"."""
    values = [value for value in values if value is not None]
    if not values:
        return "-"
    middle = f"{statistics.median(values):,.{digits}f}"
    if len(values) == 1:
        return middle
    return f"{middle} ({min(values):,.{digits}f}-{max(values):,.{digits}f})"


def ratios(values, anchors):
    """Round by round, so that what slows a whole round down falls out."""
    return [value / anchor for value, anchor in zip(values, anchors) if anchor]


class Table:
    """`columns`: (heading, key, digits). A row is a dict of lists, one value a round."""

    def __init__(self, title, columns):
        self.title = title
        self.columns = columns
        self.rows = []

    def add(self, name, values):
        self.rows.append((name, values))

    def text(self):
        lines = [["", *(heading for heading, _, _ in self.columns)]]
        for name, values in self.rows:
            lines.append([name, *(figure(values.get(key, []), digits)
                                  for _, key, digits in self.columns)])
        widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
        printed = ["| " + " | ".join(f"{cell:<{width}}" for cell, width in zip(line, widths)) + " |"
                   for line in lines]
        rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
        return "\n".join([self.title, "", printed[0], rule, *printed[1:], ""])

    def data(self):
        return {"title": self.title, "rows": dict(self.rows)}


def report(tables, file, facts):
    for table in tables:
        print(table.text())
    if file:
        with open(file, "w") as out:
            json.dump({"facts": facts, "tables": [table.data() for table in tables]}, out, indent=1)
            out.write("\n")
