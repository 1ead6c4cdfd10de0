import { KINDS, type Kind } from '../intent.ts';

/** How a field, or a member of a set, stands at the root of the document. */
export function fieldName(kind: Kind, key: string, item?: string): string {
  return `${kind}:${JSON.stringify(item === undefined ? [key] : [key, item])}`;
}

export interface Field {
  readonly kind: Kind;
  readonly key: string;
  /** Of a set only. */
  readonly item: string | undefined;
}

export function readFieldName(name: string): Field {
  const at = name.indexOf(':');
  const kind = KINDS.find((each) => each === name.slice(0, at))!;
  const [key, item] = JSON.parse(name.slice(at + 1)) as [string, string?];
  return { kind, key, item };
}

/** Is this what `fieldName` writes? */
export function isFieldName(name: string): boolean {
  const at = name.indexOf(':');
  if (!KINDS.some((kind) => kind === name.slice(0, at))) return false;
  try {
    const parts: unknown = JSON.parse(name.slice(at + 1));
    return (
      Array.isArray(parts) &&
      parts.length === (name.startsWith('set:') ? 2 : 1) &&
      parts.every((part) => typeof part === 'string')
    );
  } catch {
    return false;
  }
}
