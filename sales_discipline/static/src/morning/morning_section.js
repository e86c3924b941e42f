import {ACTIONS, SECTIONS} from "./morning_words";
import {KpiZone, formatShort} from "../kpi_page/kpi_parts";
import {NO_DATA, formatMeasure} from "../fields/measure";
import {Component} from "@odoo/owl";
import {MorningComment} from "./morning_comment";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate} from "@web/core/l10n/dates";
import {useService} from "@web/core/utils/hooks";

/** One section of the morning: what happened to whom, each row with its actions. */
export class MorningSection extends Component {
    static template = "sales_discipline.MorningSection";
    static components = {KpiZone};
    static props = {section: Object, reload: Function};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.store = useService("mail.store");
    }

    // ------------------------------------------------------------
    // Actions
    // ------------------------------------------------------------

    /**
     * @param {string} name of the action
     * @param {object} row
     * @returns {Promise}
     */
    run(name, row) {
        const runs = {
            kpi: () => this.call("discipline.scorecard", "action_open_kpi_page", row.card_id),
            excuse: () => this.call("discipline.scorecard", "action_excuse", row.id),
            grant: () => this.call(row.model, "action_grant", row.id),
            refuse: () => this.call(row.model, "action_refuse", row.id),
            records: () => this.call(row.model, "action_open_records", row.id),
            sales_plans: () => this.call(row.model, "action_open_sales_plans", row.id),
            harmless: () => this.decide(row, "harmless", name),
            confirm: () => this.decide(row, "confirmed", name),
            confirmed: () => this.decide(row, "confirmed", name),
            denied: () => this.decide(row, "denied", name),
            unreachable: () => this.decide(row, "unreachable", name),
            message: () => this.store.openChat({userId: row.user_id}),
            talk: () => this.planTalk(row),
            late: () => this.open("discipline_late_entry_action", [["id", "in", row.fact_ids]]),
            plans: () => this.open("discipline_plan_action"),
            targets: () => this.openPlan(row),
            employees: () => this.openEmployee(row),
            open: () => this.openRecord(row.model, row.id),
        };
        return runs[name]();
    }

    /** As a button of a form would do it. */
    call(resModel, name, resId) {
        return this.action.doActionButton({
            type: "object",
            name,
            resModel,
            resId,
            resIds: [resId],
            context: {},
            onClose: () => this.props.reload(),
        });
    }

    /** A result with a comment, asked for in a small window. */
    decide(row, state, name) {
        this.dialog.add(MorningComment, {
            title: `${ACTIONS[name].label}: ${row.person}`,
            text: row.text,
            label: ACTIONS[name].label,
            needed: state === "confirmed" && row.model === "discipline.signal",
            decide: async (comment) => {
                await this.orm.call(row.model, "decide", [[row.id], state, comment]);
                await this.props.reload();
            },
        });
    }

    planTalk(row) {
        const missed = row.lines.map((line) => line.name).join(", ") || row.text;
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("Plan a Talk"),
                res_model: "mail.activity.schedule",
                views: [[false, "form"]],
                target: "new",
                context: {
                    active_model: "res.partner",
                    active_id: row.partner_id,
                    active_ids: [row.partner_id],
                    default_summary: _t("Talk with %(name)s: %(missed)s", {name: row.person, missed}),
                },
            },
            {onClose: () => this.props.reload()}
        );
    }

    async open(xmlid, domain) {
        const action = await this.action.loadAction(`sales_discipline.${xmlid}`);
        return this.action.doAction(domain ? {...action, domain, context: {}} : action);
    }

    openMore() {
        const {action, domain} = this.props.section.more;
        return this.open(action.split(".")[1], domain);
    }

    async openPlan(row) {
        const action = await this.action.loadAction("sales_discipline.discipline_sales_plan_action");
        const params = {metric_id: row.id, period: "month", date: row.month};
        return this.action.doAction({...action, params});
    }

    openEmployee(row) {
        return row.model === "hr.employee"
            ? this.openRecord(row.model, row.id)
            : this.action.doAction("hr.open_view_employee_list_my");
    }

    openRecord(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openFacts(line) {
        return this.call("discipline.scorecard.line", "action_open_facts", line.id);
    }

    // ------------------------------------------------------------
    // What is written
    // ------------------------------------------------------------

    get words() {
        return SECTIONS[this.props.section.key];
    }

    get allLabel() {
        return _t("Show all");
    }

    actionsOf(row) {
        return row.actions.map((name) => ({name, ...ACTIONS[name]}));
    }

    formatDay(date) {
        return deserializeDate(date).toLocaleString({weekday: "short", day: "numeric", month: "short"});
    }

    formatFact(line) {
        const [actual, target] = [line.actual, line.target].map((value) =>
            formatShort(value, line, line.currency_id)
        );
        return `${actual} / ${target}`;
    }

    formatPoints(row) {
        const points = formatMeasure(row.points, "score");
        return row.points === 1 ? _t("%s point", points) : _t("%s points", points);
    }

    formatPercent(value) {
        return value === null ? NO_DATA : formatMeasure(value, "percent");
    }
}
