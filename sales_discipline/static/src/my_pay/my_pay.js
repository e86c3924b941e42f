import {Component, onWillStart, useState} from "@odoo/owl";
import {fromServer} from "../page/action";
import {KeepLast} from "@web/core/utils/concurrency";
import {KpiChart} from "../kpi_page/kpi_chart";
import {Page} from "../page/page";
import {PayStep} from "./pay_step";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate} from "@web/core/l10n/dates";
import {formatMeasure} from "../fields/measure";
import {registry} from "@web/core/registry";
import {router} from "@web/core/browser/router";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";

const ICONS = {
    base: "fa-briefcase",
    commission: "fa-line-chart",
    kpi_bonus: "fa-trophy",
    points: "fa-check-square-o",
    grade: "fa-star-o",
    task: "fa-flag-checkered",
    manual: "fa-pencil",
    limit: "fa-arrows-v",
    correction: "fa-undo",
};
const STATES = {
    open: ["fa-hourglass-half", "text-bg-info"],
    over: ["fa-hourglass-end", "text-bg-warning"],
    confirmed: ["fa-lock", "text-bg-success"],
    paid: ["fa-check", "text-bg-success"],
};

/** One's own pay of a month: so far, or as confirmed, with what it is made of, what would raise it, and the months before. */
export class MyPay extends Component {
    static template = "sales_discipline.MyPay";
    static components = {KpiChart, Page, PayStep};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.latest = new KeepLast();
        this.state = useState({page: null, said: ""});
        useSetupAction({getLocalState: () => ({month: this.asked})});
        onWillStart(() => this.load(this.props.state?.month || router.current.month || false));
    }

    // ------------------------------------------------------------
    // What is asked, and the answer
    // ------------------------------------------------------------

    /**
     * @param {string|boolean} month any day of it; the running one by default
     */
    async load(month) {
        const call = this.orm.call("discipline.statement", "get_my_pay", [], {month});
        this.state.page = await this.latest.add(call);
        this.asked = this.page.is_running ? false : this.page.month;
        this.props.updateActionState?.({month: this.asked});
    }

    /** A month that the user went to: said to who cannot see that it has changed. */
    async go(month) {
        await this.load(month);
        this.state.said = this.page.empty || `${this.page.month_name}: ${this.total}`;
    }

    openPast() {
        this.action.doAction("sales_discipline.action_my_pay");
    }

    openStatement(id) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "discipline.statement",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    print(id) {
        this.action.doAction("sales_discipline.action_report_statement", {
            additionalContext: {active_ids: [id], active_id: id, active_model: "discipline.statement"},
        });
    }

    async call(method, line) {
        const action = await this.orm.call("discipline.statement.line", method, [[line.id]]);
        await this.action.doAction(fromServer(action), {onClose: () => this.load(this.page.month)});
    }

    openTask(step) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "discipline.task",
            res_id: step.task_id,
            views: [[false, "form"]],
        });
    }

    // ------------------------------------------------------------
    // What is written
    // ------------------------------------------------------------

    get page() {
        return this.state.page;
    }

    get isFinal() {
        return Boolean(this.page.statement_id);
    }

    get total() {
        return this.format(this.page.total);
    }

    get expected() {
        const amount = formatMeasure(Math.round(this.page.expected), "money", this.page.currency_id);
        return _t("About %s", amount);
    }

    /** What the total is the sum of, where it is more than one thing. */
    get sums() {
        return this.page.sums.length > 1 ? this.page.sums : [];
    }

    get stateLabel() {
        return {
            open: _t("So far"),
            over: _t("Not confirmed yet"),
            confirmed: _t("Confirmed"),
            paid: _t("Paid"),
        }[this.page.state];
    }

    get stateIcon() {
        return STATES[this.page.state][0];
    }

    get stateColor() {
        return STATES[this.page.state][1];
    }

    iconOf(part) {
        return ICONS[part.kind] || "fa-money";
    }

    limitLabel(line) {
        return {
            floor: _t("Floor"),
            cap: _t("Cap"),
            max_reduction: _t("Maximal Reduction"),
            guaranteed: _t("Guaranteed Pay"),
        }[line.limit];
    }

    disputeLabel(line) {
        return {open: _t("Disputed"), accepted: _t("Dispute accepted"), declined: _t("Dispute declined")}[
            line.dispute_state
        ];
    }

    disputeColor(line) {
        return {open: "text-bg-warning", accepted: "text-bg-success", declined: "text-bg-danger"}[
            line.dispute_state
        ];
    }

    format(amount, currencyId) {
        return formatMeasure(amount, "money", currencyId || this.page.currency_id);
    }

    /** The months that there is a statement of, the last one first. */
    get past() {
        return this.page.history.filter((row) => row.id).reverse();
    }

    /** The months of the chart: without those before the first statement, but not fewer than six. */
    get months() {
        const {history} = this.page;
        const first = history.findIndex((row) => row.id);
        return history.slice(first < 0 ? -6 : Math.min(first, history.length - 6));
    }

    get labels() {
        return this.months.map((row) => deserializeDate(row.month).toFormat("LLL yy"));
    }

    /** The totals, with what the running month has come to. Amounts in another currency are no bar here. */
    get points() {
        const {currency_id, is_running, total} = this.page;
        return this.months.map((row, index, rows) => {
            const now = is_running && index === rows.length - 1 && !row.id;
            const known = row.id && row.currency_id === currency_id;
            return {target: null, actual: now ? total : known ? row.total : null};
        });
    }

    get hasChart() {
        return this.points.filter((point) => point.actual !== null).length > 1;
    }

    get chartLabel() {
        return _t("Total");
    }
}

registry.category("actions").add("sales_discipline.my_pay", MyPay);
