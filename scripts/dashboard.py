"""Write the spreadsheets of sales_discipline_dashboard: python scripts/dashboard.py

Odoo keeps a dashboard as JSON that is made in an editor of Odoo Enterprise. Ours is made here, so that it can be
read and changed: the dashboard itself, and the sample of it that is shown as long as there are no results.
"""

import json
from pathlib import Path

from dashboard_sample import sample_data, sample_tables, term

FILES = Path(__file__).parents[1] / "sales_discipline_dashboard" / "data" / "files"
REPORT, FUNNEL, LATE = "discipline.scorecard.report", "discipline.funnel.report", "discipline.late.entry"
DAILY = [["period", "=", "day"], ["state", "=", "frozen"]]
MONTHLY = "[('period', '=', 'month'), ('state', '=', 'frozen'), ('date_from', '>=', 'today =1d -12m')]"
PERIOD, TEAM, PERSON = "period", "sales-team", "salesperson"
DATES = {REPORT: "date_from", FUNNEL: "date", LATE: "date"}
PERCENT, NUMBER = '0.0"%"', "#,##0"
GREEN, YELLOW, RED = "#28A745", "#FFC107", "#DC3545"
WIDTH, GAP, HALF = 1110, 30, 540
TITLE, HEADER, TEXT, CENTRED = 1, 2, 3, 4
STYLES = {
    "1": {"textColor": "#01666b", "bold": True, "fontSize": 16},
    "2": {"fontSize": 11, "textColor": "#434343", "verticalAlign": "middle", "bold": True},
    "3": {"textColor": "#434343", "verticalAlign": "middle"},
    "4": {"align": "center", "fontSize": 11, "textColor": "#434343", "verticalAlign": "middle", "bold": True},
    "5": {"bold": True},
}
BORDERS = {"1": {"bottom": {"style": "thin", "color": "#CCCCCC"}}}
NOTHING = "merges conditionalFormats figures dataValidationRules tables".split()
SHEET = {
    **{name: [] for name in NOTHING},
    **{name: {} for name in ("rows", "formats", "borders", "comments")},
    "headerGroups": {"ROW": [], "COL": []},
    "areGridLinesVisible": True,
    "isVisible": True,
}
CARDS = [  # title, menu, colour, value, whether more is better, how the change is said
    ("Efficiency (%)", "menu_scorecard_report", "#EFF6FF", 2, True, "difference"),
    ("Done (%)", "menu_scorecard_report", "#EFF6FF", 3, True, "difference"),
    ("Points", "menu_scorecard_report", "#EFF6FF", 4, True, "difference"),
    ("Late Entries", "menu_late_entry", "#FFF7ED", 5, False, "difference"),
    ("Amount Won", "menu_funnel_report", "#FFF7ED", 6, True, "percentage"),
]
STEPS = [("Calls", "calls"), ("Meetings", "meetings"), ("Proposals", "proposals"), ("Deals Won", "deals_won")]


def matching(model, offset=0, period=True):
    """Which field of a model each filter of the dashboard means."""
    fields = {
        TEAM: {"chain": "team_id", "type": "many2one"},
        PERSON: {"chain": "user_id", "type": "many2one"},
    }
    if period:
        fields[PERIOD] = {"chain": DATES[model], "type": "date", "offset": offset}
    return fields


def pivot(number, model, measures, rows=(), domain=(), sort=None, offset=0):
    """`measures` are (field, format). It has no name: the corner of its table would show it, and in English; titles are the
    names of the fields."""
    return {
        "type": "ODOO",
        "id": str(number),
        "formulaId": str(number),
        "name": "",
        "model": model,
        "domain": list(domain),
        "context": {},
        "columns": [],
        "rows": [{"fieldName": row} for row in rows],
        "measures": [
            {"id": field, "fieldName": field, **({"format": shown} if shown else {})}
            for field, shown in measures
        ],
        "sortedColumn": sort and {"measure": sort[0], "order": sort[1], "domain": []},
        "fieldMatching": matching(model, offset),
    }


def pivots():
    points, efficiency = ("points", NUMBER), ("efficiency", PERCENT)
    done, missed, count = ("done_percent", PERCENT), ("missed_count", NUMBER), ("__count", NUMBER)
    steps = [(field, NUMBER) for _title, field in STEPS] + [("amount_won", None)]
    people = [*DAILY, ["user_id", "!=", False]]
    made = [
        pivot(1, REPORT, [points, efficiency, done], ["user_id"], people, ("points", "desc")),
        pivot(2, REPORT, [points, efficiency, done], ["team_id"], DAILY, ("efficiency", "desc")),
        pivot(3, REPORT, [missed, done], ["metric_id"], DAILY, ("missed_count", "desc")),
        pivot(4, LATE, [count], ["user_id"], (), ("__count", "desc")),
        pivot(5, REPORT, [count], ["zone"], DAILY),
    ]
    for first, offset in ((11, 0), (21, -1)):  # of the period, and of the one before
        made += [
            pivot(first, REPORT, [efficiency, done, points], (), DAILY, None, offset),
            pivot(first + 1, FUNNEL, steps, (), (), None, offset),
            pivot(first + 2, LATE, [count], (), (), None, offset),
        ]
    return {pivot_["id"]: pivot_ for pivot_ in made}


def link(title, model, context, domain, views=("pivot", "graph", "list")):
    """A title that opens the analysis behind what stands below it."""
    action = {
        "domain": domain,
        "context": context,
        "modelName": model,
        "views": [[False, view] for view in (*views, "search")],
    }
    view = {"viewType": views[0], "action": action, "threshold": 0, "name": title}
    return f"[{title}](odoo://view/{json.dumps(view, separators=(',', ':'))})"


def chart(name, x, y, width, height, data, title=""):
    """A figure at a place in pixels. Its title is its own: on a phone there are charts and no cells."""
    head = {"text": title, "bold": True, "color": "#01666B", "fontSize": 20}
    base = {"title": head, "background": "#FFFFFF", "legendPosition": "none", "chartId": name}
    place = {"col": 0, "row": 0, "offset": {"x": x, "y": y}, "width": width, "height": height}
    return {"id": name, "tag": "chart", **place, "data": {**base, **data}}


def odoo_chart(mode, group_by, measure, domain, title, period=True, **more):
    """What a chart over the scorecard analysis shows."""
    return {
        "type": f"odoo_{mode}",
        "metaData": {
            "groupBy": group_by,
            "measure": measure,
            "order": None,
            "resModel": REPORT,
            "mode": mode,
        },
        "searchParams": {
            "comparison": None,
            "context": {},
            "domain": domain,
            "groupBy": group_by,
            "orderBy": [],
        },
        "dataSets": [],
        "verticalAxisPosition": "left",
        "stacked": False,
        "axesDesign": {"y": {"title": {"text": title}}},
        "fieldMatching": matching(REPORT, period=period),
        **more,
    }


def cards():
    width = (WIDTH - 10 * (len(CARDS) - 1)) // len(CARDS)
    for number, (title, _menu, colour, row, more, mode) in enumerate(CARDS):
        up, down = ("#00A04A", "#DC6965") if more else ("#DC6965", "#00A04A")
        data = {
            "type": "scorecard",
            "title": {"text": title, "bold": True, "color": "#434343"},
            "background": colour,
            "baselineColorUp": up,
            "baselineColorDown": down,
            "baselineMode": mode,
            "baseline": f"Data!E{row}",
            "baselineDescr": {"text": "vs. before"},
            "keyValue": f"Data!D{row}",
            "humanize": False,
        }
        yield chart(f"card-{number + 1}", number * (width + 10), 11, width, 101, data)


def zones_and_funnel():
    """The two charts that are drawn from cells."""
    zones = {
        "type": "bar",
        "dataSetsHaveTitle": True,
        "dataSets": [
            {"dataRange": f"Data!{column}19:{column}22", "backgroundColor": colour}
            for column, colour in zip("BCD", (GREEN, YELLOW, RED), strict=True)
        ],
        "labelRange": "Data!A19:A22",
        "stacked": True,
        "aggregated": False,
    }
    funnel = {
        "type": "funnel",
        "dataSetsHaveTitle": True,
        "dataSets": [{"dataRange": "Data!B9:B13"}],
        "labelRange": "Data!A9:A13",
        "showValues": True,
        "aggregated": False,
        "cumulative": False,
    }
    yield chart("zones", HALF + GAP, 724, HALF, 262, zones, "Zones")
    yield chart("funnel", 0, 1385, HALF, 370, funnel, "Funnel")


def charts(sample):
    # bars, for a line would draw a week without results as one of 0 %
    legend = {"legendPosition": "top"}
    if sample:
        cells = {"dataSetsHaveTitle": True, "aggregated": False, "stacked": False}
        weeks = {"type": "bar", "labelRange": "Data!G1:G9", "labelsAsText": True, **legend, **cells}
        weekly = {**weeks, "dataSets": [{"dataRange": f"Data!{column}1:{column}9"} for column in "HI"]}
        days = {"type": "bar", "labelRange": "Data!G11:G16", "dataSets": [{"dataRange": "Data!H11:H16"}]}
        weekdays = {**days, **cells}
        monthly = {**weekly, "dataSets": [{"dataRange": "Data!I1:I9"}]}
    else:
        weekly = odoo_chart(
            "bar", ["date_from:week", "team_id"], "efficiency", DAILY, "Efficiency (%)", **legend
        )
        weekdays = odoo_chart("bar", ["weekday"], "missed_count", DAILY, "Missed Indicators")
        monthly = odoo_chart(
            "bar",
            ["date_from:month", "category"],
            "efficiency",
            MONTHLY,
            "Efficiency (%)",
            period=False,
            **legend,
        )
    yield chart("efficiency", 0, 120, WIDTH, 378, weekly, "Efficiency by Week")
    yield chart("weekdays", HALF + GAP, 1012, HALF, 346, weekdays, "Missed by Weekday")
    yield chart("monthly", 0, 1778, WIDTH, 380, monthly, "Monthly KPIs")
    yield from zones_and_funnel()


def titles():
    """Of the tables."""
    daily = {"pivot_measures": ["points", "efficiency"], "pivot_column_groupby": []}
    missed = {**daily, "pivot_measures": ["missed_count", "done_percent"]}
    return {
        "A22": link("Salespeople", REPORT, {**daily, "pivot_row_groupby": ["user_id"]}, DAILY),
        "F22": link("Teams", REPORT, {**daily, "pivot_row_groupby": ["team_id"]}, DAILY),
        "A40": link("Missed Indicators", REPORT, {**missed, "pivot_row_groupby": ["metric_id"]}, DAILY),
        "F53": link("Late Entries", LATE, {"group_by": ["user_id"]}, [], ("list", "pivot", "graph")),
    }


def data_cells():
    """The sheet behind the cards and the charts drawn from cells."""
    cells = {"A1": term("KPI"), "B1": term("Current"), "C1": term("Previous")}
    cells |= {"D1": term("Current"), "E1": term("Previous")}
    values = [("efficiency", 11), ("done_percent", 11), ("points", 11), ("__count", 13), ("amount_won", 12)]
    for row, ((title, *_rest), (measure, number)) in enumerate(zip(CARDS, values, strict=True), 2):
        cells[f"A{row}"] = term(title)
        for column, shown, first in (("B", "D", number), ("C", "E", number + 10)):
            cells[f"{column}{row}"] = f'=PIVOT.VALUE({first},"{measure}")'
            cells[f"{shown}{row}"] = f"=FORMAT.LARGE.NUMBER({column}{row})" if row > 3 else f"={column}{row}"
    cells |= {"A9": term("Step"), "B9": term("Number")}
    for row, (title, field) in enumerate(STEPS, 10):
        cells |= {f"A{row}": term(title), f"B{row}": f'=PIVOT.VALUE(12,"{field}")'}
    cells |= {"A19": term("Zone"), **{f"{column}19": term("Indicators") for column in "BCD"}}
    for row, (column, zone) in enumerate(zip("BCD", ("green", "yellow", "red"), strict=True), 20):
        cells[f"A{row}"] = term(zone.title())
        cells[f"{column}{row}"] = f'=PIVOT.VALUE(5,"__count","zone","{zone}")'
    return cells


def bar(number, colour, cells, values):
    rule = {"type": "DataBarRule", "color": colour, "rangeValues": values}
    return {"rule": rule, "id": f"bar-{number}", "ranges": [cells]}


def dashboard_sheet(sample):
    tables = {"A23": "=PIVOT(1,15,FALSE,FALSE)", "F23": "=PIVOT(2,5,FALSE,FALSE)"}
    tables |= {"A41": "=PIVOT(3,10,FALSE,FALSE)", "F54": "=PIVOT(4,10,FALSE,FALSE)"}
    heights = {5: 40, 21: 40, 29: 28, 39: 40, 52: 40, 66: 40}
    heights |= dict.fromkeys([*range(22, 38), *range(40, 51), *range(53, 64)], 28)
    titled = ["A22:D22", "F22:I22", "A40:D40", "F53:I53"]
    headers = {"A23": HEADER, "F23": HEADER, "A41": HEADER, "F54": HEADER}
    headers |= {"B23:D23": CENTRED, "G23:I23": CENTRED, "B41:C41": CENTRED, "G54": CENTRED}
    texts = dict.fromkeys(["A24:D38", "F24:I28", "A42:C51", "F55:G64"], TEXT)
    shown = {f.split(":", maxsplit=1)[0]: TITLE for f in titled}
    return {
        **SHEET,
        "id": "dashboard",
        "name": "Dashboard",
        "colNumber": 9,
        "rowNumber": 83,
        "rows": {str(row): {"size": size} for row, size in sorted(heights.items())},
        "cols": {
            str(col): {"size": size} for col, size in enumerate((215, 90, 150, 85, GAP, 215, 90, 150, 85))
        },
        "cells": titles() | (sample_tables() if sample else tables),
        "styles": {**shown, **headers, **texts},
        "borders": dict.fromkeys(titled, 1),
        "conditionalFormats": [
            bar(1, 15726335, "A24:A38", "B24:B38"),
            bar(2, 15531509, "F24:F28", "H24:H28"),
            bar(3, 16708338, "A42:A51", "B42:B51"),
            bar(4, 16775149, "F55:F64", "G55:G64"),
        ],
        "figures": [*cards(), *charts(sample)],
    }


def data_sheet(sample):
    return {
        **SHEET,
        "id": "data",
        "name": "Data",
        "colNumber": 26,
        "rowNumber": 60,
        "cols": {"0": {"size": 160}},
        "cells": {**data_cells(), **sample_data()} if sample else data_cells(),
        "styles": {"A1:E1": 5, "A9:B9": 5, "A19:D19": 5},
        "formats": {"B2:E3": 1},
    }


def relation(name, label, model):
    return {
        "id": name,
        "type": "relation",
        "label": label,
        "modelName": model,
        "defaultValueDisplayNames": [],
    }


def workbook(sample=False):
    period = {"id": PERIOD, "type": "date", "label": "Period", "defaultValue": "last_30_days"}
    filters = [relation(TEAM, "Sales Team", "crm.team"), relation(PERSON, "Salesperson", "res.users")]
    return {
        "version": "18.5.10",
        "sheets": [dashboard_sheet(sample), data_sheet(sample)],
        "styles": STYLES,
        "formats": {"1": "0.0"},
        "borders": BORDERS,
        "revisionId": "START_REVISION",
        "uniqueFigureIds": True,
        "settings": {
            "locale": {
                "name": "English (US)",
                "code": "en_US",
                "thousandsSeparator": ",",
                "decimalSeparator": ".",
                "dateFormat": "mm/dd/yyyy",
                "timeFormat": "hh:mm:ss",
                "formulaArgSeparator": ",",
                "weekStart": 7,
            }
        },
        "pivots": {} if sample else pivots(),
        "pivotNextId": 30,
        "customTableStyles": {},
        "globalFilters": [period, *([] if sample else filters)],
        "lists": {},
        "listNextId": 1,
        "chartOdooMenusReferences": {
            **{f"card-{n}": f"sales_discipline.{menu}" for n, (_title, menu, *_rest) in enumerate(CARDS, 1)},
            **{
                name: "sales_discipline.menu_scorecard_report"
                for name in ("efficiency", "weekdays", "zones", "monthly")
            },
            "funnel": "sales_discipline.menu_funnel",
        },
    }


def main():
    for name, sample in (("discipline_dashboard", False), ("discipline_sample_dashboard", True)):
        text = json.dumps(workbook(sample), indent=4, ensure_ascii=False)
        (FILES / f"{name}.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
