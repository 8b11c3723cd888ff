"""The shipped case and two changes of it, for tests of why a verdict moved."""

CASE = "tehran-moscow-2015"
INTEREST = "partnership.patrons.russia.standing_interest"
TRUST = "ties.iran.russia.trust"
CHANGED = {
    INTEREST: {"low": 0.3, "best": 0.5, "high": 0.7, "assumed": "a treaty"},
    TRUST: {"low": 0.6, "best": 0.8, "high": 0.9, "assumed": "they got used to it"},
}
WORLDS = 64
