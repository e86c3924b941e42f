import {Activity} from "@mail/core/web/activity";
import {patch} from "@web/core/utils/patch";

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
        const {orm, action} = this.env.services;
        const step = [this.props.activity.discipline_step_id];
        const {thread} = this;
        await action.doAction(await orm.call("discipline.regulation.step", method, [step]), {
            onClose: async () => {
                this.props.onActivityChanged(thread);
                await thread.fetchNewMessages();
            },
        });
    },
});
