// Runs before the first paint, so that a chosen theme does not flash. ui/theme.svelte.ts writes the choice.
try {
  const theme = localStorage.getItem('netsplit.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden; then the system's preference holds.
}
