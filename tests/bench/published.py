#!/usr/bin/env python3
"""The planner against first come first served and round robin on published instances of batch scheduling.

    published.py --build build/release [--only KIND] [--each] FOLDER...

A FOLDER is a copy of a repository that holds such (docs/performance.md names them); without any, nothing is compared. Jobs come at
their release dates, and nobody knows of them before: whenever one comes, or a machine is free, each way says what begins now. How
long that then takes, and whether it may be, is reckoned here by the publisher's own rules, never by the planner. FLOW_INSTANCES may
name the folders instead.
"""
import argparse
import heapq
import math
import os
import subprocess
import sys

from published_instances import NEVER, read_all

SCALE = 1000       # planner's seconds in a publisher's unit of time
PLATE = 1000000000  # PLATE_FULL


class Broken(Exception):
    """A schedule that the publisher's rules do not allow."""


# ---- what happens ----

class State:
    """A shop at a moment: what waits, and until when each machine is in use."""
    def __init__(self, shop):
        self.shop, self.now, self.waiting, self.schedule = shop, 0, [], []
        self.free = [0] * len(shop.machines)
        self.loaded = list(shop.first or [0] * len(shop.machines))

    def busy(self, machine, jobs):
        return self.shop.setup(machine, self.loaded[machine], jobs) + self.shop.length(machine, jobs)

    def may_start(self, machine, jobs):
        """Now, and to the end."""
        shop = self.shop
        return (self.free[machine] <= self.now and all(shop.allows(machine, job) for job in jobs) and shop.fits(machine, jobs)
                and shop.starts(machine, self.now, self.busy(machine, jobs)) == self.now)

    def start(self, machine, jobs):
        self.schedule.append((machine, self.now, tuple(jobs)))
        self.free[machine] = self.now + self.busy(machine, jobs)
        self.loaded[machine] = self.shop.family[jobs[0]]
        self.waiting = [job for job in self.waiting if job not in jobs]

    def fill(self, machine, jobs):
        """The first of these that may start now, and with it whichever may beside it."""
        batch = []
        for job in jobs:
            if self.may_start(machine, batch + [job]):
                batch.append(job)
        return batch


def run(shop, way):
    """The schedule: machine, begin and jobs of each batch."""
    state = State(shop)
    moments = [release for release in shop.release] + [begin for shifts in getattr(shop, "shifts", []) for begin, _ in shifts]
    heapq.heapify(moments)
    coming = sorted(shop.jobs, key=lambda job: (shop.release[job], job))
    while moments:
        state.now = heapq.heappop(moments)
        while moments and moments[0] == state.now:
            heapq.heappop(moments)
        while coming and shop.release[coming[0]] <= state.now:
            state.waiting.append(coming.pop(0))
        begun = len(state.schedule)
        way(state)
        for machine, _, _ in state.schedule[begun:]:
            heapq.heappush(moments, state.free[machine])
    return state.schedule


# ---- three ways to say what begins ----

def first_come(state):
    """Whichever machine is free longest takes what came first, and whatever came then and fits beside it."""
    for machine in sorted(state.shop.machines, key=lambda one: (state.free[one], one)):
        batch = state.fill(machine, state.waiting)
        if batch:
            state.start(machine, batch)


class RoundRobin:
    """Each job is the next machine's in turn that may do it; that does its own in the order in which they came."""
    def __init__(self):
        self.turn, self.place = 0, {}

    def __call__(self, state):
        shop = state.shop
        for job in state.waiting:
            while job not in self.place:
                machine = self.turn % len(shop.machines)
                self.turn += 1
                if shop.allows(machine, job):
                    self.place[job] = machine
        for machine in shop.machines:
            batch = state.fill(machine, [job for job in state.waiting if self.place[job] == machine])
            if batch:
                state.start(machine, batch)


class Planner:
    """Ours: it is asked anew each time, and what it says begins now is begun."""
    def __init__(self, build):
        subprocess.run(["cmake", "--build", build, "--target", "bench_published"], check=True, stdout=subprocess.DEVNULL)
        # pylint: disable=consider-using-with
        self.program = subprocess.Popen([os.path.join(build, "bench_published")], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, encoding="ascii")
        self.plans, self.took_us, self.most_us = 0, 0, 0

    def __call__(self, state):
        while state.waiting:
            begun = len(state.schedule)
            for machine, jobs in self.ask(state):
                batch = state.fill(machine, jobs)
                if batch:
                    state.start(machine, batch)
            if len(state.schedule) == begun:
                return

    def ask(self, state):
        asked, problem = problem_of(state)
        self.program.stdin.write(problem)
        self.program.stdin.flush()
        said = []
        while True:
            numbers = [int(word) for word in self.program.stdout.readline().split()]
            if not numbers:
                raise Broken("the planner ended")
            if numbers[0] < 0:
                break
            said.append((numbers[0], [asked[line] for line in numbers[2:]]))
        self.plans += 1
        self.took_us += numbers[1]
        self.most_us = max(self.most_us, numbers[1])
        return said

    def close(self):
        self.program.stdin.close()
        self.program.wait()


def scaled(time):
    return round(time * SCALE)


def families_of(state, there):
    """What waits and may be together on any machine on which it could begin when that is there, by family, class and machines."""
    shop, families = state.shop, {}
    classes = shop.classes(state.waiting)
    for job in state.waiting:
        machines = tuple(machine for machine in shop.machines if there[machine] is not None and shop.allows(machine, job)
                         and shop.starts(machine, there[machine], state.busy(machine, [job])) == there[machine])
        if machines:
            families.setdefault((shop.family[job], classes[job], machines), []).append(job)
    return families


def problem_of(state):
    """What the planner's own model has of it: see bench_published.c. And of each line the job that it is."""
    shop, now = state.shop, state.now
    there = [shop.starts(machine, max(state.free[machine], now), 0) for machine in shop.machines]
    families = families_of(state, there)
    asked = [job for jobs in families.values() for job in jobs]
    asked.sort(key=state.waiting.index)
    words = [scaled(now), scaled(shop.model_swap()), len(shop.machines), len(families), len(asked)]
    for machine in shop.machines:
        words += [scaled(now if there[machine] is None else there[machine]), state.loaded[machine]]
    kinds = {}
    for key, jobs in families.items():
        kinds.setdefault(key[:2], []).extend(jobs)
    runs = {kind: shop.run(jobs) for kind, jobs in kinds.items()}
    numbers = {kind: number + 1 for number, kind in enumerate(kinds) if runs[kind]}
    lines = {}
    for number, ((family, alike, machines), jobs) in enumerate(families.items()):
        kind = (family, alike)
        setup, shares, times = shop.model(machines, jobs)
        words += [numbers.get(kind, 0), family, scaled(setup), scaled(runs[kind])]
        words += [int(machine in machines) for machine in shop.machines]
        for job, share, time in zip(jobs, shares, times):
            lines[job] = [number, max(1, scaled(time)), min(PLATE, math.ceil(share * PLATE)), scaled(shop.due[job]) if shop.due else -1]
    for job in asked:
        words += lines[job]
    return asked, " ".join(map(str, words)) + "\n"


# ---- what it comes to ----

def evaluate(shop, schedule):
    """Of a schedule, by the publisher's rules alone: when all is done, changes from one family to another, how many are late, and by
    how much together."""
    done, changes, free = {}, 0, [0] * len(shop.machines)
    loaded = list(shop.first or [0] * len(shop.machines))
    for machine, begin, jobs in sorted(schedule, key=lambda batch: batch[1]):
        busy = shop.setup(machine, loaded[machine], jobs) + shop.length(machine, jobs)
        if begin < free[machine] - 1e-9 or begin < max(shop.release[job] for job in jobs):
            raise Broken(f"{shop.name}: a batch begins too early")
        if shop.starts(machine, begin, busy) != begin:
            raise Broken(f"{shop.name}: a batch is done when its machine is not there")
        if not shop.fits(machine, jobs) or not all(shop.allows(machine, job) for job in jobs):
            raise Broken(f"{shop.name}: a batch is not allowed on its machine")
        if len({shop.family[job] for job in jobs}) != 1 or any(job in done for job in jobs):
            raise Broken(f"{shop.name}: a batch of two families, or a job that is done twice")
        changes += loaded[machine] != shop.family[jobs[0]]
        loaded[machine] = shop.family[jobs[0]]
        free[machine] = begin + busy
        done.update({job: begin + busy for job in jobs})
    if len(done) != len(shop.jobs):
        raise Broken(f"{shop.name}: {len(shop.jobs) - len(done)} jobs are never done")
    late = [max(0, done[job] - shop.due[job]) for job in shop.jobs] if shop.due else []
    return {"makespan": max(done.values()), "changes": changes, "late": sum(by > 0 for by in late), "lateness": sum(late),
            "batches": len(schedule)}


def mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios)) if ratios else NEVER


def compare(shop, planner):
    return {"planner": evaluate(shop, run(shop, planner)), "first come": evaluate(shop, run(shop, first_come)),
            "round robin": evaluate(shop, run(shop, RoundRobin()))}


def ratios_of(shops, results, way, name):
    """Of the makespan to what was published, where it was."""
    return [result[way]["makespan"] / shop.published[name] for shop, result in zip(shops, results) if name in shop.published]


def say(kind, shops, results):
    """A line for each way: its makespan in terms of the planner's, and of what was published, and what it comes to in all."""
    sizes = [len(shop.jobs) for shop in shops]
    print(f"{kind}: {len(shops)} instances of {min(sizes)} to {max(sizes)} jobs")
    for way in results[0]:
        ratios = [result[way]["makespan"] / result["planner"]["makespan"] for result in results]
        line = f"  {way:12} makespan {mean(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})"
        for name in ("makespan", "bound"):
            ratios = ratios_of(shops, results, way, name)
            if ratios:
                line += f", {mean(ratios):.3f} of the published {name} (worst {max(ratios):.3f})"
        line += "".join(f", {sum(result[way][name] for result in results):.0f} {name}"
                        for name in ("batches", "changes", "late", "lateness"))
        print(line)
    for name in ("late", "late_bound"):
        found = [shop.published[name] for shop in shops if name in shop.published]
        if found:
            print(f"  published {name}: {sum(found)} of {len(found)} instances")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--each", action="store_true")
    parser.add_argument("folder", nargs="*", default=os.environ.get("FLOW_INSTANCES", "").split())
    options = parser.parse_args(arguments)
    if not options.folder:
        print("skipped: no folder of published instances is given")
        return 0
    planner, kinds = Planner(options.build), {}
    for shop in read_all(options.folder):
        if options.only in shop.kind:
            result = compare(shop, planner)
            if options.each:
                print(shop.kind, shop.name, *(f"{way}: " + " ".join(f"{name} {value:g}" for name, value in found.items())
                                              for way, found in result.items()), sep="; ", flush=True)
            kinds.setdefault(shop.kind, []).append((shop, result))
    for kind, found in kinds.items():
        say(kind, [shop for shop, _ in found], [result for _, result in found])
    print(f"{planner.plans} plans, {planner.took_us / max(1, planner.plans):.0f} us each on average, {planner.most_us} at most")
    planner.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
