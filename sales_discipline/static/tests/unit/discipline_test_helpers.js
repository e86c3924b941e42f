import {defineModels, fields, models} from "@web/../tests/web_test_helpers";
import {mailModels} from "@mail/../tests/mail_test_helpers";

/** A scorecard line as the fields of the lists and forms read it. */
export class DisciplineScorecardLine extends models.Model {
    _name = "discipline.scorecard.line";

    actual = fields.Float({string: "Fact"});
    completion = fields.Float();
    unit = fields.Char();
    zone = fields.Selection({
        selection: [
            ["green", "Green"],
            ["yellow", "Yellow"],
            ["red", "Red"],
            ["none", "No Data"],
        ],
    });
    trend = fields.Selection({
        selection: [
            ["up", "Up"],
            ["flat", "Flat"],
            ["down", "Down"],
            ["none", "No Data"],
        ],
    });
    is_better = fields.Selection({
        selection: [
            ["better", "Better"],
            ["same", "Same"],
            ["worse", "Worse"],
        ],
    });
    claim = fields.Selection({
        selection: [
            ["up", "More"],
            ["flat", "Same"],
            ["down", "Less"],
            ["none", "No Data"],
        ],
    });
    gap = fields.Float();
    months = fields.Char();
    ratio = fields.Float();
    currency_id = fields.Many2one({relation: "res.currency"});

    _records = [
        {
            id: 1,
            actual: 12,
            completion: 120,
            unit: "count",
            zone: "green",
            trend: "up",
            is_better: "better",
            claim: "up",
            gap: 3,
            months: "12,1",
            ratio: 33.333,
        },
        {
            id: 2,
            actual: 491970,
            completion: 98.394,
            unit: "money",
            zone: "red",
            trend: "up",
            is_better: "worse",
            claim: "flat",
            gap: 0,
            months: false,
            ratio: 0,
        },
        {
            id: 3,
            actual: 0,
            completion: 0,
            unit: "percent",
            zone: "none",
            trend: "none",
            claim: "none",
            gap: 0,
        },
    ];
}

/** A score that an expert gives, or has not given yet. */
export class DisciplineAssessment extends models.Model {
    _name = "discipline.assessment";

    score = fields.Float({string: "Score"});
    state = fields.Selection({
        selection: [
            ["pending", "Pending"],
            ["done", "Done"],
        ],
    });

    _records = [
        {id: 1, score: 0, state: "pending"},
        {id: 2, score: 0, state: "done"},
        {id: 3, score: 87.5, state: "done"},
    ];
}

/** The models of the addon's tests, and those that the web client of an Odoo with mail asks for. */
export function defineDisciplineModels() {
    return defineModels({...mailModels, DisciplineScorecardLine, DisciplineAssessment});
}

/**
 * An indicator as `get_kpi_page` tells it.
 *
 * @param {object} [change]
 * @returns {object}
 */
export function makeLine(change = {}) {
    return {
        id: 1,
        metric_id: 1,
        scope: "own",
        category: "kpi",
        name: "Calls",
        description: "All phone calls done",
        unit: "count",
        source: "facts",
        target: 10,
        actual: 5,
        counted: 5,
        late: 0,
        claimed: null,
        claim: "none",
        adjustment: 0,
        adjustment_reason: "",
        previous: 4,
        previous_by_now: false,
        completion: 50,
        weight: 1,
        zone: "red",
        trend: "up",
        is_better: "better",
        done: false,
        points: -2,
        pace: false,
        history: [],
        assessments: [],
        ...change,
    };
}
