"""Postfix takes the mail for traps from outside and hands it over by LMTP: its client is listed."""

import pathlib

import pytest

import interop_postfix_test
import trap_postfix as inside


@pytest.fixture(scope="module")
def results():
    return interop_postfix_test.run_inside(pathlib.Path(inside.__file__))


@pytest.mark.parametrize("client", [
    pytest.param(inside.FORWARDED, id="told-by-XFORWARD"),
    pytest.param(inside.TRACED, id="found-in-Received"),
])
def test_the_client_is_listed(results, client):
    found = results[client]
    assert found["code"] == 250, found
    assert found["A"] == ["127.0.0.3"]
    assert found["TXT"] == [f'"{client} sent mail to traps"']
    assert found["seconds"] < 10


def test_unknown_recipients_are_refused_at_rcpt(results):
    found = results[inside.STRANGER]
    assert found["code"] == 550 and "no such recipient" in found["text"], found
    assert found["A"] == found["TXT"] == []


def test_every_mail_is_one_hit(results):
    assert results["hits"] == 2
