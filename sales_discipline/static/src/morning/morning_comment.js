import {Component, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {useAutofocus} from "@web/core/utils/hooks";

/** Asks for the comment that goes with a decision. */
export class MorningComment extends Component {
    static template = "sales_discipline.MorningComment";
    static components = {Dialog};
    static props = {
        title: String,
        text: String,
        label: String,
        needed: Boolean,
        decide: Function,
        close: Function,
    };

    setup() {
        this.state = useState({comment: "", busy: false});
        useAutofocus({refName: "comment"});
    }

    get isReady() {
        return !this.state.busy && (!this.props.needed || this.state.comment.trim());
    }

    async apply() {
        this.state.busy = true;
        try {
            await this.props.decide(this.state.comment);
            this.props.close();
        } finally {
            this.state.busy = false;
        }
    }
}
