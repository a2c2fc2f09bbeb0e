"""Reads an exposition from standard input with a parser of the Python client, and prints what it made of it as JSON."""

import io
import json
import sys

from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics

PARSERS = {
    "text": parser.text_fd_to_metric_families,
    "openmetrics": openmetrics.text_fd_to_metric_families,
}

# Line feeds as they are: Python's other line endings are characters like any other.
exposition = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="\n")
families = [
    {
        "name": family.name,
        "type": family.type,
        "help": family.documentation,
        "unit": family.unit,
        "samples": [
            {"name": sample.name, "labels": sample.labels, "value": repr(float(sample.value))}
            for sample in family.samples
        ],
    }
    for family in PARSERS[sys.argv[1]](exposition)
]
json.dump(families, sys.stdout)
