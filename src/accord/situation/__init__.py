"""What the analyst knows: frozen records, every number an estimate with its evidence."""

from accord.situation.actor import Actor, ActorKind, Faction, Resource
from accord.situation.claim import Bound, Change, Claim, Comparison, Correlation, Resolution, Scenario, Shock
from accord.situation.day import Day
from accord.situation.declare import (
    PROBABILITY,
    SHARE,
    Ask,
    FreeNames,
    Range,
    Ref,
    Term,
    Vocabulary,
    mark,
    matches,
)
from accord.situation.estimate import CREDIBILITY, DISTRIBUTIONS, RELIABILITY, Citation, Estimate, Source
from accord.situation.frozen import Frozen
from accord.situation.issue import FactionStance, Issue, Scale, Stance
from accord.situation.option import Option, Preference, Rule
from accord.situation.partnership import (
    Client,
    Obligation,
    Offer,
    Partnership,
    Patron,
    PatronThreat,
    Rally,
    Suitor,
    Threat,
)
from accord.situation.situation import FORMAT_VERSION, Situation
from accord.situation.tie import Tie, TrustEvent
from accord.situation.walk import at, estimates, fields_of, ranges, shape_of, takes_terms
from accord.situation.words import SYNONYMS, WORDS, Word

__all__ = [
    "CREDIBILITY",
    "DISTRIBUTIONS",
    "FORMAT_VERSION",
    "PROBABILITY",
    "RELIABILITY",
    "SHARE",
    "SYNONYMS",
    "WORDS",
    "Actor",
    "ActorKind",
    "Ask",
    "Bound",
    "Change",
    "Citation",
    "Claim",
    "Client",
    "Comparison",
    "Correlation",
    "Day",
    "Estimate",
    "Faction",
    "FactionStance",
    "FreeNames",
    "Frozen",
    "Issue",
    "Obligation",
    "Offer",
    "Option",
    "Partnership",
    "Patron",
    "PatronThreat",
    "Preference",
    "Rally",
    "Range",
    "Ref",
    "Resolution",
    "Resource",
    "Rule",
    "Scale",
    "Scenario",
    "Shock",
    "Situation",
    "Source",
    "Stance",
    "Suitor",
    "Term",
    "Threat",
    "Tie",
    "TrustEvent",
    "Vocabulary",
    "Word",
    "at",
    "estimates",
    "fields_of",
    "mark",
    "matches",
    "ranges",
    "shape_of",
    "takes_terms",
]
