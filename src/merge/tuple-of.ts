import * as v from 'valibot';
import { checkOf, REFUSED } from '../wire/schema-check.ts';

type OutputsOf<Schemas extends readonly v.GenericSchema[]> = {
  -readonly [At in keyof Schemas]: v.InferOutput<Schemas[At]>;
};

/**
 * A row of values, each by its own schema, as operations are written. The library has the same as
 * `v.tuple`, which `checkOf` does not take apart: every operation would pay for it.
 */
export function tupleOf<const Schemas extends readonly v.GenericSchema[]>(
  ...schemas: Schemas
): v.GenericSchema<unknown, OutputsOf<Schemas>> {
  const checks = schemas.map(checkOf);
  return v.custom<OutputsOf<Schemas>>(
    (row) =>
      Array.isArray(row) &&
      row.length === checks.length &&
      checks.every((check, at) => check(row[at]) !== REFUSED),
    'not such a row',
  ) as unknown as v.GenericSchema<unknown, OutputsOf<Schemas>>;
}
