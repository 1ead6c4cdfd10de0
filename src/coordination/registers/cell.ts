import * as v from 'valibot';
import type { Json } from '../../vocabulary.ts';
import { isJson } from '../../wire/json.ts';
import { isWhole } from '../../wire/whole-text.ts';

/** A line of text. */
export const MAX_KEY_LENGTH = 64;

/** As JSON: what one cell of the merge lab's board holds, so that all three kinds hold the same. */
export const MAX_VALUE_LENGTH = 1_000;

/** Every node would read the very same. */
export function isKey(key: unknown): key is string {
  return typeof key === 'string' && key !== '' && key.length <= MAX_KEY_LENGTH && isWhole(key);
}

export function isValue(value: unknown): value is Json {
  return isJson(value) && isWhole(value) && JSON.stringify(value).length <= MAX_VALUE_LENGTH;
}

export const keySchema = v.custom<string>(isKey, 'not a key');
export const valueSchema = v.custom<Json>(isValue, 'not a value');
