import {KpiBar, KpiPace, KpiTrend, KpiZone, formatValue} from "./kpi_parts";
import {Component} from "@odoo/owl";
import {DisciplineClaim} from "../fields/claim_field";
import {KpiChart} from "./kpi_chart";
import {formatMeasure} from "../fields/measure";

/** All there is to know of one line of the page. */
export class KpiDetails extends Component {
    static template = "sales_discipline.KpiDetails";
    static components = {DisciplineClaim, KpiBar, KpiChart, KpiPace, KpiTrend, KpiZone};
    static props = {
        line: Object,
        card: Object,
        labels: Array,
        heading: Boolean,
        call: Function, // a button's method of the line
    };

    format(value) {
        return formatValue(value, this.props.line, this.props.card.currency_id);
    }

    formatScore(value) {
        return formatMeasure(value, "score");
    }

    formatPoints(value) {
        return formatValue(value, {unit: "score"});
    }

    formatSigned(value) {
        return `${value > 0 ? "+" : ""}${this.format(value)}`;
    }

    get hasHistory() {
        return this.props.line.history.some((point) => point.actual !== null);
    }
}
