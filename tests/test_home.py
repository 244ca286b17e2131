"""What a context offers for the first page and the search is shown there."""

from importlib import import_module
from pkgutil import walk_packages

import nongan
from config.home import SEARCHES, TODOS


def offered(name):
    """Functions of that name in the queries of a context, by where they are defined."""
    found = set()
    for module in walk_packages(nongan.__path__, "nongan."):
        parts = module.name.split(".")
        if len(parts) > 2 and parts[2] == "queries":
            one = getattr(import_module(module.name), name, None)
            if callable(one) and one.__module__.split(".")[1] == parts[1]:
                found.add(one)
    return found


def test_every_context_s_work_is_on_the_first_page():
    assert offered("todos") == set(TODOS)


def test_every_context_s_search_is_in_the_global_one():
    assert offered("search") == set(SEARCHES)
