// The pages made from code, as text. Add a page here and the check in the tests covers it.
import { configurationPage } from './configuration-page.ts';
import { syncRulesPage } from './sync-rules-page.ts';

export interface GeneratedPage {
  /** From the root of the repository. */
  readonly file: string;
  readonly content: string;
}

export async function generatedPages(): Promise<readonly GeneratedPage[]> {
  return [
    { file: 'docs/configuration.md', content: configurationPage() },
    { file: 'docs/sync-rules.md', content: await syncRulesPage() },
  ];
}
