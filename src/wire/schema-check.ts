import * as v from 'valibot';

/** What a check gives for a value that does not fit. */
export const REFUSED = Symbol('refused');

/** The value as the schema hands it out, or REFUSED. */
export type Check = (value: unknown) => unknown;

/**
 * A schema, taken apart once into plain functions. They accept what `v.safeParse` accepts and hand
 * out the same; they only cannot say why a value was refused. That is ten times as fast, and every
 * message of every protocol goes through one. What is not known here is left to the library, so
 * every schema works, and the schema stays the only truth.
 */
export function checkOf(schema: v.GenericSchema): Check {
  let check = made.get(schema);
  if (check === undefined) made.set(schema, (check = make(schema)));
  return check;
}

/** The check of a schema is made once: a thousand nodes of one program share it. */
const made = new WeakMap<v.GenericSchema, Check>();

function make(schema: v.GenericSchema): Check {
  const known = schema as KnownSchema;
  // A key more, and the schema is one that was wrapped: it does more than its type says.
  if (!Object.keys(schema).every((key) => SCHEMA_KEYS.has(key))) return byLibrary(schema);
  if (known.pipe !== undefined) return inTurn(known.pipe.map(itemCheck));
  switch (known.type) {
    case 'string':
      return only((value) => typeof value === 'string');
    case 'number':
      return only((value) => typeof value === 'number' && !Number.isNaN(value));
    case 'boolean':
      return only((value) => typeof value === 'boolean');
    case 'literal':
      return only((value) => value === known.literal);
    case 'picklist':
      return only((value) => known.options.includes(value));
    case 'custom':
      return only(known.check);
    case 'array':
      return arrayCheck(checkOf(known.item));
    case 'object':
      return objectCheck(known);
    case 'variant':
      return variantCheck(known);
    default:
      return byLibrary(schema);
  }
}

/** What the library's types do not say: the parts of a schema, told apart by its `type`. */
type KnownSchema = v.GenericSchema & { readonly pipe?: readonly PipeItem[] } & (
    | { readonly type: 'string' | 'number' | 'boolean' }
    | { readonly type: 'literal'; readonly literal: unknown }
    | { readonly type: 'picklist'; readonly options: readonly unknown[] }
    | { readonly type: 'custom'; readonly check: (value: unknown) => boolean }
    | { readonly type: 'array'; readonly item: v.GenericSchema }
    | ObjectParts
    | VariantParts
  );
interface ObjectParts {
  readonly type: 'object';
  readonly entries: { readonly [key: string]: v.GenericSchema };
}
interface VariantParts {
  readonly type: 'variant';
  readonly key: string;
  readonly options: readonly v.GenericSchema[];
}
type PipeItem = v.GenericSchema | v.GenericValidation | v.GenericTransformation | v.GenericMetadata;

const SCHEMA_KEYS = new Set(
  'kind type reference expects async message pipe literal options check item entries key ~standard ~run'.split(
    ' ',
  ),
);

/** Entries of these types may be missing. */
const MISSABLE = new Set(['optional', 'exact_optional', 'nullish']);

function only(fits: (value: unknown) => boolean): Check {
  return (value) => (fits(value) ? value : REFUSED);
}

function byLibrary(schema: v.GenericSchema): Check {
  return (value) => {
    const result = v.safeParse(schema, value, { abortEarly: true });
    return result.success ? result.output : REFUSED;
  };
}

function inTurn(checks: readonly Check[]): Check {
  return (value) => {
    let output = value;
    for (let i = 0; i < checks.length && output !== REFUSED; i++) output = checks[i]!(output);
    return output;
  };
}

function itemCheck(item: PipeItem): Check {
  if (item.kind === 'schema') return checkOf(item);
  if (item.kind === 'metadata') return (value) => value;
  const { type, requirement } = item as { type: string; requirement?: unknown };
  switch (type) {
    case 'max_length':
      return only((value) => (value as string).length <= (requirement as number));
    case 'min_value':
      return only((value) => (value as number) >= (requirement as number));
    case 'max_value':
      return only((value) => (value as number) <= (requirement as number));
    case 'regex':
      return only((value) => (requirement as RegExp).test(value as string));
    case 'safe_integer':
    case 'check':
      return only(requirement as (value: unknown) => boolean);
    default:
      // The library runs one step only as a part of a pipe.
      return byLibrary(v.pipe(v.unknown(), item as v.GenericValidation));
  }
}

function arrayCheck(check: Check): Check {
  return (value) => {
    if (!Array.isArray(value)) return REFUSED;
    const output: unknown[] = [];
    for (const item of value) {
      const checked = check(item);
      if (checked === REFUSED) return REFUSED;
      output.push(checked);
    }
    return output;
  };
}

function objectCheck(schema: v.GenericSchema & ObjectParts): Check {
  const keys = Object.keys(schema.entries);
  const entries = Object.values(schema.entries);
  if (entries.some((entry) => MISSABLE.has(entry.type) || 'fallback' in entry)) {
    return byLibrary(schema);
  }
  const checks = entries.map(checkOf);
  return (value) => {
    if (typeof value !== 'object' || value === null) return REFUSED;
    const input = value as { readonly [key: string]: unknown };
    const output: { [key: string]: unknown } = {};
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      const field = input[key];
      if (field === undefined && !(key in input)) return REFUSED;
      const checked = checks[i]!(field);
      if (checked === REFUSED) return REFUSED;
      output[key] = checked;
    }
    return output;
  };
}

/** By the literal that tells the options apart, if it is that simple. */
function variantCheck(schema: v.GenericSchema & VariantParts): Check {
  const { key } = schema;
  const options = new Map<unknown, Check>();
  for (const option of schema.options as readonly KnownSchema[]) {
    const mark = option.type === 'object' ? (option.entries[key] as KnownSchema) : undefined;
    if (mark?.type !== 'literal' || options.has(mark.literal)) return byLibrary(schema);
    options.set(mark.literal, checkOf(option));
  }
  return (value) => {
    if (typeof value !== 'object' || value === null || !(key in value)) return REFUSED;
    const check = options.get((value as { readonly [key: string]: unknown })[key]);
    return check === undefined ? REFUSED : check(value);
  };
}
