"""Published facts, typed in: the war in Syria and Iraq in February 2016 (Axelrod & Furnas 2016, after Axelrod & Bennett 1993).

Propensities are centred (-2..2) and symmetric.  The two scenarios differ in the strength of the Syrian government only.
"""

import numpy as np

ACTORS = (
    "US",
    "Russia",
    "Syria",
    "Turkey",
    "Saudi Arabia",
    "Iran",
    "IS",
    "Hezbollah",
    "Kurds",
    "Nusra",
    "Baghdad",
)
_UPPER = (
    (-1, -1, 2, 1, -1, -2, -2, 1, -1, 1),
    (1, -1, 0, 0, -2, 0, -1, -1, 1),
    (-2, -1, 1, -2, 1, -2, -1, 0),
    (0, -1, -1, 0, -1, -1, 0),
    (-2, -2, 0, 0, -1, 0),
    (-1, 2, 0, -1, -1),
    (-1, -2, -1, -2),
    (0, -1, 0),
    (-1, 0),
    (-1,),
)
PROPENSITY = np.zeros((11, 11))
for _i, _row in enumerate(_UPPER):
    PROPENSITY[_i, _i + 1 :] = _row
    PROPENSITY[_i + 1 :, _i] = _row
SIZES = {
    "base": np.array([10, 10, 50, 10, 10, 20, 100, 20, 40, 10, 50], float),
    "weak": np.array([10, 10, 10, 10, 10, 20, 100, 20, 40, 10, 50], float),
}
OPTIMA = {"base": (-83200.0, {"Turkey", "IS", "Nusra"}), "weak": (-65600.0, {"IS", "Nusra"})}
# One bloc, its energy, and what each actor adds, in the order of ACTORS.
DIVISIONS = {
    "base": [
        ({"US"}, -4200, (-2100, -100, -500, 200, 100, -200, -2000, -400, 400, -100, 500)),
        ({"US", "Russia"}, -7200, (-2000, -1600, 0, 100, 100, -200, -4000, -400, 0, -200, 1000)),
        (
            {"US", "Russia", "Iran", "IS", "Kurds", "Nusra"},
            -59600,
            (-100, 900, -13500, -1600, -2400, 200, -25000, -1800, -4400, -1400, -10500),
        ),
        ({"Russia"}, -3400, (-100, -1700, 500, -100, 0, 0, -2000, 0, -400, -100, 500)),
    ],
    "weak": [
        ({"US"}, -3400, (-1700, -100, -100, 200, 100, -200, -2000, -400, 400, -100, 500)),
        (
            {"US", "Russia", "Iran", "IS", "Kurds", "Nusra"},
            -38000,
            (300, 500, -2700, -1600, -2400, -600, -17000, -1800, -1200, -1000, -10500),
        ),
        ({"Russia"}, -4200, (-100, -2100, 100, -100, 0, 0, -2000, 0, -400, -100, 500)),
    ],
}
