"""Published instances of batch scheduling, read from the folders in which they are kept: each is a Shop of machines and jobs with
the publisher's own rules of how long a batch takes, what may lie in it, and when a machine is there.

Nothing of them is kept here. docs/performance.md says where they are to be had.
"""
import csv
import glob
import os
import re
import zipfile
from xml.etree import ElementTree

NEVER = float("inf")


class Shop:
    """What all kinds have: `machines` and `jobs` are counted from 0, `release` and `due` are lists by job."""
    name = kind = ""
    due = None       # no due dates
    first = None     # of each machine, what it is set up for
    published = {}   # what was published of it: makespan, bound, late, late_bound

    def setup(self, machine, before, jobs):
        """The time to change for these jobs, after those of `before` (a family, or what it was set up for first)."""
        return 0

    def classes(self, jobs):
        return dict.fromkeys(jobs)

    def run(self, jobs):
        """How long a batch takes, full or not, with whichever of these; 0 where the times of what lies in it add up."""
        return 0

    def model_swap(self):
        return 0

    def starts(self, machine, time, busy):
        """The first moment from then on at which the machine is there for so long; None where it never is."""
        return time


class Additive(Shop):
    """UAMSP-R: machines of their own size, precision and speed; a build takes a setup, the time of its volume, and the time of its
    highest part; areas add up to the plate."""
    kind = "UAMSP-R"

    def __init__(self, rows):
        number = [[float(cell) for cell in row] for row in rows]
        machines, jobs = int(number[1][0]), int(number[2][0])
        self.machines, self.jobs = range(machines), range(jobs)
        self.volume, self.height, self.area, self.precision, self.release = (row[:jobs] for row in number[4:9])
        (self.most_height, self.most_area, self.most_precision, self.setup_time, self.per_volume,
         self.per_height) = (row[:machines] for row in number[9:15])
        self.family = [0] * jobs

    def allows(self, machine, job):
        return (self.height[job] <= self.most_height[machine] and self.area[job] <= self.most_area[machine]
                and self.precision[job] <= self.most_precision[machine])

    def fits(self, machine, jobs):
        return sum(self.area[job] for job in jobs) <= self.most_area[machine] + 1e-9

    def model(self, machines, jobs):
        """No printer of ours is quicker or larger than another, nor does height count: by the average, and the smallest."""
        setup, per_volume, per_height = (sum(of[machine] for machine in machines) / len(machines)
                                         for of in (self.setup_time, self.per_volume, self.per_height))
        room = min(self.most_area[machine] for machine in machines)
        return (setup + per_height * sum(self.height[job] for job in jobs) / len(jobs),
                [self.area[job] / room for job in jobs], [per_volume * self.volume[job] for job in jobs])

    def length(self, machine, jobs):
        return (self.setup_time[machine] + self.per_volume[machine] * sum(self.volume[job] for job in jobs)
                + self.per_height[machine] * max(self.height[job] for job in jobs))


class Ovens(Shop):
    """Oven scheduling: jobs of one attribute are in an oven together for as long as the longest needs and none may be there longer;
    an oven holds so much, is there in its shifts, and is changed from one attribute to the next, within the shift."""
    kind = "oven scheduling"

    def __init__(self, text):
        word = dict(re.findall(r"(\w+)\s*=\s*([^;]*);", text))
        numbers = {name: [int(found) for found in re.findall(r"-?\d+", value)] for name, value in word.items()}
        machines, jobs, attributes, shifts = (numbers[name][0] for name in ("m", "n", "a", "s"))
        self.machines, self.jobs = range(machines), range(jobs)
        self.capacity, self.size = numbers["max_cap"], numbers["size"]
        self.release, self.due = numbers["earliest_start"], numbers["latest_end"]
        self.least, self.most = numbers["min_time"], numbers["max_time"]
        self.family = [attribute - 1 for attribute in numbers["attribute"]]
        self.first = [attribute - 1 for attribute in numbers["initState"]]
        self.eligible = [{int(found) - 1 for found in re.findall(r"\d+", ovens)}
                         for ovens in re.findall(r"\{([^}]*)\}", word["eligible_machine"])]
        self.change = [numbers["setup_times"][row * attributes:(row + 1) * attributes] for row in range(attributes + 1)]
        begins, ends = numbers["m_a_s"], numbers["m_a_e"]
        self.shifts = [list(zip(begins[m * shifts:(m + 1) * shifts], ends[m * shifts:(m + 1) * shifts]))
                       for m in self.machines]

    def allows(self, machine, job):
        return machine in self.eligible[job]

    def fits(self, machine, jobs):
        return (sum(self.size[job] for job in jobs) <= self.capacity[machine]
                and len({self.family[job] for job in jobs}) == 1
                and max(self.least[job] for job in jobs) <= min(self.most[job] for job in jobs))

    def classes(self, jobs):
        """By job a time for which it, and all others of its class and attribute, may be there."""
        found, last = {}, {}
        for job in sorted(jobs, key=lambda one: self.most[one]):
            family = self.family[job]
            if self.least[job] > last.get(family, -1):
                last[family] = self.most[job]
            found[job] = last[family]
        return found

    def run(self, jobs):
        return max(self.least[job] for job in jobs)

    def model_swap(self):
        """What a change of attribute takes more than none."""
        pairs = [(self.change[a][b] - self.change[b][b]) for a in range(len(self.change) - 1)
                 for b in range(len(self.change) - 1) if a != b]
        return max(0, sum(pairs) / len(pairs))

    def model(self, machines, jobs):
        family = self.family[jobs[0]]
        room = min(self.capacity[machine] for machine in machines)
        return (self.change[family][family],
                [self.size[job] / room for job in jobs], [self.least[job] for job in jobs])

    def length(self, machine, jobs):
        return max(self.least[job] for job in jobs)

    def setup(self, machine, before, jobs):
        return self.change[before][self.family[jobs[0]]]

    def starts(self, machine, time, busy):
        return min((max(time, begin) for begin, end in self.shifts[machine] if max(time, begin) + busy <= end), default=None)


# ---- files ----

SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def sheets(path):
    """Of each sheet of a workbook its name, and its cells, row by row, as text."""
    with zipfile.ZipFile(path) as book:
        names = book.namelist()
        texts = []
        if "xl/sharedStrings.xml" in names:
            texts = ["".join(part.text or "" for part in item.iter(SPREADSHEET + "t"))
                     for item in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        paths = {part.get("Id"): part.get("Target") for part in ElementTree.fromstring(book.read("xl/_rels/workbook.xml.rels"))}
        listed = ElementTree.fromstring(book.read("xl/workbook.xml")).iter(SPREADSHEET + "sheet")
        for sheet in listed:
            path = paths[sheet.get(RELATION + "id")]
            root = ElementTree.fromstring(book.read(path.lstrip("/") if path.startswith("/") else "xl/" + path))
            rows = [[(cell.get("t"), cell.findtext(SPREADSHEET + "v", "")) for cell in row]
                    for row in root.iter(SPREADSHEET + "row")]
            yield sheet.get("name"), [[texts[int(value)] if form == "s" else value for form, value in row] for row in rows]


def additive_shops(folder):
    for path in sorted(glob.glob(os.path.join(folder, "Data", "data_output_*.xlsx"))):
        size = re.search(r"data_output_(\d+_\d+)", path)[1].replace("_", "-")
        results = os.path.join(folder, "Results", "LBBD_results", f"lbbd_results-V1-{size}.xlsx")
        found = next(sheets(results))[1][1:] if os.path.exists(results) else []
        listed = list(sheets(path))
        in_order = [name for name, _ in listed] == sorted(name for name, _ in listed)  # else nobody says which result is whose
        for number, (_, rows) in enumerate(listed):
            shop = Additive(rows)
            shop.name = f"{size}/{number + 1}"
            if in_order and number < len(found):
                shop.published = {"makespan": float(found[number][0]), "bound": float(found[number][3])}
            yield shop


def rows_by_instance(path, separator):
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8", newline="") as file:
        return {int(row["instance_number"]): row for row in csv.DictReader(file, delimiter=separator)}


def oven_shops(folder):
    bounds = rows_by_instance(os.path.join(folder, "data", "theoretical-lower-bounds.csv"), ",")
    greedy = rows_by_instance(os.path.join(folder, "data", "upper-bounds.csv"), ";")
    paths = {int(re.match(r"\d+", os.path.basename(path))[0]): path
             for path in glob.glob(os.path.join(folder, "instances", "*.dzn"))}
    for number, path in sorted(paths.items()):
        with open(path, encoding="utf-8") as file:
            shop = Ovens(file.read())
        shop.name = str(number)
        if number in bounds and number in greedy:
            shop.published = {"late": int(greedy[number]["number of too late jobs"]),
                              "late_bound": int(bounds[number]["number of too late jobs"])}
        yield shop


def read_all(folders):
    """Of each folder the instances that are in it, whichever kind they are of."""
    for folder in folders:
        for reader in (additive_shops, oven_shops):
            yield from reader(folder)
