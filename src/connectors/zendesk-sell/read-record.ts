// One contact or lead by its id. Never takes another record for the answer.
import type { Role } from '../../core/model/identity.ts';
import { ConnectorError, UNREADABLE } from '../error.ts';
import type { HttpClient } from '../http/http-client.ts';
import type { HttpReply } from '../http/message.ts';
import { pathOf } from './record-path.ts';
import { parseReply, single, type WireRecord, wireRecord } from './wire.ts';

export function readRecord(http: HttpClient, role: Role, id: string): Promise<WireRecord> {
  return http.send({ method: 'GET', path: pathOf(role, id), read: (reply) => recordOf(reply, role, id, 'refused') });
}

/**
 * The record of an answer about `id`.
 * @param outcome of the request, should the answer be about something else
 */
export function recordOf(reply: HttpReply, role: Role, id: string, outcome: 'refused' | 'unknown'): WireRecord {
  // Not JSON at all is no word about the record.
  const json = reply.json();
  const unreadable = (why: string): ConnectorError =>
    new ConnectorError(`${role} ${id}: ${why}`, { kind: 'malformed', outcome, status: reply.status, code: UNREADABLE });
  let record: WireRecord;
  try {
    record = parseReply(single(wireRecord), { ...reply, json: () => json }).data;
  } catch (error) {
    throw unreadable(`the answer is not in the expected form (${error instanceof Error ? error.message : ''})`);
  }
  if (record.id !== id) throw unreadable(`the answer is about ${record.id}`);
  return record;
}
