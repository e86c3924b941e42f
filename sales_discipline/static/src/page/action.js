import {markup} from "@odoo/owl";

/**
 * An action that a method returned, as `doAction` wants it: its help is HTML, which Odoo knows of actions it has loaded
 * by itself only.
 *
 * @param {object|string} action
 * @returns {object|string}
 */
export function fromServer(action) {
    return action?.help ? {...action, help: markup(action.help)} : action;
}
