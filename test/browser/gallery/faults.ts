import type { Page } from 'playwright-core';
import type { inspectPage } from './inspect-page.ts';

declare global {
  /** The gallery's page brings its inspector with it. */
  var inspectGalleryPage: typeof inspectPage;
}

export function findFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => globalThis.inspectGalleryPage());
}

/** Collects what the page logs as errors, a broken Content-Security-Policy among them. */
export function listenForErrors(page: Page): { take(): readonly string[] } {
  let errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  return {
    take() {
      const taken = errors;
      errors = [];
      return taken;
    },
  };
}
