"""The section "What it costs" of the language, a second time: from the spec.json that `flowc build` writes, with exact
fractions and nothing of the compiler's. AQL plans are left to the contract's cases: their tables are data."""
import math
from fractions import Fraction

SECONDS = {"s": 1, "min": 60, "h": 3600, "day": 86400}
GRAMS = {"g": 1, "kg": 1000, "mg": Fraction(1, 1000), "oz": Fraction("28.349523125")}
OTHER = {"W": 1, "kW": 1000, "Wh": 3600, "kWh": 3600000, "%": Fraction(1, 100)}


class Spec:
    def __init__(self, tree):
        self.tree = tree
        self.named = {d["name"]: d for d in tree["declarations"] if d["kind"] not in ("workflow", "price")}
        self.price = next((d["fields"] for d in tree["declarations"] if d["kind"] == "price"), {})
        self.shop = next(d["fields"] for d in tree["declarations"] if d["kind"] == "shop")
        self.product = self.named[tree["product"]]["fields"]
        self.rates = {self.shop["currency"]["word"]: Fraction(1)}
        for row in self.shop.get("exchange", []):
            self.rates[row["currency"]["word"]] = self.number(row["money"])

    def unit(self, text):
        if text is None:
            return Fraction(1)
        above, *below = text.split("/")
        known = {**SECONDS, **GRAMS, **OTHER, **self.rates}
        value = Fraction(known[above])
        for name in below:
            value /= known[name]
        return value

    def number(self, value):
        return Fraction(value["value"]) * self.unit(value.get("unit"))

    def fields(self, value):
        return self.named[value["reference"]]["fields"]


def solve(rows):
    """x of A x = b, the rows being A with b behind."""
    count = len(rows)
    for i in range(count):
        pivot = next(r for r in range(i, count) if rows[r][i])
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(count):
            if r != i and rows[r][i]:
                factor = rows[r][i] / rows[i][i]
                rows[r] = [x - factor * y for x, y in zip(rows[r], rows[i])]
    return [rows[i][count] / rows[i][i] for i in range(count)]


class Run:
    """One SKU at one quantity."""

    def __init__(self, spec, sku, quantity):
        self.spec, self.cases, self.asked = spec, sku["cases"], quantity
        price = self.resolve(spec.price)
        self.price = price
        self.quantity = max(quantity, int(price["run"]["value"]) if "run" in price else 0)
        self.steps = [{**s, "fields": self.resolve(s["fields"])} for s in spec.tree["steps"]]
        self.contains = {}
        for list_name in ("contains", "spare"):
            for row in self.resolve(spec.product.get(list_name, [])):
                name = row["what"]["reference"]
                self.contains[name] = self.contains.get(name, 0) + Fraction(row["count"]["value"])
        self.taken = [s for s in self.steps if self.is_for(s["fields"].get("only", []))]
        self.visit()
        self.count()

    def resolve(self, value):
        """The value for this SKU: each `by` gives way to its case."""
        if isinstance(value, list):
            return [self.resolve(v) for v in value]
        if not isinstance(value, dict):
            return value
        if "cases" in value:
            return self.resolve(value["cases"][self.cases[value["by"]]])
        return {k: self.resolve(v) for k, v in value.items()}

    def is_for(self, words):
        axes = {}
        for word in words:
            for axis in self.axes():
                if word["word"] in axis[1]:
                    axes.setdefault(axis[0], []).append(word["word"])
                    break
        return all(self.cases[a] in named for a, named in axes.items())

    def axes(self):
        found = {}
        for sku in self.spec.tree["skus"]:
            for axis, case in sku["cases"].items():
                found.setdefault(axis, [])
                if case not in found[axis]:
                    found[axis].append(case)
        return list(found.items())

    def lands(self, name):
        """Where a way to the step ends for this SKU: a step that it passes by stands for its `pass`."""
        by_name = {s["name"]: s for s in self.steps}
        while name in by_name and by_name[name] not in self.taken:
            good = next(r for r in by_name[name]["routes"] if r["outcome"] in ("pass", "approve"))
            name = good.get("step") or good.get("end")
        return name

    def visit(self):
        names = [s["name"] for s in self.taken]
        size = len(names)
        rows = [[Fraction(int(i == j)) for j in range(size)] + [Fraction(0)] for i in range(size)]
        rows[names.index(self.lands(self.steps[0]["name"]))][size] = Fraction(1)
        ways_out = [Fraction(0)] * size
        for i, step in enumerate(self.taken):
            left = Fraction(1)
            ways = []
            for route in step["routes"]:
                if route["outcome"] in ("pass", "approve"):
                    good = route
                    continue
                ratio = Fraction(0)
                if "expect" in route:
                    ratio = self.spec.number(route["expect"])
                elif route["outcome"] == "failure" and "yield" in step["fields"]:
                    ratio = 1 - self.spec.number(step["fields"]["yield"])
                left -= ratio
                ways.append((route, ratio))
            for route, ratio in ways + [(good, left)]:
                to = self.lands(route.get("step") or route.get("end"))
                if to in names:
                    rows[names.index(to)][i] -= ratio
                elif to == "done":
                    ways_out[i] += ratio
        visits = solve(rows)
        done = sum(v * w for v, w in zip(visits, ways_out))
        self.n = {name: self.quantity * v / done for name, v in zip(names, visits)}

    def count(self):
        largest = next((s["fields"]["size"]["to"] for s in self.taken if s["kind"] == "batch"
                        and "size" in s["fields"]), None)
        self.batches = math.ceil(self.quantity / Fraction(largest["value"])) if largest else 1
        per_order = Fraction(self.price["order_size"]["value"]) if "order_size" in self.price else 1
        self.orders = math.ceil(Fraction(self.quantity) / per_order)
        self.plates, self.samples = {}, {}
        plates = self.batches
        for step in self.taken:
            n, fields = self.n[step["name"]], step["fields"]
            if "plate" in fields:
                plates = max(math.ceil(n * self.contains[p["what"]["reference"]] / Fraction(p["count"]["value"]))
                             for p in fields["plate"])
            self.plates[step["name"]] = plates
            self.samples[step["name"]] = self.sample(fields["sample"], n) if "sample" in fields else None

    def sample(self, plan, n):
        lot = math.ceil(n / self.batches)
        number = self.spec.number(plan["number"]) if "number" in plan else None
        if plan["form"] == "all":
            return n
        if plan["form"] == "every":
            return Fraction(math.ceil(n / number))
        if plan["form"] == "first":
            return min(number, lot)
        if plan["form"] == "zero ltpd":
            bad = math.ceil(lot * number)
            number = next(k for k in range(1, lot + 1)
                          if 10 * math.comb(lot - bad, k) <= math.comb(lot, k))
        return min(number, lot) * self.batches

    def times(self, step, basis, unsaid):
        word = (basis or {}).get("word", unsaid if not basis else None)
        name = step["name"]
        if word is None:
            return self.contains[basis["reference"]] * self.n[name]
        return {"unit": self.n[name], "plate": self.plates[name], "batch": self.batches, "order": self.orders,
                "sample": self.samples[name], "run": 1}[word]

    def amount(self, step, field, unsaid):
        value = step["fields"].get(field)
        if value is None:
            return Fraction(0)
        return self.spec.number(value["amount"]) * self.times(step, value.get("basis"), unsaid)

    def lines(self, step):
        """The `do` lines of a step and of its standards."""
        found = list(step["fields"].get("do", []))
        for standard in step["fields"].get("using", []):
            found += self.resolve(self.spec.fields(standard)).get("do", [])
        return found

    def part(self, reference):
        return self.resolve(self.spec.named[reference["reference"]]["fields"])

    def labour(self, step):
        if "at" not in step["fields"]:
            return Fraction(0)
        rate = self.spec.number(self.resolve(self.spec.fields(step["fields"]["at"]))["rate"])
        hands = sum(self.spec.number(line["time"]) for line in self.lines(step) if "time" in line)
        return rate * (self.amount(step, "setup", "batch") + self.amount(step, "time", "unit")
                       + hands * self.n[step["name"]])

    def machine_time(self, step):
        fields, name = step["fields"], step["name"]
        if "run" in fields:
            return self.spec.number(fields["run"]) * self.plates[name]
        if "cycle" in fields:
            return self.amount(step, "cycle", "unit")
        total = Fraction(0)
        for made in fields.get("makes", []):
            part = self.part(made)
            own = part.get("print_time") or part.get("cycle")
            if own:
                total += self.spec.number(own) * self.contains[made["reference"]] * self.n[name]
        return total

    def material(self, step):
        total = Fraction(0)
        for made in step["fields"].get("makes", []):
            part = self.part(made)
            if "mass" not in part:
                continue
            stuff = self.resolve(self.spec.fields(part["material"]))
            waste = self.spec.number(stuff["waste"]) if "waste" in stuff else 0
            total += (self.spec.number(part["mass"]) * (1 + waste) * self.contains[made["reference"]]
                      * self.n[step["name"]] * self.spec.number(stuff["cost"]))
        return total

    def items(self, step):
        rows = list(step["fields"].get("consume", []))
        for line in self.lines(step):
            rows += line.get("consume", [])
        total = Fraction(0)
        for row in rows:
            thing = self.spec.named[row["what"]["reference"]]
            if thing["kind"] != "item":
                continue
            each = self.spec.number(self.resolve(thing["fields"])["cost"]) * Fraction(row["count"]["value"])
            if "per_units" in row:
                total += each * math.ceil(self.n[step["name"]] / Fraction(row["per_units"]["value"]))
            else:
                total += each * self.times(step, row.get("basis"), "unit")
        return total

    def bought(self, step):
        cost = step["fields"].get("cost")
        if not cost:
            return Fraction(0)
        total = sum(self.spec.number(t["money"]) * self.times(step, t.get("basis"), "unit") for t in cost["terms"])
        return max(total, self.spec.number(cost["at_least"])) if "at_least" in cost else total

    def once(self):
        total = Fraction(0)
        for name in self.contains:
            if self.spec.named[name]["kind"] != "part":
                continue
            part = self.resolve(self.spec.named[name]["fields"])
            if "tooling" in part:
                total += self.spec.number(part["tooling"])
            if "programming" in part:
                rate = self.spec.fields(part["programming"]["station"])["rate"]
                total += self.spec.number(part["programming"]["amount"]) * self.spec.number(rate)
        over = Fraction(self.price["amortize"]["value"]) if "amortize" in self.price else self.quantity
        return total / over

    def selling(self):
        best, most = None, -1
        for line in self.price.get("sell", []):
            words = line.get("for", [])
            named = {w["word"] for w in words}
            if self.is_for(words) and len(named & set(self.cases.values())) > most:
                best, most = line, len(named & set(self.cases.values()))
        met = [b for b in best["breaks"] if Fraction(b["quantity"]["value"]) <= self.asked] if best else []
        if not met:
            return None
        return self.spec.number(max(met, key=lambda b: Fraction(b["quantity"]["value"]))["price"])

    def per_unit(self):
        sums = dict.fromkeys(("labour", "machine", "energy", "material", "items", "outside", "shipping"), Fraction(0))
        shop = self.resolve(self.spec.shop)
        for step in self.taken:
            sums["labour"] += self.labour(step)
            sums["items"] += self.items(step)
            if step["kind"] in ("print", "cut"):
                machine = self.resolve(self.spec.fields(step["fields"]["on"][0]))
                time = self.machine_time(step)
                sums["machine"] += self.spec.number(machine["rate"]) * (time + self.amount(step, "setup", "batch"))
                if "power" in machine and "energy" in shop:
                    sums["energy"] += self.spec.number(machine["power"]) * time * self.spec.number(shop["energy"])
                sums["material"] += self.material(step)
            elif step["kind"] == "outsource":
                sums["outside"] += self.bought(step)
            elif step["kind"] == "ship":
                sums["shipping"] += self.bought(step)
        figures = {name: value / self.quantity for name, value in sums.items()}
        overhead = self.spec.number(shop["overhead"]) if "overhead" in shop else 0
        figures["once"] = self.once()
        figures["overhead"] = overhead * (figures["labour"] + figures["machine"])
        figures["unit_cost"] = sum(figures.values())
        price = figures["price"] = self.selling()
        figures["fees"] = figures["margin"] = None
        if price is not None:
            figures["fees"] = Fraction(0)
            for fee in self.price.get("fee", []):
                if "ratio" in fee:
                    figures["fees"] += self.spec.number(fee["ratio"]) * price
                if "fixed" in fee:
                    figures["fees"] += self.spec.number(fee["fixed"]) * self.orders / self.quantity
            if price:
                figures["margin"] = (price - figures["unit_cost"] - figures["fees"]) / price
        return figures


def six(value):
    """Six places, half to even."""
    if value is None:
        return None
    scaled = round(Fraction(value) * 10**6)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{abs(scaled) // 10**6}.{abs(scaled) % 10**6:06d}"


def cost(tree, sku, quantity):
    """What `flowc cost --format json` must print for one SKU."""
    run = Run(Spec(tree), sku, quantity)
    figures = run.per_unit()
    steps = [{"step": s["name"], "kind": s["kind"], "n": six(run.n[s["name"]]), "batches": str(run.batches),
              "plates": str(run.plates[s["name"]]), "orders": str(run.orders), "samples": six(run.samples[s["name"]])}
             for s in run.taken]
    return {"product": tree["product"], "sku": sku["sku"], "quantity": str(quantity),
            "currency": run.spec.shop["currency"]["word"], "total": six(figures["unit_cost"] * quantity),
            "per_unit": {name: six(value) for name, value in figures.items()}, "steps": steps}
