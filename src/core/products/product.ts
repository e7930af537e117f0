// A product on its way into the catalogue: what is read, what is sent, and what the settings say about it. Types only.

/** What the catalogue needs of a product as the CRM has it. Blank texts are null. (K2) */
export interface Product {
  readonly id: string;
  readonly name: string;
  readonly sku: string | null;
  readonly description: string | null;
  readonly active: boolean;
  /** Amounts as decimal strings. */
  readonly prices: readonly { readonly amount: string; readonly currency: string }[];
}

/**
 * A record of the catalogue. Each property has one type for ever: the marketing system infers its schema from the first
 * records it takes. Never carries cost, discount or markup. (K2)
 */
export interface ProductRecord {
  readonly id: string;
  readonly name: string;
  readonly sku: string;
  readonly description: string;
  readonly price: number;
  /** ISO 4217. */
  readonly currency: string;
  readonly active: boolean;
  readonly url: string;
  readonly image_path?: string;
  readonly imagePath?: string;
}

/** What happens to a product that is inactive or deleted in the CRM. (K6) */
export type OnRemoved = 'inactive' | 'delete' | 'keep';

export interface ProductSettings {
  /** ISO 4217; the configured one, else the CRM account's. (K7) */
  readonly currency: string;
  /** Null = the fixed address of K3. */
  readonly urlTemplate: string | null;
  /** Null = no image. */
  readonly imageTemplate: string | null;
  readonly onRemoved: OnRemoved;
  /** What people call the two systems, for messages. */
  readonly labels: { readonly crm: string; readonly marketing: string };
}
