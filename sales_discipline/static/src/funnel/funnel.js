import {Component, onWillStart, useState} from "@odoo/owl";
import {NO_DATA, formatMeasure} from "../fields/measure";
import {KeepLast} from "@web/core/utils/concurrency";
import {Page} from "../page/page";
import {RecordSelector} from "@web/core/record_selectors/record_selector";
import {_t} from "@web/core/l10n/translation";
import {download} from "@web/core/network/download";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";

const MODEL = "discipline.funnel.report";

/** The sales funnel of somebody and some days. All numbers come from the server (get_funnel_page); here they are shown. */
export class Funnel extends Component {
    static template = "sales_discipline.Funnel";
    static components = {Page, RecordSelector};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.display = {controlPanel: {}};
        this.state = useState({page: null});
        this.periods = [
            {key: "day", label: _t("Day")},
            {key: "week", label: _t("Week")},
            {key: "month", label: _t("Month")},
            {key: "quarter", label: _t("Quarter")},
            {key: "year", label: _t("Year")},
            {key: "custom", label: _t("Other Dates")},
        ];
        this.filters = [
            {key: "country_id", model: "res.country", label: _t("Country")},
            {key: "state_id", model: "res.country.state", label: _t("Region")},
            {key: "source_id", model: "utm.source", label: _t("Source")},
            {key: "categ_id", model: "product.category", label: _t("Product Category")},
        ];
        useSetupAction({getLocalState: () => ({options: this.options})});
        onWillStart(() => this.load(this.props.state?.options || this.props.action.params?.options || {}));
    }

    get options() {
        return this.state.page.options;
    }

    get page() {
        return this.state.page;
    }

    get scopeKey() {
        return `${this.options.scope}:${this.options.team_id}`;
    }

    get isFiltered() {
        return this.filters.some(({key}) => this.options[key]);
    }

    async load(options) {
        this.state.page = await this.keepLast.add(this.orm.call(MODEL, "get_funnel_page", [options]));
    }

    change(values) {
        return this.load({...this.options, ...values});
    }

    onScope(ev) {
        const {scope, team_id} = this.page.scopes[ev.target.selectedIndex];
        return this.change({scope, team_id});
    }

    onPeriod(period) {
        // other dates begin with the days that are on the screen
        return this.change(period === "custom" ? {period, ...this.page.shown} : {period});
    }

    onDate(name, ev) {
        return ev.target.value && this.change({[name]: ev.target.value});
    }

    onFilter(name, id) {
        const values = {[name]: id};
        if (name === "country_id") {
            values.state_id = false;
        }
        return this.change(values);
    }

    clearFilters() {
        return this.change(Object.fromEntries(this.filters.map(({key}) => [key, false])));
    }

    filterDomain(name) {
        return name === "state_id" && this.options.country_id
            ? [["country_id", "=", this.options.country_id]]
            : [];
    }

    // ------------------------------------------------------------
    // Numbers as text
    // ------------------------------------------------------------

    format(value, unit) {
        return value === null ? NO_DATA : formatMeasure(value, unit, this.page.currency_id);
    }

    formatChange({change, unit}) {
        const sign = change > 0 ? "+" : "";
        // conversions differ by percentage points
        return unit === "percent"
            ? _t("%s pp", sign + formatMeasure(change, "score"))
            : sign + formatMeasure(change, "percent");
    }

    changeIcon({change}) {
        return change > 0 ? "fa-arrow-up" : change < 0 ? "fa-arrow-down" : "fa-arrow-right";
    }

    changeColor({change, key}) {
        const better = key === "deals_lost" ? change < 0 : change > 0;
        return change === 0 ? "text-muted" : better ? "text-success" : "text-danger";
    }

    isLinked(column, values) {
        return column.unit !== "percent" && values[column.key] !== 0;
    }

    // ------------------------------------------------------------
    // Ways on
    // ------------------------------------------------------------

    async openRows(measure = null, userId = null, teamId = null) {
        this.action.doAction(
            await this.orm.call(MODEL, "get_rows_action", [this.options, measure, userId, teamId])
        );
    }

    openAnalysis() {
        this.action.doAction("sales_discipline.discipline_funnel_report_action");
    }

    print() {
        return this.action.doAction({
            type: "ir.actions.report",
            name: _t("Sales Funnel"),
            report_type: "qweb-pdf",
            report_name: "sales_discipline.report_funnel",
            report_file: "sales_discipline.report_funnel",
            data: {funnel: this.options},
        });
    }

    exportXlsx() {
        return download({
            url: "/sales_discipline/funnel/xlsx",
            data: {options: JSON.stringify(this.options)},
        });
    }
}

registry.category("actions").add("sales_discipline.funnel", Funnel);
