import {
  MAX_LOAD_KEYS,
  MAX_REQUESTS_PER_SECOND,
  type RegisterLoad,
} from '../../../src/network/register-load.ts';
import type { RegisterFix } from '../../../src/network/register-kinds.ts';
import type { Field } from '../rule-fields.ts';

/** What a class asks of its registers once its teacher lets it: few enough that their traces can all be told. */
export const USUAL_LOAD: RegisterLoad = {
  ...{ perSecond: 2, keys: 2, reads: 0.6 },
  ...{ hop: false, fix: 'none' },
};

type LoadField = Field<'perSecond' | 'keys' | 'reads'>;

const figure = { unsaid: '', scale: 1 } as const;

export const LOAD_FIELDS: readonly LoadField[] = [
  {
    ...{ ...figure, name: 'perSecond', label: 'Each node asks', unit: '/ s' },
    ...{ stops: [1, 2, 3, 4, 5, 7, 10, 15, MAX_REQUESTS_PER_SECOND], min: 1, max: MAX_REQUESTS_PER_SECOND }, // prettier-ignore
  },
  {
    ...{ ...figure, name: 'keys', label: 'Registers', unit: '' },
    ...{ stops: Array.from({ length: MAX_LOAD_KEYS }, (_, i) => i + 1), min: 1, max: MAX_LOAD_KEYS }, // prettier-ignore
  },
  {
    ...{ unsaid: '', scale: 0.01, name: 'reads', label: 'Reads', unit: '%' },
    ...{ stops: [0, 0.2, 0.4, 0.5, 0.6, 0.8, 0.9, 1], min: 0, max: 1 },
  },
];

export const FIX_OPTIONS: readonly { readonly value: RegisterFix; readonly name: string }[] = [
  { value: 'none', name: 'forget' },
  { value: 'sticky', name: 'stay' },
  { value: 'floor', name: 'remember' },
];

/** What a client does when it goes from node to node, in a sentence. */
export const FIX_WORDS: Readonly<Record<RegisterFix, string>> = {
  none: 'Each request goes to another node, and nobody remembers what the last one said.',
  sticky: 'A client stays with the first node that answered it, as long as that can be reached.',
  floor: 'A client remembers how new what it saw was, and takes no answer that is older.',
};
