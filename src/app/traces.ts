// Traces of runs for OpenTelemetry: a span for each run, each phase of it and each call. Nothing of a person gets into one, no address
// and no credential. Loads the packages only when somebody wants traces. (decision 17)
import type { CallWatch } from '../connectors/http/message.ts';
import type { System } from '../core/model/identity.ts';
import type { Progress, RunWatch } from '../engine/engine.ts';

/** What one engine tells its trace. */
export interface Tracing {
  readonly watch: RunWatch;
  progress(step: Progress): void;
  watchCall(system: System): CallWatch;
}

export interface Traces {
  tracing(): Tracing;
  /** Sends what is left. Never rejects. */
  close(): Promise<void>;
}

/** A receiver that is away must not keep the program from ending. Milliseconds. */
const SEND_WITHIN_MS = 3_000;

/** @param endpoint of an OTLP receiver over HTTP */
export async function openTraces(endpoint: string): Promise<Traces> {
  const [{ ROOT_CONTEXT, SpanKind, SpanStatusCode, trace }, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: SEND_WITHIN_MS });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'lockstep' }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer('lockstep');
  type Span = ReturnType<typeof tracer.startSpan>;
  const within = (parent: Span | null) => (parent === null ? ROOT_CONTEXT : trace.setSpan(ROOT_CONTEXT, parent));

  function tracing(): Tracing {
    let run: Span | null = null;
    let phase: { readonly name: string; readonly span: Span } | null = null;
    const endPhase = (): void => {
      phase?.span.end();
      phase = null;
    };
    return {
      watch: {
        started({ id, connection, kind }) {
          run = tracer.startSpan(`run ${kind}`, {
            attributes: { 'lockstep.connection': connection, 'lockstep.run': id, 'lockstep.kind': kind },
          });
        },
        ended(_run, state) {
          endPhase();
          run?.setAttribute('lockstep.state', state ?? 'interrupted');
          if (state === null || state === 'failed' || state === 'aborted')
            run?.setStatus({ code: SpanStatusCode.ERROR });
          run?.end();
          run = null;
        },
      },
      progress(step) {
        if (run === null || phase?.name === step.phase) return;
        endPhase();
        phase = { name: step.phase, span: tracer.startSpan(`phase ${step.phase}`, {}, within(run)) };
      },
      watchCall: (system) => (method, path) => {
        // A look at the accounts outside of any run is nobody's trace.
        if (run === null) return () => {};
        const route = routeOf(path);
        const attributes = { 'http.request.method': method, 'url.template': route, 'lockstep.system': system };
        const span = tracer.startSpan(
          `${method} ${route}`,
          { kind: SpanKind.CLIENT, attributes },
          within(phase?.span ?? run),
        );
        return (status) => {
          if (status !== null) span.setAttribute('http.response.status_code', status);
          if (status === null || status >= 400) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        };
      },
    };
  }

  return { tracing, close: () => provider.shutdown().catch(() => undefined) };
}

/** Only words that are the API's own stay: ids, addresses and names of whatever is asked for do not. */
function routeOf(path: string): string {
  return path
    .split('/')
    .map((part) => (/^(v\d+|[a-z]+(?:[-_A-Z][A-Za-z]*)*|)$/.test(part) ? part : '{}'))
    .join('/');
}
