import {EventBus, onMounted, onWillUnmount, useExternalListener} from "@odoo/owl";
import {debounce} from "@web/core/utils/timing";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {session} from "@web/session";
import {useService} from "@web/core/utils/hooks";

const SETTLED = 700; // one press of a button sends several notifications
const OLD = 5 * 60 * 1000; // numbers that nobody told us about: what others do for me, a card that froze

/** Says when something was counted for the user, in whichever tab or by whomever. */
export const progressService = {
    dependencies: ["bus_service"],
    start(_env, {bus_service: busService}) {
        const bus = new EventBus();
        if (session.sales_discipline) {
            const tell = debounce(() => bus.trigger("changed"), SETTLED);
            busService.subscribe("mail.activity/updated", tell);
            busService.subscribe("sales_discipline/counted", tell);
        }
        return bus;
    },
};

registry.category("services").add("sales_discipline.progress", progressService);

/**
 * Calls `refresh` when the user's numbers have changed, and every few minutes. In a tab that nobody looks at it waits
 * until somebody does.
 *
 * @param {Function} refresh
 * @returns {Function} tells the others on the page, after something was done here
 */
export function useProgress(refresh) {
    const bus = useService("sales_discipline.progress");
    let isStale = false;
    let timer = null;
    const run = (ev) => {
        if (ev?.detail === run) {
            return;
        }
        isStale = document.visibilityState !== "visible";
        if (!isStale) {
            refresh();
        }
    };
    const start = () => {
        browser.clearInterval(timer);
        timer = browser.setInterval(run, OLD);
    };
    const onVisible = () => {
        if (isStale && document.visibilityState === "visible") {
            start();
            run();
        }
    };
    useExternalListener(document, "visibilitychange", onVisible);
    onMounted(() => {
        bus.addEventListener("changed", run);
        start();
    });
    onWillUnmount(() => {
        bus.removeEventListener("changed", run);
        browser.clearInterval(timer);
    });
    return () => bus.trigger("changed", run);
}
