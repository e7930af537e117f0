// Small words that much is decided by: who may be mailed, what somebody has to do about a hold, what makes two questions the same.
import { describe, expect, it } from 'vitest';
import { questionKey } from '../../../src/core/model/choice.ts';
import { severityOf } from '../../../src/core/model/hold.ts';
import { isMailable } from '../../../src/core/model/record.ts';

describe('the words of the model', () => {
  it.each(['subscribed', 'pending', 'soft-bounced', 'none'] as const)('4.5: %s is no opt-out', (state) => {
    expect(isMailable(state)).toBe(true);
  });

  it.each(['unsubscribed', 'suppressed', 'hard-bounced', 'blocked'] as const)('4.5: %s is one', (state) => {
    expect(isMailable(state)).toBe(false);
  });

  it.each([
    ['STATUS_DEFAULTED', 'info'],
    ['BRAKE_PARKED', 'waiting'],
    ['MULTI_MATCH', 'action'],
  ] as const)('4.9: %s is %s', (code, severity) => {
    expect(severityOf(code)).toBe(severity);
  });

  it('decision 18: a question is the same whatever order its records are in, and another one with another record', () => {
    const about = (...ids: string[]) => questionKey('same-person', 'contact', '1', '2', ids);
    expect(about('8', '7')).toBe(about('7', '8'));
    expect(about('7')).not.toBe(about('7', '8'));
    expect(questionKey('same-person', 'contact', '1', null, [])).not.toBe(
      questionKey('same-person', 'contact', null, '1', []),
    );
  });
});
