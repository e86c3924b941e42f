import {Component, onWillStart, useState} from "@odoo/owl";
import {COLORS} from "../fields/completion_field";
import {NO_DATA, formatMeasure} from "../fields/measure";
import {LOOKS, RealismPanel, getLabel} from "../realism/realism_panel";
import {ZONE_COLORS, ZONE_ICONS} from "../fields/state_field";
import {fromServer} from "../page/action";
import {Page} from "../page/page";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {url} from "@web/core/utils/urls";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";

const actions = registry.category("actions");
const ZONES = {green: _t("Green"), yellow: _t("Yellow"), red: _t("Red"), none: _t("No Data")};
const TOLD = ["alarm", "training"]; // what is said above the table; the rest stands below it

/** Sales plans: company, teams and people; what they have to reach, where they stand, and where they will get to. */
export class SalesPlans extends Component {
    static template = "sales_discipline.SalesPlans";
    static components = {Page, RealismPanel};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.periods = {month: _t("Month"), quarter: _t("Quarter"), year: _t("Year")};
        const params = this.props.action.params || {};
        this.wanted = {
            metricId: params.metric_id || false,
            period: params.period || "month",
            date: params.date || false,
            ...this.props.state,
        };
        this.state = useState({data: null, closed: {}});
        onWillStart(() => this.load());
        useSetupAction({getLocalState: () => ({...this.wanted})});
    }

    async load() {
        const {metricId, period, date} = this.wanted;
        const request = (this.request = this.orm.call("discipline.target", "get_sales_plans", [], {
            metric_id: metricId,
            period,
            date,
        }));
        const data = await request;
        if (request === this.request) {
            this.state.data = data; // of several clicks, the last one counts
        }
    }

    setMetric(ev) {
        this.wanted.metricId = Number(ev.target.value);
        return this.load();
    }

    setPeriod(period) {
        const today = luxon.DateTime.now().toISODate();
        const {date_from: first, date_to: last} = this.data;
        this.wanted.period = period;
        this.wanted.date = first <= today && today <= last ? today : first;
        return this.load();
    }

    setDate(date) {
        this.wanted.date = date;
        return this.load();
    }

    // ------------------------------------------------------------
    // What is shown
    // ------------------------------------------------------------

    get data() {
        return this.state.data;
    }

    get rows() {
        return this.data.rows.filter((row) => row.level < 2 || !this.state.closed[row.team_id]);
    }

    get isEmpty() {
        return !this.data.rows.some((row) => row.plan !== null || row.fact);
    }

    get hasTeams() {
        return this.data.rows.length > 0;
    }

    format(value) {
        const {metric, currency_id: currency} = this.data;
        if (this.isNothing(value)) {
            return NO_DATA;
        }
        // nobody reads the cents of a sales plan
        const whole = metric.unit === "money" && Math.abs(value) >= 100;
        return formatMeasure(whole ? Math.round(value) : value, metric.unit, currency);
    }

    formatSigned(value) {
        return `${value > 0 ? "+" : ""}${this.format(value)}`;
    }

    formatPercent(value) {
        return this.isNothing(value) ? NO_DATA : formatMeasure(value, "percent");
    }

    isNothing(value) {
        return value === null || value === undefined || value === false;
    }

    width(value) {
        return Math.max(0, Math.min(value || 0, 100));
    }

    barColor(row) {
        return COLORS[row.zone] || "bg-primary";
    }

    zone(row) {
        return {label: ZONES[row.zone], icon: ZONE_ICONS[row.zone], color: ZONE_COLORS[row.zone]};
    }

    /** The people's plans do not come to the team's. */
    hasGap(row) {
        return !this.isNothing(row.people_gap) && Math.abs(row.people_gap) >= 0.005;
    }

    gapLabel(row) {
        const gap = this.formatSigned(row.people_gap);
        return row.level ? _t("sum of people %s", gap) : _t("sum of teams %s", gap);
    }

    gapTitle(row) {
        const people = this.format(row.people);
        const given = this.format(row.given);
        return row.level
            ? _t(
                  "The plans of its people add up to %(people)s; as given, before working hours, to %(given)s.",
                  {people, given}
              )
            : _t("The plans of its teams add up to %(people)s.", {people});
    }

    /** Working hours have lowered the plan of a person. */
    isLowered(row) {
        return row.level === 2 && !this.isNothing(row.given) && Math.abs(row.given - row.plan) >= 0.005;
    }

    loweredTitle(row) {
        return _t(
            "%s as given; lowered by leave and part time, as on the scorecard.",
            this.format(row.given)
        );
    }

    /** What stands before each number on a phone, where the table has no head. */
    get labels() {
        return {
            plan: _t("Plan"),
            fact: _t("Fact"),
            completion: _t("Completion"),
            zone: _t("Zone"),
            due: _t("Due by Today"),
            forecast: _t("Forecast"),
            agreed: _t("Agreed with Clients"),
            gap: _t("Gap to Plan"),
            ahead: _t("Ahead"),
            behind: _t("Behind"),
        };
    }

    isAhead(row) {
        return row.ahead >= 0;
    }

    get panels() {
        const {realism, rows} = this.data;
        if (!realism) {
            return [];
        }
        const names = Object.fromEntries(
            rows.filter((row) => row.kind === "team").map((row) => [row.id, row.name])
        );
        const company = rows.find((row) => row.kind === "company");
        const found = Object.entries(realism.teams || {}).map(([id, panel]) => ({
            panel,
            id: `team_${id}`,
            title: names[id],
        }));
        if (realism.company) {
            found.unshift({panel: realism.company, id: "company", title: company?.name});
        }
        return found
            .filter(({title, panel}) => title && panel.state !== "none")
            .map((one) => ({...one, ...LOOKS[one.panel.state], label: getLabel(one.panel)}));
    }

    get told() {
        return this.panels.filter(({panel}) => TOLD.includes(panel.state));
    }

    showPanel(one) {
        const element = document.getElementById(`o_discipline_realism_${one.id}`);
        element.scrollIntoView({behavior: "smooth", block: "center"});
        element.focus();
    }

    // ------------------------------------------------------------
    // Ways on
    // ------------------------------------------------------------

    toggle(row) {
        this.state.closed[row.team_id] = !this.state.closed[row.team_id];
    }

    async open(row, what) {
        const {metric, period, date_from: date} = this.data;
        const action = await this.orm.call("discipline.target", "action_open_row", [], {
            metric_id: metric.id,
            period,
            date,
            kind: row.kind,
            row_id: row.id,
            team_id: row.team_id,
            what,
        });
        return this.action.doAction(fromServer(action));
    }

    canOpenCard(row) {
        return row.kind === "person" && row.id && actions.contains("sales_discipline.kpi_page");
    }

    openCard(row) {
        const today = luxon.DateTime.now().toISODate();
        const {date_from: first, date_to: last} = this.data;
        const date = today < first ? first : today > last ? last : today;
        return this.action.doAction({
            type: "ir.actions.client",
            tag: "sales_discipline.kpi_page",
            name: _t("KPI"),
            params: {employee_id: row.id, period: "month", date},
        });
    }

    openWizard(name) {
        const {metric, date_from: first, date_to: last} = this.data;
        return this.action.doAction(`sales_discipline.${name}`, {
            additionalContext: {
                default_metric_id: metric.id,
                default_date_from: first,
                default_date_to: last,
            },
            onClose: () => this.load(),
        });
    }

    download() {
        const {metric, period, date_from: date} = this.data;
        window.location = url("/sales_discipline/sales_plans/xlsx", {metric_id: metric.id, period, date});
    }

    print() {
        window.print();
    }
}

actions.add("sales_discipline.sales_plans", SalesPlans);
