import {Component, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {RecordSelector} from "@web/core/record_selectors/record_selector";
import {_t} from "@web/core/l10n/translation";
import {formatDay} from "./words";

/** Corrects an entry: what for, how long, on which day; a note, an opportunity. */
export class TimeDialog extends Component {
    static template = "sales_discipline.TimeDialog";
    static components = {Dialog, RecordSelector};
    static props = {entry: Object, categories: Array, days: Array, save: Function, close: Function};

    setup() {
        const {category_id, minutes, date, note, lead_id} = this.props.entry;
        this.state = useState({category_id, minutes, date, note, lead_id, asked: false, busy: false});
        this.leadLabel = _t("Opportunity");
    }

    get isWrong() {
        const {minutes} = this.state;
        return !(Number.isInteger(minutes) && minutes >= 1 && minutes <= 1440);
    }

    dayLabel(day) {
        return formatDay(day.date);
    }

    async save() {
        this.state.asked = true;
        if (this.isWrong || this.state.busy) {
            return;
        }
        this.state.busy = true;
        const {category_id, minutes, date, note, lead_id} = this.state;
        try {
            await this.props.save({category_id, minutes, date, note, lead_id: lead_id || false});
        } finally {
            this.state.busy = false;
        }
        this.props.close();
    }
}
