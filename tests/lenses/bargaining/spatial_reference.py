"""The spatial model of politics a second time: plain Python lists, straight from the written specification, no shortcuts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

Matrix = list[list[float]]
OWN = {"none": 1.0, "one_third": 2 / 3, "half": 0.5, "two_thirds": 1 / 3, "full": 0.0}
DEFAULTS: dict[str, Any] = {
    "victory": "linear",
    "election": "conditional",
    "voting": "proportional",
    "risk_adjust": "one_third",
    "risk_range": "mid",
    "third_party": "semi",
    "inter_vector": "s2p2",
    "interpolation": "init",
}


def vote(rule: str, w: float, g: float) -> float:
    """a.1"""
    b = min(max(g / 1e-8, -1.0), 1.0)
    return {
        "proportional": w * g,
        "binary": w * b,
        "prop_bin": w * (0.8 * g + 0.2 * b),
        "cubic": w * g**3,
        "prop_cubic": w * (0.5 * g + 0.5 * g**3),
        "asymmetric": w * g if g < 0 else w * g * 2 / 3,
    }[rule]


def useful(d: float, r: float) -> float:
    """a.2"""
    return (1 - d) * (1 + r * d) if d <= 1 else (1 - d) * (1 + r)


def victory(model: str, a: float, b: float) -> float:
    """a.3.3"""
    if model == "linear":
        return a / (a + b)
    if model == "binary":
        if a >= 1.1 * b:
            return 1 / (1 + 1e-6)
        if b >= 1.1 * a:
            return 1e-6 / (1 + 1e-6)
        return (a / (a + b) * 2.1 - 1) / (1.1 - 1)
    e = {"square": 2, "quartic": 4, "octic": 8}[model]
    return a**e / (a**e + b**e)


@dataclass
class Game:
    """One game: positions, ideals and saliences on 0..1, options by name."""

    x: Matrix
    s: Matrix
    c: list[float]
    options: dict[str, Any]
    compat: bool = False
    accommodation: Matrix | None = None

    def __post_init__(self) -> None:
        self.options = DEFAULTS | self.options
        self.n = len(self.x)
        self.y = [list(row) for row in self.x]
        self.total = [sum(row) for row in self.s]
        self.omega = [t * c for t, c in zip(self.total, self.c, strict=True)]

    def distance(self, i: int, point: list[float]) -> float:
        norm = sum(s * s for s in self.s[i])
        if norm == 0:
            return 0.0
        gaps = zip(self.s[i], self.y[i], point, strict=True)
        return math.sqrt(sum((s * (y - p)) ** 2 for s, y, p in gaps) / norm)

    def election(self, u: Matrix) -> tuple[Matrix, Matrix, list[float]]:
        """a.3.2 to a.3.4 on utilities [actor][option]."""
        rule, size = self.options["voting"], len(u[0])
        c = [[1e-8] * size for _ in range(size)]
        for m in range(size):
            for n in range(m):
                votes = [vote(rule, self.c[k], u[k][m] - u[k][n]) for k in range(self.n)]
                if rule == "asymmetric" and not self.compat:
                    back = [vote(rule, self.c[k], u[k][n] - u[k][m]) for k in range(self.n)]
                    votes = [(v - w) / 2 for v, w in zip(votes, back, strict=True)]
                c[m][n] += sum(max(v, 0) for v in votes)
                c[n][m] += sum(max(-v, 0) for v in votes)
        v = [
            [victory(self.options["victory"], c[m][n], c[n][m]) if m != n else 0.5 for n in range(size)]
            for m in range(size)
        ]
        return c, v, self.probabilities(c, v)

    def probabilities(self, c: Matrix, v: Matrix) -> list[float]:
        size, model = len(c), self.options["election"]
        each = range(size)
        if model == "conditional":
            product = [math.prod(row) for row in v]
            return [p / sum(product) for p in product]
        p, limit = [1 / size] * size, 1e-6 if model == "markov_uniform" else 1e-8
        incentive = [[c[i][j] * v[i][j] + (1e-10 if i == j else 0) for j in each] for i in each]
        sums = [sum(incentive[k][j] for k in each) for j in each]
        for _ in range(999):
            if model == "markov_uniform":
                q = [sum(v[m][j] * (p[m] + p[j]) for j in each) / size for m in each]
            else:
                t = [[p[i] * incentive[j][i] / sums[i] for j in each] for i in each]
                q = [sum(v[i][j] * (t[i][j] + t[j][i]) for j in each) for i in each]
            change = max(abs(a - b) for a, b in zip(p, q, strict=True))
            p = [(a + b) / 2 for a, b in zip(p, q, strict=True)]
            if change <= limit:
                return p
        raise ArithmeticError

    def look(self) -> None:
        """a.2 to a.4"""
        each = range(self.n)
        self.d = [[self.distance(i, self.x[j]) for j in each] for i in each]
        self.c_, self.v_, self.p_ = self.election([[1 - self.d[i][j] for j in each] for i in each])
        low, high = min(self.p_), max(self.p_)
        if high - low <= (0 if self.compat else 1e-12 * high):
            self.r = [math.nan if self.compat else 0.0] * self.n
        else:
            of = {
                "min": lambda p: (p - low) / (high - low),
                "mid": lambda p: (3 * p - high - 2 * low) / (2 * (high - low)),
                "max": lambda p: (2 * p - high - low) / (high - low),
            }[self.options["risk_range"]]
            self.r = [of(p) for p in self.p_]
        a = OWN[self.options["risk_adjust"]]
        self.u = [
            [[useful(self.d[i][j], a * self.r[h] + (1 - a) * self.r[i]) for j in each] for i in each]
            for h in each
        ]

    def contest(self, h: int, i: int, j: int) -> tuple[float, float]:
        """a.5: probability and gain for i, in the view of h."""
        u, rule = self.u[h], self.options["voting"]
        vi = vote(rule, self.omega[i], u[i][i] - u[i][j])
        vj = vote(rule, self.omega[j], u[j][i] - u[j][j])
        a0 = a = 1e-10 + max(vi, 0) + max(vj, 0)
        b0 = b = 1e-10 + max(-vi, 0) + max(-vj, 0)
        for n in range(self.n):
            if n in (i, j):
                continue
            little = vote(rule, self.omega[n], u[n][i] - u[n][j])
            p = (a0 + max(little, 0)) / (a0 + b0 + abs(little))
            q = 1 - p
            g = 0.0
            if self.options["third_party"] == "semi":
                g = (p * (2 * u[n][i] + u[n][n]) + q * 3 * u[n][j]) - (
                    p * 3 * u[n][i] + q * (2 * u[n][j] + u[n][n])
                )
            t = vote(rule, self.omega[n], g)
            a, b = a + max(t, 0), b + max(-t, 0)
        p, fights = a / (a + b), self.total[j]
        win, stay = 2 * u[i][i], u[i][i] + u[i][j]
        fought = p * win + (1 - p) * 2 * u[i][j]
        return p, (1 - fights) * win + fights * fought - stay

    def target(self, i: int) -> int | None:
        best, found = -1.0, None
        for j in range(self.n):
            if j == i:
                continue
            gain = self.contest(i, i, j)[1]
            if gain > 1e-5 and gain > best + 1e-12:
                best, found = gain, j
        return found

    def between(self, i: int, j: int, p: float) -> Matrix:
        """a.6: where i and where j would move."""
        first, second, e = [], [], 1e-6
        for k in range(len(self.x[i])):
            xi, xj, si, sj = self.x[i][k], self.x[j][k], self.s[i][k], self.s[j][k]
            if self.options["inter_vector"] == "s2pmax":
                di, dj = max(0, (1 - p) - p), max(0, p - (1 - p))
                fi = di * sj**2 / (di * sj**2 + e + (1 - di) * si**2)
                fj = dj * si**2 / (dj * si**2 + e + (1 - dj) * sj**2)
                first.append(xi + fi * (xj - xi))
                second.append(xj + fj * (xi - xj))
                continue
            m = 2 if self.options["inter_vector"] == "s2p2" else 1
            wi, wj = si**m * p**m, sj**m * (1 - p) ** m
            w = wi + e + wj
            first.append(math.trunc(1e4 * (((wi + e) * xi + wj * xj) / w) + 0.5) / 1e4)
            second.append(math.trunc(1e4 * ((wi * xi + (wj + e) * xj) / w) + 0.5) / 1e4)
        return [first, second]

    def offers(self, i: int, j: int) -> list[Matrix]:
        mine = self.between(i, j, self.contest(i, i, j)[0])
        kind = self.options["interpolation"]
        if kind == "init":
            return [mine]
        p, gain = self.contest(j, i, j)
        theirs = self.between(i, j, gain if self.compat else p)
        if kind == "init_receiver":
            return [mine, theirs]
        wi = self.c[i] * self.total[i]
        wj = (self.c[i] if self.compat else self.c[j]) * self.total[j]
        sides = zip(mine, theirs, strict=True)
        return [
            [[(wi * a + wj * b) / (wi + wj) for a, b in zip(one, two, strict=True)] for one, two in sides]
        ]

    def worth(self, option: tuple[int, int, Matrix], n: int) -> float:
        i, j, points = option
        terms = []
        for m in range(self.n):
            if i != j and m in (i, j):
                terms.append(useful(self.distance(n, points[0 if m == i else 1]), self.r[n]))
            else:
                terms.append(useful(self.d[n][m], self.r[n]))
        # The sum must not depend on the order of the terms.
        return math.fsum(terms) / self.n

    def turn(self, luck: list[float] | None = None) -> float:
        """a.2 to a.8; how far everybody moved."""
        self.look()
        queues: list[list[tuple[int, int, Matrix]]] = [[] for _ in range(self.n)]
        for i in range(self.n):
            queues[i].append((i, i, [self.x[i], self.x[i]]))
            j = self.target(i)
            if j is not None:
                for points in self.offers(i, j):
                    queues[i].append((i, j, points))
                    queues[j].append((i, j, points))
        after = []
        for k, queue in enumerate(queues):
            p = [1.0]
            if len(queue) > 1:
                p = self.election([[self.worth(option, n) for option in queue] for n in range(self.n)])[2]
            i, _, points = queue[chosen(p, None if luck is None else luck[k])]
            after.append(points[0 if i == k else 1])
        moved = sum(math.dist(a, b) for a, b in zip(self.x, after, strict=True))
        self.x = [list(row) for row in after]
        self.follow()
        return moved

    def follow(self) -> None:
        """a.8: ideals."""
        if self.accommodation is None:
            self.y = [list(row) for row in self.x]
            return
        for i, shares in enumerate(self.accommodation):
            left = max(0.0, 1 - sum(shares))
            for k in range(len(self.x[i])):
                drawn = sum(a * row[k] for a, row in zip(shares, self.x, strict=True))
                self.y[i][k] = drawn + left * self.y[i][k]

    def play(self, most: int = 100) -> list[Matrix]:
        """a.8: positions turn by turn."""
        found = [[list(row) for row in self.x]]
        first = 0.0
        for turn in range(1, most + 1):
            moved = self.turn()
            found.append([list(row) for row in self.x])
            first = moved if turn == 1 else first
            if turn >= 2 and moved / (first + 1e-4) < 0.02:
                break
        return found


def chosen(p: list[float], luck: float | None) -> int:
    """The first of the likeliest, or the one that a uniform number falls on."""
    if luck is None:
        return next(m for m, q in enumerate(p) if q >= (1 - 1e-12) * max(p))
    below = 0.0
    for m, q in enumerate(p):
        below += q
        if luck < below:
            return m
    return len(p) - 1
