import {Component, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {RecordSelector} from "@web/core/record_selectors/record_selector";
import {_t} from "@web/core/l10n/translation";
import {useAutofocus, useService} from "@web/core/utils/hooks";

/** Something that was just done and had not been planned: what, with whom, and what came of it. */
export class LogDialog extends Component {
    static template = "sales_discipline.LogDialog";
    static components = {Dialog, RecordSelector};
    static props = {
        types: Array,
        onLogged: Function,
        close: Function,
        resModel: {type: String, optional: true},
        resId: {type: Number, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.store = useService("mail.store");
        const {types, resModel, resId} = this.props;
        this.state = useState({
            type: types[0]?.id || false,
            model: resModel || "crm.lead",
            id: resId || false,
            text: "",
            asked: false, // that it be stored: what is missing is marked from then on
            busy: false,
        });
        if (resId) {
            useAutofocus({refName: "text"});
        }
    }

    get models() {
        return [
            ["crm.lead", _t("Lead or Opportunity")],
            ["res.partner", _t("Contact")],
        ];
    }

    get fieldString() {
        return this.models.find(([model]) => model === this.state.model)[1];
    }

    choose(model) {
        Object.assign(this.state, {model, id: false});
    }

    get missing() {
        const {id, text} = this.state;
        return {id: !id, text: !text.trim()};
    }

    /**
     * @param {boolean} plan whether the next step is planned afterwards
     */
    async save(plan) {
        this.state.asked = true;
        const {model, id, type, text} = this.state;
        if (this.missing.id || this.missing.text || this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await this.orm.call("discipline.scorecard", "log_my_activity", [model, id, type, text]);
        } finally {
            this.state.busy = false;
        }
        this.props.close();
        if (plan) {
            await this.store.scheduleActivity(model, [id]);
        }
        this.props.onLogged(_t("Logged"));
    }
}
