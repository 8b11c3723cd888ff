"""Keys of the endurance lens: symbol, place, unit, plausible range (also the prior) and question, as data.

Numbers that other lenses read too (threat level, value of success, territory, dependence, trust) are declared in
``accord.situation``.  Ranges are those of the specification of the endurance model, section 2.
"""

from __future__ import annotations

import math

from accord.situation.declare import PriorShape, Range, Term

_UTIL, _INF = "util/month", math.inf
_PATRON, _ALL, _OFFER = "partnership.patrons.*.", "partnership.", "partnership.suitors.*.offers.*."

# fmt: off
# path, symbol, unit, hard low, hard high, prior low, prior high, prior shape, question
_ROWS: tuple[tuple[str, str, str, float, float, float, float, PriorShape, str], ...] = (
    (_PATRON + "material_cost", "c_i", _UTIL, 0, _INF, 0, 0.4, "uniform", "What does full effort cost it in money and material?"),
    (_PATRON + "own_losses", "l_i", "deaths/month", 0, _INF, 0.5, 50, "log", "How many die for it each month at full effort and today's threat, its own and its proxies?"),
    (_PATRON + "loss_scale", "L0_i", "deaths", 1e-9, _INF, 50, 1000, "log", "After how many deaths do further ones weigh in proportion (log-casualties)?"),
    (_PATRON + "losses_so_far", "L_i(0)", "deaths", 0, _INF, 0, 0, "zero", "How many of its people have died for this before the start?"),
    (_PATRON + "proxy_share", "z_i", "share", 0, 1, 0, 0.6, "uniform", "What share of its losses falls on proxies?"),
    (_PATRON + "agency_loss", "zeta_i", "share", 0, 1, 0, 0.3, "uniform", "What share of its effect is lost by acting through proxies?"),
    (_PATRON + "loss_sensitivity", "kappa_i", "share", 0, 1, 0, 0.2, "uniform", "How much patience does a tenfold rise in losses cost?"),
    (_PATRON + "success_buffer", "mu_i", "share", 0, 1, 0, 1, "uniform", "How far does success make losses bearable?"),
    (_PATRON + "fatigue", "fatigue_i", "share/year", 0, 1, 0, 0.04, "uniform", "How much patience does a year of full effort cost?"),
    (_PATRON + "patience", "P0_i", "share", 0, 1, 0.5, 0.9, "uniform", "How patient are its public and elite at the start?"),
    (_PATRON + "patience_floor", "Pcrit_i", "share", 0, 1, 0.05, 0.3, "uniform", "At what patience must it leave?"),
    (_PATRON + "political_weight", "chi_i", _UTIL, 0, _INF, 0, 0.5, "uniform", "What does a full loss of patience cost its leaders?"),
    (_PATRON + "discount", "delta_i", "per month", 0, 1, 0.94, 0.99, "log1m", "What is a benefit worth that comes one month later?"),
    (_PATRON + "foresight", "H_i", "months", 1, 6000, 12, 60, "uniform", "How many months ahead does it look?"),
    (_PATRON + "abandonment_loss", "Lambda_i", "util", 0, _INF, 0, 6, "uniform", "What does it lose at once if the others leave?"),
    (_PATRON + "breaking_cost", "r_i", "util", 0, _INF, 0, 5, "uniform", "What does leaving cost it at once (audience, reputation, bases)?"),
    (_PATRON + "punishment_belief", "det_i", "probability", 0, 1, 0.3, 1, "uniform", "How likely does it think it that shirking ends the cooperation?"),
    (_PATRON + "shirking_effort", "shirk_i", "share", 0, 1, 0.1, 0.5, "uniform", "How much effort does it make when it shirks?"),
    (_PATRON + "influence_value", "g_i", _UTIL, 0, _INF, 0, 0.5, "uniform", "What is full influence over the client worth to it?"),
    (_PATRON + "influence_needs_territory", "om_i", "share", 0, 1, 0, 1, "zero", "How much of that needs a client in control of its territory?"),
    (_PATRON + "leverage", "lev_i", "index", 0, _INF, 0.5, 1.5, "log", "How much leverage over the client does it have?"),
    (_PATRON + "dependence_goods", "k_i", _UTIL, 0, _INF, 0, 0.5, "uniform", "What are the goods worth that it gets from the partners (arms, votes, cover)?"),
    (_PATRON + "autonomy_cost", "tau_i", _UTIL, 0, _INF, 0, 0.2, "uniform", "What does full dependence on the partners cost it in autonomy?"),
    (_PATRON + "standing_interest", "m_i", _UTIL, -_INF, _INF, -1, 1, "uniform", "What is the partnership worth to it whatever the threat, net of standing rivalry?"),
    (_PATRON + "outside_value", "out_i", _UTIL, -_INF, _INF, 0, 0, "zero", "What would it get elsewhere, independent of the partnership?"),
    (_PATRON + "help_calls", "call_j", "per month", 0, 1, 0, 0, "zero", "How often does it call for help?"),
    (_PATRON + "help_cost", "khon_i", "util", 0, _INF, 0, 3, "uniform", "What does honouring a call for help cost it?"),
    (_PATRON + "territory_goal", "theta_goal_i", "share", 0, 1, 0.7, 0.95, "uniform", "At what territorial control would it call the job done?"),
    (_PATRON + "availability", "avail_i", "share", 0, 1, 1, 1, "zero", "How much of its capability is free for this, other wars aside?"),
    (_PATRON + "isolation_rent", "eta_i", _UTIL, 0, _INF, 0, 1, "zero", "What does it gain from the partner's isolation?"),
    (_PATRON + "client_collapse_loss", "Lc_i", _UTIL, 0, _INF, 0, 1, "zero", "What would the client's collapse cost it?"),
    (_PATRON + "client_strength_cost", "o_i", _UTIL, 0, _INF, 0, 1, "zero", "What does it cost it if the client grows stronger than it likes?"),
    (_PATRON + "client_ceiling", "ceiling_i", "index", 0, _INF, 0, 3, "zero", "Above what strength is the client too independent for it?"),
    (_PATRON + "spoiling", "spoil_i", "share", 0, 1, 0, 1, "zero", "How far does it spoil suitors' offers to the others?"),
    (_PATRON + "successor_deal", "succ_i", _UTIL, -_INF, _INF, 0, 0, "zero", "What would a deal with the client's successor be worth to it?"),
    ("partnership.client.balancing", "b", "share", 0, 1, 0, 1, "uniform", "How far does the client play its patrons off against one another?"),
    ("partnership.client.loyalty", "loyalty", "share", 0, 1, 0, 1, "uniform", "What share of the other patrons' leverage is loyalty to the present leader and would go with him?"),
    ("partnership.threats.*.growth", "gamma", "per month", 0, 1, 0, 0.1, "uniform", "How fast does the threat grow back when nobody fights it?"),
    ("partnership.threats.*.attrition", "phi", "per month", 0, 1, 0, 0.1, "uniform", "How fast does a winning joint effort wear it down?"),
    (_ALL + "proxy_loss_weight", "psi_z", "share", 0, 1, 0, 0.3, "uniform", "How much does a proxy's death weigh against an own soldier's?"),
    (_ALL + "defection_rate", "q", "per month", 0, 1, 0.02, 0.3, "uniform", "How often does an untrustworthy partner defect?"),
    (_ALL + "observation_noise", "eps_obs", "probability", 0, 0.5, 0.01, 0.3, "uniform", "How often is a partner's conduct misread?"),
    (_ALL + "forgetting", "forget", "per month", 0, 1, 0, 0.05, "uniform", "How fast does trust drift back to where it began?"),
    (_ALL + "exhaustion_signal", "LLR", "natural log of odds", -5, 5, -0.5, -0.5, "uniform", "How does leaving the theatre from exhaustion change the others' trust in the leaver?"),
    (_ALL + "fulfilment_signal", "LLR", "natural log of odds", -5, 5, 0, 0, "zero", "How does leaving it with the job done change it?"),
    (_ALL + "influence_exponent", "kappa_T", "exponent", 0, _INF, 0.5, 2, "uniform", "How decisive is leverage in the contest for the client?"),
    (_ALL + "asset_build_up", "iota", "per month", 0, _INF, 0, 0.03, "uniform", "How fast do shared assets build up (bases, committees, habits)?"),
    (_ALL + "asset_decay", "d_Z", "per month", 0, 1, 0.01, 0.05, "uniform", "How fast do they decay?"),
    (_ALL + "asset_value", "zeta_Z", _UTIL, 0, _INF, 0, 0.3, "uniform", "What is one unit of shared assets worth to each partner?"),
    (_ALL + "asset_breaking_cost", "r_Z", "util", 0, _INF, 0, 2, "uniform", "What does each unit add to the cost of breaking?"),
    (_ALL + "assets_at_start", "Z0", "index", 0, _INF, 0, 0, "zero", "How many shared assets are there at the start?"),
    (_ALL + "territory_speed", "psi", "log-odds/month", 0, _INF, 0.02, 0.1, "uniform", "How fast does control of territory follow the balance of forces?"),
    (_ALL + "territory_noise", "sigma_y", "log-odds/month", 0, _INF, 0.05, 0.2, "uniform", "How much does control of territory jump about by chance?"),
    (_ALL + "territory_floor", "theta_min", "share", 0, 1, 0.05, 0.05, "uniform", "At what territorial control has the client collapsed?"),
    (_ALL + "position_drift", "drift_pos", "share/year", 0, 1, 0, 0, "zero", "How much do positions wander in a year (standard deviation)?"),
    (_ALL + "capability_drift", "drift_cap", "log/year", 0, 10, 0, 0, "zero", "How much do capabilities wander in a year (sd of the logarithm)?"),
    (_OFFER + "rate", "lambda_s", "per month", 0, _INF, 0, 0.03, "uniform", "How many offers a month does the suitor make to it?"),
    (_OFFER + "size", "offer median", _UTIL, 0, _INF, 0.1, 1, "log", "What is a typical offer worth to it, each month while it is kept?"),
    (_OFFER + "spread", "offer sd", "log", 0, 10, 0.3, 0.9, "uniform", "How much do offers vary in size (sd of the logarithm)?"),
    (_OFFER + "credibility", "cred_s", "probability", 0, 1, 0.5, 0.97, "uniform", "How likely is the suitor to keep its word for another month?"),
    (_OFFER + "open_months", "dur_s", "months", 1, 600, 3, 12, "uniform", "How long does an offer stay open?"),
)
# fmt: on

TERMS: tuple[Term, ...] = tuple(
    Term(path, Range(low, high, unit, symbol, (prior_low, prior_high), shape), question, "endurance")
    for path, symbol, unit, low, high, prior_low, prior_high, shape, question in _ROWS
)

# What it reads besides its own keys.
READS: tuple[str, ...] = (
    *(term.path for term in TERMS),
    "stakes",
    "actors.*.stakes",
    "actors.*.capability.*",
    "actors.*.factions.*.share",
    "resources.*.weight",
    "issues.*.agenda_loading",
    "issues.*.standing",
    "stances.*.*.position",
    "stances.*.*.salience",
    "stances.*.*.factions.*.position",
    "stances.*.*.factions.*.salience",
    "ties.*.*.trust",
    "ties.*.*.dependence",
    "ties.*.*.affinity",
    "ties.*.*.events.*.log_likelihood_ratio",
    "partnership.territory",
    "partnership.talks",
    "partnership.substitution",
    "partnership.contest_exponent",
    "partnership.threats.*.level",
    "partnership.threats.*.strength",
    "partnership.patrons.*.threats.*.value",
    "partnership.patrons.*.threats.*.goal",
    "partnership.patrons.*.threats.*.usefulness",
    "partnership.patrons.*.threats.*.blowback",
    "partnership.patrons.*.rallies.*.size",
    "partnership.patrons.*.rallies.*.half_life",
    "shocks.*.hazard",
)

# What stays as the file leaves it: parts of numbers that are stated otherwise, and events.
_AS_STATED = frozenset(
    {
        "stakes",
        "actors.*.factions.*.share",
        "resources.*.weight",
        "stances.*.*.factions.*.position",
        "stances.*.*.factions.*.salience",
        "ties.*.*.affinity",
        "ties.*.*.events.*.log_likelihood_ratio",
        "partnership.patrons.*.rallies.*.size",
        "partnership.patrons.*.rallies.*.half_life",
        "shocks.*.hazard",
    }
)
# What takes its prior when the file is silent.
FILLS: tuple[str, ...] = tuple(path for path in READS if path not in _AS_STATED)
