// What would become different, before it does.

import { brief, h } from "./dom.js";

export function differences(found) {
  if (!found.length) return h("p", { class: "none" }, "nothing");
  return h("table", { class: "differences" },
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Value"), h("th", { scope: "col" }, "Before"), h("th", { scope: "col" }, "After"))),
    h("tbody", {}, found.map((each) => h("tr", {},
      h("th", { scope: "row" }, h("code", {}, each.path || "(all)")),
      h("td", { class: "before" }, each.kind === "added" ? "" : h("del", {}, brief(each.before))),
      h("td", { class: "after" }, each.kind === "removed" ? "removed" : h("ins", {}, brief(each.after)))))));
}

// A dialog with the differences, a comment, and what may be done with them.
export function review({ title, found, apply, propose, applyWord = "Apply now", note = "" }) {
  const comment = h("textarea", { id: "comment", rows: "2", maxlength: "2000", placeholder: "why" });
  const buttons = [
    h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"),
    propose && h("button", { type: "button", class: apply ? "" : "primary", onclick: () => act(propose) }, "Propose"),
    apply && h("button", { type: "button", class: "primary", onclick: () => act(apply) }, applyWord),
  ];
  const dialog = h("dialog", { "aria-labelledby": "review-title" },
    h("h2", { id: "review-title" }, title), h("div", { class: "scroll" }, differences(found)), note && h("p", { class: "about" }, note),
    h("label", { for: "comment" }, "Comment, kept in the history"), comment,
    h("div", { class: "actions" }, buttons));
  const act = async (what) => {
    for (const each of dialog.querySelectorAll("button")) each.disabled = true;
    await what(comment.value.trim());
    dialog.close();
  };
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  comment.focus();
}
