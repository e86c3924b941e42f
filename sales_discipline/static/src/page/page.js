import {Component} from "@odoo/owl";
import {Layout} from "@web/search/layout";

/** Odoo's layout of a client action in the element that makes it scroll, which views have of their own. */
export class Page extends Component {
    static template = "sales_discipline.Page";
    static components = {Layout};
    static props = ["*"];
}
