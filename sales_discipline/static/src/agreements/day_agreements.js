import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate} from "@web/core/l10n/dates";
import {formatMonetary} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

const PARTS = {
    tasks: {
        title: _t("SMART Tasks"),
        icon: "fa-flag-checkered",
        model: "discipline.task",
        action: "sales_discipline.discipline_task_action",
    },
    programs: {
        title: _t("Clients of Programs to Win"),
        icon: "fa-bullseye",
        model: "discipline.program",
        action: "sales_discipline.discipline_program_client_action",
    },
    behind: {
        title: _t("Forecasts Fallen Behind"),
        icon: "fa-exclamation-triangle text-warning",
        model: "discipline.forecast",
        action: "sales_discipline.discipline_forecast_action",
    },
    drafts: {
        title: _t("Forecasts to Agree on"),
        icon: "fa-handshake-o",
        model: "discipline.forecast",
        action: "sales_discipline.discipline_forecast_action",
    },
};

/** What is agreed on, on My Day: tasks, clients of programs, forecasts. */
export class DayAgreements extends Component {
    static template = "sales_discipline.DayAgreements";
    static props = {data: Object, today: String, reload: Function};

    setup() {
        this.action = useService("action");
    }

    get parts() {
        return Object.entries(PARTS)
            .map(([key, part]) => ({key, ...part, ...this.props.data[key]}))
            .filter((part) => part.count);
    }

    day(value) {
        return deserializeDate(value).toLocaleString({day: "numeric", month: "short"});
    }

    money(value) {
        return formatMonetary(value, {currencyId: this.props.data.currency_id, trailingZeros: false});
    }

    quarter(value) {
        const date = deserializeDate(value);
        return _t("Q%(quarter)s %(year)s", {quarter: date.quarter, year: date.year});
    }

    about(part, row) {
        if (part.key === "tasks") {
            return row.rejected
                ? _t("rejected, due %s", this.day(row.date))
                : _t("due %s", this.day(row.date));
        }
        if (part.key === "programs") {
            return _t("%(count)s have not ordered, until %(date)s", {
                count: row.waiting,
                date: this.day(row.date),
            });
        }
        if (part.key === "drafts") {
            return this.quarter(row.date);
        }
        return _t("%(actual)s of %(amount)s", {
            actual: this.money(row.actual),
            amount: this.money(row.amount),
        });
    }

    open(part, row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: part.model,
            res_id: row.id,
            views: [[false, "form"]],
        });
    }

    openAll(part) {
        return this.action.doAction(part.action, {
            additionalContext: {search_default_mine: 1, search_default_open: 1},
        });
    }
}

registry.category("sales_discipline.my_day").add("agreements", {component: DayAgreements, sequence: 30});
