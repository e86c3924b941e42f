"""What public methods are called with: `{(model, method): function of the test class and the owner}`.

The function gives the arguments after the ids. A method that takes no row is called once for each owner if it is in
here, and once without arguments if it is not.
"""


def _of_employee(case, owner):
    return [case.owners[owner]["hr.employee"]]


def _of_category(*more):
    return lambda case, owner: [case.rows["discipline.time.category"][owner, ""].id, *more]


def _of_entry(*more):
    return lambda case, owner: [case.rows["discipline.time.entry"][owner, ""].id, *more]


CALLS = {
    ("discipline.time.study", "add_time"): _of_category(15),
    ("discipline.time.study", "start_timer"): _of_category(),
    ("discipline.time.study", "change_entry"): _of_entry({"minutes": 30}),
    ("discipline.time.study", "remove_entry"): _of_entry(),
    ("discipline.time.study", "restore_entry"): _of_entry(),
    ("discipline.time.study", "set_estimate"): lambda _case, _owner: [40],
    ("discipline.time.study", "get_time_result"): lambda case, owner: [
        case.rows["discipline.time.study"][owner, ""].id
    ],
    ("discipline.contact.plan", "default_get"): lambda _case, _owner: [["plan_kind"]],
    ("discipline.scorecard", "get_kpi_page"): _of_employee,
    ("discipline.scorecard", "get_team_wall"): lambda case, owner: ["day", case.owners[owner]["crm.team"]],
    ("discipline.scorecard", "submit_report"): lambda case, owner: [
        case.rows["discipline.scorecard"][owner, "unreported"].id,
        {},
    ],
    ("discipline.scorecard", "log_my_activity"): lambda case, owner: [
        "crm.lead",
        case.owners[owner]["crm.lead"],
        case.call.id,
        "Rang up",
    ],
    ("discipline.funnel.report", "get_rows_action"): lambda case, owner: [
        {},
        None,
        case.owners[owner]["res.users"],
        case.owners[owner]["crm.team"],
    ],
    ("discipline.funnel.report", "get_funnel_page"): lambda case, owner: [
        {"team_id": case.owners[owner]["crm.team"], "user_id": case.owners[owner]["res.users"]}
    ],
    ("discipline.target", "action_open_row"): lambda case, owner: [
        case.rows["discipline.metric"][owner, ""].id,
        "month",
        "2026-03-10",
        "person",
        case.owners[owner]["hr.employee"],
        case.owners[owner]["crm.team"],
    ],
    ("discipline.target", "get_sales_plans"): lambda case, owner: [
        case.rows["discipline.metric"][owner, ""].id,
        "month",
        "2026-03-10",
    ],
    ("discipline.signal", "decide"): lambda _case, _owner: ["harmless", "Asked."],
    ("discipline.spot.check", "decide"): lambda _case, _owner: ["confirmed", "Asked."],
}
