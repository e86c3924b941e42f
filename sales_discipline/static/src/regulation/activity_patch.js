import {Activity} from "@mail/core/web/activity";
import {ActivityListPopoverItem} from "@mail/core/web/activity_list_popover_item";
import {patch} from "@web/core/utils/patch";

/**
 * Opens what a step of a regulation asks for.
 *
 * @param {object} services
 * @param {object} activity
 * @param {string} method of the step
 * @returns {Promise} when the dialog is closed
 */
async function askForStep(services, activity, method) {
    const {orm, action} = services;
    const step = [activity.discipline_step_id];
    const dialog = await orm.call("discipline.regulation.step", method, [step]);
    await new Promise((resolve) => action.doAction(dialog, {onClose: resolve}));
}

/** What a regulation has scheduled is handed in with what its rule asks for, and skipped only with a reason. */
patch(Activity.prototype, {
    /**
     * @param {Event} ev
     */
    async onClickMarkAsDone(ev) {
        if (this.props.activity.discipline_step_id) {
            await this.askForStep("action_hand_in");
        } else {
            await super.onClickMarkAsDone(ev);
        }
    },

    async unlink() {
        if (this.props.activity.discipline_step_id) {
            await this.askForStep("action_skip");
        } else {
            await super.unlink();
        }
    },

    /**
     * @param {string} method of the step
     */
    async askForStep(method) {
        const {thread} = this;
        await askForStep(this.env.services, this.props.activity, method);
        this.props.onActivityChanged(thread);
        await thread.fetchNewMessages();
    },
});

/** The same in the popovers of lists, kanbans and the view of activities. */
patch(ActivityListPopoverItem.prototype, {
    async onClickMarkAsDone() {
        if (this.props.activity.discipline_step_id) {
            await this.askForStep("action_hand_in");
        } else {
            super.onClickMarkAsDone();
        }
    },

    async unlink() {
        if (this.props.activity.discipline_step_id) {
            await this.askForStep("action_skip");
        } else {
            super.unlink();
        }
    },

    /**
     * @param {string} method of the step
     */
    async askForStep(method) {
        const {activity, onActivityChanged, onClickEditActivityButton} = this.props;
        onClickEditActivityButton(); // closes the popover, which would lie over the dialog
        await askForStep(this.env.services, activity, method);
        onActivityChanged?.();
    },
});
