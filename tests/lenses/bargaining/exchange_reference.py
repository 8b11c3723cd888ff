"""Position exchange a second time: plain Python straight from the written specification, in whatever numbers it is given."""

from __future__ import annotations

from fractions import Fraction


class Plain:
    """One round; every number a fraction, so nothing is decided by rounding."""

    def __init__(self, x, s, c) -> None:
        self.x, self.s, self.c = x, s, c
        self.issues = range(len(x[0]))
        self.pool = []

    def holders(self, q):
        return [a for a in range(len(self.x)) if self.x[a][q] is not None]

    def total(self, q):
        return sum(self.s[a][q] * self.c[a][q] for a in self.holders(q))

    def mean(self, q, places=None):
        at = lambda a: (places or {}).get(a, self.x[a][q])  # noqa: E731
        return sum(at(a) * self.s[a][q] * self.c[a][q] for a in self.holders(q)) / self.total(q)

    def create(self) -> None:
        means = [self.mean(q) for q in self.issues]
        left = {(a, q): self.x[a][q] <= means[q] for q in self.issues for a in self.holders(q)}
        for p in self.issues:
            for q in range(p + 1, len(self.issues)):
                both = [a for a in self.holders(p) if a in self.holders(q)]
                kind = {a: (left[a, p], left[a, q]) for a in both}
                pairs = [(i, j) for i in both if kind[i] == (0, 0) for j in both if kind[j] == (1, 1)]
                pairs += [(i, j) for i in both if kind[i] == (1, 0) for j in both if kind[j] == (0, 1)]
                for i, j in pairs:
                    if self.s[i][p] / self.s[i][q] < self.s[j][p] / self.s[j][q]:
                        i, j = j, i
                    sides = [
                        {"a": i, "on": q, "now": self.x[i][q], "aim": self.x[j][q], "moves": []},
                        {"a": j, "on": p, "now": self.x[j][p], "aim": self.x[i][p], "moves": []},
                    ]
                    deal = {"sides": sides, "believed": {}}
                    self.size(deal)
                    self.pool.append(deal)

    def size(self, deal) -> None:
        i, j = (side["a"] for side in deal["sides"])
        q, p = (side["on"] for side in deal["sides"])
        s, c = self.s, self.c
        gap_q, gap_p = (side["aim"] - side["now"] for side in deal["sides"])
        dp = abs(gap_p) * s[j][p] * c[j][p] / self.total(p)
        dq = dp * (s[j][p] + s[i][p]) / (s[j][q] + s[i][q])
        far = [dq * self.total(q) / (c[i][q] * s[i][q]), abs(gap_p)]
        if far[0] > abs(gap_q):
            dq = abs(gap_q) * s[i][q] * c[i][q] / self.total(q)
            dp = dq * (s[i][q] + s[j][q]) / (s[i][p] + s[j][p])
            far = [abs(gap_q), dp * self.total(p) / (c[j][p] * s[j][p])]
        for side, size, gap in zip(deal["sides"], far, (gap_q, gap_p), strict=True):
            side["moves"].append(size if gap > 0 else -size)
            side["vote"] = side["now"] + side["moves"][-1]
        deal["gain"] = abs(dq * s[i][q] - dp * s[i][p])
        deal["valid"] = self.valid(deal) and deal["gain"] >= Fraction(1, 10**10)
        if deal["valid"]:
            for z in (0, 1):
                self.cut(deal, z)
            deal["valid"] = self.valid(deal)

    def valid(self, deal) -> bool:
        return all(
            Fraction(1, 10**10) < abs(side["moves"][-1]) <= 100
            and 0 <= side["now"] + side["moves"][-1] <= 100
            and sum(side["moves"]) <= 100
            and (all(m > 0 for m in side["moves"]) or all(m < 0 for m in side["moves"]))
            for side in deal["sides"]
        )

    def cut(self, deal, z) -> None:
        side, other = deal["sides"][z], deal["sides"][1 - z]
        me, you, q, p, t = side["a"], other["a"], side["on"], other["on"], side["aim"]
        believed = {a: y for (a, issue), y in deal["believed"].items() if issue == q}
        n0 = self.mean(q, believed | {me: side["now"]})
        n1 = self.mean(q, believed | {me: side["vote"]})
        if (t >= n0 and t >= n1) or (t <= n0 and t <= n1):
            return
        s, c, own = self.s, self.c, self.s[me][q] * self.c[me][q]
        stands = self.mean(q, believed | {me: believed.get(me, side["now"])})
        delta = abs(t - stands) * self.total(q) / own
        rz = delta * own / self.total(q)
        ro = rz * (s[me][q] + s[you][q]) / (s[me][p] + s[you][p])
        back = ro * self.total(p) / (c[you][p] * s[you][p])
        for one, size in ((side, delta), (other, back)):
            one["moves"][-1] = size if one["moves"][-1] > 0 else -size
            one["vote"] = one["now"] + one["moves"][-1]
        deal["gain"] = abs(rz * s[me][q] - ro * s[me][p])

    def react(self, deal, done) -> None:
        hit = False
        for side in deal["sides"]:
            for other in done["sides"]:
                if (side["a"], side["on"]) == (other["a"], other["on"]):
                    side["now"] = other["vote"]
                    side["moves"].append(other["moves"][-1])
                    hit = True
        if hit:
            for side in deal["sides"]:
                side["moves"].pop()
        i, j = done["sides"]
        for d, s in ((j, i), (i, j)):
            for f in (0, 1):
                demand = deal["sides"][1 - f]["on"]
                if (deal["sides"][f]["a"], demand) != (d["a"], s["on"]):
                    continue
                key, y = (s["a"], s["on"]), s["vote"]
                if key in deal["believed"]:
                    u = deal["believed"][key]
                    y = min(u, y) if self.x[s["a"]][s["on"]] <= u else max(u, y)
                deal["believed"][key] = y
                if not hit:
                    for side in deal["sides"]:
                        side["moves"].pop()
                    hit = True
        if hit:
            self.size(deal)

    def play(self):
        self.create()
        done = []
        while self.pool:
            self.pool.sort(key=lambda deal: -deal["gain"])
            deal = self.pool.pop(0)
            if not deal["valid"]:
                continue
            done.append(deal)
            self.pool = [other for other in self.pool if other["valid"]]
            for other in self.pool:
                self.react(other, deal)
            self.pool = [other for other in self.pool if other["valid"]]
        return done


def plain(x, s, c, rounds, part=Fraction):
    """Preferences by round and deals by round; *part* makes the two constants, by default exact ones."""
    courses, deals = [x], []
    for _ in range(rounds):
        done = Plain(x, s, c).play()
        after = [list(row) for row in x]
        for deal in done:
            for side in deal["sides"]:
                a, q = side["a"], side["on"]
                care, tenth = (1 - s[a][q]) * part(4, 10), part(1, 10)
                after[a][q] = (care + tenth) * side["vote"] + (1 - care - tenth) * x[a][q]
        # Rounded to thirty digits, for fractions grow without end.
        x = [[y if y is None else round(y, 30) for y in row] for row in after]
        courses.append(x)
        deals.append(done)
    return courses, deals
