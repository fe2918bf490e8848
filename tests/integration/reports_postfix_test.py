"""A report goes through Postfix into a provider's mailbox, where mail programs and our own reader of
reports read it."""

import email
import email.policy
import pathlib

import pytest

import interop_postfix_test
import reports_postfix as inside
import reports_test


@pytest.fixture(scope="module")
def results():
    return interop_postfix_test.run_inside(pathlib.Path(inside.__file__))


def test_it_waits_for_a_mail_server_that_is_down(results):
    assert results["down"]["state"] == "due" and results["down"]["error"]
    assert results["sent"]["channel"] == "mail"


def test_one_mail_is_in_the_mailbox(results):
    [text] = results["mails"]
    mail = email.message_from_string(text, policy=email.policy.default)
    assert mail["Return-Path"] == "<reports@bl.example>"
    assert mail["To"] == "abuse@cloud.example"
    assert mail.get_content_type() == "multipart/report"
    [xarf] = reports_test.xarf_of(text.encode())
    assert xarf["source_identifier"] == reports_test.SENDER


def test_our_own_reader_takes_it(results):
    assert results["import"]["hits"] == 1, results["import"]
