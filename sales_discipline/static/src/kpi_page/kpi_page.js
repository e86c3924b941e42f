import {Component, onWillStart, useExternalListener, useState} from "@odoo/owl";
import {KpiBar, KpiPace, KpiTrend, KpiZone, formatShort, formatValue, getPeriods} from "./kpi_parts";
import {deserializeDate, formatDateTime} from "@web/core/l10n/dates";
import {getNextDate, getPeriodLabel, getPreviousDate} from "./period";
import {fromServer} from "../page/action";
import {KeepLast} from "@web/core/utils/concurrency";
import {KpiChart} from "./kpi_chart";
import {KpiDetails} from "./kpi_details";
import {Page} from "../page/page";
import {SelectMenu} from "@web/core/select_menu/select_menu";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {formatMeasure} from "../fields/measure";
import {registry} from "@web/core/registry";
import {router} from "@web/core/browser/router";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useDebounced} from "@web/core/utils/timing";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";

const {DateTime} = luxon;
const CATEGORIES = ["kpi", "standard", "smart"];
const PREFERRED = ["month", "week", "day"];
const ASKED = ["employee_id", "period", "date", "plan_id"];

/** One person's scorecard of a day, a week or a month: what was planned, what was done, and where that leads. */
export class KpiPage extends Component {
    static template = "sales_discipline.KpiPage";
    static components = {KpiBar, KpiChart, KpiDetails, KpiPace, KpiTrend, KpiZone, Page, SelectMenu};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.ui = useService("ui");
        this.display = {controlPanel: {}};
        this.latest = new KeepLast();
        this.state = useState({page: null, selected: false, hovered: false, readAt: ""});
        this.point = useDebounced((metric) => (this.state.hovered = metric), 120);
        useSetupAction({getLocalState: () => ({asked: this.asked, selected: this.state.selected})});
        useExternalListener(document, "visibilitychange", () => this.onVisible());
        onWillStart(async () => {
            this.state.selected = this.props.state?.selected || false;
            await this.load(this.getFirstQuestion());
            await this.choosePeriod();
        });
    }

    // ------------------------------------------------------------
    // What is asked, and the answer
    // ------------------------------------------------------------

    /** Where the user was: before a click on a breadcrumb, by a button, or before the page was loaded again. */
    getFirstQuestion() {
        const params = this.props.action.params || {};
        const source =
            this.props.state?.asked || (ASKED.some((key) => params[key]) ? params : router.current);
        return Object.fromEntries(ASKED.map((key) => [key, source[key] || false]));
    }

    /** Somebody without a monthly plan sees the kind of period that they do have. */
    async choosePeriod() {
        const {card, periods} = this.state.page;
        if (!this.asked.period && !card && periods.length) {
            await this.load({period: PREFERRED.find((period) => periods.includes(period))});
        }
    }

    /**
     * @param {object} change of what is asked: employee_id, period, date, plan_id
     */
    async load(change = {}) {
        this.asked = {...this.asked, ...change};
        const {employee_id, date, plan_id} = this.asked;
        const asked = {employee_id, period: this.asked.period || "month", date, plan_id};
        const page = await this.latest.add(this.orm.call("discipline.scorecard", "get_kpi_page", [], asked));
        this.state.page = page;
        this.state.hovered = false;
        this.state.readAt = formatDateTime(DateTime.now(), {format: "HH:mm"});
        if (!page.lines.some((line) => this.keyOf(line) === this.state.selected)) {
            this.state.selected = page.lines.length && !this.ui.isSmall ? this.keyOf(this.rows[0]) : false;
        }
        this.props.updateActionState?.(this.asked);
    }

    onVisible() {
        if (document.visibilityState === "visible" && this.state.page?.card?.state === "open") {
            this.load();
        }
    }

    onPerson(employee_id) {
        return this.load({employee_id, plan_id: false, date: this.page.date_from});
    }

    onPeriod(period) {
        return this.load({period, plan_id: false, date: false});
    }

    onDate(date) {
        return this.load({date});
    }

    onPlan(plan_id) {
        return this.load({plan_id});
    }

    async call(method, line) {
        const action = await this.orm.call("discipline.scorecard.line", method, [[line.id]]);
        await this.action.doAction(fromServer(action), {onClose: () => this.load()});
    }

    openCard() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "discipline.scorecard",
            res_id: this.card.id,
            views: [[false, "form"]],
        });
    }

    async appeal() {
        const action = await this.orm.call("discipline.scorecard", "action_appeal", [[this.card.id]]);
        await this.action.doAction(fromServer(action), {onClose: () => this.load()});
    }

    openReport() {
        this.action.doAction("sales_discipline.discipline_my_report_action", {
            additionalContext: {discipline_report_date: this.page.date_to},
        });
    }

    print() {
        browser.print();
    }

    // ------------------------------------------------------------
    // Rows
    // ------------------------------------------------------------

    keyOf(line) {
        return `${line.metric_id},${line.scope}`;
    }

    /** Lines by category, in the order in which they are shown. */
    get groups() {
        const labels = {kpi: _t("KPI"), standard: _t("Standards"), smart: _t("SMART tasks")};
        return CATEGORIES.map((key) => ({
            key,
            label: labels[key],
            lines: this.page.lines.filter((line) => (line.category || "standard") === key),
        })).filter((group) => group.lines.length);
    }

    get rows() {
        return this.groups.flatMap((group) => group.lines);
    }

    get shown() {
        const key = this.state.hovered || this.state.selected;
        return this.rows.find((line) => this.keyOf(line) === key) || this.rows[0];
    }

    isShown(line) {
        return this.shown === line;
    }

    toggle(line) {
        const key = this.keyOf(line);
        this.state.selected = this.ui.isSmall && this.state.selected === key ? false : key;
    }

    /** The arrows walk through the indicators, Enter opens what was counted. */
    onKeydown(ev, line) {
        const rows = this.rows;
        const at = rows.indexOf(line);
        const next = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1}[ev.key];
        if (ev.key === "Enter" && line.source !== "assessment" && !this.card.is_hidden) {
            ev.preventDefault();
            this.call("action_open_facts", line);
        } else if (rows[next]) {
            ev.preventDefault();
            this.state.hovered = false;
            this.state.selected = this.keyOf(rows[next]);
            ev.currentTarget.closest("table").querySelectorAll("tr[tabindex]")[next].focus();
        }
    }

    // ------------------------------------------------------------
    // What is written
    // ------------------------------------------------------------

    get page() {
        return this.state.page;
    }

    get card() {
        return this.page.card;
    }

    get hasPace() {
        return this.page.lines.some((line) => line.pace);
    }

    get periods() {
        return getPeriods();
    }

    get people() {
        const teams = Map.groupBy(this.page.people, (person) => person.team || "");
        return [...teams].map(([label, people]) => ({
            label,
            choices: people.map((person) => ({
                value: person.id,
                label:
                    person.efficiency === null
                        ? person.name
                        : `${person.name} · ${formatMeasure(Math.round(person.efficiency), "percent")}`,
            })),
        }));
    }

    get periodLabel() {
        return getPeriodLabel(this.page);
    }

    get previousDate() {
        return getPreviousDate(this.page);
    }

    get nextDate() {
        return getNextDate(this.page);
    }

    get labels() {
        const format = {day: "d LLL", week: "d LLL", month: "LLL yy"}[this.page.period];
        const dates = [...this.page.history.map((one) => one.date_from), this.page.date_from];
        return dates.map((date) => deserializeDate(date).toFormat(format));
    }

    get efficiency() {
        const {efficiency} = this.card;
        return formatValue(efficiency, {unit: "percent"});
    }

    /** Of the period before, where a period under way cannot be compared with it yet. */
    get efficiencyBefore() {
        const before = this.card.efficiency_before;
        return typeof before === "number" && formatValue(before, {unit: "percent"});
    }

    get efficiencyChange() {
        const change = formatMeasure(Math.abs(this.card.efficiency_change), "score");
        return {
            up: _t("%s percentage points above the period before", change),
            down: _t("%s percentage points below the period before", change),
            flat: _t("As in the period before"),
        }[this.card.efficiency_trend];
    }

    get efficiencyBetter() {
        return {up: "better", down: "worse", flat: "same"}[this.card.efficiency_trend] || false;
    }

    get efficiencyHistory() {
        const all = [...this.page.history, this.card];
        return all.map(({efficiency}) => ({actual: efficiency, target: null}));
    }

    get efficiencyLabel() {
        return _t("Efficiency");
    }

    format(value, line) {
        return formatShort(value, line, this.card.currency_id);
    }

    formatNumber(value) {
        return formatValue(value, {unit: "count"});
    }
}

registry.category("actions").add("sales_discipline.kpi_page", KpiPage);
