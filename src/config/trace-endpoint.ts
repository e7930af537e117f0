// Where traces are sent to, by the variable that every tool of OpenTelemetry understands. Sends nothing.
import { type Environment, environment } from './environment.ts';

/** Address of an OTLP receiver over HTTP, without a slash at the end; null = there are no traces. */
export function traceEndpoint(env: Environment = environment): string | null {
  const url = URL.parse(env['OTEL_EXPORTER_OTLP_ENDPOINT']?.trim() ?? '');
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null;
  return url.href.replace(/\/+$/, '');
}
