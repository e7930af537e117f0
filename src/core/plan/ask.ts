// Asks a person where no rule may decide: an answer given before is taken, else the question waits with a hold. (4.4, 4.9)
import { QUESTIONS, type Question, type QuestionName } from '../lifecycle/questions.table.ts';
import { type Asked, type Choice, questionKey } from '../model/choice.ts';
import type { HoldCode, RecordRef } from '../model/hold.ts';
import type { Role } from '../model/identity.ts';
import type { RowId } from '../model/row.ts';
import { addHold, type Draft } from './draft.ts';

export interface Asking {
  readonly row: RowId;
  readonly code: HoldCode;
  readonly crmId: string | null;
  readonly email?: string | null;
  readonly message: string;
  readonly fix: string;
  /** Ids of further records the question is about: with another one it is another question. */
  readonly about?: readonly string[];
  /** Further records a change to which tries the hold again. */
  readonly refs?: readonly RecordRef[];
  /** The answers that make sense here; left out = all of the question's. */
  readonly offered?: readonly Choice[];
}

/** What was decided about this question, or null: then it is on hold with its choices. */
export function ask(draft: Draft, role: Role, name: QuestionName, asking: Asking): Choice | null {
  const answer = answerTo(draft, role, name, asking.crmId, asking.about);
  const asks = askedOf(draft, role, name, asking);
  const decided = asks.choices.find(({ choice }) => choice === answer);
  if (decided !== undefined) {
    draft.notes.push({ row: asking.row, text: `Decided by a person: ${decided.choice}.` });
    return decided.choice;
  }
  const { about: _about, offered: _offered, ...hold } = asking;
  addHold(draft, role, { ...hold, asks });
  return null;
}

/** The answer alone; asks nothing. */
export function answerTo(
  draft: Draft,
  role: Role,
  name: QuestionName,
  crmId: string | null,
  about: readonly string[] = [],
): Choice | null {
  return draft.settings.decided.get(keyOf(draft, role, name, crmId, about)) ?? null;
}

function askedOf(draft: Draft, role: Role, name: QuestionName, asking: Asking): Asked {
  const { choices }: Question = QUESTIONS[name];
  return {
    key: keyOf(draft, role, name, asking.crmId, asking.about ?? []),
    choices: Object.entries(choices)
      .map(([choice, means]) => ({ choice: choice as Choice, means: means(draft.settings.labels) }))
      .filter(({ choice }) => asking.offered?.includes(choice) ?? true),
  };
}

function keyOf(draft: Draft, role: Role, name: QuestionName, crmId: string | null, about: readonly string[]): string {
  return questionKey(name, role, crmId, draft.view.marketing?.id ?? null, about);
}
