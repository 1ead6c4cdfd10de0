/**
 * What a valibot schema accepts, as plain data: the same for equal schemas, another for any change
 * of a field, a literal, a limit or a pattern. Functions have no text to rely on, so a check of our
 * own is described by its message: change the message with the check.
 */
export function describeSchema(value: unknown): unknown {
  if (value instanceof RegExp) return `/${value.source}/${value.flags}`;
  if (typeof value === 'function') return undefined;
  if (Array.isArray(value)) return value.map(describeSchema);
  if (typeof value !== 'object' || value === null) return value;
  const described = Object.entries(value)
    .filter(([key]) => !LEFT_OUT.has(key))
    .map(([key, part]) => [key, describeSchema(part)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(described);
}

/** How valibot runs and describes a schema, which says nothing about what it accepts. */
const LEFT_OUT = new Set(['kind', 'async', 'reference', '~standard', '~run', 'expects']);
