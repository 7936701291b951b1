"""The shops that whole-document tests build: the examples and the contract's three."""
import os
import re

TOP = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))


def product_specs():
    """(folder of shops, path below it) of each .flow file with a workflow, in order."""
    for folder in ("examples", "tests/contract"):
        shops = os.path.join(TOP, folder)
        for shop in sorted(os.listdir(shops)):
            inside = os.path.join(shops, shop)
            if shop == "cases" or not os.path.isdir(inside):
                continue
            for name in sorted(os.listdir(inside)):
                if not name.endswith(".flow"):
                    continue
                with open(os.path.join(inside, name), encoding="utf-8") as file:
                    if re.search(r"^workflow\b", file.read(), re.M):
                        yield shops, os.path.join(shop, name)
