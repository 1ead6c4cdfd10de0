/**
 * The key of a page-wide shortcut, or null where the key belongs to something else: a field that is
 * being typed in, an open dialog, or the browser's own combinations.
 */
export function shortcut(event: KeyboardEvent): string | null {
  if (event.defaultPrevented || event.repeat || event.ctrlKey || event.metaKey || event.altKey)
    return null;
  const target = event.target;
  if (target instanceof Element && target.closest('input, textarea, select, dialog, [popover]'))
    return null;
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}
