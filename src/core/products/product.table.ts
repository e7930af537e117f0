// What becomes of one product: sent, marked, deleted, held or left alone. (K1, K5-K7)
import { decisionTable } from '../model/decision-table.ts';

export type ProductFacts = {
  /** As the CRM has it now; `gone` = not in the complete list. */
  readonly crm: 'active' | 'inactive' | 'gone';
  /** `unfit` = the amount would not survive as a number; of a product that is gone nothing is asked. */
  readonly price: 'usable' | 'missing' | 'unfit';
  /** What the catalogue last took: nothing, a record that says active, or one that says inactive. */
  readonly accepted: 'none' | 'active' | 'inactive';
  /** Whether the record would be another than the accepted one. */
  readonly content: 'same' | 'differs';
  readonly onRemoved: 'inactive' | 'delete' | 'keep';
};

export type ProductOutcome = 'nothing' | 'create' | 'update' | 'mark' | 'delete' | 'hold-missing' | 'hold-unfit';

const NO_PRICE = ['missing', 'unfit'] as const;

export const PRODUCT_TABLE = decisionTable<ProductFacts, ProductOutcome>({
  name: 'product',
  facts: {
    crm: ['active', 'inactive', 'gone'],
    price: ['usable', 'missing', 'unfit'],
    accepted: ['none', 'active', 'inactive'],
    content: ['same', 'differs'],
    onRemoved: ['inactive', 'delete', 'keep'],
  },
  impossible: (f) =>
    (f.content === 'same' && (f.accepted === 'none' || f.price !== 'usable')) ||
    (f.crm === 'gone' && (f.accepted === 'none' || f.price !== 'usable' || f.content === 'differs')) ||
    (f.content === 'same' && f.crm === 'active' && f.accepted === 'inactive') ||
    (f.content === 'same' && f.crm === 'inactive' && f.accepted === 'active'),
  rows: [
    { id: 'K1', when: { crm: 'active', price: 'usable', accepted: 'none' }, then: 'create', because: 'the product is not in the catalogue yet' },
    { id: 'K1', when: { crm: 'active', price: 'usable', accepted: ['active', 'inactive'], content: 'differs' }, then: 'update', because: 'the product changed in the CRM' },
    { id: 'K5', when: { crm: 'active', accepted: 'active', content: 'same' }, then: 'nothing', because: 'the catalogue has the product as it is' },
    { id: 'K7', when: { crm: 'active', price: 'missing' }, then: 'hold-missing', because: 'the product has no price in the currency of the catalogue' },
    { id: 'K2', when: { crm: 'active', price: 'unfit' }, then: 'hold-unfit', because: 'the price cannot be a number without changing its value' },
    { id: 'K6', when: { crm: 'inactive', onRemoved: 'inactive', price: 'usable', accepted: 'none' }, then: 'create', because: 'the product is inactive and goes into the catalogue as such' },
    {
      id: 'K6',
      when: { crm: 'inactive', onRemoved: 'inactive', price: 'usable', accepted: ['active', 'inactive'], content: 'differs' },
      then: 'update',
      because: 'the product is inactive and is marked so',
    },
    { id: 'K5', when: { crm: 'inactive', onRemoved: 'inactive', accepted: 'inactive', content: 'same' }, then: 'nothing', because: 'the catalogue has the product as it is' },
    { id: 'K6', when: { crm: 'inactive', onRemoved: 'inactive', price: [...NO_PRICE], accepted: 'active' }, then: 'mark', because: 'the product is inactive and is marked so' },
    { id: 'K6', when: { crm: 'inactive', onRemoved: 'inactive', price: [...NO_PRICE], accepted: 'inactive' }, then: 'nothing', because: 'the product is marked inactive already' },
    { id: 'K7', when: { crm: 'inactive', onRemoved: 'inactive', price: 'missing', accepted: 'none' }, then: 'hold-missing', because: 'the product has no price in the currency of the catalogue' },
    { id: 'K2', when: { crm: 'inactive', onRemoved: 'inactive', price: 'unfit', accepted: 'none' }, then: 'hold-unfit', because: 'the price cannot be a number without changing its value' },
    { id: 'K6', when: { crm: 'gone', onRemoved: 'inactive', accepted: 'active' }, then: 'mark', because: 'the product was deleted in the CRM and is marked inactive' },
    { id: 'K6', when: { crm: 'gone', onRemoved: 'inactive', accepted: 'inactive' }, then: 'nothing', because: 'the product is marked inactive already' },
    {
      id: 'K6',
      when: { crm: ['inactive', 'gone'], onRemoved: 'delete', accepted: ['active', 'inactive'] },
      then: 'delete',
      because: 'the product is inactive or deleted in the CRM, so its record is deleted',
    },
    { id: 'K6', when: { crm: 'inactive', onRemoved: 'delete', accepted: 'none' }, then: 'nothing', because: 'inactive products stay out of the catalogue' },
    { id: 'K6', when: { crm: ['inactive', 'gone'], onRemoved: 'keep' }, then: 'nothing', because: 'products that were taken out of the CRM stay as they are' },
  ],
});
