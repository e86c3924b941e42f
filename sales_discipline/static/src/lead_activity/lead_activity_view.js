import {ActivityController} from "@mail/views/web/activity/activity_controller";
import {DayBanner} from "./day_banner";
import {activityView} from "@mail/views/web/activity/activity_view";
import {registry} from "@web/core/registry";

export class LeadActivityController extends ActivityController {
    static template = "sales_discipline.LeadActivityController";
    static components = {...ActivityController.components, DayBanner};
}

registry
    .category("views")
    .add("discipline_lead_activity", {...activityView, Controller: LeadActivityController});
