/** Built means frozen: objects, lists and all below them. Maps are read-only by their type. */
export function freezeDeep<T>(value: T): T {
  freeze(value);
  return value;
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  if (value instanceof Map) {
    for (const one of value.values()) freeze(one);
    return;
  }
  Object.freeze(value);
  if (Array.isArray(value)) for (const one of value) freeze(one);
  else for (const one of Object.values(value)) if (typeof one === "object") freeze(one);
}
