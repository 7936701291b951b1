// What waits for a person besides the steps: which pages there are, and what they have in common.
import { h } from "./dom.js";
import { t } from "./texts.js";
import { approvalsView } from "./view_approvals.js";
import { heardParcels, parcelsView } from "./view_parcels.js";
import { quarantineView } from "./view_quarantine.js";

export const desks = {
  parcels: { path: "/packing", view: parcelsView, heard: heardParcels },
  quarantine: { path: "/quarantine", view: quarantineView },
  approvals: { path: "/approvals", view: approvalsView },
};

// The ways to them, with how many wait where that is known.
export function deskLinks(bench) {
  return h("nav", { class: "desks", "aria-label": t("desks") }, Object.keys(desks).map((name) =>
    h("a", { class: "button", href: "#//" + name }, t("desk_" + name), bench?.[name] ? h("span", { class: "number" }, String(bench[name])) : false)));
}
