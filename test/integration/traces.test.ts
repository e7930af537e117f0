// Traces of a run, as a receiver of OpenTelemetry gets them: a run, its phases, its calls, and nothing of a person. (decision 17)
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { openApp } from '../../src/app.ts';
import { traceEndpoint } from '../../src/config/trace-endpoint.ts';
import { runCycle } from '../../src/engine/cycle.ts';
import { startTwoAccounts, type TwoAccounts } from './two-accounts.ts';

interface Span {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}
interface Sent {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly Span[] }[] }[];
}

let world: TwoAccounts | null = null;
afterEach(() => world?.stop());

it('tell each run, its phases and its calls, and neither an address nor a credential', async () => {
  const bodies: string[] = [];
  const receiver = createServer((request, response) => {
    request.setEncoding('utf8');
    let body = '';
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  world = await startTwoAccounts();
  world.sell.world.createContact({ first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com' });
  const { config } = await world.app();
  const [connection] = config.connections;
  if (connection === undefined) throw new Error('The configuration has a connection.');
  const traced = await openApp(config, {
    poll: { firstMs: 1, longestMs: 5 },
    traceEndpoint: `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`,
  });
  const engine = await traced.engine(connection, { signal: new AbortController().signal });
  const report = await runCycle(engine, { kind: 'align', only: null, full: false });
  await traced.close();
  receiver.close();
  const spans = bodies
    .map((body) => JSON.parse(body) as Sent)
    .flatMap(({ resourceSpans }) => resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((one) => one.spans)));
  const run = spans.find(({ name }) => name === 'run align');
  expect(run?.attributes).toContainEqual({ key: 'lockstep.run', value: { stringValue: report.id } });
  const phases = spans.filter(({ name }) => name.startsWith('phase '));
  expect(phases.map(({ name }) => name)).toEqual(expect.arrayContaining(['phase pull-crm', 'phase apply-marketing']));
  expect(new Set(phases.map(({ parentSpanId }) => parentSpanId))).toEqual(new Set([run?.spanId]));
  const importing = spans.find(({ name }) => name === 'PUT /contacts/v3/import');
  expect(phases.map(({ spanId }) => spanId)).toContain(importing?.parentSpanId);
  const { reads, writes } = report.apiCalls.crm;
  const calls = spans.filter(({ attributes }) =>
    attributes.some(({ key, value }) => key === 'lockstep.system' && value.stringValue === 'crm'),
  );
  expect(calls.length).toBe(reads + writes);
  const all = bodies.join();
  for (const word of ['ada@', 'Lovelace', connection.dotdigital.password, String(world.sell.tokens[0]?.token)])
    expect(all).not.toContain(word);
});

it('are sent to no address that is none', () => {
  const of = (text: string) => traceEndpoint({ OTEL_EXPORTER_OTLP_ENDPOINT: text });
  expect([of('http://127.0.0.1:4318/'), of(''), of('nowhere'), of('ftp://x'), traceEndpoint({})]).toEqual([
    'http://127.0.0.1:4318',
    null,
    null,
    null,
    null,
  ]);
});
