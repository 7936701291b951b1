// A due date, as it stands to today.
import { h } from "./dom.js";
import { day, t } from "./texts.js";

// The day here, not in Greenwich.
const today = () => {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
};

export function dueBadge(due) {
  if (!due) return false;
  const now = today();
  const [kind, key] = due < now ? ["late", "overdue"] : due === now ? ["soon", "due_today"] : ["", "due"];
  return h("span", { class: "badge " + kind }, t(key, { day: day(due) }));
}
