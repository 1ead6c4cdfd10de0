/** 'Otter', 'Otter and Lynx', 'Otter, Lynx and Mole'. (Intl.ListFormat costs ten times a page's other work to make.) */
export function listOf(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
