// What lies in the bucket of reports.

import { ask, download } from "./api.js";
import { fill, h, toast, when } from "./dom.js";

export async function showReports(place) {
  const { reports, more } = await ask("/reports");
  const save = (name) => () => download(`/reports/${name.split("/").map(encodeURIComponent).join("/")}`, name.split("/").at(-1)).catch((problem) => toast(problem.message, "bad"));
  fill(place,
    h("div", { class: "head" }, h("div", {}, h("h2", {}, "Reports"), h("p", { class: "about" }, "As they were sent."))),
    reports.length
      ? h("div", { class: "scroll" }, h("table", {},
        h("thead", {}, h("tr", {}, ["Name", "Written", "Size", ""].map((each) => h("th", { scope: "col" }, each)))),
        h("tbody", {}, reports.map((each) => h("tr", {}, h("th", { scope: "row" }, each.name), h("td", {}, when(each.updated)), h("td", { class: "number" }, `${each.size.toLocaleString("en-IN")} B`), h("td", {}, h("button", { class: "link", onclick: save(each.name) }, "save")))))))
      : h("p", { class: "none" }, "There are none yet."),
    more && h("p", { class: "about" }, "There are more; the API lists them by prefix."));
}
