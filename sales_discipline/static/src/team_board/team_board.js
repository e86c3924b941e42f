import {BoardRow, BoardTotal, formatPercent, getState} from "./board_parts";
import {Component, markRaw, onWillStart, useEffect, useExternalListener, useRef, useState} from "@odoo/owl";
import {getNextDate, getPeriodLabel, getPreviousDate} from "../kpi_page/period";
import {formatDateTime} from "@web/core/l10n/dates";
import {keepOneStop, walkGrid} from "./grid_keys";
import {fromServer} from "../page/action";
import {KeepLast} from "@web/core/utils/concurrency";
import {HeatMap} from "./heat_map";
import {KpiZone, formatValue, getPeriods} from "../kpi_page/kpi_parts";
import {Layout} from "@web/search/layout";
import {OnboardingPanel} from "../onboarding/onboarding";
import {TeamWall} from "./team_wall";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {router} from "@web/core/browser/router";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {url} from "@web/core/utils/urls";
import {useSetupAction} from "@web/search/action_hook";

const {DateTime} = luxon;
const LABELS = {kpi: _t("KPI"), standard: _t("Standards"), smart: _t("SMART tasks")};
const KEPT = ["period", "date", "team", "find", "sort", "down", "flat", "compare", "days", "points", "wall"];
const FLAGS = ["down", "flat", "compare", "days", "points", "wall"];

/** Everybody's scorecards of a day, a week or a month side by side: who stands where. */
export class TeamBoard extends Component {
    static template = "sales_discipline.TeamBoard";
    static components = {BoardRow, BoardTotal, HeatMap, KpiZone, Layout, OnboardingPanel, TeamWall};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.latest = new KeepLast();
        this.table = useRef("table");
        this.state = useState({page: null, closed: {}, readAt: "", ...this.getFirstView()});
        useSetupAction({getLocalState: () => ({view: this.view})});
        useExternalListener(document, "visibilitychange", () => this.onVisible());
        useEffect(() => {
            if (this.table.el) {
                keepOneStop(this.table.el);
            }
        });
        onWillStart(() => this.load());
    }

    // ------------------------------------------------------------
    // What is asked, and the answer
    // ------------------------------------------------------------

    /** What the user was looking at: before a click on a breadcrumb, by a button, or before loading again. */
    getFirstView() {
        const params = this.props.action.params || {};
        const isAsked = KEPT.some((key) => params[key]);
        const source = this.props.state?.view || (isAsked ? params : router.current);
        return {
            period: ["day", "week", "month"].includes(source.period) ? source.period : "day",
            date: source.date || false,
            team: source.team === undefined || source.team === false ? "" : String(source.team),
            find: source.find ? String(source.find) : "",
            sort: source.sort ? String(source.sort) : "name",
            ...Object.fromEntries(FLAGS.map((key) => [key, Boolean(source[key])])),
        };
    }

    get view() {
        return Object.fromEntries(KEPT.map((key) => [key, this.state[key]]));
    }

    async load(change = {}) {
        Object.assign(this.state, change);
        const {days, period, date} = this.state;
        const [method, asked] = days ? ["get_team_heat_map", {date}] : ["get_team_board", {period, date}];
        const page = await this.latest.add(this.orm.call("discipline.scorecard", method, [], asked));
        this.state.page = markRaw({period: "month", ...page, isDays: days}); // thousands of cells: nobody changes them
        this.state.readAt = formatDateTime(DateTime.now(), {format: "HH:mm"});
        this.remember();
    }

    /** The address leads back to what is shown. */
    remember(change = {}) {
        Object.assign(this.state, change);
        const entries = KEPT.map((key) => [key, this.state[key] === true ? 1 : this.state[key] || false]);
        this.props.updateActionState?.(Object.fromEntries(entries));
    }

    onVisible() {
        if (document.visibilityState === "visible" && this.isOpen) {
            this.load();
        }
    }

    onSort(key) {
        const {sort, down} = this.state;
        this.remember(sort === key ? {down: !down} : {sort: key, down: key !== "name"});
    }

    toggle(team) {
        this.state.closed[team] = !this.state.closed[team];
    }

    onKeydown(ev) {
        walkGrid(ev);
    }

    /** From the map to one day of it. */
    openDay(date) {
        return this.load({days: false, period: "day", date});
    }

    closeWall() {
        this.remember({wall: false});
    }

    async openCell(person, column) {
        if (column.source === "assessment") {
            await this.openPerson(person);
            return;
        }
        const id = person.cells[column.key].id;
        const action = await this.orm.call("discipline.scorecard.line", "action_open_facts", [[id]]);
        await this.action.doAction(fromServer(action));
    }

    openPerson(person, asked = {}) {
        const {period, date_from: date} = this.page;
        const plan_id = person.plan_id || false;
        return this.action.doAction({
            type: "ir.actions.client",
            tag: "sales_discipline.kpi_page",
            name: _t("KPI"),
            path: "kpi",
            params: {employee_id: person.id, period, date, plan_id, ...asked},
        });
    }

    download() {
        const {period, date_from: date} = this.page;
        browser.location = url("/sales_discipline/team_board/xlsx", {period, date});
    }

    print() {
        browser.print();
    }

    // ------------------------------------------------------------
    // What is shown
    // ------------------------------------------------------------

    get page() {
        return this.state.page;
    }

    get isOpen() {
        const {people, today, isDays} = this.page;
        return people.some((person) => (isDays ? person.days[today]?.state : person.state) === "open");
    }

    get total() {
        return this.page.totals[this.state.team || "all"] || this.page.totals.all;
    }

    /** All indicators, or those of the team chosen alone; the same array as long as they are the same. */
    get columns() {
        const {page, team} = this.state;
        if (this.known?.page !== page || this.known.team !== team) {
            const people = page.people.filter((person) => !team || String(person.team_id || 0) === team);
            const columns = page.columns.filter(({key}) => people.some((person) => person.cells[key]));
            this.known = {page, team, columns};
        }
        return this.known.columns;
    }

    /** In rem, of all columns but the names: amounts of money are long. */
    get widths() {
        return [4.4, 6.3, 5.8, ...this.columns.map(({unit}) => (unit === "money" ? 7.4 : 5.7))];
    }

    get tableWidth() {
        return this.widths.reduce((sum, width) => sum + width, 13);
    }

    /** The heads above the indicators: one for each category. */
    get categories() {
        const counts = Map.groupBy(this.columns, (column) => column.category);
        return [...counts].map(([key, columns]) => ({key, label: LABELS[key], count: columns.length}));
    }

    get people() {
        const {team, find} = this.state;
        const wanted = find.trim().toLocaleLowerCase();
        const found = this.page.people.filter(
            (person) =>
                (!team || String(person.team_id || 0) === team) &&
                (!wanted || person.name.toLocaleLowerCase().includes(wanted))
        );
        return this.sorted(found);
    }

    sorted(people) {
        const {sort, down} = this.state;
        if (sort === "name") {
            return down ? people.reverse() : people;
        }
        const value = (person) => (sort in person ? person[sort] : person.cells?.[sort]?.fact) ?? null;
        return people.sort((one, other) => {
            const [left, right] = [value(one), value(other)];
            if (left === null || right === null) {
                return (left === null) - (right === null); // no data comes last, whichever way
            }
            return down ? right - left : left - right;
        });
    }

    get isGrouped() {
        return !this.state.flat && this.page.teams.length > 1 && !this.state.team;
    }

    /** The totals are those of whole teams: beside the few that were searched for they would mislead. */
    get hasTotals() {
        return !this.state.find.trim();
    }

    get groups() {
        const people = this.people;
        if (!this.isGrouped) {
            return [{key: "", name: "", people, total: false}];
        }
        const byTeam = Map.groupBy(people, (person) => person.team_id || 0);
        return this.teams
            .map(({key, name}) => ({
                key,
                name,
                people: byTeam.get(Number(key)) || [],
                total: this.page.totals[key],
            }))
            .filter((group) => group.people.length);
    }

    get teams() {
        return this.page.teams.map(({id, name}) => ({key: String(id || 0), name}));
    }

    get wallTeam() {
        return this.state.team ? Number(this.state.team) : false;
    }

    /** The last day that has begun, or that day's month. */
    onPeriod(period) {
        const {date_from, date_to, last_date: last} = this.page;
        const isNow = last && date_from <= last && last <= date_to;
        return this.load({days: false, period, date: isNow ? last : date_from});
    }

    get periods() {
        return getPeriods();
    }

    get heads() {
        return [
            {key: "points", name: _t("Points")},
            {key: "efficiency", name: _t("Efficiency")},
            {key: "done", name: _t("Done")},
        ];
    }

    sortOf(key) {
        if (this.state.sort !== key) {
            return "none";
        }
        return this.state.down ? "descending" : "ascending";
    }

    sortIcon(key) {
        return {none: "fa-sort text-muted", descending: "fa-sort-desc", ascending: "fa-sort-asc"}[
            this.sortOf(key)
        ];
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

    get states() {
        return (this.total.states || []).map(([state, count]) => ({...getState(state), state, count}));
    }

    get efficiency() {
        return formatPercent(this.total.efficiency);
    }

    get points() {
        return formatValue(this.total.points, {unit: "score"});
    }
}

registry.category("actions").add("sales_discipline.team_board", TeamBoard);
