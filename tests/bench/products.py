"""What a catalogue of products looks like, as lines of .flow: five shapes, each varied by a sequence of numbers that is
the same in every run. The shapes are those of examples/: a printed kit, a resin figure, a powder build, a milled bracket
with a packet, and the left-hand version of a kit by `like`.
"""
from shapes import KIT_FIT, KIT_HEAD, KIT_PART, KIT_WORK, LIKE, MILLED, POWDER, RESIN, SUPPLIES

ADJECTIVES = "slim wide low tall round flat quiet plain twin heavy light short long deep open".split()
OBJECTS = "rail hook clip stand bracket cover foot tray holder guide knob frame spacer cap sleeve".split()
PLACES = "desk wall bench shelf door rack panel window drawer bike lamp cable tool camera speaker".split()


class Chance:
    """Numbers that look drawn, and are the same in every run and on every machine."""

    def __init__(self, seed):
        self.state = seed * 2654435761 + 12345 & 0xFFFFFFFF

    def number(self, low, high):
        self.state = self.state * 1664525 + 1013904223 & 0xFFFFFFFF
        return low + (self.state >> 8) % (high - low + 1)

    def word(self, words):
        return words[self.number(0, len(words) - 1)]


GROUP_SIZE = 20  # products that share screws and inserts


def facts(index, pins):
    """The words and numbers of one product."""
    chance = Chance(index)
    adjective, place = chance.word(ADJECTIVES), chance.word(PLACES)
    first = chance.number(0, len(OBJECTS) - 1)
    price = chance.number(90, 99)
    return {
        "id": f"{index:05d}", "group": f"{index // GROUP_SIZE:04d}", "name": f"{adjective}_{place}_{index:05d}",
        "title": f"{adjective.capitalize()} {place} {OBJECTS[first]} no. {index}", "revision": chance.word("ABCDE"),
        "iron": chance.number(205, 230), "press": chance.number(4, 9), "m": chance.number(3, 5),
        "length": chance.number(8, 30), "cent": chance.number(2, 9), "cents": chance.number(10, 39),
        "infill": chance.number(10, 40), "small_min": chance.number(8, 20), "large_min": chance.number(21, 40),
        "small_g": chance.number(1, 3), "large_g": chance.number(4, 9), "size": chance.number(12, 39),
        "pocket": chance.number(5, 20), "batch_min": chance.number(3, 9), "yield": chance.number(5, 8),
        "glue": chance.number(90, 180), "insert_s": chance.number(20, 50), "fit_s": chance.number(8, 20),
        "pull": chance.number(1, 4), "price": price, "price_10": price - 2, "price_50": price - 5,
        "large": price + 30, "large_10": price + 26, "large_50": price + 22, "first_object": first,
        "pin_small": pins[1], "pin_large": pins[2], "pin_milled": pins[6],
    }


def kit(values, part_count, sibling):
    """A printed kit of some parts; with its left-hand sibling where wanted."""
    names = [OBJECTS[(values["first_object"] + i) % len(OBJECTS)] for i in range(part_count)]
    ids = [f"{name}_{values['id']}" for name in names]
    values = dict(values, first=names[0], second=names[1], contains=", ".join(f"{i} x 1" for i in ids),
                  consume=", ".join(f"{i} x 1" for i in ids), makes=", ".join(ids),
                  plate=", ".join(f"{i} x 2" for i in ids),
                  checks="\n".join(f"    check   {i}.{'seat' if n == 0 else 'boss'}\n    check   {i}.pocket_{name}"
                                   for n, (i, name) in enumerate(zip(ids, names))))
    text = KIT_HEAD.substitute(values)
    for number, name in enumerate(names):
        text += KIT_PART.substitute(values, part=name, part_title=name.capitalize(),
                                    feature="seat" if number == 0 else "boss",
                                    size=f"{values['size']}.8" if number == 0 else f"{values['size']}.2",
                                    **{"class": "critical" if number == 0 else "major   "})
    values["more"] = "".join(KIT_FIT.substitute(values, part=name) for name in names[2:])
    text += KIT_WORK.substitute(values)
    return text + (LIKE.substitute(values) if sibling else "")


def supplies(values):
    return SUPPLIES.substitute(values)


def product(index, pins):
    """The text of the product of this number, with what its group shares where it begins one."""
    values = facts(index, pins)
    text = supplies(values) if index % GROUP_SIZE == 0 else ""
    shape = index % 5
    if shape == 0:
        return text + kit(values, 2 + index // 5 % 3, False)
    if shape == 1:
        return text + RESIN.substitute(values)
    if shape == 2:
        return text + POWDER.substitute(values)
    if shape == 3:
        return text + MILLED.substitute(values)
    return text + kit(values, 2, True)
