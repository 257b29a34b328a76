// What a JSON Schema says of a value, for a form.

export function resolve(schema, root) {
  let found = schema;
  let nullable = false;
  for (let turn = 0; turn < 10; turn++) {
    if (found.$ref) {
      const { $ref, ...more } = found;
      found = { ...root.$defs[$ref.split("/").at(-1)], ...more, of: $ref.split("/").at(-1) };
    } else if (found.anyOf) {
      const { anyOf, ...more } = found;
      const kinds = anyOf.filter((each) => each.type !== "null");
      nullable ||= kinds.length < anyOf.length;
      const numeric = kinds.find((each) => each.type === "number");
      if (kinds.length === 1) found = { ...kinds[0], ...more };
      else if (numeric && kinds.every((each) => each.type === "number" || each.type === "string")) found = { ...numeric, ...more, type: "decimal" };
      else found = { ...more, type: "any" };
    } else break;
  }
  return { ...found, nullable };
}

export function kindOf(schema) {
  if (schema.of === "Secret") return "secret";
  if (schema.enum || "const" in schema) return "choice";
  if (schema.type === "object") return schema.properties ? "group" : schema.additionalProperties ? "map" : "any";
  if (schema.type === "array") return schema.items ? "list" : "any";
  return ["boolean", "integer", "number", "decimal", "string"].includes(schema.type) ? schema.type : "any";
}

export function label(key) {
  const words = String(key).replaceAll("_", " ").toLowerCase().replace(/\b(bps|url|grpc|ttl|jwt|id|ssl|kb|var|api)\b/g, (word) => word.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function range(schema) {
  const most = schema.maximum !== undefined && schema.maximum < 1e9 ? schema.maximum : undefined;
  const least = schema.minimum ?? schema.exclusiveMinimum;
  if (least !== undefined && most !== undefined) return `${least} to ${most.toLocaleString("en-IN")}`;
  if (least !== undefined) return schema.exclusiveMinimum !== undefined ? `more than ${least}` : `at least ${least}`;
  return most === undefined ? "" : `at most ${most.toLocaleString("en-IN")}`;
}

// What a new value is, before anybody says more.
export function fresh(schema, root) {
  const known = resolve(schema, root);
  if (known.default !== undefined && known.default !== null) return structuredClone(known.default);
  if (known.nullable) return null;
  switch (kindOf(known)) {
    case "group": return Object.fromEntries(Object.entries(known.properties).map(([key, each]) => [key, fresh(each, root)]));
    case "secret": return { secret: "" };
    case "map": return {};
    case "list": return [];
    case "choice": return known.enum ? known.enum[0] : known.const;
    case "boolean": return false;
    case "integer": case "number": case "decimal": return known.minimum ?? 0;
    case "string": return "";
    default: return null;
  }
}
