#!/usr/bin/env python3
"""Runs the tests of tests/e2e/test_*.py (unittest), two at a time, against one flowc.

usage: run.py --flowc PROGRAM [--checked] [NAME ...]

A NAME is a part of a test's name. --checked says that the program has sanitizers: memory is not limited then, and
what measures or injects memory is left out. A test that steers another's program (STEERS: a browser, an editor, Prometheus) and fails
is run once more, alone; where it passes then it counts, and is told as UNSTABLE with what failed. No more than two of a run are, and
no other test is. Ends with `N passed, M failed`.
"""
import argparse
import concurrent.futures
import os
import signal
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import harness  # noqa: E402 (its folder has just been named)


def flattened(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flattened(test)
        else:
            yield test


AGAIN_AT_MOST = 2


def run_one(test):
    result = unittest.TestResult()
    test.run(result)
    return test, result


def wrong(result):
    return result.failures + result.errors


def told(result):
    return "".join("    " + text.rstrip().replace("\n", "\n    ") + "\n" for _, text in wrong(result))


def once_more(done):
    """Those that steer another's program, where few failed: the answers of all, with theirs anew."""
    again = [test for test, result in done if wrong(result) and getattr(test, "STEERS", None)]
    for test, result in done:
        if test in again and len(again) <= AGAIN_AT_MOST:
            first, result = result, run_one(test)[1]
            if not wrong(result):
                print(f"UNSTABLE {test.id()}: it steers {test.STEERS}, failed among others, and passed alone\n{told(first)}", end="")
        yield test, result


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--flowc", required=True)
    parser.add_argument("--checked", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    harness.FLOWC = os.path.abspath(options.flowc)
    harness.CHECKED = options.checked
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):  # ignored by what runs in the background, and what it starts
        signal.signal(number, signal.default_int_handler)
    # A program outside of the sources need not find them, and what waits for its documents would wait long.
    os.environ.setdefault("FLOW_SPECS", os.path.join(harness.TOP, "specs"))

    tests = [test for test in flattened(unittest.defaultTestLoader.discover(HERE))
             if not options.names or any(name in test.id() for name in options.names)]
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        done = list(pool.map(run_one, tests))
    for test, result in once_more(done):
        if wrong(result):
            failed += 1
            print(f"FAILED {test.id()}\n{told(result)}", end="")
        elif result.skipped:
            print(f"left out {test.id()}: {result.skipped[0][1]}")
        else:
            passed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not tests else 0


if __name__ == "__main__":
    sys.exit(main())
