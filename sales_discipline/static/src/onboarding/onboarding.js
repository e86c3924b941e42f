import {Component, useState} from "@odoo/owl";
import {session} from "@web/session";
import {useService} from "@web/core/utils/hooks";

/** The first steps of a company, as `discipline.onboarding` tells them, each with the way to it. */
export class OnboardingPanel extends Component {
    static template = "sales_discipline.OnboardingPanel";
    static props = {panel: {type: [Object, Boolean], optional: true}};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({closed: false});
    }

    get isShown() {
        return this.props.panel && !this.state.closed;
    }

    open(step) {
        this.action.doAction(step.action);
    }

    async close() {
        await this.orm.call("discipline.onboarding", "close_panel");
        this.state.closed = true;
    }
}

/** A button that leads through the page, step by step. */
export class ShowAround extends Component {
    static template = "sales_discipline.ShowAround";
    static props = {tour: String};

    setup() {
        this.orm = useService("orm");
        this.tours = useService("tour_service");
    }

    /** Odoo switches its tours on for good; who asks for this one has not asked for all the others. */
    async start() {
        await this.tours.startTour(this.props.tour, {mode: "manual", redirect: false});
        if (!session.tour_enabled) {
            await this.orm.call("res.users", "switch_tour_enabled", [false]);
        }
    }
}
