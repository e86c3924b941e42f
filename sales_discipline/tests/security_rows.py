"""Values without which a row of a table cannot be, or cannot be seen by anybody.

`ROWS = {model: {variant: values of one row of a person}}`; a value may be a function of the test class and the owner.
All the rest of a row is filled in by `SecurityCase._get_value`. The name of the first variant is empty.
"""


def _code(_case, owner):
    """A code that no other row has."""
    return f"secret_{owner}"


def _nth(*values):
    """A value for each owner, where two rows of a company cannot have the same."""
    return lambda case, owner: values[list(case.owners).index(owner)]


def _lead(case, owner):
    return case.owners[owner]["crm.lead"]


def _order(case, owner):
    return case.owners[owner]["sale.order"]


def _other_run(case, owner):
    return case.rows["discipline.payroll"][owner, "draft"].id


FACT = {"origin": "live", "quantity": 1.0}
METRIC = {
    "source": "facts",
    "fact_kind": "activity_done",
    "domain": "[]",
    "aggregate": "count",
    "unit": "count",
}
METRIC.update(
    dict.fromkeys(("value_field", "owner_field", "date_field", "entered_field", "model_id", "product_domain"))
)
PLAN = {"completion_cap": 100, "deadline_hour": 18, "period": "day", "date_to": None}
CARD = {"deadline": "2026-03-10 18:00:00"}

ROWS = {
    "discipline.component": {"": {"kind": "points"}},
    "discipline.credit": {"": {"order_id": None}},
    "discipline.evidence.item": {"": {"res_id": _lead}},
    "discipline.fact": {
        "": {**FACT, "kind": "activity_done"},
        "late": {**FACT, "kind": "activity_done", "entered_at": "2026-03-11 12:00:00"},
        "postponed": {**FACT, "kind": "activity_postponed"},
        "won": {**FACT, "kind": "lead_won"},
        "ordered": {
            **FACT,
            "kind": "order_confirmed",
            "res_model": "sale.order",
            "source_id": _order,
            "res_id": _order,
        },
    },
    "discipline.metric": {"": {**METRIC, "code": _code}},
    "discipline.notice": {"": {"key": _code}},
    "discipline.pay.account": {"": {"kind": _nth("base", "commission", "kpi_bonus", "points", "base")}},
    "discipline.payroll": {
        "": {"state": "confirmed", "date_from": _nth(*(f"2026-0{month}-01" for month in (1, 2, 3, 4, 3)))},
        "draft": {"state": "draft", "date_from": _nth(*(f"2025-0{month}-01" for month in (1, 2, 3, 4, 3)))},
    },
    "discipline.plan": {"": {**PLAN, "state": "active"}, "draft": {**PLAN, "state": "draft"}},
    "discipline.regulation": {"": {"state": "running", "rating_limit": 2}},
    "discipline.scheme": {"": {"state": "active"}},
    "discipline.scorecard": {
        "": {
            **CARD,
            "state": "frozen",
            "frozen_at": "2026-03-10 18:00:00",
            "submitted_at": "2026-03-10 17:00:00",
        },
        "unreported": {**CARD, "date_from": "2026-03-09", "ask_report": True, "submitted_at": None},
    },
    "discipline.time.study": {"": {"state": "running"}},
    "discipline.signal.rule": {"": {"kind": _nth("burst", "deadline", "client", "no_text", "burst")}},
    "discipline.target": {
        "": {"scope": "own", "team_id": None},
        "team": {"scope": "team", "employee_id": None},
    },
    "discipline.statement": {
        "": {"state": "confirmed"},
        "draft": {"state": "draft", "payroll_id": _other_run},
    },
}
