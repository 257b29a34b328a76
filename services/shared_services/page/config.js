// One configuration: edit it, see what would differ, apply or propose it, look at its history.

import { ask, newKey } from "./api.js";
import { $, h, toast } from "./dom.js";
import { differences, review } from "./review.js";
import { Form } from "./form.js";
import { showHistory, showProposals } from "./versions.js";
import { clone, edits, layerOf, put } from "./values.js";

export class ConfigView {
  constructor(place, name, me, listed) {
    Object.assign(this, { place, name, me, listed, shown: "edit", newer: null });
  }

  get dirty() { return Boolean(this.edited) && edits(this.state.values, this.edited).length > 0; }
  get layer() { return layerOf(this.state.below, this.edited); }
  may(permission) { return this.me.writable && this.me.permissions.includes(permission); }

  async load() {
    const [state, schema] = await Promise.all([ask(`/config/${this.name}`), this.schema ?? ask(`/config/${this.name}/schema`)]);
    this.schema = schema;
    this.take(state);
  }

  take(state, kept = []) {
    this.state = state;
    this.newer = null;
    this.edited = clone(state.values);
    for (const each of kept) put(this.edited, each.path, each.value);
    this.draw();
  }

  // Another one changed it: follow where nothing is edited here, else ask.
  async heard(kind, about) {
    if (kind === "proposed") { if (this.shown === "proposals") this.tab("proposals"); return; }
    if (kind === "applied" && about.version <= this.state.version) return;
    await this.look(about.by);
  }

  async look(by = "") {
    const state = await ask(`/config/${this.name}`);
    if (state.version === this.state.version && !edits(this.state.values, state.values).length) return;
    if (!this.dirty) {
      this.take(state);
      if (by) toast(`Version ${state.version} was applied by ${by}`);
      return;
    }
    this.newer = { state, by };
    this.drawNotices();
  }

  draw() {
    const [, title] = (this.schema.title ?? this.name).split(": ");
    this.form = new Form({
      schema: this.schema, values: this.state.values, below: this.state.below, edited: this.edited,
      readOnly: !this.may("config.write") && !this.may("config.approve"), changed: () => this.changed(),
    });
    const tabs = [["edit", "Edit"], ["proposals", "Proposals"], ["history", "History"], ["text", "YAML"]];
    this.place.replaceChildren(
      h("div", { class: "head" },
        h("div", {}, h("h2", {}, this.name), h("p", { class: "about" }, title)),
        h("p", { class: "standing" }, this.state.version ? [h("b", { class: "version-now" }, `version ${this.state.version}`), " over the files"] : "as in the files")),
      h("nav", { class: "tabs", "aria-label": "Views of this configuration" }, tabs.map(([id, name]) => h("a", { href: `#/config/${this.name}/${id}`, "data-tab": id }, name))),
      h("div", { id: "notices" }),
      h("section", { id: "view" }),
      h("div", { id: "bar", hidden: true, role: "region", "aria-label": "Your edits" }));
    this.drawNotices();
    this.tab(this.shown);
    this.changed();
  }

  drawNotices() {
    const notices = [];
    if (!this.me.writable) notices.push(h("p", { class: "banner" }, "There is no bucket here (CONFIG_BUCKET): the configuration can be read only."));
    else if (!this.may("config.write") && !this.may("config.approve")) notices.push(h("p", { class: "banner" }, this.me.signed_in ? `${this.me.name} may read the configuration. To propose changes: the permission config.write.` : "Nobody is known here (identity.audiences is empty): the configuration can be read only."));
    if (this.state.problems.length) notices.push(h("div", { class: "banner bad", role: "alert" }, h("p", {}, "What stands in the bucket or the files is wrong; services keep the last good state:"), h("ul", {}, this.state.problems.map((each) => h("li", {}, `${each.where} ${each.path}: ${each.detail} ${each.hint}`)))));
    if (this.newer) notices.push(this.newerNotice());
    $("#notices", this.place)?.replaceChildren(...notices);
  }

  newerNotice() {
    const { state, by } = this.newer;
    const mine = edits(this.state.values, this.edited);
    const theirs = edits(this.state.values, state.values);
    const both = theirs.filter((their) => mine.some((each) => JSON.stringify(each.path) === JSON.stringify(their.path)));
    return h("div", { class: "banner warn", role: "alert" },
      h("p", {}, `Version ${state.version} was applied ${by ? `by ${by} ` : ""}while you edit. `, both.length ? `You both changed ${both.map((each) => each.path.join(".")).join(", ")}.` : "You changed other values."),
      differences(theirs.map(({ path, value }) => ({ path: path.join("."), kind: "changed", before: path.reduce((found, part) => found?.[part], this.state.values), after: value }))),
      h("div", { class: "actions" },
        h("button", { class: "primary", onclick: () => this.take(state, mine) }, "Take it over, keep my edits"),
        h("button", { onclick: () => this.take(state) }, "Drop my edits")));
  }

  tab(name) {
    this.shown = name;
    for (const link of this.place.querySelectorAll(".tabs a")) {
      if (link.dataset.tab === name) link.setAttribute("aria-current", "page"); else link.removeAttribute("aria-current");
    }
    const view = $("#view", this.place);
    if (name === "edit") view.replaceChildren(this.form.element);
    else if (name === "history") showHistory(view, this);
    else if (name === "proposals") showProposals(view, this);
    else view.replaceChildren(h("p", { class: "about" }, "The object in the bucket. It lies over ", h("code", {}, this.state.origins.filter((each) => !each.startsWith("gs://")).slice(1).join(", ") || "the files"), "; services read both."), h("pre", { tabindex: "0" }, this.state.text || "# nothing was changed at run time"));
  }

  changed() {
    const bar = $("#bar", this.place);
    const count = edits(this.state.values, this.edited).length;
    bar.hidden = count === 0;
    clearTimeout(this.checking);
    if (!count) { this.form.show([]); return; }
    if (!bar.firstChild) {
      this.counted = h("span", { role: "status" });
      this.reviewing = h("button", { class: "primary", onclick: () => this.review() }, "Review…");
      bar.append(this.counted, h("button", { onclick: () => this.take(this.state) }, "Discard"), this.reviewing);
    }
    this.counted.textContent = `${count} ${count === 1 ? "value" : "values"} edited`;
    this.checking = setTimeout(() => this.check().catch((problem) => toast(problem.message, "bad")), 250);
  }

  // Asks the service what it would say; it alone knows all the rules.
  async check() {
    const asked = JSON.stringify(this.layer);
    const answer = await ask(`/config/${this.name}/validate`, { method: "POST", body: { override: this.layer } });
    if (asked !== JSON.stringify(this.layer)) return answer;
    const left = this.form.show(answer.problems);
    this.counted.classList.toggle("bad", !answer.valid);
    if (!answer.valid) {
      const words = left.length ? left.map((each) => each.detail).join("; ") : `${answer.problems.length} ${answer.problems.length === 1 ? "value is" : "values are"} refused `;
      this.counted.replaceChildren(words, left.length ? "" : h("button", { type: "button", class: "link", onclick: () => this.showRefused() }, "show"));
    }
    this.reviewing.disabled = !answer.valid;
    return answer;
  }

  showRefused() {
    this.tab("edit");
    const first = this.form.element.querySelector("[aria-invalid=true], fieldset:has(> .error:not([hidden]))");
    first?.scrollIntoView({ block: "center" });
    first?.focus();
  }

  async review() {
    clearTimeout(this.checking);
    const answer = await this.check();
    if (!answer.valid) { this.showRefused(); return; }
    if (!answer.differences.length) { toast("Nothing would become different."); return; }
    const body = this.layer;
    const key = newKey();
    const apply = this.may("config.approve") && !this.me.four_eyes && ((comment) => this.send("", "PUT", { override: body, comment }, key));
    const propose = this.may("config.write") && ((comment) => this.send("/proposals", "POST", { override: body, comment }, key));
    review({ title: `Change ${this.name}`, found: answer.differences, apply, propose, note: this.me.four_eyes ? "A change needs two people here: another one applies what you propose." : "" });
  }

  async send(path, method, body, key) {
    try {
      const done = await ask(`/config/${this.name}${path}`, { method, body, base: this.state.version, key });
      if (path === "/proposals") { toast("Proposed. Somebody with config.approve applies it."); this.edited = clone(this.state.values); this.listed().catch(() => {}); this.draw(); location.hash = `#/config/${this.name}/proposals`; }
      else await this.applied(done);
    } catch (problem) {
      await this.refused(problem);
    }
  }

  async applied(change) {
    toast(`Version ${change.version} is in force`, "good");
    this.take(await ask(`/config/${this.name}`));
    this.listed().catch(() => {}); // the list at the side may come later
  }

  async refused(problem) {
    if (problem.status === 412) { await this.look(); if (!this.newer) toast(problem.message, "bad"); return; }
    if (problem.document?.errors) this.form.show(problem.document.errors.filter((each) => each.parts));
    toast(problem.message, "bad");
  }
}


