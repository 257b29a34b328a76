// A form made of a JSON Schema. It edits `edited` in place, and says so.

import { brief, h, uid } from "./dom.js";
import { fresh, kindOf, label, range, resolve } from "./schema.js";
import { at, put, same } from "./values.js";

const UNITS = /\s*(Seconds|Milliseconds|Days|Indian rupees)\.$/; // the unit behind the field says it
const text = (path) => JSON.stringify(path);

export class Form {
  // values: in force; below: without run-time changes; edited: what the form changes.
  constructor({ schema, values, below, edited, readOnly, changed }) {
    Object.assign(this, { schema, values, below, edited, readOnly, changed });
    this.marks = new Map();
    this.element = h("form", { class: "fields", novalidate: true, onsubmit: (event) => event.preventDefault() });
    this.draw();
  }

  draw() {
    this.marks.clear();
    this.element.replaceChildren(...carded(this.properties(resolve(this.schema, this.schema), [])));
    this.mark();
  }

  // Shows what is wrong at its field, or at the nearest thing that has one; gives what has no place.
  show(problems) {
    for (const mark of this.marks.values()) mark.wrong([]);
    const byPlace = new Map();
    const left = [];
    for (const problem of problems) {
      const path = [...problem.parts];
      while (path.length && !this.marks.has(text(path))) path.pop();
      if (!path.length) left.push(problem);
      else byPlace.set(text(path), [...(byPlace.get(text(path)) ?? []), problem]);
    }
    for (const [place, found] of byPlace) this.marks.get(place).wrong(found);
    return left;
  }

  mark() {
    for (const [place, mark] of this.marks) mark.refresh?.(JSON.parse(place));
  }

  set(path, value) {
    put(this.edited, path, value);
    this.mark();
    this.changed();
  }

  properties(schema, path) {
    return Object.entries(schema.properties ?? {}).map(([key, each]) => this.field(each, [...path, key], label(key)));
  }

  field(raw, path, name, remove) {
    const schema = resolve(raw, this.schema);
    const kind = kindOf(schema);
    if (kind === "group" && !schema.nullable) return this.group(schema, path, name, remove, this.properties(schema, path));
    if (kind === "group") return this.optional(schema, path, name, remove);
    if (kind === "map") return this.map(schema, path, name, remove);
    if (kind === "list") return this.list(schema, path, name, remove);
    return this.row(schema, kind, path, name, remove);
  }

  // One value: label, control, unit, and what there is to say about it.
  row(schema, kind, path, name, remove) {
    const id = uid();
    const control = this.control(schema, kind, path, id);
    const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
    const from = h("span", { class: "from" });
    const unit = h("span", { class: "unit" }, schema["x-unit"] === "of 1" ? "" : schema["x-unit"]);
    const about = [schema["x-unit"] ? schema.description?.replace(UNITS, "") : schema.description, ["integer", "number", "decimal"].includes(kind) && range(schema)].filter(Boolean).join(" · ");
    const row = h("div", { class: `row kind-${kind}` },
      h("div", { class: "name" }, h("label", { for: id }, name), typeof path.at(-1) === "string" && h("code", {}, path.at(-1))),
      h("div", { class: "value" }, h("span", { class: "control" }, control, unit, remove), error),
      h("div", { class: "about" }, h("span", { id: `${id}-about` }, about), from));
    const input = control.matches("input, select, textarea") ? control : control.querySelector("input");
    input?.setAttribute("aria-describedby", `${id}-about ${id}-error`);
    this.marks.set(text(path), {
      wrong: (problems) => {
        error.hidden = !problems.length;
        error.replaceChildren(problems.map((each) => each.detail + (each.hint ? ` (${each.hint})` : "")).join("; "));
        row.classList.toggle("wrong", problems.length > 0);
        input?.setAttribute("aria-invalid", String(problems.length > 0));
      },
      refresh: () => {
        this.origin(row, from, path);
        if (schema["x-unit"] === "of 1") unit.textContent = percent(at(this.edited, path));
      },
    });
    return row;
  }

  // Whether a value is edited, and whether it differs from the files; with a way back.
  origin(row, from, path) {
    const now = at(this.edited, path);
    const file = at(this.below, path);
    const inItem = path.some((part) => typeof part === "number");
    row.classList.toggle("edited", !same(now, at(this.values, path)));
    const differs = !inItem && !same(now, file);
    row.classList.toggle("over", differs);
    from.replaceChildren();
    if (!differs) return;
    const back = this.readOnly ? null : h("button", { type: "button", class: "link", onclick: () => { put(this.edited, path, structuredClone(file)); this.changed(); this.draw(); } }, "take that back");
    from.append(file === undefined ? "not in the files " : `changed from the file’s ${brief(file)} `, back ?? "");
  }

  control(schema, kind, path, id) {
    const value = at(this.edited, path);
    const off = { id, disabled: this.readOnly };
    if (kind === "boolean") return h("input", { ...off, type: "checkbox", role: "switch", checked: value === true, onchange: (event) => this.set(path, event.target.checked) });
    if (kind === "choice") {
      const options = schema.enum ?? [schema.const];
      const shown = [...(schema.nullable ? [null] : []), ...options];
      return h("select", { ...off, onchange: (event) => this.set(path, shown[event.target.selectedIndex]) },
        shown.map((each) => h("option", { selected: each === value }, each === null ? "not set" : String(each))));
    }
    if (kind === "secret") return this.secret(schema, path, off, value);
    if (kind === "any") return h("textarea", { ...off, rows: "3", spellcheck: "false", onchange: (event) => this.set(path, parsed(event.target.value)) }, JSON.stringify(value, null, 1) ?? "");
    const numeric = kind !== "string";
    return h("input", {
      ...off, type: "text", spellcheck: "false", autocomplete: "off", inputmode: numeric ? "decimal" : undefined,
      class: numeric ? "number" : "", placeholder: schema.nullable ? "not set" : undefined,
      value: value === null || value === undefined ? "" : String(value),
      oninput: (event) => this.set(path, typed(event.target.value, schema, numeric)),
    });
  }

  secret(schema, path, off, value) {
    const change = (event) => {
      const name = event.target.value.trim();
      this.set(path, name || !schema.nullable ? { ...(value?.version ? { version: value.version } : {}), secret: name } : null);
    };
    return h("span", { class: "secret" }, h("input", { ...off, type: "text", spellcheck: "false", placeholder: schema.nullable ? "not set" : "name in Secret Manager", value: value?.secret ?? "", oninput: change }), h("span", { class: "unit" }, "secret"));
  }

  group(schema, path, name, remove, inside, set = true) {
    const error = h("p", { class: "error", hidden: true });
    this.marks.set(text(path), {
      wrong: (problems) => {
        error.hidden = !problems.length;
        error.textContent = problems.map((each) => each.detail + (each.hint ? ` (${each.hint})` : "")).join("; ");
      },
    });
    return h("fieldset", { class: set ? "group" : "group unset" }, h("legend", {}, name, remove), schema.description && h("p", { class: "about" }, schema.description), error, inside);
  }

  // A group that need not be there.
  optional(schema, path, name, remove) {
    const there = at(this.edited, path) !== null && at(this.edited, path) !== undefined;
    const toggle = h("label", { class: "toggle" }, h("input", {
      type: "checkbox", role: "switch", checked: there, disabled: this.readOnly,
      onchange: (event) => { this.set(path, event.target.checked ? this.known(schema, path) : null); this.draw(); },
    }), there ? "in use" : "not in use");
    return this.group(schema, path, name, remove, [toggle, ...(there ? this.properties(schema, path) : [])], there);
  }

  known(schema, path) {
    return structuredClone(at(this.values, path) ?? at(this.below, path) ?? fresh({ ...schema, default: undefined, nullable: false }, this.schema));
  }

  map(schema, path, name, remove) {
    const value = at(this.edited, path) ?? {};
    const away = (key) => this.small("remove", `Remove ${key}`, () => { this.set([...path, key], undefined); this.draw(); });
    const items = Object.keys(value).map((key) => this.field(schema.additionalProperties, [...path, key], key, away(key)));
    const input = h("input", { type: "text", "aria-label": `New name in ${name}`, placeholder: "name", spellcheck: "false" });
    const add = () => {
      const key = input.value.trim();
      if (!key || key in value) { input.focus(); return; }
      this.set([...path, key], fresh(schema.additionalProperties, this.schema));
      this.draw();
    };
    const adder = h("div", { class: "add" }, input, h("button", { type: "button", onclick: add }, "Add"));
    return this.group(schema, path, name, remove, [...items, !items.length && h("p", { class: "none" }, "none"), !this.readOnly && adder]);
  }

  list(schema, path, name, remove) {
    const value = at(this.edited, path) ?? [];
    const change = (next) => { this.set(path, next); this.draw(); };
    const away = (index) => this.small("remove", `Remove ${index + 1} of ${name}`, () => change(value.filter((_, each) => each !== index)));
    const items = value.map((_, index) => this.field(schema.items, [...path, index], `${index + 1}`, away(index)));
    const add = h("button", { type: "button", onclick: () => change([...value, fresh({ ...schema.items }, this.schema)]) }, "Add");
    const flat = !["group", "map", "list"].includes(kindOf(resolve(schema.items, this.schema)));
    const made = this.group(schema, path, name, remove, [...items, !items.length && h("p", { class: "none" }, "none"), !this.readOnly && h("div", { class: "add" }, add)]);
    made.classList.toggle("flat", flat);
    const from = h("p", { class: "from" });
    made.append(from);
    this.marks.get(text(path)).refresh = () => this.origin(made, from, path);
    return made;
  }

  small(kind, about, click) {
    return this.readOnly ? null : h("button", { type: "button", class: "small", title: about, "aria-label": about, onclick: click }, kind === "remove" ? "✕" : "+");
  }
}

// Values that stand beside groups get a card of their own.
function carded(fields) {
  const cards = [];
  for (const field of fields) {
    if (!field.classList.contains("row")) { cards.push(field); continue; }
    if (!cards.at(-1)?.classList.contains("loose")) cards.push(h("div", { class: "group loose" }));
    cards.at(-1).append(field);
  }
  return cards;
}

function typed(value, schema, numeric) {
  const trimmed = numeric ? value.trim() : value;
  if (trimmed === "" && (schema.nullable || numeric)) return schema.nullable ? null : "";
  if (!numeric) return value;
  const plain = trimmed.replaceAll(",", "");
  if (!/^-?(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(plain)) return trimmed;
  return String(Number(plain)) === plain || schema.type !== "decimal" ? Number(plain) : exact(plain);
}

// A decimal that a double doesn't hold stays a text.
function exact(plain) {
  const tidy = plain.includes(".") ? plain.replace(/0+$/, "").replace(/\.$/, "") : plain;
  return String(Number(tidy)) === tidy ? Number(tidy) : plain;
}

// A part of one as people say it.
function percent(value) {
  return typeof value === "number" || (typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value))) ? `= ${Number((Number(value) * 100).toPrecision(12))} %` : "";
}

function parsed(value) {
  try { return JSON.parse(value); } catch { return value; }
}
