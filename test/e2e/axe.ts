// Looks at a page with axe and tells what a person with a screen reader or weak eyes would trip over.
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** @param rules only these; all where it is left out @returns one line for each rule that is broken, with the places */
export async function axeFaults(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  const only = rules === undefined ? '' : `runOnly: ${JSON.stringify(rules)},`;
  await page.evaluate(axe.source);
  return page.evaluate(`axe.run(document, { ${only} resultTypes: ['violations'] }).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 160)).join(' | ')))`);
}
