// The one place that knows both vendors: everything else asks here for "the CRM" and "the marketing system". Decides nothing.
import type { MarketingConnector } from './connector.ts';

export {
  createDotdigital as createMarketing,
  type DotdigitalConnector as MarketingAccount,
} from './dotdigital/dotdigital.ts';
export type { DotdigitalOptions as MarketingOptions } from './dotdigital/options.ts';
export type { Oddity } from './oddity.ts';
export {
  createZendeskSell as createCrm,
  type ZendeskSellOptions as CrmOptions,
} from './zendesk-sell/create-zendesk-sell.ts';
export { authorizeUrl, type GrantClient, redeemCode } from './zendesk-sell/oauth-grant.ts';
export { recordUrl as crmRecordUrl } from './zendesk-sell/record-url.ts';
export type { SellAuth as CrmAuth, SellTokens as CrmTokens } from './zendesk-sell/sell-auth.ts';

/** Last day of the CRM's service, as its vendor announced. */
export const CRM_RETIRES_ON = '2027-08-31';

/** What an API user may do in one area of the marketing account; `detail` says why not and what to do. */
export interface AreaCapability {
  readonly area: string;
  readonly usable: boolean;
  readonly detail: string;
}

/** A marketing connector that can be asked what it is allowed to do. Throws only when the credentials are not accepted. */
export interface CheckableMarketing extends MarketingConnector {
  capabilities(): Promise<readonly AreaCapability[]>;
}
