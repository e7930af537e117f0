// Runs, holds and people over the API: previewed, aligned, parked and decided, taken back, held and mended, told whole.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reply } from '../../src/api/contract/contract.ts';
import { countFailure } from '../../src/store/job-failures.ts';
import { type Dashboard, type Person, startDashboard } from './dashboard.ts';

let dashboard: Dashboard;
let admin: Person;
beforeAll(async () => {
  dashboard = await startDashboard({
    settings: {
      brakes: { delete: { count: 0, percent: 0 } },
      contacts: { enabled: true, multipleMatch: 'email-and-names', delete: 'delete' },
    },
  });
  admin = dashboard.admin;
  // Nothing begins by itself between two steps of a test.
  await admin.get('pauseConnection', { params: { connection: 'acme' } });
  const { sell } = dashboard.world;
  for (const name of ['Ada', 'Grace', 'Edsger']) {
    sell.world.createContact({
      first_name: name,
      last_name: '<script>alert(1)</script>',
      email: `${name}@example.com`.toLowerCase(),
    });
  }
  sell.world.createContact({ last_name: 'Solo', email: 'solo@example.com' });
});
afterAll(() => dashboard.stop());

async function run(body: {
  readonly kind: string;
  readonly people?: number | readonly string[];
}): Promise<Reply<'getRun'>> {
  const { id } = await admin.get('startRun', { body: { connection: 'acme', ...body } });
  return dashboard.ended(id);
}

describe('an alignment', () => {
  it('is previewed with writes, links, holds, calls and time; tried with one person; then applied', async () => {
    const preview = await run({ kind: 'preview' });
    expect(preview).toMatchObject({
      state: 'ok',
      actions: { total: 3, bySystem: { crm: 0, marketing: 3 } },
      holds: { byCode: { NAME_MISSING: 1 } },
      outlook: {
        people: 4,
        links: { contact: 3, lead: 0 },
        held: [{ code: 'NAME_MISSING', email: 'solo@example.com' }],
      },
      groups: [{ row: 'C1', kind: 'create', system: 'marketing', state: 'planned', total: 3 }],
      may: { approve: false, undo: false },
    });
    expect(preview.estimate?.seconds).toBeGreaterThan(0);
    const tried = await run({ kind: 'align', people: 1 });
    expect(tried.actions.total).toBe(1);
    const chosen = await run({ kind: 'align', people: ['Grace@Example.com', 'nobody@example.com'] });
    expect(chosen).toMatchObject({ actions: { total: 1 }, message: 'Nobody has the address nobody@example.com.' });
    expect(dashboard.world.dotdigital.world.contact('grace@example.com')).toBeDefined();
    expect((await admin.get('listConnections')).connections[0]?.alignedAt).toBeNull();
    const aligned = await run({ kind: 'align' });
    expect(aligned).toMatchObject({ state: 'ok_with_holds', actions: { total: 1 } });
    expect((await admin.get('listConnections')).connections[0]?.alignedAt).not.toBeNull();
  });

  it('shows its plan page by page, filtered, and hostile names as they are', async () => {
    const { items } = await admin.get('listRuns', { query: { kind: 'preview' } });
    const params = { run: items[0]?.id ?? '' };
    const first = await admin.get('listRunActions', { params, query: { limit: 2 } });
    const rest = await admin.get('listRunActions', { params, query: { limit: 2, cursor: first.next ?? '' } });
    expect([...first.items, ...rest.items].map(({ seq }) => seq)).toEqual([0, 1, 2]);
    expect(rest.next).toBeNull();
    expect(first.items[0]?.changes['LASTNAME']).toEqual({ from: null, to: '<script>alert(1)</script>' });
    const ada = await admin.get('listRunActions', { params, query: { email: 'ADA@example.com' } });
    expect(ada.items.map(({ email }) => email)).toEqual(['ada@example.com']);
    expect((await admin.get('listRunActions', { params, query: { entity: 'product' } })).items).toEqual([]);
    expect((await admin.get('listRunActions', { params, query: { row: 'D1' } })).items).toEqual([]);
  });
});

describe('a parked plan', () => {
  it('is approved once; the second approval and a rejection afterwards are refused', async () => {
    const { sell, dotdigital } = dashboard.world;
    sell.world.deleteContact((await dashboard.world.sellRecord('contacts', 'grace@example.com')).id);
    const parked = await run({ kind: 'sync' });
    expect(parked).toMatchObject({ state: 'parked', parked: 1, may: { approve: true } });
    const params = { run: parked.id };
    expect((await (await dashboard.join('viewer')).call('approveRun', { params })).status).toBe(403);
    const [one, two] = await Promise.all([admin.call('approveRun', { params }), admin.call('approveRun', { params })]);
    expect([one.status, two.status].sort()).toEqual([202, 409]);
    await dashboard.ended((one.status === 202 ? one : two).body.id);
    expect(dotdigital.world.contact('grace@example.com')?.status).toBe('binned');
    const again = await admin.call('approveRun', { params });
    expect([again.status, again.error.code]).toEqual([409, 'conflict']);
    expect((await admin.call('rejectRun', { params })).status).toBe(409);
  });
});

describe('a part that is switched off', () => {
  it('is not run on its own, and it is told where to switch it on', async () => {
    const { status, error } = await admin.call('startRun', {
      body: { connection: 'acme', kind: 'sync', only: ['products', 'leads'] },
    });
    expect([status, error.message]).toEqual([
      400,
      'Switched off for acme: products and leads. Switch it on in the settings, or leave it out.',
    ]);
  });
});

describe('an undo', () => {
  it('is previewed, then done, and names what it undoes', async () => {
    const { sell, dotdigital } = dashboard.world;
    sell.world.updateContact((await dashboard.world.sellRecord('contacts', 'edsger@example.com')).id, {
      first_name: 'Eddy',
    });
    const sync = await run({ kind: 'sync' });
    expect(sync).toMatchObject({ actions: { total: 1 }, may: { undo: true } });
    const params = { run: sync.id };
    const preview = await dashboard.ended((await admin.get('previewUndo', { params })).id);
    expect(preview).toMatchObject({ kind: 'plan', actions: { total: 1 }, about: { undoes: sync.id } });
    expect(dotdigital.world.contact('edsger@example.com')?.fields['FIRSTNAME']).toBe('Eddy');
    await dashboard.ended((await admin.get('undoRun', { params })).id);
    expect(dotdigital.world.contact('edsger@example.com')?.fields['FIRSTNAME']).toBe('Edsger');
    expect((await admin.call('undoRun', { params: { run: preview.id } })).status).toBe(409);
  });
});

describe('a hold', () => {
  it('is mended on the side at fault, unless somebody was quicker, and is gone with the next sync', async () => {
    const { items } = await admin.get('listHolds', { query: { code: 'NAME_MISSING' } });
    const hold = items[0];
    if (hold === undefined) throw new Error('Solo is held.');
    const params = { hold: hold.id };
    const detail = await admin.get('getHold', { params });
    expect(detail.crm[0]).toMatchObject({ lastName: 'Solo', firstName: null });
    expect(detail.editable).toContainEqual(
      expect.objectContaining({ system: 'crm', field: 'first_name', value: null }),
    );
    const fix = { system: 'crm', recordId: hold.crmId ?? '', field: 'first_name', value: 'Han', was: 'Luke' } as const;
    expect((await admin.call('fixHold', { params, body: fix })).status).toBe(409);
    expect((await admin.call('fixHold', { params, body: { ...fix, was: null, field: 'description' } })).status).toBe(
      400,
    );
    const fixed = await admin.get('fixHold', { params, body: { ...fix, was: null } });
    expect(fixed.crm[0]?.firstName).toBe('Han');
    expect((await dashboard.world.sellRecord('contacts', 'solo@example.com')).first_name).toBe('Han');
    const audit = await admin.get('listAudit', { query: { action: 'fixHold' } });
    expect(audit.items[0]).toMatchObject({
      outcome: 'ok',
      subject: hold.id,
      connection: 'acme',
      detail: { field: 'first_name' },
    });
    expect(JSON.stringify(audit.items)).not.toContain('Han');
    await run({ kind: 'sync' });
    expect((await admin.get('countHolds')).total).toBe(0);
    expect(dashboard.world.dotdigital.world.contact('solo@example.com')?.fields['FIRSTNAME']).toBe('Han');
  });
});

describe('a person', () => {
  it('is found by the beginning of the address and told whole', async () => {
    const { people } = await admin.get('searchPeople', { query: { q: 'EDS' } });
    expect(people).toMatchObject([
      {
        email: 'edsger@example.com',
        connection: 'acme',
        contacts: [expect.any(String)],
        marketing: [expect.any(String)],
      },
    ]);
    expect((await admin.get('searchPeople', { query: { q: "' or 1=1 --" } })).people).toEqual([]);
    const person = await admin.get('getPerson', {
      params: { connection: 'acme' },
      query: { email: 'edsger@example.com' },
    });
    expect(person).toMatchObject({ known: true, consent: { mayMail: true }, crm: [{ firstName: 'Eddy' }] });
    expect(person.links[0]?.fields).toContainEqual(
      expect.objectContaining({ key: 'FIRSTNAME', path: 'first_name', crm: 'Eddy', marketing: 'Edsger' }),
    );
    expect(person.decisions.map(({ row }) => row)).toContain('C5');
    expect(person.consent.because).toContain('Dotdigital');
    const nobody = await admin.get('getPerson', {
      params: { connection: 'acme' },
      query: { email: 'nobody@example.com' },
    });
    expect(nobody.known).toBe(false);
  });
});

describe('what the law gives a person', () => {
  const params = { connection: 'acme' };
  const body = { email: 'edsger@example.com' };

  it('everything held as a document, erasure after a look, the way back in: for admins, and without a trace of the address', async () => {
    const operator = await dashboard.join('operator');
    for (const id of ['exportPerson', 'previewErasure', 'erasePerson', 'readmitPerson'] as const)
      expect((await operator.call(id, { params, body })).status).toBe(403);
    const held = await admin.get('exportPerson', { params, body });
    expect([held.found, JSON.stringify(held.document)]).toEqual([true, expect.stringContaining(body.email)]);
    const preview = await admin.get('previewErasure', { params, body });
    expect(preview).toMatchObject({ crm: [{ role: 'contact', firstName: 'Eddy' }], marketing: [body] });
    const { id } = await admin.get('erasePerson', { params, body });
    expect(await dashboard.ended(id)).toMatchObject({ kind: 'erase', state: 'ok' });
    expect(dashboard.world.dotdigital.world.contact(body.email)?.status).toBe('binned');
    const gone = await admin.get('getPerson', { params, query: body });
    expect(gone).toMatchObject({ known: false, erased: { removed: { crm: { contact: 1 }, marketing: 1 } } });
    const { items } = await admin.get('listAudit', { query: { limit: 200 } });
    expect(items.find(({ action }) => action === 'erasePerson')).toMatchObject({ subject: id, connection: 'acme' });
    expect(JSON.stringify(items)).not.toContain(body.email);
    expect(await admin.get('readmitPerson', { params, body })).toMatchObject({ erasure: gone.erased?.id });
    expect(await admin.get('readmitPerson', { params, body })).toMatchObject({ erasure: null });
  });
});

describe('the overview', () => {
  it('tells health, lag, calls, holds and activity; a refused credential shows on its side', async () => {
    const { connections } = await admin.get('getOverview');
    expect(connections[0]).toMatchObject({
      connection: 'acme',
      crm: { health: 'ok' },
      marketing: { health: 'ok' },
      parked: 0,
    });
    expect(connections[0]?.lagSeconds).toBeLessThan(600);
    const { days } = await admin.get('getActivity', { query: { days: 2 } });
    expect(days.at(-1)?.marketing).toBeGreaterThan(4);
    const lists = await admin.get('getLists', { params: { connection: 'acme' } });
    expect(lists.prefix).toBeNull();
    expect((await admin.get('listProducts', { params: { connection: 'acme' } })).collection).toBeNull();
  });

  it('tells what keeps failing, why and since when, until it is tried again', async () => {
    const { store } = await dashboard.world.app();
    const at = new Date().toISOString();
    const what = { type: 'cycle', options: { kind: 'plan', only: null, full: false } };
    const failure = { connection: 'acme', work: 'asked', at, reason: 'no route for ada@example.com', what } as const;
    await countFailure(store, { ...failure, failures: 7 });
    expect((await admin.get('listDeadLetters', { query: {} })).items).toEqual([]);
    await countFailure(store, failure);
    expect((await admin.get('listDeadLetters', { query: {} })).items).toEqual([
      { connection: 'acme', work: 'asked', failures: 8, since: at, at, reason: 'no route for (address)' },
    ]);
    const metrics = await (await fetch(`${dashboard.url}/metrics`)).text();
    expect(metrics).toContain('lockstep_dead_letters{connection="acme",work="asked"} 1');
    const { run: again } = await admin.get('retryDeadLetter', { body: { connection: 'acme', work: 'asked' } });
    expect(await dashboard.ended(again ?? '')).toMatchObject({ kind: 'plan', state: 'ok' });
    expect((await admin.get('listDeadLetters', { query: {} })).items).toEqual([]);
  });
});
