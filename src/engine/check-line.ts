// One line of a check's answer, and what the checks are told. Types alone.
import type { CheckableMarketing } from '../connectors/registry.ts';
import type { Engine } from './engine.ts';

export type CheckStatus = 'ok' | 'warning' | 'problem';

/** One line of the checklist. */
export interface Check {
  /** What was looked at: `sell.account`, `mapping.contacts`, `fit.leads` … */
  readonly id: string;
  readonly status: CheckStatus;
  readonly message: string;
  /** What to do about it; always there with a problem. */
  readonly fix?: string;
  /** Where in the configuration, within the connection. */
  readonly path?: string;
  /** Who is at fault where something is: the file, or an account, a credential, the network. Decides the exit code. */
  readonly fault?: 'configuration' | 'access';
}

/** What the checks need besides the engine. */
export interface CheckedEngine extends Engine {
  readonly marketing: CheckableMarketing;
}

/** The products by the names people know, and what is switched on. */
export interface CheckContext {
  readonly names: { readonly crm: string; readonly marketing: string };
  /** Where credentials stand in the configuration, for the words of a refusal. */
  readonly credentials: { readonly crm: string; readonly marketing: string };
  readonly productsEnabled: boolean;
  /** True when anything may be written to the CRM, so that the credential must be allowed to. */
  readonly writesCrm: boolean;
}
