"""Why a pair, and why a city stays alone, as codes and parameters."""

from collections.abc import Iterator

import numpy as np

from apps.matching.engine.problem import UNIT
from apps.matching.engine.reasons import reason
from apps.matching.engine.result import Reason

from .features import NOT_STATED, Features, Ints
from .instance import Instance
from .nested import ALONE
from .optimum import Optimum
from .ranking import Ranking, least_loss
from .scores import CRITERIA, Scored, score_pairs, shared_minutes

ALTERNATIVES = 2
NAMES = 3


class Explainer:
    """Knows a solved instance; `score_of` (n,) is the score of each city's pair, 0 if alone."""

    def __init__(
        self, instance: Instance, optimum: Optimum, ranking: Ranking, pairs: Scored
    ) -> None:
        self.instance = instance
        self.features = instance.features
        self.optimum = optimum
        self.ranking = ranking
        self.pairs = pairs
        self.score_of = np.zeros(len(self.features.codes), np.int64)
        self.score_of[pairs.a], self.score_of[pairs.b] = pairs.score, pairs.score
        free = np.isin(pairs.a, instance.pins, invert=True)
        self.free_total = int(pairs.score[free].sum())

    def pair(self, at: int, pinned: bool) -> tuple[Reason, ...]:
        """Reasons of the pair in row `at` of the scored pairs."""
        a, b = int(self.pairs.a[at]), int(self.pairs.b[at])
        reasons = [reason("pinned")] if pinned else []
        reasons += self._criteria(at, a, b)
        reasons += self._not_stated(a, b)
        reasons += [*self._coverage(a, b), *self._coverage(b, a)]
        if not pinned:
            reasons += [*self._next_best(a), *self._next_best(b)]
        return tuple(reasons)

    def alone(self, city: int) -> tuple[Reason, ...]:
        """Reasons why a city has nobody: no candidate, or its candidates worth more elsewhere."""
        best = self.ranking.best_of(city, NAMES)
        if best:
            return tuple(self._lost(partner, score, edge) for partner, score, edge in best)
        partners = self.instance.partners_of(city)
        if len(partners) == 0:
            return (reason("no_partner"),)
        return tuple(self._no_candidate(city, partners))

    def _criteria(self, at: int, a: int, b: int) -> Iterator[Reason]:
        features, weights = self.features, self.instance.problem.weights
        rows, cols = np.array([a]), np.array([b])
        tie = int(self.pairs.values["tie"][at])
        shared = features.languages[a] & features.languages[b]
        details: dict[str, dict[str, int | str | bool | None]] = {
            "coverage": {
                "benefit_a": self._benefit(a, int(self.pairs.benefit_a[at])),
                "benefit_b": self._benefit(b, int(self.pairs.benefit_b[at])),
            },
            "tie": {"kind": "own" if tie == UNIT else "state" if tie else "none"},
            "history": {"a_to_b": self._helped(a, b), "b_to_a": self._helped(b, a)},
            "topics": {"shared": int((features.topics[a] & features.topics[b]).sum())},
            "working_day": {
                "minutes": int(shared_minutes(features, rows, cols)[0]),
                "language": bool(shared.any()),
            },
            "scale": {},
        }
        for name in CRITERIA:
            value, weight = int(self.pairs.values[name][at]), getattr(weights, name)
            points = weight * value // UNIT
            yield reason(name, value=value, weight=weight, points=points, **details[name])

    def _benefit(self, city: int, benefit: int) -> int | None:
        return benefit if self.features.has_needs(np.array([city]))[0] else None

    def _helped(self, giver: int, receiver: int) -> bool:
        helps = self.features.helps
        return bool(((helps[:, 0] == giver) & (helps[:, 1] == receiver)).any())

    def _not_stated(self, *cities: int) -> Iterator[Reason]:
        features = self.features
        for city in cities:
            code = features.codes[city]
            missing = {
                ("coverage", "needs"): self._benefit(city, 0) is None,
                ("topics", "topics"): not features.topics[city].any(),
                ("working_day", "utc_offset"): features.utc_offset[city] == NOT_STATED,
                ("working_day", "languages"): not features.languages[city].any(),
                ("scale", "population"): features.population[city] == NOT_STATED,
            }
            for (criterion, datum), lacks in missing.items():
                if lacks:
                    yield reason("not_stated", criterion=criterion, city=code, datum=datum)

    def _coverage(self, receiver: int, giver: int) -> Iterator[Reason]:
        """Item by item what the giver can meet of the receiver's needs, and what stays open."""
        to, by = self.features.codes[receiver], self.features.codes[giver]
        for item, needed, supply in _items_between(self.features, receiver, giver):
            covered = min(needed, supply)
            name = self.features.items[item]
            if covered:
                yield reason(
                    "covers", giver=by, receiver=to, item=name, needed=needed, covered=covered
                )
            if covered < needed:
                open_units = needed - covered
                yield reason("uncovered", city=to, item=name, needed=needed, uncovered=open_units)

    def _next_best(self, city: int) -> Iterator[Reason]:
        own = self.optimum.partner[city]
        ranked = self.ranking.best_of(city, ALTERNATIVES + 1)
        others = [entry for entry in ranked if entry[0] != own][:ALTERNATIVES]
        dual = self.optimum.duals[0]
        for partner, score, edge in others:
            loss = least_loss(self.instance, dual, city, partner, score)
            effect = "score"
            if self.ranking.lowest[edge] < dual.min_benefit:
                effect, loss = "lower_benefit", 0
            elif loss > self.free_total and dual.step:
                effect, loss = "fewer_cities", 0
            yield reason(
                "next_best",
                city=self.features.codes[city],
                partner=self.features.codes[partner],
                score=score,
                paired_with=self._partner_code(partner),
                effect=effect,
                loss=loss,
            )

    def _lost(self, partner: int, score: int, edge: int) -> Reason:
        code = self.features.codes[partner]
        lowest, threshold = int(self.ranking.lowest[edge]), self.optimum.duals[0].min_benefit
        if lowest < threshold:
            return reason(
                "below_threshold", partner=code, score=score, lowest=lowest, threshold=threshold
            )
        return reason(
            "outbid",
            partner=code,
            score=score,
            paired_with=self._partner_code(partner),
            their_score=int(self.score_of[partner]),
        )

    def _no_candidate(self, city: int, partners: Ints) -> Iterator[Reason]:
        instance, cities = self.instance, np.full(len(partners), city)
        floor = instance.problem.floor
        forbidden = np.isin(instance.keys(cities, partners), instance.forbidden_keys())
        if forbidden.all():
            yield reason("all_forbidden", forbidden=len(partners))
            return
        scored = score_pairs(self.features, instance.problem.weights, cities, partners)
        unrelated = ~forbidden & ~scored.related
        below = np.flatnonzero(~forbidden & scored.related)
        yield reason(
            "no_candidate",
            compared=len(partners),
            forbidden=int(forbidden.sum()),
            unrelated=int(unrelated.sum()),
            below_floor=len(below),
            floor=floor,
        )
        if len(below):
            nearest = below[np.argmax(scored.score[below])]
            code, score = self.features.codes[partners[nearest]], int(scored.score[nearest])
            yield reason("below_floor", partner=code, score=score, floor=floor)

    def _partner_code(self, city: int) -> str | None:
        partner = self.optimum.partner[city]
        return None if partner == ALONE else self.features.codes[partner]


def _items_between(features: Features, receiver: int, giver: int) -> Iterator[tuple[int, int, int]]:
    """Per item the receiver needs: the item, units needed, units the giver has for it."""
    here = slice(features.need_start[receiver], features.need_start[receiver + 1])
    items, units = features.need_item[here], features.need_units[here]
    taken = features.exclusions
    held_back = taken[(taken[:, 0] == giver) & (taken[:, 1] == receiver)]
    for item in np.unique(items).tolist():
        withheld = int(held_back[held_back[:, 2] == item, 3].sum())
        supply = int(features.supply[item, giver]) - withheld
        yield item, int(units[items == item].sum()), supply
