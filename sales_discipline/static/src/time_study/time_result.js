import {Component, onWillStart, useState} from "@odoo/owl";
import {NO_DATA, formatMeasure} from "../fields/measure";
import {formatMinutes, getKinds} from "./words";
import {KeepLast} from "@web/core/utils/concurrency";
import {Page} from "../page/page";
import {_t} from "@web/core/l10n/translation";
import {formatDate, deserializeDate} from "@web/core/l10n/dates";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";

const MODEL = "discipline.time.study";
const KIND_COLORS = {selling: "bg-success", servicing: "bg-warning", other: "bg-secondary"};

/** What a time study has come to. All numbers come from the server (get_time_result); here they are shown. */
export class TimeResult extends Component {
    static template = "sales_discipline.TimeResult";
    static components = {Page};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.latest = new KeepLast();
        this.display = {controlPanel: {}};
        this.state = useState({page: null});
        useSetupAction({getLocalState: () => ({studyId: this.page.study.id})});
        const {state, action} = this.props;
        onWillStart(() => this.load(state?.studyId || action.params?.study_id || false));
    }

    get page() {
        return this.state.page;
    }

    async load(studyId) {
        this.state.page = await this.latest.add(this.orm.call(MODEL, "get_time_result", [studyId]));
        if (this.page.study) {
            this.props.updateActionState({study_id: this.page.study.id});
        }
    }

    onChoose(ev) {
        return this.load(Number(ev.target.value));
    }

    get kinds() {
        const labels = getKinds();
        return Object.keys(labels).map((kind) => ({kind, label: labels[kind], color: KIND_COLORS[kind]}));
    }

    kindLabel(kind) {
        return getKinds()[kind];
    }

    /** The tables of people: each with what it is called. */
    get tables() {
        const {teams, departments, people} = this.page;
        const named = departments.length > 1;
        return [
            {key: "teams", label: _t("Teams"), rows: teams, isGroup: true},
            {key: "departments", label: _t("Departments"), rows: named ? departments : [], isGroup: true},
            {key: "people", label: _t("People"), rows: people, isGroup: false},
        ].filter(({rows}) => rows.length);
    }

    get hasCost() {
        return this.page.cost !== "none";
    }

    /** Whether what their time costs is told of any of these rows. */
    hasCostOf(rows) {
        return this.hasCost && rows.some((row) => row.cost !== null);
    }

    /** Which mean of people is not told, in words. */
    get costNote() {
        return this.page.cost === "groups"
            ? _t(
                  "Cost: at the mean wage of each team of %s people or more; what one person's time costs is shown to payroll officers alone.",
                  this.page.least
              )
            : _t("Cost: the hours that are not selling, at what an hour costs.");
    }

    percent(value) {
        return value === null ? NO_DATA : formatMeasure(value, "percent");
    }

    /** Percentage points with their sign. */
    points(value) {
        if (value === null) {
            return NO_DATA;
        }
        const number = formatMeasure(Math.abs(value), "score");
        const sign = value > 0 ? "+" : "−";
        return _t("%s pts", Number(value.toFixed(1)) ? `${sign}${number}` : number);
    }

    /** More time that is not selling is worse. */
    look(value) {
        if (value === null || Math.abs(value) < 0.05) {
            return {icon: "fa-minus", color: "text-muted", label: _t("Same")};
        }
        return value > 0
            ? {icon: "fa-arrow-up", color: "text-danger", label: _t("Worse")}
            : {icon: "fa-arrow-down", color: "text-success", label: _t("Better")};
    }

    minutes(value) {
        return formatMinutes(value);
    }

    money(value) {
        return value === null
            ? NO_DATA
            : formatMeasure(Math.round(value), "money", this.page.study.currency_id);
    }

    date(value) {
        return formatDate(deserializeDate(value));
    }

    print() {
        window.print();
    }

    openAnalysis() {
        return this.action.doAction("sales_discipline.discipline_time_report_action", {
            additionalContext: {search_default_study_id: this.page.study.id},
        });
    }
}

registry.category("actions").add("sales_discipline.time_result", TimeResult);
