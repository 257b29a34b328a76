// Values and what differs between them. A path is a list of keys and indexes.

export const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

export function same(a, b) {
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => key in b && same(a[key], b[key]));
  }
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => same(item, b[index]));
  return a === b;
}

export const clone = (value) => structuredClone(value);

export function at(value, path) {
  return path.reduce((found, part) => (found === null || found === undefined ? undefined : found[part]), value);
}

export function put(root, path, value) {
  let place = root;
  for (const part of path.slice(0, -1)) {
    if (place[part] === null || typeof place[part] !== "object") place[part] = {};
    place = place[part];
  }
  if (value === undefined) delete place[path.at(-1)];
  else place[path.at(-1)] = value;
}

// The layer that makes `edited` of `below`: only what differs; null takes away.
export function layerOf(below, edited) {
  const found = {};
  for (const key of new Set([...Object.keys(below), ...Object.keys(edited)])) {
    if (!(key in edited)) found[key] = null;
    else if (!(key in below)) found[key] = edited[key];
    else if (isObject(below[key]) && isObject(edited[key])) {
      const inner = layerOf(below[key], edited[key]);
      if (Object.keys(inner).length) found[key] = inner;
    } else if (!same(below[key], edited[key])) found[key] = edited[key];
  }
  return found;
}

// The single edits that lead from one state to another; lists count whole.
export function edits(before, after, path = []) {
  if (isObject(before) && isObject(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => edits(before[key], after[key], [...path, key]));
  }
  return same(before, after) ? [] : [{ path, value: after }];
}
