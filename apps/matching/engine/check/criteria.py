"""The published formulas once more, pair by pair in plain Python: what the checker believes."""

from collections import Counter, defaultdict

from apps.matching.engine.problem import MAX_QUANTITY, UNIT, City, Need, PairingProblem

URGENCY = {1: 8, 2: 4, 3: 2, 4: 1}


class Criteria:
    """Every criterion of a valid problem, for two city codes at a time, in millionths."""

    def __init__(self, problem: PairingProblem) -> None:
        self.weights = problem.weights
        self.cities = {city.code: city for city in problem.cities}
        self.needs: dict[str, list[Need]] = defaultdict(list)
        for need in problem.needs:
            self.needs[need.city].append(need)
        self.supply: Counter[tuple[str, str]] = Counter()
        self.withheld: Counter[tuple[str, str, str]] = Counter()
        for offer in problem.offers:
            units = MAX_QUANTITY if offer.quantity is None else offer.quantity
            self.supply[offer.city, offer.item] += units
            for receiver in set(offer.excluded):
                self.withheld[offer.city, offer.item, receiver] += units
        self.ties = {frozenset((tie.a, tie.b)) for tie in problem.ties}
        self.helps = {(row.giver, row.receiver) for row in problem.helps}

    def values(self, a: str, b: str) -> dict[str, int]:
        """All six criteria by name."""
        one, two = self.cities[a], self.cities[b]
        return {
            "coverage": (self.benefit(a, b) + self.benefit(b, a)) // 2,
            "tie": self._tie(one, two),
            "history": sum(UNIT // 2 for way in ((a, b), (b, a)) if way in self.helps),
            "topics": _jaccard(set(one.topics), set(two.topics)),
            "working_day": _working_day(one, two),
            "scale": _ratio(one.population, two.population),
        }

    def score(self, values: dict[str, int]) -> int:
        return sum(getattr(self.weights, name) * value // UNIT for name, value in values.items())

    def benefit(self, receiver: str, giver: str) -> int:
        """Share of the receiver's needs, weighed by urgency, that the giver's offers can meet."""
        needed: Counter[tuple[str, int]] = Counter()
        for need in self.needs[receiver]:
            needed[need.item, need.tier] += 1 if need.quantity is None else need.quantity
        per_item: Counter[str] = Counter()
        for (item, _), units in needed.items():
            per_item[item] += units
        parts = {
            key: 2**40 * URGENCY[key[1]] * units // per_item[key[0]]
            for key, units in needed.items()
        }
        whole, below, met = sum(parts.values()), 0, 0
        left = {item: self._available(giver, item, receiver) for item in per_item}
        for item, tier in sorted(needed):
            above = below + parts[item, tier]
            share = UNIT * above // whole - UNIT * below // whole
            used = min(left[item], needed[item, tier])
            met += share * used // needed[item, tier]
            left[item] -= used
            below = above
        return met

    def _available(self, giver: str, item: str, receiver: str) -> int:
        return self.supply[giver, item] - self.withheld[giver, item, receiver]

    def _tie(self, one: City, two: City) -> int:
        if frozenset((one.code, two.code)) in self.ties:
            return UNIT
        states = {_state(one), _state(two)}
        return UNIT // 2 if None not in states and frozenset(states) in self.ties else 0


def _state(city: City) -> str | None:
    return city.code if city.level == "state" else city.state_code


def _jaccard(one: set[str], two: set[str]) -> int:
    return UNIT * len(one & two) // len(one | two) if one | two else 0


def _working_day(one: City, two: City) -> int:
    value = UNIT // 2 if set(one.languages) & set(two.languages) else 0
    if one.utc_offset_minutes is not None and two.utc_offset_minutes is not None:
        apart = (one.utc_offset_minutes - two.utc_offset_minutes) % 1440
        shared = max(0, 480 - min(apart, 1440 - apart))
        value += UNIT // 2 * shared // 480
    return value


def _ratio(one: int | None, two: int | None) -> int:
    return UNIT * min(one, two) // max(one, two) if one and two else 0
