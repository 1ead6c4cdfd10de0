import * as v from 'valibot';
import type { Json } from '../../vocabulary.ts';
import { isJson } from '../../wire/json.ts';
import { encodedBytes } from '../../wire/plain-copy.ts';
import { isWhole } from '../../wire/whole-text.ts';

/** A few words: what is longer is a value. */
export const MAX_KEY_LENGTH = 64;

/** A page of text. */
export const MAX_VALUE_BYTES = 4 * 1024;

export function isKey(key: unknown): key is string {
  return typeof key === 'string' && key !== '' && key.length <= MAX_KEY_LENGTH && isWhole(key);
}

export function isValue(value: unknown): value is Json {
  return isJson(value) && isWhole(value) && encodedBytes(value) <= MAX_VALUE_BYTES;
}

export const keySchema = v.custom<string>(isKey, 'not a key');
export const valueSchema = v.custom<Json>(isValue, 'not a value');
