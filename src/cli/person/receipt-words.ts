// Receipts of erasures and what an erasure would be about, as documents and for people. Decides nothing.
import type { ErasureReceipt, Located } from '../../app.ts';
import { countText, timeText } from '../product-words.ts';

export function receiptJson({ removed, ...receipt }: ErasureReceipt) {
  const { crm, marketing, here, ledger } = removed;
  return {
    ...receipt,
    removed: {
      sell: { contacts: crm.contact, leads: crm.lead },
      dotdigital: { contacts: marketing },
      here,
      ledgerEntriesRedacted: ledger,
    },
  };
}

export function receiptText({
  id,
  connection,
  finishedAt,
  removed,
  optedOut,
  rewritten,
  hashes,
}: ErasureReceipt): string {
  const { crm, marketing, here, ledger } = removed;
  const rows = Object.entries(here).map(([table, count]) => `${table.replaceAll('_', ' ')} ${count}`);
  const lines = [
    `${connection}: erased. Receipt ${id}, ${timeText(finishedAt)}.`,
    `  Sell         ${countText(crm.contact, 'contact')}, ${countText(crm.lead, 'lead')} deleted`,
    `  Dotdigital   ${countText(marketing, 'contact')} deleted; its recycle bin forgets them after 30 days`,
    `  Here         ${rows.length === 0 ? 'nothing was held' : `rows taken out: ${rows.join(', ')}`}`,
    `  Ledger       ${countText(ledger, 'entry', 'entries')} without address and ids from now on; the chain holds`,
    `  Consent      ${optedOut ? 'had opted out: that stays in force' : 'had not opted out'}`,
    `  Kept         ${hashes.length === 1 ? 'a keyed hash of the address' : `${hashes.length} keyed hashes of addresses`}, so that the person is not read in again`,
  ];
  if (!rewritten)
    lines.push(
      '  Remains      another process kept the database busy: run the command again when it is quiet, or "lockstep db backup"',
    );
  return lines.join('\n');
}

/** What an erasure would be about. */
export function locatedText(
  connection: string,
  email: string,
  { crm, marketing, scope, organisations, hidden }: Located,
): string {
  const lines = [`${connection}: ${email}`];
  for (const { role, id, firstName, lastName, email: address } of crm)
    lines.push(
      `  Sell ${role} ${id}  ${[firstName, lastName].filter((name) => name !== null).join(' ')}  ${address ?? ''}`,
    );
  for (const { role, id } of hidden) lines.push(`  Sell ${role} ${id}  not shown to this credential; it will be left`);
  for (const { id, email: address } of marketing) lines.push(`  Dotdigital contact ${id}  ${address ?? ''}`);
  if (crm.length + marketing.length + hidden.length === 0) lines.push('  No record in Sell or Dotdigital');
  if (organisations > 0)
    lines.push(`  ${countText(organisations, 'organisation')} in Sell with this address: not a person, so it stays`);
  if (scope.addresses.length > 1) lines.push(`  Also known as ${scope.addresses.slice(1).join(', ')}`);
  lines.push('  and everything held about them in this database');
  return lines.join('\n');
}
