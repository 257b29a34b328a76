// Who is there, and how they are.

import { ask } from "./api.js";
import { h, when } from "./dom.js";

export function showServices(place, me) {
  const rows = h("tbody");
  const asked = h("span", { class: "about" });
  const counts = h("p", { class: "counts", role: "status" }, "asking…");
  place.replaceChildren(
    h("div", { class: "head" }, h("div", {}, h("h2", {}, "Services"), h("p", { class: "about" }, "What each says of itself. Asking wakes services that sleep.")),
      h("p", { class: "standing" }, asked, h("button", { onclick: () => look(true) }, "Ask again"))),
    counts,
    h("div", { class: "scroll" }, h("table", { class: "services" },
      h("thead", {}, h("tr", {}, ["Service", "Health", "What runs", "Answer", "Checks", "Address"].map((each) => h("th", { scope: "col", class: each === "Answer" ? "number" : "" }, each)))), rows)));

  async function look(now = false) {
    try {
      const found = await ask(`/services/health${now ? "?now=true" : ""}`);
      counts.replaceChildren(...Object.entries(found.counts).map(([word, count]) => h("span", { class: `badge ${count ? { ok: "good", degraded: "warn", down: "bad" }[word] : ""}` }, `${count} ${word}`)));
      asked.replaceChildren("asked ", when(found.checked_at));
      rows.replaceChildren(...found.services.map(row));
    } catch (problem) {
      counts.replaceChildren(h("span", { class: "badge bad" }, problem.message));
    }
  }

  look();
  const timer = me.environment === "local" ? setInterval(() => document.hidden || look(), 15000) : 0;
  return () => clearInterval(timer);
}

function row(each) {
  const known = ["ok", "degraded"].includes(each.status);
  const kind = each.status === "ok" ? "good" : each.status === "degraded" ? "warn" : "bad";
  const checks = Object.entries(each.checks).map(([name, check]) => h("span", { class: `badge ${check.status === "ok" ? "good" : "bad"}`, title: check.detail ?? "" }, name));
  return h("tr", {},
    h("th", { scope: "row" }, each.service),
    h("td", {}, h("span", { class: `badge ${kind}` }, known || each.status.length < 20 ? each.status : "down"), !known && each.status.length >= 20 && h("small", {}, ` ${each.status}`)),
    h("td", {}, each.kind),
    h("td", { class: "number" }, each.url ? `${Math.round(each.seconds * 1000)} ms` : ""),
    h("td", {}, checks.length ? checks : ""),
    h("td", {}, each.url && h("code", {}, each.url)));
}
