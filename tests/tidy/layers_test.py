"""Tests of layers.py: what a table of layers allows and refuses."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from layers import Layers  # noqa: E402

TABLE = [
    "listing/base:",
    "listing/model: listing/base",
    "server/dns: listing/model",
    "tools: *",
    "<lmdb.h>: listing/base",
    "<boost/json*>: tools",
    "<fmt/*>: *",
    "system: sys/* unistd.h",
    "in: tools",
]


@pytest.mark.parametrize("name, quote, header, allowed", [
    pytest.param("listing/model/x.cc", '"', "listing/base/result.h", True, id="lower_folder"),
    pytest.param("listing/base/x.cc", '"', "listing/model/prefix.h", False, id="upper_folder"),
    pytest.param("listing/model/x.cc", '"', "listing/model/prefix.h", True, id="own_folder"),
    pytest.param("server/dns/x.cc", '"', "listing/base/result.h", False, id="not_transitive"),
    pytest.param("listing/base/x.cc", '"', "result.h", False, id="not_from_the_root"),
    pytest.param("tools/any/x.cc", '"', "listing/model/prefix.h", True, id="star"),
    pytest.param("listing/base/x.cc", "<", "vector", True, id="standard"),
    pytest.param("listing/base/x.cc", "<", "lmdb.h", True, id="library_at_home"),
    pytest.param("listing/model/x.cc", "<", "lmdb.h", False, id="library_elsewhere"),
    pytest.param("tools/x.cc", "<", "boost/json/src.hpp", True, id="library_by_beginning"),
    pytest.param("listing/model/x.cc", "<", "boost/json.hpp", False, id="beginning_elsewhere"),
    pytest.param("listing/model/x.cc", "<", "fmt/core.h", True, id="library_everywhere"),
    pytest.param("tools/x.cc", "<", "unknown/library.h", False, id="library_without_line"),
    pytest.param("tools/x.cc", "<", "sys/socket.h", True, id="system_allowed"),
    pytest.param("listing/model/x.cc", "<", "unistd.h", False, id="system_refused"),
])
def test_include(name, quote, header, allowed):
    assert (Layers(TABLE).fault(name, quote, header) is None) == allowed


@pytest.mark.parametrize("lines, word", [
    pytest.param(["a: b", "b: a"], "itself", id="cycle_of_two"),
    pytest.param(["a: b", "b: c", "c: a"], "itself", id="cycle_of_three"),
    pytest.param(["a: b"], "no line", id="unknown_folder"),
    pytest.param(["a:", "a:"], "two lines", id="folder_twice"),
    pytest.param(["a"], "no colon", id="no_colon"),
])
def test_faulty_table(lines, word):
    assert any(word in fault for fault in Layers(lines).faults)
