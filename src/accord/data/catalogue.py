"""The kinds of file that ``accord data import`` knows."""

from __future__ import annotations

from accord.data.kinds import Column, Kind, State, head

_LEEDS = (
    "B. A. Leeds, J. M. Ritter, S. M. Mitchell and A. G. Long, 'Alliance Treaty Obligations and Provisions, 1815-1944',"
    " International Interactions 28 (2002) 237-260"
)


def _flag(name: str, *heads: str, needed: bool = False) -> Column:
    """A column that holds 0 or 1."""
    return Column(name, heads=heads, needed=needed, low=0, high=1)


def _year(name: str, *heads: str, needed: bool = True, low: float = 1494) -> Column:
    """A year; 0 may stand for "not over" where *low* is 0."""
    return Column(name, heads=heads, needed=needed, low=low, high=2100)


def _days(*names: str) -> tuple[Column, ...]:
    """Months and days, 0 where unknown."""
    return tuple(Column(name, low=0, high=12 if "mo" in name else 31) for name in names)


_OBLIGATIONS = tuple(
    _flag(name, needed=True) for name in ("defense", "offense", "neutral", "nonagg", "consul")
)
_TERM = Column("term", needed=True, low=0, high=3)

# As far as months and days are known.
_ENDS_BEFORE = (
    "endyr > 0 AND (endyr < begyr OR (endyr = begyr AND endmo > 0 AND begmo > 0 AND (endmo < begmo"
    " OR (endmo = begmo AND endday > 0 AND begday > 0 AND endday < begday))))"
)

ATOP_ALLIANCE = Kind(
    "atop-alliance",
    "ATOP, one row an alliance",
    "alliances",
    (
        Column("atopid", needed=True),
        _year("begyr"),
        *_days("begmo", "begday"),
        _year("endyr", low=0),
        *_days("endmo", "endday"),
        _flag("ineffect", needed=True),
        _flag("bilat", needed=True),
        _flag("wartime"),
        Column("speclgth", low=0, high=3),
        Column("length", low=0),
        _TERM,
        *_OBLIGATIONS,
        Column("asymm", low=0, high=1),
        Column("milaid", low=0, high=4),
        Column("version", "text"),
    ),
    ("atopid",),
    _LEEDS,
    gather=(("members", r"mem\d+"),),
    rules=(
        ("ineffect = 0 AND endyr = 0", "no longer in effect, but without a year of its end"),
        ("ineffect = 1 AND endyr > 0", "in effect, but with a year of its end"),
        (_ENDS_BEFORE, "ends before it begins"),
    ),
    version="version",
)

ATOP_MEMBER = Kind(
    "atop-member",
    "ATOP, one row a member",
    "alliance_members",
    (
        Column("atopid", needed=True),
        Column("member", needed=True),
        Column("phase", low=0),
        _year("yrent"),
        *_days("moent", "dayent"),
        _year("yrexit", low=0),
        *_days("moexit", "dayexit"),
        _flag("ineffect", needed=True),
        _TERM,
        *_OBLIGATIONS,
        Column("version", "text"),
    ),
    ("atopid", "member", "phase", "yrent", "moent", "dayent"),
    _LEEDS,
    states=(State("ccode", (("cow", "member"),)),),
    version="version",
)

ATOP_DYAD = Kind(
    "atop-dyad",
    "ATOP, one row a pair of states and year",
    "alliance_dyads",
    (
        Column("ccode1", heads=("ccode1", "mem1", "stateA"), needed=True),
        Column("ccode2", heads=("ccode2", "mem2", "stateB"), needed=True),
        _year("year"),
        *(
            _flag(name, f"atop_{name}", name, needed=True)
            for name in ("defense", "offense", "neutral", "nonagg", "consul")
        ),
        Column("version", "text"),
    ),
    ("ccode1", "ccode2", "year"),
    _LEEDS,
    states=(State("state1", (("cow", "ccode1"),)), State("state2", (("cow", "ccode2"),))),
    version="version",
)

ICEWS = Kind(
    "icews",
    "ICEWS coded events, one row an event",
    "events",
    (
        Column("event_id", needed=True),
        Column("date", "date", ("Event Date",), needed=True),
        Column("source_country", "text"),
        Column("target_country", "text"),
        Column("cameo", "text", ("CAMEO Code",), needed=True),
        Column("intensity", "number", low=-10, high=10),
    ),
    ("event_id",),
    "E. Boschee and others, 'ICEWS Coded Event Data', Harvard Dataverse, doi:10.7910/DVN/28075",
    states=(State("source", (("name", "source_country"),)), State("target", (("name", "target_country"),))),
    either=(("source_country",), ("target_country",)),
    rules=(
        (
            "NOT regexp_full_match(cameo, '(0[1-9]|1[0-9]|20)[0-9]{0,2}')",
            "cameo is no CAMEO code (01 to 20, and digits)",
        ),
    ),
    adds=True,
    quoted=False,
)

NMC = Kind(
    "nmc",
    "COW National Material Capabilities, one row a state and year",
    "capabilities",
    (
        Column("ccode", needed=True),
        _year("year"),
        *(
            Column(name, "number", low=0, missing=("-9",))
            for name in ("milex", "milper", "irst", "pec", "tpop", "upop")
        ),
        Column("cinc", "number", needed=True, low=0, high=1),
        Column("version", "text"),
    ),
    ("ccode", "year"),
    "J. D. Singer, S. Bremer and J. Stuckey (1972), 'Capability distribution, uncertainty, and major power war';"
    " Correlates of War, National Material Capabilities",
    states=(State("state", (("cow", "ccode"),)),),
    version="version",
)

_BALLOT = {"yes": 1, "abstain": 2, "no": 3, "absent": 8, "1": 1, "2": 2, "3": 3, "8": 8, "9": 9}
_VOETEN = "E. Voeten, A. Strezhnev and M. Bailey, 'United Nations General Assembly Voting Data', doi:10.7910/DVN/LEJUQZ"

UN_VOTES = Kind(
    "un-votes",
    "votes in the UN General Assembly, one row a state and roll call",
    "votes",
    (
        Column("rcid", needed=True),
        Column("cow", heads=("ccode",)),
        Column("code", "text", ("country_code",)),
        Column("country", "text", ("countryname", "country")),
        Column("vote", "word", needed=True, words=_BALLOT),
        _year("year", needed=False, low=1945),
        Column("session", low=1),
    ),
    ("rcid", "ccode"),
    _VOETEN,
    states=(State("ccode", (("cow", "cow"), ("iso2", "code"), ("name", "country")), needed=True),),
    either=(("cow", "code", "country"),),
)

UN_ROLL_CALLS = Kind(
    "un-roll-calls",
    "roll calls of the UN General Assembly, one row a roll call",
    "roll_calls",
    (
        Column("rcid", needed=True),
        Column("date", "date", needed=True),
        Column("session", low=1),
        _flag("important", "importantvote"),
        Column("resolution", "text", ("unres",)),
        Column("about", "text", ("short", "descr")),
    ),
    ("rcid",),
    _VOETEN,
    never=("vote",),
)

IDEAL_POINTS = Kind(
    "ideal-points",
    "ideal points from UN votes, one row a state and year",
    "ideal_points",
    (
        Column("ccode", needed=True),
        _year("year", low=1945),
        Column("point", "number", ("idealpointfp", "idealpoint", "idealpointall"), low=-10, high=10),
        Column("low", "number", ("q5fp", "q5", "q5all"), low=-10, high=10),
        Column("high", "number", ("q95fp", "q95", "q95all"), low=-10, high=10),
        Column("votes", "number", ("nvotesfp", "nvotes", "nvotesall"), low=0),
    ),
    ("ccode", "year"),
    "M. A. Bailey, A. Strezhnev and E. Voeten, 'Estimating dynamic state preferences from United Nations voting data',"
    " Journal of Conflict Resolution 61 (2017) 430-456",
    states=(State("state", (("cow", "ccode"),)),),
    either=(("point",),),
)

LEADERS = Kind(
    "leaders",
    "leaders in office, one row a term",
    "leaders",
    (
        Column("term", "text", ("obsid", "term"), needed=True),
        Column("cow", heads=("ccode",)),
        Column("gw", heads=("gwcode",)),
        Column("leader", "text", needed=True),
        Column("start", "date", ("startdate", "start"), needed=True),
        Column("end", "date", ("enddate", "end")),
        Column("entry", "text"),
        Column("exit", "text"),
    ),
    ("term",),
    "H. E. Goemans, K. S. Gleditsch and G. Chiozza, 'Introducing Archigos', Journal of Peace Research 46 (2009) 269-283",
    states=(State("ccode", (("cow", "cow"), ("gw", "gw")), needed=True),),
    either=(("cow", "gw"),),
    rules=(('"end" < start', "ends before it begins"),),
)

COALITIONS = Kind(
    "coalitions",
    "changes of leaders' support coalitions, one row a state and year",
    "coalitions",
    (
        Column("ccode", needed=True),
        _year("year"),
        Column("leader", "text"),
        Column("leader_changes", heads=("leadertrans", "leader_changes"), low=0),
        Column("changes", heads=("solschange", "changes"), needed=True, low=0),
    ),
    ("ccode", "year"),
    "M. Mattes, B. A. Leeds and N. Matsumura, 'Measuring change in source of leader support: the CHISOLS dataset',"
    " Journal of Peace Research 53 (2016) 259-267",
    states=(State("state", (("cow", "ccode"),)),),
)

DISPUTES = Kind(
    "disputes",
    "militarised disputes, one row a pair of states, dispute and year",
    "disputes",
    (
        Column("dispute", heads=("dispnum", "dispute"), needed=True),
        Column("ccode1", needed=True),
        Column("ccode2", needed=True),
        _year("year"),
        _flag("onset", "gmlmidonset", "onset"),
        Column("hostility", heads=("hostlev", "hostility"), low=0, high=5, missing=("-9",)),
        Column("fatality", low=0, high=6, missing=("-9",)),
    ),
    ("dispute", "ccode1", "ccode2", "year"),
    "D. M. Gibler, S. V. Miller and E. K. Little, 'An analysis of the Militarized Interstate Dispute (MID) dataset,"
    " 1816-2001', International Studies Quarterly 60 (2016) 719-730",
    states=(State("state1", (("cow", "ccode1"),)), State("state2", (("cow", "ccode2"),))),
)

RIVALRIES = Kind(
    "rivalries",
    "rivalries, one row a pair of states",
    "rivalries",
    (
        Column("rivalry", heads=("rivalryno", "tssr_id", "rivalry"), needed=True),
        Column("ccode1", needed=True),
        Column("ccode2", needed=True),
        _year("start", "styear", "start", low=1400),
        _year("end", "endyear", "end", needed=False, low=1400),
    ),
    ("rivalry", "ccode1", "ccode2", "start"),
    "W. R. Thompson and D. R. Dreyer, 'Handbook of International Rivalries' (2011)",
    states=(State("state1", (("cow", "ccode1"),)), State("state2", (("cow", "ccode2"),))),
    rules=(('"end" < start', "ends before it begins"),),
)

REGIMES = Kind(
    "regimes",
    "electoral democracy, one row a state and year",
    "regimes",
    (
        Column("ccode", heads=("ccode", "COWcode"), needed=True),
        _year("year"),
        Column("polyarchy", "number", ("v2x_polyarchy", "polyarchy"), low=0, high=1),
    ),
    ("ccode", "year"),
    "M. Coppedge and others, 'V-Dem Dataset', Varieties of Democracy Project",
    states=(State("state", (("cow", "ccode"),)),),
    either=(("polyarchy",),),
)

COMPLIANCE = Kind(
    "compliance",
    "alliances tested by war, one row an alliance and war",
    "compliance",
    (
        Column("war", heads=("warid", "war"), needed=True),
        Column("atopid", needed=True),
        _flag("honoured", "honorLLM", "honoured"),
        _flag("violated", "violateLLM", "violated"),
        *_OBLIGATIONS,
    ),
    ("war", "atopid"),
    "M. Berkemeier and M. Fuhrmann, 'Reassessing the fulfillment of alliance commitments in war',"
    " Research & Politics 5 (2018)",
    either=(("honoured",), ("violated",)),
    rules=(("honoured = 1 AND violated = 1", "both honoured and violated"),),
)

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        ATOP_ALLIANCE,
        ATOP_MEMBER,
        ATOP_DYAD,
        ICEWS,
        NMC,
        UN_VOTES,
        UN_ROLL_CALLS,
        IDEAL_POINTS,
        LEADERS,
        COALITIONS,
        DISPUTES,
        RIVALRIES,
        REGIMES,
        COMPLIANCE,
    )
}


def kinds_of(header: list[str]) -> list[Kind]:
    """Kinds that a header has every needed column of, those with most matched columns first."""
    heads = {head(text) for text in header}
    fits = [kind for kind in KINDS.values() if not kind.lacks(header) and not heads & set(kind.never)]
    return sorted(fits, key=lambda kind: (-len(kind.found(header)), kind.name))
