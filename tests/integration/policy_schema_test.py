"""The JSON Schema of mail policies says what the reader of them says, sample by sample.

The same files are read in tests/unit/importer/policy. Their names tell the verdict: "good-" and
"bad-"; "deep-" is bad, but in a way that a schema cannot see (host bits, a prefix that stands
twice, bytes instead of characters)."""

import json
import pathlib

import jsonschema
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "zones/examples/mail-policy.schema.json").read_text())
SAMPLES = sorted((ROOT / "tests/cases/mail-policy").glob("*.json"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_the_verdict_is_that_of_the_name(sample):
    faults = [f"{fault.json_path}: {fault.message}"
              for fault in VALIDATOR.iter_errors(json.loads(sample.read_text()))]
    verdict = sample.name.split("-")[0]
    assert verdict in ("good", "bad", "deep")
    assert bool(faults) == (verdict == "bad"), faults


def test_the_example_is_good():
    example = json.loads((ROOT / "zones/examples/data/mail-policy.json").read_text())
    assert not list(VALIDATOR.iter_errors(example))
