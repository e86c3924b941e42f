import {Component, onWillUnmount, useState} from "@odoo/owl";

import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

const EVERY = 2000; // milliseconds
const NAMES = ["job", "job_done", "job_total"];

/** How far a long payroll run is, while one looks at it; the form is read anew when it is ready. */
export class PayrollProgress extends Component {
    static template = "sales_discipline.PayrollProgress";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm").silent;
        const {job, job_done, job_total} = this.props.record.data;
        this.state = useState({job, job_done, job_total});
        const timer = setInterval(() => this.update(), EVERY);
        onWillUnmount(() => clearInterval(timer));
    }

    get percent() {
        return this.state.job_total ? Math.floor((100 * this.state.job_done) / this.state.job_total) : 0;
    }

    async update() {
        const {record} = this.props;
        if (!record.resId || this.busy) {
            return;
        }
        this.busy = true;
        try {
            const [values] = await this.orm.read(record.resModel, [record.resId], NAMES);
            Object.assign(this.state, values);
            if (values && !values.job && !(await record.isDirty())) {
                await record.load();
            }
        } catch {
            // offline for a moment: the next one asks again
        } finally {
            this.busy = false;
        }
    }
}

registry.category("view_widgets").add("discipline_payroll_progress", {
    component: PayrollProgress,
    fieldDependencies: NAMES.map((name) => ({name, type: name === "job" ? "selection" : "integer"})),
});
